"""Merge the rescued reads of all samples: how many are near each ASV without being counted in it.

Rows are sample, ASV, reads, unique sequences, most substitutions and lowest log10 p-value.
"""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read_all("tables", "rescued reads of each sample (.tsv)")
options.read("--asvs", "ASVs of the study (.tsv)")
options.write("--rescued", "table (.tsv)")


def step(arguments: Arguments) -> None:
    """Merge and write."""
    from vagus.dada.rescue import merge_rescued
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import RESCUED

    write_table(merge_rescued(arguments.tables, arguments.asvs), arguments.rescued, RESCUED)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
