"""Index a taxonomy reference for classification.

The reference is an installed one, whose index is used as it is, or a FASTA (plain or
compressed) whose headers read '>accession domain;phylum;class;order;family;genus;species',
empty where unknown, or are those of dada2, SINTAX, GTDB, SILVA or RDP, or any FASTA with a
table of accession and lineage.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    parser.add_argument(
        "--reference", required=True, help="name of an installed reference, or path of a FASTA"
    )
    parser.add_argument(
        "--taxonomy", type=Path, help="TSV of accession and lineage, when headers carry none"
    )
    parser.add_argument("--name", default="", help="name of the reference (default: the file's)")
    parser.add_argument(
        "--min-length-bp", type=int, default=900, help="shorter references are left out"
    )
    parser.add_argument("--index", required=True, type=Path, help="index file to write")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, index, write."""
    from vagus.reference.catalogue import find_reference, name_index
    from vagus.reference.index import build_index
    from vagus.reference.installed import link_index
    from vagus.reference.parse import MIN_LENGTH_BP, SequenceFilter, read_references

    is_plain = not arguments.taxonomy and arguments.min_length_bp == MIN_LENGTH_BP
    if is_plain and link_index(arguments.reference, arguments.index):
        return
    keep = SequenceFilter(min_length_bp=arguments.min_length_bp)
    fasta = find_reference(arguments.reference)
    records = read_references(fasta, arguments.taxonomy, keep)
    name = arguments.name or name_index(fasta)
    build_index(records, name, consume=True).save(arguments.index)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
