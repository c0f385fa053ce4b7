"""Set apart organelles, eukaryotes, what is no 16S gene and contaminants; write the other ASVs.

Every later stage works on what this step writes. Contaminants are set apart where --contaminants
is given.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from vagus.cli.step import make_main, make_parser

log = logging.getLogger("vagus")


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    add("--asvs", required=True, type=Path, help="FASTA of the ASVs")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add("--contaminants", type=Path, help="contaminants.tsv of find_contaminants, to remove them")
    add("--selected-table", required=True, type=Path, help="output: counts of the others (.tsv)")
    add("--selected-asvs", required=True, type=Path, help="output: their sequences (.fasta)")
    add("--set-apart", required=True, type=Path, help="output: ASVs set apart, with reasons (.tsv)")
    add("--ledger", required=True, type=Path, help="output: reads of each sample by reason (.tsv)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, divide, write."""
    from vagus.selection import set_apart
    from vagus.sequences import read_fasta, write_fasta
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import ASV_TABLE
    from vagus.tables.stages.selection import SELECTION_LEDGER, SET_APART
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["note"], list(table.index))
    called = set_apart.read_contaminants(arguments.contaminants) if arguments.contaminants else []
    reasons = set_apart.find_reasons(table.index, taxonomy, called)
    log.info("%d of %d ASVs set apart", len(reasons), len(table))
    write_wide(table[~table.index.isin(list(reasons))], arguments.selected_table, ASV_TABLE)
    kept = [record for record in read_fasta(arguments.asvs) if record[0] not in reasons]
    write_fasta(kept, arguments.selected_asvs)
    write_table(set_apart.tabulate_set_apart(table, reasons), arguments.set_apart, SET_APART)
    write_table(set_apart.tabulate_ledger(table, reasons), arguments.ledger, SELECTION_LEDGER)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
