"""Write config.yaml and samples.tsv for a folder of reads.

Files are recognised as reads by their content. Sample names come from file or folder names.
Nothing is overwritten. Edit both files, then run 'vagus check' and 'vagus run'. When reads
come later, --add appends rows for them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.cli.layout import count, list_names, print_line
from vagus.errors import ConfigError

if TYPE_CHECKING:
    from vagus.study.barcodes import BarcodeCounts
    from vagus.study.discovery import Findings
    from vagus.study.joining import Joined
    from vagus.study.samples import Sample

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
    parser.add_argument(
        "--add", action="store_true",
        help="append the rows of samples that the sheet does not have yet",
    )  # fmt: skip


def execute(arguments: argparse.Namespace) -> int:
    """Find the samples and write both files, or neither; with --add, rows of new samples alone."""
    from vagus.study.samples import read_sheet
    from vagus.study.suggestions import list_cell_warnings, suggest_design

    folder: Path = arguments.folder
    sheet = folder / "samples.tsv"
    is_there = [path for path in (sheet, folder / "config.yaml") if path.exists()]
    if is_there and sheet not in is_there:
        raise ConfigError("is there already", file=is_there[0], fix="Move it away, or use --folder")
    if arguments.add and not is_there:
        raise ConfigError("is not there yet", file=sheet, fix="Leave out --add: init writes it")
    found = _find(arguments)
    if is_there:
        return _add_new(arguments, found, sheet)
    _write_study(folder, found.samples)
    found.report(f"wrote {folder / 'config.yaml'} and {sheet}")
    written = read_sheet(sheet)  # with the lines of the cells
    for text in list_cell_warnings(written, str(sheet)):
        print_line(f"warning: {text}", sys.stderr)
    print(_describe_next(suggest_design(written)))
    return 0


@dataclass(frozen=True)
class Found:
    """What a folder of reads has: samples with metadata, and what is to be reported of them."""

    samples: list[Sample]
    findings: Findings
    counted: Sequence[BarcodeCounts]
    joined: Joined | None

    def report(self, what: str) -> None:
        """Print what was found, and what was written."""
        for counts in self.counted:
            print(counts.describe())
        _report(self.findings, what)
        if self.joined:
            _report_join(self.joined)


def _find(arguments: argparse.Namespace) -> Found:
    from vagus.reads.sources import iterate_file_labels
    from vagus.study.barcodes import split_samples
    from vagus.study.discovery import Look, find_samples
    from vagus.study.joining import join_metadata

    findings = find_samples(arguments.reads_dir, is_reads_file, Look(name_sample, measure_median))
    split, counted = split_samples(findings.samples, has_several, iterate_file_labels)
    joined = join_metadata(split, arguments.metadata) if arguments.metadata else None
    samples = findings.samples = joined.samples if joined else split
    if not arguments.reads_dir.is_absolute():  # as the user wrote it: relative stays relative
        samples = [
            replace(s, reads=tuple(os.path.relpath(r, arguments.folder) for r in s.reads))
            for s in samples
        ]
    return Found(samples, findings, counted, joined)


def _write_study(folder: Path, samples: list[Sample]) -> None:
    from vagus.files import write_text
    from vagus.study.discovery import render_sheet
    from vagus.study.documentation import render_config

    texts = {"config.yaml": render_config(), "samples.tsv": render_sheet(samples)}
    for name, text in texts.items():
        write_text(folder / name, text)


def _add_new(arguments: argparse.Namespace, found: Found, sheet: Path) -> int:
    """Append rows of samples that the sheet does not have, or say which these are."""
    from vagus.study.new_rows import append_rows, find_new

    with contextlib.chdir(arguments.folder):  # paths of the sheet are seen from there
        new = find_new(found.samples, Path(sheet.name))
        names = list_names([sample.name for sample in new], "sample", 6)
        if not new:
            raise ConfigError(
                f"is there already, and has every sample of {arguments.reads_dir}", file=sheet,
                fix="To begin anew, move it away, or use --folder",
            )  # fmt: skip
        if not arguments.add:
            raise ConfigError(
                f"is there already; {arguments.reads_dir} has {count(len(new), 'sample')} more: "
                f"{names}", file=sheet, fix="'--add' appends their rows",
            )  # fmt: skip
        append_rows(Path(sheet.name), new)
    found.findings.samples = new
    found.report(f"appended {count(len(new), 'row')} to {sheet}: fill in their other cells")
    print("Next: 'vagus check', then 'vagus run', which makes again what the new samples change")
    return 0


def _describe_next(suggested: Mapping[str, str]) -> str:
    """What to write into the config, with the columns of the sheet that suggest themselves."""
    if not suggested:
        return "Next: name columns of the sheet under 'cohort' in config.yaml, then 'vagus check'"
    lines = [f"  {key}: {value}" for key, value in suggested.items()]
    head = "Next: fill in 'cohort' in config.yaml, then 'vagus check'. By their names these may be:"
    return "\n".join([head, *lines])


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


def _report(findings: Findings, what: str) -> None:
    samples = findings.samples
    reasons: dict[str, list[str]] = {}
    for name, reason in findings.passed_over:
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        print(f"passed over {list_names(names, 'file', 6)}: {reason}")
    for sample in samples:
        if sample.control:
            print(f"guessed a control: {sample.name} ({sample.control}); correct it in the sheet")
    print(f"{count(len(samples), 'sample')}: {list_names([s.name for s in samples], '', 6)}")
    print(what)


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
