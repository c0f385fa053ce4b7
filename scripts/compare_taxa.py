"""Test which taxa of each rank differ with the design, by several methods, and where they agree.

Controls are not tested. Covariates and repeated subjects enter the models; methods that cannot
take them are left out, and the notes say so.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Test and write a table for each rank."""
    from vagus.cohort.comparison import drop_controls
    from vagus.cohort.differential_abundance import compare_taxa
    from vagus.config.samples import read_sheet
    from vagus.diversity.count_table import read_count_table
    from vagus.tables import write_table

    samples = drop_controls(read_sheet(options.samples))
    design, folder = read_design(options), Path(options.folder)
    for given in options.counts:
        rank, _, path = given.partition("=")
        table = read_count_table(path)
        found = compare_taxa(samples, table, design, rank, options.min_prevalence)
        write_table(found, folder / f"differential_{rank}.tsv")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    add_design_options(parser)
    parser.add_argument(
        "--counts", action="append", required=True, metavar="RANK=PATH",
        help="reads, a row a taxon, a column a sample; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--min-prevalence", type=float, default=0.1, metavar="SHARE",
        help="taxa in fewer of the samples are not tested",
    )  # fmt: skip
    parser.add_argument("--folder", required=True, help="output: differential_RANK.tsv go here")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
