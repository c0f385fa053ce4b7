"""Set organelles, eukaryotes and what is no 16S gene apart; write the others.

Phylogeny and diversity work on what this step writes.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step

log = logging.getLogger("vagus")


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    add("--asvs", required=True, type=Path, help="FASTA of the ASVs")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add("--selected-table", required=True, type=Path, help="counts to write (.tsv)")
    add("--selected-asvs", required=True, type=Path, help="sequences to write (.fasta)")
    add("--set-apart", required=True, type=Path, help="what was left out, with reasons (.tsv)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, divide, write."""
    from vagus.sequences import read_fasta, write_fasta
    from vagus.tables import write_table
    from vagus.taxonomy.result_tables import read_taxonomy
    from vagus.taxonomy.selection import set_apart
    from vagus.wide_tables import read_wide, write_wide

    table = read_wide(arguments.asv_table)
    apart = set_apart(table, read_taxonomy(arguments.taxonomy, ["note"], list(table.index)))
    names = set(apart["asv"])
    log.info("%d of %d ASVs (%d reads) set apart", len(names), len(table), apart["reads"].sum())
    write_wide(table[~table.index.isin(names)], arguments.selected_table)
    kept = [record for record in read_fasta(arguments.asvs) if record[0] not in names]
    write_fasta(kept, arguments.selected_asvs)
    write_table(apart, arguments.set_apart)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
