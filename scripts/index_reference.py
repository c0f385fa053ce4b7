"""Index a taxonomy reference for classification.

The index is kept for all studies: beside an installed reference, else in the user's cache folder
($VAGUS_CACHE); where neither can be written, beside the record. What is there already is not built
again. With --index it is built and written to that file.

The reference is an installed one, or a FASTA (plain or compressed) whose headers read
'>accession domain;phylum;class;order;family;genus;species', empty where unknown, or are those of
dada2, SINTAX, GTDB, SILVA or RDP, or any FASTA with a table of accession and lineage.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    parser.add_argument(
        "--reference", required=True, help="name of an installed reference, or path of a FASTA"
    )
    parser.add_argument(
        "--taxonomy", type=Path, help="TSV of accession and lineage, when headers carry none"
    )
    parser.add_argument(
        "--min-length-bp", type=int, default=900, help="shorter references are left out"
    )
    parser.add_argument("--record", type=Path, help="name, checksum and counts to write (.json)")
    parser.add_argument("--index", type=Path, help="index file to write")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Build the index unless it is there, write what it is of."""
    from vagus.files import write_json
    from vagus.reference.index_places import IndexSource, load_index

    source = IndexSource(arguments.reference, arguments.taxonomy, arguments.min_length_bp)
    if arguments.index:
        source.build().save(arguments.index)
    if arguments.record:
        index = load_index(source, arguments.record.parent)
        write_json(index.describe(source.name, source.sha256), arguments.record)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
