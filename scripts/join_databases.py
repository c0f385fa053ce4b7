"""Join the names that several databases give into one call per ASV, and mark where they differ.

The databases are given in order of priority. Writes the columns of their tables, then
'database' (whose call it is) and 'disagreement' (empty when all agree; synonyms do); and the hits
of all, ASV by ASV, with the database of each.
"""

import logging

from vagus.cli.step import Arguments, Options, make_main

log = logging.getLogger("vagus")

options = Options(__doc__)
options.add(
    "--database", action="append", nargs=3, required=True, metavar=("NAME", "TABLE", "HITS"),
    help="name of a database, its taxonomy.tsv and hits.tsv; highest priority first",
)  # fmt: skip
options.write("--hits", "hits of all (.tsv)")
options.write("--taxonomy", "table (.tsv)")


def step(arguments: Arguments) -> None:
    """Read all tables, join, write."""
    from vagus.reference.names import Names
    from vagus.tables import read_table, write_table
    from vagus.tables.stages.taxonomy import HITS, TAXONOMY
    from vagus.taxonomy.consensus import join_databases, join_hits
    from vagus.taxonomy.result_tables import read_taxonomy

    tables = [(name, read_taxonomy(path, TAXONOMY.names)) for name, path, _ in arguments.database]
    joined = join_databases(tables, Names.read())
    n_differ = int(joined["disagreement"].notna().sum())
    log.info("%d ASVs, databases disagree on %d", len(joined), n_differ)
    write_table(joined, arguments.taxonomy, TAXONOMY)
    hits = [(name, read_table(path, HITS)) for name, _, path in arguments.database]
    write_table(join_hits(hits, joined["Feature ID"].tolist()), arguments.hits, HITS)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
