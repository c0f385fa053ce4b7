"""Write config/config.yaml and config/README.md from the schemas.

A test fails when the two files differ from what this program writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def write_documentation(arguments: argparse.Namespace) -> None:
    """Render both files into the folder."""
    from vagus.config.documentation import render_config, render_manual
    from vagus.files import open_whole

    for name, text in (("config.yaml", render_config()), ("README.md", render_manual())):
        with open_whole(arguments.folder / name) as stream:
            stream.write(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("folder", type=Path, help="where to write, for instance config/")
    return run_step(write_documentation, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
