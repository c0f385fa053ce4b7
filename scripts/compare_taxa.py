"""Test which taxa of each rank differ with the design, by several methods, and where they agree.

Controls are not tested. Covariates and repeated subjects enter the models; methods that cannot
take them are left out, and the notes state it.
"""

from __future__ import annotations

import argparse

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.settings_options import add_settings
from vagus.cli.step import add_named_files, make_main, make_parser
from vagus.cohort.settings import TaxaSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_design_options(parser)
    add_named_files(parser, "--counts", "RANK=TSV", "reads, a row a taxon, a column a sample")
    add_settings(parser, TaxaSettings, only=["min_prevalence"])
    add_named_files(parser, "--tests", "RANK=TSV", "output: tests of the taxa of a rank")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Test and write a table for each rank."""
    from vagus.cohort.differential_abundance import compare_taxa
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.cohort import DIFFERENTIAL

    design, tests = read_design(arguments), dict(arguments.tests)
    samples = design.select_samples(read_sheet(arguments.samples))
    for rank, path in arguments.counts:
        table = read_count_table(path)
        found = compare_taxa(samples, table, design, rank, arguments.min_prevalence)
        write_table(found, tests[rank], DIFFERENTIAL)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
