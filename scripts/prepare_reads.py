"""Find primers, orient, trim, filter and dereplicate the reads of one sample.

Reads may be FASTQ (plain, gzip, bzip2, xz, zstd) or BAM, recognised by content. Writes the
unique sequences and a JSON file in which every read is accounted for.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step
from vagus.reads.primers import PRIMER_TABLE
from vagus.reads.settings import REQUIREMENTS, ReadSettings

DEFAULTS = ReadSettings()
SCHEMES = ("auto", "full", "binned7", "binned", "ont")


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("reads", nargs="+", help="files of the sample")
    add("--sample", required=True, help="name of the sample")
    add("--uniques", type=Path, required=True, help="unique sequences to write (.npz)")
    add("--qc", type=Path, required=True, help="read ledger and QC numbers to write (.json)")
    add("--filtered", type=Path, help="also write the kept reads (.fastq.gz)")
    add("--platform", choices=("auto", "hifi", "ont"), default=DEFAULTS.platform)
    add("--quality-scheme", choices=SCHEMES, default=DEFAULTS.quality_scheme)
    add(
        "--primers",
        default=DEFAULTS.primers,
        help="auto, none, a name in the primer table, or FORWARD/REVERSE",
    )
    add("--primer-table", type=Path, default=PRIMER_TABLE, help="known primer pairs (.tsv)")
    add("--require", choices=REQUIREMENTS, default=DEFAULTS.require, help="primers of a kept read")
    add("--max-primer-error-rate", type=float, default=DEFAULTS.max_primer_error_rate)
    add("--min-length-bp", type=int, default=DEFAULTS.min_length_bp, help="after trimming")
    add("--max-length-bp", type=int, default=DEFAULTS.max_length_bp, help="after trimming")
    add("--max-expected-errors", type=float, help="None: hifi 2, ont 3 %% of the length")
    add("--min-accuracy", type=float, help="1 - expected errors / length; None: off")
    add("--min-reads", type=int, default=DEFAULTS.min_reads, help="fewer count as an empty sample")
    add("--on-failed-sample", choices=("skip", "stop"), default="skip")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Prepare one sample and write what is left of it."""
    from vagus.reads.preparation import prepare_sample

    names = ReadSettings.__dataclass_fields__
    settings = ReadSettings(**{name: getattr(arguments, name) for name in names})
    preparation = prepare_sample(
        arguments.sample,
        arguments.reads,
        settings,
        filtered=arguments.filtered,
        stop_on_failure=arguments.on_failed_sample == "stop",
    )
    preparation.save(arguments.uniques, arguments.qc)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
