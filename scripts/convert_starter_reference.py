"""Convert the microbiomeutil gold 16S set into the starter reference of the program.

The source is RESOURCES/rRNA16S.gold.fasta of the Debian package microbiomeutil-data
(BSD-3-Clause, Broad Institute and Ribosomal Database Project). Equal input gives equal
bytes. Rules and format: resources/starter_reference.md.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step

log = logging.getLogger("vagus")
RESOURCES = Path(__file__).resolve().parents[1] / "resources"
COMPANION_COLUMNS = ("record", "accession", "insdc", "kind", "organism", "note")


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("source", type=Path, help="rRNA16S.gold.fasta")
    parser.add_argument(
        "--phylum-names", type=Path, default=RESOURCES / "phylum_names.tsv", help="table of phyla"
    )
    parser.add_argument(
        "--corrections",
        type=Path,
        default=RESOURCES / "starter_corrections.tsv",
        help="table of misspelt, misplaced and mislabelled records",
    )
    parser.add_argument("--fasta", type=Path, default=RESOURCES / "starter_reference.fasta.gz")
    parser.add_argument("--companion", type=Path, default=RESOURCES / "starter_reference.tsv.gz")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the source and the two tables, write FASTA and companion table."""
    from vagus.files import open_whole
    from vagus.reference.gold import Corrections, convert, parse_source
    from vagus.reference.lineage import PhylumNames, format_lineage
    from vagus.sequences import read_fasta, write_fasta

    conversion = convert(
        parse_source(read_fasta(arguments.source)),
        Corrections.read(arguments.corrections),
        PhylumNames.read(arguments.phylum_names),
    )
    headers = (
        (f"{record.accession} {format_lineage(record.lineage)}", record.sequence)
        for record in conversion.records
    )
    write_fasta(headers, arguments.fasta)
    with open_whole(arguments.companion) as stream:
        for row in (COMPANION_COLUMNS, *conversion.companion):
            stream.write("\t".join(row) + "\n")
    for what, count in conversion.counts.items():
        log.info("%s: %d", what, count)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
