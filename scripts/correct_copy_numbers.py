"""Divide reads by the 16S copies of their genus, beside the uncorrected tables.

Writes reads a copy by ASV, shares by genus before and after with their uncertainty, and the share
of each sample's reads for whose genus a copy number is known.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.taxonomy.settings import TaxonomyViewSettings

log = logging.getLogger("vagus")


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add_settings(parser, TaxonomyViewSettings, only=["copy_numbers"])
    add("--corrected-table", required=True, type=Path, help="reads a copy by ASV, to write")
    add("--genera", required=True, type=Path, help="shares by genus, to write")
    add("--coverage", required=True, type=Path, help="reads with a known number, to write")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, correct, write."""
    from vagus.tables import write_table
    from vagus.tables.stages.taxonomy import (
        COPY_CORRECTED_ASV_TABLE,
        COPY_CORRECTED_GENUS,
        COPY_NUMBER_COVERAGE,
    )
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.copy_numbers import correct, read_copy_numbers
    from vagus.taxonomy.result_tables import read_taxonomy

    numbers = read_copy_numbers(arguments.copy_numbers)
    table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["genus"], list(table.index))
    calls = taxonomy.set_index("Feature ID")["genus"].fillna("")
    correction = correct(table, calls.to_dict(), numbers)
    covered = correction.covered[["reads", "reads_with_number"]].sum()
    log.info(
        "%d genera with a copy number; %d of %d reads are of one of them",
        len(numbers), covered["reads_with_number"], covered["reads"],
    )  # fmt: skip
    write_wide(correction.counts, arguments.corrected_table, COPY_CORRECTED_ASV_TABLE)
    write_table(correction.genera, arguments.genera, COPY_CORRECTED_GENUS)
    write_table(correction.covered, arguments.coverage, COPY_NUMBER_COVERAGE)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
