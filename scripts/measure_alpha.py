"""Measure diversity within samples: observed, Chao1, Shannon, Simpson, Pielou and Faith PD.

Values are means over the rarefied tables of the plan that rarefy_samples.py wrote; a second
table contains the values of all reads of every sample. Tables of taxa (species, genera) get the
same two tables, without Faith PD.
"""

from vagus.cli.step import Arguments, Options, add_named_files, make_main

options = Options(__doc__)
options.read("--asv-table", "asv_table.tsv of the selection")
options.read("--tree", "rooted Newick tree of the ASVs")
options.read("--plan", "JSON of rarefy_samples.py")
add_named_files(options, "--level-table", "LEVEL=TSV", "table of gather_taxa.py", required=False)
add_named_files(options, "--alpha", "LEVEL=TSV", "output: one row a sample, rarefied")
add_named_files(options, "--unrarefied", "LEVEL=TSV", "output: the same from all reads")


def step(arguments: Arguments) -> None:
    """Measure and write both tables, of ASVs and of each level."""
    from vagus.diversity.alpha import measure_alpha, measure_unrarefied
    from vagus.diversity.phylogeny_arrays import read_phylogeny
    from vagus.diversity.rarefaction_plan import RarefactionPlan
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.diversity import ALPHA
    from vagus.tables.wide import ASV

    plan = RarefactionPlan.load(arguments.plan)
    table = read_count_table(arguments.asv_table)
    tree = read_phylogeny(arguments.tree, table.asvs)
    alpha, unrarefied = dict(arguments.alpha), dict(arguments.unrarefied)
    write_table(measure_alpha(table, tree, plan), alpha[ASV], ALPHA)
    write_table(measure_unrarefied(table, tree), unrarefied[ASV], ALPHA)
    for level, path in arguments.level_table:
        taxa = read_count_table(path)
        write_table(measure_alpha(taxa, None, plan), alpha[level], ALPHA)
        write_table(measure_unrarefied(taxa, None), unrarefied[level], ALPHA)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
