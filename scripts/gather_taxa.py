"""Gather ASV counts by name at each rank: the tables of composition, tests and diversity.

Writes a table for each rank: named taxa in descending total, then ASVs without a name at the rank
by their deepest name ('unnamed Lachnospiraceae'). Every read stays.
"""

from vagus.cli.step import Arguments, Options, add_named_files, make_main

options = Options(__doc__)
options.read("--asv-table", "TSV of ASV counts")
options.read("--taxonomy", "TSV of calls")
add_named_files(
    options, "--table", "RANK=TSV", "output: table of phylum, ..., species", required=False
)


def step(arguments: Arguments) -> None:
    """Read both tables, write one for each rank."""
    from vagus.reference.lineage import RANKS
    from vagus.selection.composition import gather_taxa
    from vagus.tables.stages.selection import COMPOSITION
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    asv_table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, RANKS, asv_table.index.tolist())
    for rank, path in arguments.table:
        write_wide(gather_taxa(asv_table, taxonomy, rank), path, COMPOSITION)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
