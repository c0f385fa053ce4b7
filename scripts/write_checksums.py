"""Write the checksums of all results, for ``sha256sum --check`` and ``vagus rerun``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Digest and write."""
    from vagus.provenance.checksums import write_checksums

    write_checksums(options.readme.parent, options.checksums)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--readme", type=Path, required=True, help="README.md of the results")
    parser.add_argument("--checksums", type=Path, required=True, help="output: text")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
