"""Write what made the results: versions, config, checksums of inputs and references."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument(
        "--config", required=True, metavar="JSON", help="the study's config as one JSON object"
    )
    parser.add_argument("--samples", type=Path, required=True, help="sample sheet")
    parser.add_argument(
        "--reference", action="append", default=[], metavar="NAME",
        help="taxonomy reference, a name or a file; may be given several times",
    )  # fmt: skip
    parser.add_argument("--provenance", type=Path, required=True, help="output: JSON")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Collect and write."""
    from vagus.provenance.record import make_provenance, parse_config, write_provenance
    from vagus.reference.catalogue import find_reference
    from vagus.study.samples import read_sheet

    config = parse_config(arguments.config)
    samples = read_sheet(arguments.samples)
    references = [find_reference(name) for name in arguments.reference]
    content = make_provenance(config, samples, references, arguments.samples)
    write_provenance(content, arguments.provenance)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
