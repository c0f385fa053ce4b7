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
from typing import TYPE_CHECKING

from vagus.errors import ConfigError

if TYPE_CHECKING:
    from vagus.study.joining import Joined

_N_LOOKED_AT = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus init``."""
    parser.add_argument("reads_dir", type=Path, metavar="READS_DIR", help="folder with the reads")
    parser.add_argument(
        "--metadata", type=Path, metavar="FILE",
        help="table of the samples (TSV, CSV or xlsx), joined to the reads by name",
    )  # fmt: skip
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="study folder to write to (default: this one)"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Find the samples and write both files, or neither."""
    from vagus.files import write_text
    from vagus.reads.sources import iterate_file_labels
    from vagus.study.barcodes import split_samples
    from vagus.study.discovery import Look, find_samples, render_sheet
    from vagus.study.documentation import render_config
    from vagus.study.joining import join_metadata

    folder: Path = arguments.folder
    targets = {folder / "config.yaml": render_config()}
    for path in (folder / "config.yaml", folder / "samples.tsv"):
        if path.exists():
            raise ConfigError("is there already", file=path, fix="Move it away, or use --folder")
    findings = find_samples(arguments.reads_dir, is_reads_file, Look(name_sample, measure_median))
    split, counted = split_samples(findings.samples, has_several, iterate_file_labels)
    joined = join_metadata(split, arguments.metadata) if arguments.metadata else None
    samples = findings.samples = joined.samples if joined else split
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
    _report(folder, findings)
    if joined:
        _report_join(joined)
    print("Next: name columns of the sheet under 'cohort' in config.yaml, then 'vagus check'")
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


def _report(folder: Path, findings: object) -> None:
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


def _report_join(joined: Joined) -> None:
    """What matched and what did not."""
    print(f"metadata: {len(joined.matched)} samples matched")
    for reads, name in joined.matched:
        if reads != name:
            print(f"  {reads} is {name}")
    if joined.without_row:
        print(f"  reads without metadata (cells left empty): {', '.join(joined.without_row)}")
    if joined.without_reads:
        print(f"  metadata without reads (left out): {', '.join(joined.without_reads)}")


def name_sample(path: Path) -> str:
    """The one sample that the read groups of a BAM file name; empty for other files."""
    import pysam

    try:
        with pysam.AlignmentFile(str(path), "rb", check_sq=False) as bam:
            groups = bam.header.to_dict().get("RG", [])
    except (OSError, ValueError):
        return ""
    names = {str(group.get("SM", "")).strip() for group in groups} - {"", "UnnamedSample"}
    name = names.pop() if len(names) == 1 else ""
    return name if name.isprintable() and not set(name) & set("/\\") else ""


def measure_median(path: Path) -> float:
    """Median length of the first reads; infinity when they cannot be read."""
    from itertools import islice
    from statistics import median

    from vagus.errors import VagusError
    from vagus.reads.sources import iterate_file

    try:
        lengths = [len(read.sequence) for read in islice(iterate_file(str(path)), _N_LOOKED_AT)]
    except VagusError:
        return float("inf")
    return median(lengths) if lengths else float("inf")
