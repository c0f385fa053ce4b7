"""Align ASVs to each other.

Uses FAMSA when pyfamsa is installed, else a star alignment around the most central ASV.
Rows are sorted by ASV id. No ASVs give an empty file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.phylogeny.settings import TreeSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    parser.add_argument("--asvs", required=True, type=Path, help="FASTA of ASVs, sense strand")
    add_settings(parser, TreeSettings)
    parser.add_argument("--threads", type=int, default=1, help="threads; results do not depend")
    parser.add_argument("--alignment", required=True, type=Path, help="FASTA to write (.gz packs)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, align, write."""
    from vagus.phylogeny.alignment import align
    from vagus.sequences import read_fasta, write_fasta

    pairs = [(header.split()[0], sequence) for header, sequence in read_fasta(arguments.asvs)]
    write_fasta(align(pairs, arguments.aligner, arguments.threads), arguments.alignment)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
