"""Score mock communities, measure repeatability, check batches, and judge each sequencing run.

Writes mocks.tsv, mock_taxa.tsv, replicates.tsv, repeatability.tsv, batches.tsv, checks.tsv and
verdict.tsv into the folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Read, assess, write."""
    from vagus.config.samples import read_sheet
    from vagus.controls.assessment import ControlStudy, assess
    from vagus.controls.batches import BatchDesign
    from vagus.controls.mocks import MOCK_FOLDER, read_mocks
    from vagus.diversity.alpha_table import read_alpha
    from vagus.diversity.count_table import read_count_table
    from vagus.diversity.distances import read_distances
    from vagus.tables import read_columns, write_table
    from vagus.taxonomy.result_tables import read_taxonomy

    found = read_columns(options.contaminants, "table of contaminants", texts=["asv", "method"])
    folder = options.diversity_folder
    study = ControlStudy(
        read_sheet(options.samples),
        read_count_table(options.asv_table),
        read_taxonomy(options.taxonomy, ["genus", "species"]),
        str(found["method"].iloc[0]) if len(found) else "none",
        read_columns(
            options.ledger,
            "ledger of contaminants",
            texts=["sample"],
            counts=["reads", "contaminant_reads", "lost_contaminant", "reads_after"],
        ),
        read_alpha(folder / "alpha.tsv"),
        {metric: read_distances(folder / f"beta_{metric}.tsv") for metric in options.metrics},
    )
    mocks = read_mocks([MOCK_FOLDER, *([options.mock_folder] if options.mock_folder else [])])
    names = (tuple(options.batch), tuple(options.group), options.subject)
    design = BatchDesign(*names, options.permutations, options.seed)
    for name, table in assess(study, mocks, options.replicate, design).items():
        write_table(table, options.folder / f"{name}.tsv")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--samples", required=True, type=Path, help="sample sheet")
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts, nothing removed")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add("--contaminants", required=True, type=Path, help="contaminants.tsv of find_contaminants")
    add("--ledger", required=True, type=Path, help="ledger.tsv of find_contaminants")
    add("--diversity-folder", required=True, type=Path, help="has alpha.tsv, beta_METRIC.tsv")
    add("--metrics", nargs="+", required=True, help="distances for replicates and batches")
    add("--mock-folder", type=Path, help="folder with compositions of mocks of your own")
    add("--replicate", metavar="COLUMN", help="column that names the biological sample")
    add("--batch", action="append", default=[], metavar="COLUMN", help="column that names a batch")
    add("--group", action="append", default=[], metavar="COLUMN", help="column that is compared")
    add("--subject", metavar="COLUMN", help="column that names the person")
    add("--permutations", type=int, default=999, help="of each permutation test")
    add("--seed", type=int, default=1, help="seed of the permutations")
    add("--folder", required=True, type=Path, help="output: folder of the tables")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
