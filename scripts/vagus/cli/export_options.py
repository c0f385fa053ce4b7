"""Options that the export programs share: the tables of a study, its sequences and its tree."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vagus.exports.content import ExportContent


def add_content_options(parser: argparse.ArgumentParser) -> None:
    """ASV table, taxonomy, sheet; ``read_content`` takes them."""
    parser.add_argument("--asv-table", type=Path, required=True, help="asv_table.tsv")
    parser.add_argument("--taxonomy", type=Path, required=True, help="taxonomy.tsv")
    parser.add_argument("--samples", type=Path, required=True, help="sample sheet")
    parser.add_argument(
        "--categorical",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a metadata column of names, even where they look like numbers; may be given several "
        "times",
    )


def add_sequence_options(parser: argparse.ArgumentParser) -> None:
    """Sequences and tree of the ASVs."""
    parser.add_argument("--asvs", type=Path, required=True, help="FASTA of the ASVs")
    parser.add_argument("--tree", type=Path, required=True, help="rooted Newick tree")


def read_content(options: argparse.Namespace) -> ExportContent:
    """The study from the options of ``add_content_options``."""
    from vagus.exports.content import load_content

    return load_content(options.asv_table, options.taxonomy, options.samples, options.categorical)
