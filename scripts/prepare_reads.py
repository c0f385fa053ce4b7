"""Find primers, orient, trim, filter and dereplicate the reads of one sample.

Reads may be FASTQ (plain, gzip, bzip2, xz, zstd) or BAM, recognised by content. Writes the
unique sequences and a JSON file in which every read is accounted for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_main, make_parser
from vagus.reads.platforms import AUTO, list_schemes
from vagus.reads.primers import PRIMER_TABLE
from vagus.reads.settings import ReadSettings
from vagus.study.general_settings import GeneralSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("reads", nargs="+", help="files of the sample")
    add("--sample", required=True, help="name of the sample")
    add("--uniques", type=Path, required=True, help="unique sequences to write (.npz)")
    add("--qc", type=Path, required=True, help="read ledger and QC numbers to write (.json)")
    add("--filtered", type=Path, help="also write the kept reads (.fastq.gz)")
    add("--barcode", action="append", default=[], help="take only the reads of this barcode")
    add("--quality-scheme", choices=(AUTO, *list_schemes()), default=ReadSettings.quality_scheme)
    add("--primer-table", type=Path, default=PRIMER_TABLE, help="known primer pairs (.tsv)")
    add_settings(parser, ReadSettings)
    add_settings(parser, GeneralSettings, only=["on_failed_sample"])
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Prepare one sample and write what is left of it."""
    from vagus.reads.preparation import prepare_sample

    settings = read_settings(
        arguments,
        ReadSettings,
        quality_scheme=arguments.quality_scheme,
        primer_table=arguments.primer_table,
    )
    preparation = prepare_sample(
        arguments.sample,
        arguments.reads,
        settings,
        filtered=arguments.filtered,
        stop_on_failure=arguments.on_failed_sample == "stop",
        barcodes=arguments.barcode,
    )
    preparation.save(arguments.uniques, arguments.qc)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
