"""Convert the microbiomeutil gold 16S set into the starter reference of the program.

The source is RESOURCES/rRNA16S.gold.fasta of the Debian package microbiomeutil-data
(BSD-3-Clause, Broad Institute and Ribosomal Database Project). Equal input gives equal
bytes. Rules and format: resources/starter_reference.md.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from vagus.cli.step import make_main, make_parser

log = logging.getLogger("vagus")
RESOURCES = Path(__file__).resolve().parents[1] / "resources"


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add, shipped = parser.add_argument, RESOURCES
    add("source", type=Path, help="rRNA16S.gold.fasta")
    add("--phylum-names", type=Path, default=shipped / "phylum_names.tsv", help="table of phyla")
    add("--corrections", type=Path, default=shipped / "starter_corrections.tsv",
        help="table of misspelt, misplaced and mislabelled records")  # fmt: skip
    add("--fasta", type=Path, default=shipped / "starter_reference.fasta.gz")
    add("--companion", type=Path, default=shipped / "starter_reference.tsv.gz")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the source and the two tables, write FASTA and companion table."""
    from vagus.reference.gold import Corrections, convert, parse_source
    from vagus.reference.lineage import PhylumNames
    from vagus.sequences import read_fasta

    entries = parse_source(read_fasta(arguments.source))
    corrections = Corrections.read(arguments.corrections)
    conversion = convert(entries, corrections, PhylumNames.read(arguments.phylum_names))
    conversion.save(arguments.fasta, arguments.companion)
    for what, count in conversion.counts.items():
        log.info("%s: %d", what, count)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
