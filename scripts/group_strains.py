"""Group ASVs that look like the 16S copies of one strain, by species, identity and constant ratio.

Writes one table that gives the strain of every ASV, and why, and the counts of the
strains. With few samples nothing can be judged, and the table notes it.
"""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.study.design_settings import DesignSettings
from vagus.taxonomy.settings import StrainSettings

options = Options(__doc__)
options.read("--asv-table", "TSV of ASV counts")
options.read("--asvs", "FASTA of the ASVs")
options.read("--taxonomy", "TSV of calls")
options.read_if_given("--samples", "sample sheet; needed with --subject")
add_settings(options, DesignSettings, only=["subject"])
options.write("--strains", "table of ASVs and strains")
options.write("--strain-table", "counts of strains")
add_settings(options, StrainSettings, "strain_")


def step(arguments: Arguments) -> None:
    """Read, group, write."""
    from vagus.errors import ConfigError
    from vagus.sequences import read_fasta
    from vagus.study.people import group_by_person
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.stages.taxonomy import STRAIN_TABLE, STRAINS
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.result_tables import read_names
    from vagus.taxonomy.strains import group_strains, sum_strains, tabulate_strains

    table = read_wide(arguments.asv_table)
    calls = read_names(arguments.taxonomy, "species", list(table.index))
    person = read_settings(arguments, DesignSettings).person
    if person and not arguments.samples:
        raise ConfigError("a subject is named without a sheet", fix="Give --samples, too")
    units = group_by_person(read_sheet(arguments.samples), person) if person else {}
    rule = read_settings(arguments, StrainSettings, "strain_")
    asvs = dict(read_fasta(arguments.asvs))
    strains = group_strains(table, asvs, calls, rule, units)
    write_table(tabulate_strains(strains), arguments.strains, STRAINS)
    write_wide(sum_strains(table, strains), arguments.strain_table, STRAIN_TABLE)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
