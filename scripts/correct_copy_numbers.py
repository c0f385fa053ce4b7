"""Divide reads by the 16S copies of their genus, beside the uncorrected tables.

Writes reads a copy by ASV, shares by genus before and after with their uncertainty, and the share
of each sample's reads for whose genus a copy number is known.
"""

import logging

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.taxonomy.settings import TaxonomyViewSettings

log = logging.getLogger("vagus")

options = Options(__doc__)
options.read("--asv-table", "TSV of ASV counts")
options.read("--taxonomy", "TSV of calls")
add_settings(options, TaxonomyViewSettings, only=["copy_numbers"])
options.write("--corrected-table", "reads a copy by ASV")
options.write("--genera", "shares by genus")
options.write("--coverage", "reads with a known number")


def step(arguments: Arguments) -> None:
    """Read, correct, write."""
    from vagus.tables import write_table
    from vagus.tables.stages.taxonomy import (
        COPY_CORRECTED_ASV_TABLE,
        COPY_CORRECTED_GENUS,
        COPY_NUMBER_COVERAGE,
    )
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.copy_numbers import correct, read_copy_numbers
    from vagus.taxonomy.result_tables import read_names

    numbers = read_copy_numbers(arguments.copy_numbers)
    table = read_wide(arguments.asv_table)
    correction = correct(table, read_names(arguments.taxonomy, "genus", list(table.index)), numbers)
    covered = correction.covered[["reads", "reads_with_number"]].sum()
    log.info(
        "%d genera with a copy number; %d of %d reads are of one of them",
        len(numbers), covered["reads_with_number"], covered["reads"],
    )  # fmt: skip
    write_wide(correction.counts, arguments.corrected_table, COPY_CORRECTED_ASV_TABLE)
    write_table(correction.genera, arguments.genera, COPY_CORRECTED_GENUS)
    write_table(correction.covered, arguments.coverage, COPY_NUMBER_COVERAGE)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
