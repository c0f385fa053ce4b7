"""Find primers, orient, trim, filter and dereplicate the reads of one sample.

Reads may be FASTQ (plain, gzip, bzip2, xz, zstd) or BAM, recognised by content. Writes the
unique sequences and a JSON file in which every read is accounted for.
"""

from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.reads.platforms import AUTO, list_schemes
from vagus.reads.primers import PRIMER_TABLE
from vagus.reads.settings import ReadSettings
from vagus.study.general_settings import GeneralSettings

options = Options(__doc__)
options.add("reads", nargs="+", help="files of the sample")
options.add("--sample", required=True, help="name of the sample")
options.write("--uniques", "unique sequences (.npz)")
options.write("--qc", "read ledger and QC numbers (.json)")
options.write_if_asked("--filtered", "also write the kept reads (.fastq.gz)")
options.add("--barcode", action="append", default=[], help="take only the reads of this barcode")
options.add("--quality-scheme", choices=(AUTO, *list_schemes()),
    default=ReadSettings.quality_scheme)  # fmt: skip
options.add("--primer-table", type=Path, default=PRIMER_TABLE, help="known primer pairs (.tsv)")
add_settings(options, ReadSettings)
add_settings(options, GeneralSettings, only=["on_failed_sample"])


def step(arguments: Arguments) -> None:
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


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
