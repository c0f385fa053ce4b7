"""Group ASVs that look like the 16S copies of one strain, by species, identity and constant ratio.

Writes one table that gives the strain of every ASV, and why, and the counts of the
strains. With few samples nothing can be judged, and the table notes it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_main, make_parser
from vagus.study.design_settings import DesignSettings
from vagus.taxonomy.settings import StrainSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    add("--asvs", required=True, type=Path, help="FASTA of the ASVs")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add("--samples", type=Path, help="sample sheet; needed with --subject")
    add_settings(parser, DesignSettings, only=["subject"])
    add("--strains", required=True, type=Path, help="table of ASVs and strains to write")
    add("--strain-table", required=True, type=Path, help="counts of strains to write")
    add_settings(parser, StrainSettings, "strain_")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, group, write."""
    from vagus.errors import ConfigError
    from vagus.sequences import read_fasta
    from vagus.study.people import group_by_person
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.stages.taxonomy import STRAIN_TABLE, STRAINS
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.result_tables import read_taxonomy
    from vagus.taxonomy.strains import group_strains, sum_strains, tabulate_strains

    table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["species"], list(table.index))
    calls = taxonomy.set_index("Feature ID")["species"].fillna("")
    person = read_settings(arguments, DesignSettings).person
    if person and not arguments.samples:
        raise ConfigError("a subject is named without a sheet", fix="Give --samples, too")
    units = group_by_person(read_sheet(arguments.samples), person) if person else {}
    rule = read_settings(arguments, StrainSettings, "strain_")
    asvs = dict(read_fasta(arguments.asvs))
    strains = group_strains(table, asvs, calls.to_dict(), rule, units)
    write_table(tabulate_strains(strains), arguments.strains, STRAINS)
    write_wide(sum_strains(table, strains), arguments.strain_table, STRAIN_TABLE)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
