"""Gather one shard of a run's pool: reads and qualities of its sequences, summed over samples."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--shard", type=int, required=True, help="number of the shard")
    add("--pieces", type=Path, required=True, help="folder with the sequences of each shard")
    add("--uniques", type=Path, required=True, help="sequences of the shard, to write (.npz)")
    add("--origins", type=Path, required=True, help="samples that contain them, to write (.npz)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Gather and write."""
    from vagus.pool.shard import gather_shard

    name = f"shard {arguments.shard}"
    uniques, origins = gather_shard(arguments.pieces, arguments.shard, name)
    uniques.save(arguments.uniques)
    origins.save(arguments.origins)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
