"""Write config.yaml and samples.tsv for a folder of reads.

Files are recognised as reads by their content. Sample names come from file or folder names.
Nothing is overwritten. Edit both files, then run 'vagus check' and 'vagus run'.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

from vagus.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus init``."""
    parser.add_argument("reads_dir", type=Path, metavar="READS_DIR", help="folder with the reads")
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="study folder to write to (default: this one)"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Find the samples and write both files, or neither."""
    from vagus.files import write_text
    from vagus.reads.sources import iterate_file_labels
    from vagus.study.barcodes import split_samples
    from vagus.study.discovery import find_samples, render_sheet
    from vagus.study.documentation import render_config

    folder: Path = arguments.folder
    targets = {folder / "config.yaml": render_config()}
    for path in (folder / "config.yaml", folder / "samples.tsv"):
        if path.exists():
            raise ConfigError("is there already", file=path, fix="Move it away, or use --folder")
    findings = find_samples(arguments.reads_dir, is_reads_file)
    samples, counted = split_samples(findings.samples, has_several, iterate_file_labels)
    findings.samples = samples
    if not arguments.reads_dir.is_absolute():  # as the user wrote it: relative stays relative
        samples = [
            replace(s, reads=tuple(os.path.relpath(reads, folder) for reads in s.reads))
            for s in samples
        ]
    targets[folder / "samples.tsv"] = render_sheet(samples)
    for path, text in targets.items():
        write_text(path, text)
    for counts in counted:
        print(counts.describe())
    _tell(folder, findings)
    return 0


def has_several(path: str) -> bool:
    """Whether a file may have reads of several barcodes, so that it is worth to be read whole.

    Not if its reads have none, or if it is named by the one that the first reads have.
    """
    from vagus.errors import ReadsError
    from vagus.reads.sources import N_LABEL_READS, iterate_file

    try:
        labels = {read.label for read in islice(iterate_file(path), N_LABEL_READS)} - {""}
    except ReadsError:
        return False
    return len(labels) > 1 or any(label not in path for label in labels)


def is_reads_file(path: Path) -> bool:
    """FASTQ or BAM by content; an empty file counts when its name says that it is reads."""
    from vagus.errors import ReadsError
    from vagus.reads.sources import EMPTY, recognise_format

    try:
        form = recognise_format(str(path))
    except ReadsError:
        return False
    return form != EMPTY or any(word in path.name.lower() for word in (".fastq", ".fq", ".bam"))


def _tell(folder: Path, findings: object) -> None:
    samples = findings.samples  # type: ignore[attr-defined]
    for name, reason in findings.passed_over:  # type: ignore[attr-defined]
        print(f"passed over {name}: {reason}")
    guessed = [sample for sample in samples if sample.control]
    for sample in guessed:
        print(f"guessed a control: {sample.name} ({sample.control}); fix it in the sheet if wrong")
    names = ", ".join(sample.name for sample in samples[:6])
    more = f" and {len(samples) - 6} more" if len(samples) > 6 else ""
    plural = "sample" if len(samples) == 1 else "samples"
    print(f"{len(samples)} {plural}: {names}{more}")
    print(f"wrote {folder / 'config.yaml'} and {folder / 'samples.tsv'}")
    print("Next: add metadata columns to the sheet, name them under 'cohort', then 'vagus check'")
