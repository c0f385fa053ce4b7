"""Write the checksums of all results, for ``sha256sum --check`` and ``vagus rerun``."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--readme", type=Path, required=True, help="README.md of the results")
    parser.add_argument("--checksums", type=Path, required=True, help="output: text")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Digest and write."""
    from vagus.provenance.checksums import write_checksums

    write_checksums(arguments.readme.parent, arguments.checksums)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
