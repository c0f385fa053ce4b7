"""Build a rooted tree from aligned ASVs.

Maximum likelihood (VeryFastTree, GTR+CAT) after dropping columns that are nearly all
gaps, rooted at the midpoint. Two and three ASVs are solved exactly, one gives a single
tip, none gives the empty Newick tree ';'.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.study.general_settings import GeneralSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    parser.add_argument("--alignment", required=True, type=Path, help="FASTA of aligned ASVs")
    add_settings(parser, GeneralSettings, only=["seed"])
    parser.add_argument(
        "--max-gap-share", type=float, default=0.95, help="columns with more gaps are dropped"
    )
    parser.add_argument("--tree", required=True, type=Path, help="Newick file to write")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, infer, write."""
    from vagus.files import open_whole
    from vagus.phylogeny.inference import infer_rooted_tree
    from vagus.phylogeny.newick import format_newick
    from vagus.sequences import read_fasta

    rows = list(read_fasta(arguments.alignment))
    tree = infer_rooted_tree(rows, arguments.seed, arguments.max_gap_share)
    with open_whole(arguments.tree) as stream:
        stream.write(format_newick(tree))


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
