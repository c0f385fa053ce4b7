"""Write the config, its manual and its schema from the settings classes.

A test fails when a file differs from what this program writes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("folder", type=Path, help="where to write config.yaml and README.md")
    parser.add_argument("schema", type=Path, help="schema to write (.yaml)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Render the three files."""
    from vagus.files import open_whole
    from vagus.study.documentation import render_config, render_manual, render_schema

    texts = {
        arguments.folder / "config.yaml": render_config(),
        arguments.folder / "README.md": render_manual(),
        arguments.schema: render_schema(),
    }
    for path, text in texts.items():
        with open_whole(path) as stream:
            stream.write(text)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
