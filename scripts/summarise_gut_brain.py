"""Summarise reads of taxa with a documented gut-brain capacity: potential, not measurement."""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.study.design_settings import DesignSettings

options = Options(__doc__)
options.read("--asv-table", "asv_table.tsv")
options.read("--taxonomy", "taxonomy.tsv")
options.read("--samples", "sample sheet")
options.add("--group", nargs="*", default=[], metavar="COLUMN", help="columns to summarise by")
add_settings(options, DesignSettings, only=["subject"])
options.read_if_given("--tables", "folder of the tables of taxa; default: shipped")
options.write("--taxa", "ASVs that match (TSV)")
options.write("--sample-sums", "by sample (TSV)")
options.write("--coverage", "share named (TSV)")
options.write("--group-sums", "by group (TSV)")
options.write("--overlap", "reads that two capacities share (TSV)")


def step(arguments: Arguments) -> None:
    """Match names, sum reads, write the tables."""
    from vagus.gut_brain.knowledge import FOLDER, read_knowledge
    from vagus.gut_brain.summary import summarise
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.gut_brain import (
        CAPACITIES,
        CAPACITY_COVERAGE,
        CAPACITY_GROUPS,
        CAPACITY_OVERLAP,
        CAPACITY_TAXA,
    )
    from vagus.taxonomy.result_tables import read_taxonomy

    knowledge = read_knowledge(arguments.tables or FOLDER)
    table = read_count_table(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["genus", "species"], table.asvs)
    samples = read_sheet(arguments.samples)
    person = read_settings(arguments, DesignSettings).person
    found = summarise(table, taxonomy, samples, arguments.group, knowledge, person)
    write_table(found.taxa, arguments.taxa, CAPACITY_TAXA)
    write_table(found.samples, arguments.sample_sums, CAPACITIES)
    write_table(found.coverage, arguments.coverage, CAPACITY_COVERAGE)
    write_table(found.groups, arguments.group_sums, CAPACITY_GROUPS)
    write_table(found.overlap, arguments.overlap, CAPACITY_OVERLAP)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
