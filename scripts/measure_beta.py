"""Measure distances between samples: Bray-Curtis, Jaccard, UniFrac and Aitchison (also robust).

Distances are means over the rarefied tables of the plan that rarefy_samples.py wrote, except those
on log-ratios, which take all reads. One square table a metric; tables of taxa (species,
genera) get none of UniFrac.
"""

from vagus.cli.step import Arguments, Options, add_named_files, make_main
from vagus.diversity.settings import METRICS

options = Options(__doc__)
options.read("--asv-table", "asv_table.tsv of the selection")
options.read("--tree", "rooted Newick tree of the ASVs")
options.read("--plan", "JSON of rarefy_samples.py")
add_named_files(options, "--level-table", "LEVEL=TSV", "table of gather_taxa.py", required=False)
add_named_files(
    options, "--beta", "LEVEL/METRIC=TSV", f"output: distances ({', '.join(METRICS)}) of a level"
)


def step(arguments: Arguments) -> None:
    """Measure and write one table a metric and level."""
    from vagus.diversity.beta import measure_beta
    from vagus.diversity.distances import write_distances
    from vagus.diversity.levels import select_level
    from vagus.diversity.phylogeny_arrays import read_phylogeny
    from vagus.diversity.rarefaction_plan import RarefactionPlan
    from vagus.tables.counts import read_count_table
    from vagus.tables.wide import ASV

    plan = RarefactionPlan.load(arguments.plan)
    table = read_count_table(arguments.asv_table)
    tree = read_phylogeny(arguments.tree, table.asvs)
    own = select_level(arguments.beta, ASV)
    for metric, distances in measure_beta(table, tree, plan, list(own)).items():
        write_distances(distances, own[metric])
    for level, path in arguments.level_table:
        taxa, wanted = read_count_table(path), select_level(arguments.beta, level)
        for metric, distances in measure_beta(taxa, None, plan, list(wanted)).items():
            write_distances(distances, wanted[metric])


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
