"""Estimate Hill numbers with coverage: curves to twice the reads, and values at equal coverage.

Of each table of counts: curves (rarefied and extrapolated) and values (observed, asymptotic,
coverage-standardised).
"""

from vagus.cli.step import Arguments, Options, add_named_files, make_main

options = Options(__doc__)
add_named_files(options, "--table", "LEVEL=TSV", "counts of ASVs, species, genera, ...")
options.add(
    "--control", action="append", default=[], metavar="SAMPLE",
    help="a control, which has no influence in the common coverage; may be given several times",
)  # fmt: skip
add_named_files(options, "--hill", "LEVEL=TSV", "output: values at equal coverage")
add_named_files(options, "--curves", "LEVEL=TSV", "output: values by reads")


def step(arguments: Arguments) -> None:
    """Estimate and write both tables, of ASVs and of each level."""
    from vagus.diversity.hill_tables import make_hill_curves, make_hill_table
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.diversity import HILL, HILL_CURVES

    hill, curves = dict(arguments.hill), dict(arguments.curves)
    for level, path in arguments.table:
        table = read_count_table(path)
        write_table(make_hill_curves(table), curves[level], HILL_CURVES)
        write_table(make_hill_table(table, frozenset(arguments.control)), hill[level], HILL)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
