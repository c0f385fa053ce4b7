"""Export plain files and the R program that makes a phyloseq object of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Read the tables, write the export."""
    from vagus.exports.content import load_content
    from vagus.exports.phyloseq import write_phyloseq

    content = load_content(
        options.asv_table, options.taxonomy, options.samples, options.categorical
    )
    write_phyloseq(content, options.asvs, options.tree, options.folder)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", type=Path, required=True, help="asv_table.tsv")
    parser.add_argument("--taxonomy", type=Path, required=True, help="taxonomy.tsv")
    parser.add_argument("--samples", type=Path, required=True, help="sample sheet")
    parser.add_argument(
        "--categorical",
        nargs="*",
        default=[],
        metavar="COLUMN",
        help="metadata columns of names, even where they look like numbers",
    )
    parser.add_argument("--asvs", type=Path, required=True, help="FASTA of the ASVs")
    parser.add_argument("--tree", type=Path, required=True, help="rooted Newick tree")
    parser.add_argument("--folder", type=Path, required=True, help="output: folder")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
