"""Find ASVs that are contaminants, by negative controls and DNA concentrations.

Statistics of Davis et al. 2018 (Microbiome 6:226): prevalence in negative controls, and, when a
column with DNA concentrations is named, frequency, and both combined. ASVs of organelles and
eukaryotes, and those like no reference, are left out. What is called is only reported here:
select_asvs sets it apart when asked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.controls.settings import ContaminantSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--samples", required=True, type=Path, help="sample sheet")
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts, nothing removed")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add_settings(parser, ContaminantSettings, only=["contaminant_threshold", "concentration"])
    add("--contaminants", required=True, type=Path, help="output: TSV, one row an ASV")
    add("--ledger", required=True, type=Path, help="output: TSV, contaminant reads of each sample")
    add("--explanation", required=True, type=Path, help="output: how they were looked for")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Test, write the calls and the reads of each sample in them."""
    from vagus.controls.contaminants import (
        add_names,
        find_contaminants,
        gather_evidence,
        tabulate_reads,
    )
    from vagus.files import open_whole
    from vagus.selection.set_apart import drop_others
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import CountTable
    from vagus.tables.stages.controls import CONTAMINANT_LEDGER, CONTAMINANTS
    from vagus.tables.wide import read_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    samples, counts = read_sheet(arguments.samples), read_wide(arguments.asv_table)
    needs = ["genus", "species", "note"]
    taxonomy = read_taxonomy(arguments.taxonomy, needs, counts.index.tolist())
    table = CountTable.from_wide(drop_others(counts, taxonomy))
    evidence = gather_evidence(samples, table, arguments.concentration)
    found = find_contaminants(table, evidence, arguments.contaminant_threshold)
    write_table(add_names(found, taxonomy), arguments.contaminants, CONTAMINANTS)
    write_table(tabulate_reads(table, found), arguments.ledger, CONTAMINANT_LEDGER)
    with open_whole(arguments.explanation) as stream:
        stream.write(evidence.explain() + "\n")


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
