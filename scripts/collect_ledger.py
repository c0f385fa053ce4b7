"""Merge the samples' read ledgers and QC numbers into the tables of the study.

Samples are sorted by name in every table.
"""

from pathlib import Path

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.add("descriptions", nargs="+", type=Path, metavar="JSON", help="qc.json of each sample")
options.write("--ledger", "reads at each step, one row a sample (.tsv)")
options.write("--qc", "totals before and after (.tsv)")
options.write("--length-histogram", "table (.tsv)")
options.write("--expected-errors-histogram", "table (.tsv)")
options.write("--quality-profile", "table (.tsv)")


def step(arguments: Arguments) -> None:
    """Read all samples and write the five tables."""
    from vagus.reads.ledger import make_ledger, make_long_table, make_qc_table, read_descriptions
    from vagus.tables import write_table
    from vagus.tables.stages.reads import LONG_TABLES, QC, READ_LEDGER

    descriptions = read_descriptions(arguments.descriptions)
    write_table(make_ledger(descriptions), arguments.ledger, READ_LEDGER)
    write_table(make_qc_table(descriptions), arguments.qc, QC)
    for name, table in LONG_TABLES.items():
        write_table(make_long_table(descriptions, name), getattr(arguments, name), table)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
