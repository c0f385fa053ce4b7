"""Ordinate samples by each distance: principal coordinates with biplot arrows, and NMDS.

Of each distance of each level: ordination (sample, PC1, ...), NMDS (sample, NMDS1, NMDS2) and
biplot (taxon, arrow), and two tables for all distances of a level: what the axes explain, and the
stress. Controls are left out, because a few samples of another kind would take the first axes
for themselves.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, add_named_files, make_main
from vagus.study.general_settings import GeneralSettings

options = Options(__doc__)
add_named_files(options, "--table", "LEVEL=TSV", "counts of ASVs, species, genera, ...")
options.read("--plan", "JSON of rarefy_samples.py")
add_named_files(options, "--beta", "LEVEL/METRIC=TSV", "distances that were measured on it")
for name in ("ordination", "biplot", "nmds"):
    add_named_files(options, f"--{name}", "LEVEL/METRIC=TSV", f"output: {name} of a distance")
for name in ("explained", "stress"):
    add_named_files(options, f"--{name}", "LEVEL=TSV", f"output: {name} of each distance")
add_settings(options, GeneralSettings, only=["seed"])


def step(arguments: Arguments) -> None:
    """Ordinate each distance of each level and write the tables."""
    from vagus.diversity.levels import select_level
    from vagus.diversity.ordination_tables import LevelFiles, OrdinationSettings, ordinate_level
    from vagus.diversity.rarefaction_plan import RarefactionPlan
    from vagus.tables.counts import read_count_table

    samples = RarefactionPlan.load(arguments.plan).compared
    settings = OrdinationSettings(samples, arguments.seed)
    explained, stress = dict(arguments.explained), dict(arguments.stress)
    for level, table in arguments.table:
        files = LevelFiles(
            select_level(arguments.beta, level), select_level(arguments.ordination, level),
            select_level(arguments.biplot, level), select_level(arguments.nmds, level),
            explained[level], stress[level],
        )  # fmt: skip
        ordinate_level(level, read_count_table(table), files, settings)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
