"""A first sample sheet from a folder of reads: which files are reads, which sample each is.

The rules, in order:

1. A file is reads by its content (FASTQ or unaligned BAM, compressed or not), never by its name.
2. Files in the folder itself are one sample each, named by the file.
3. A subfolder is one sample, named by the folder, when its files are numbered chunks of one
   another (``..._0.fastq.gz``, ``..._1.fastq.gz``) or when it is called ``barcodeNN``; the
   leftovers of demultiplexing (``unclassified``, ``mixed``) are passed over.
4. In any other subfolder each file is a sample, and the subfolder is its run.
5. A file's name loses its suffixes, Illumina-style ``_S1_L001_R1_001``, and the words
   that all names end with (``.hifi_reads``), as long as names stay unique.
6. A name with the word blank, negative, neg, ntc, nc or water is guessed to be a negative
   control, one with mock, zymo or msa a positive one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vagus.errors import ConfigError
from vagus.study.samples import Sample

_SUFFIXES = re.compile(
    r"(\.(gz|bz2|zst|zstd|fastq|fq|bam|txt))+$", re.IGNORECASE
)  # fmt: skip
_ILLUMINA = re.compile(r"(_S\d+)?(_L\d{3})?_R[12](_\d{3})?$")
_CHUNK = re.compile(r"^(.*?)[._-]?\d+$")
_NEGATIVE = re.compile(r"(^|[^a-z])(blank|negative|neg|ntc|nc|water)([^a-z]|$)", re.IGNORECASE)
_POSITIVE = re.compile(r"(^|[^a-z])(mock|zymo|msa)([^a-z]|$)", re.IGNORECASE)
_LEFTOVERS = ("unclassified", "unassigned", "mixed", "undetermined")


@dataclass
class Findings:
    """What a folder contains: samples, and the files and folders passed over with the reason."""

    samples: list[Sample] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)


def find_samples(folder: Path, is_reads: Callable[[Path], bool]) -> Findings:
    """Find the samples of a folder by the rules of this module.

    ``is_reads`` decides whether a file's content is reads. Raises ConfigError when there are none.
    """
    if not folder.is_dir():
        raise ConfigError(
            "is not a folder", file=folder, fix="Name the folder that contains the reads"
        )
    findings = Findings()
    groups: list[tuple[str, str, list[Path]]] = []  # name, run, files
    groups += [(name, "", [file]) for name, file in _name_files(folder, is_reads, findings)]
    for sub in sorted(path for path in folder.iterdir() if path.is_dir()):
        groups += _group_subfolder(sub, is_reads, findings)
    if not groups:
        raise ConfigError(
            "contains no FASTQ or unaligned BAM file", file=folder,
            fix="Name the folder with the demultiplexed reads, one or more files for each sample",
        )  # fmt: skip
    findings.samples = _make_samples(groups)
    return findings


def _list_reads(folder: Path, is_reads: Callable[[Path], bool], findings: Findings) -> list[Path]:
    files = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            if is_reads(path):
                files.append(path)
            else:
                findings.passed_over.append((str(path), "not FASTQ or unaligned BAM"))
    return files


def _name_files(
    folder: Path, is_reads: Callable[[Path], bool], findings: Findings
) -> list[tuple[str, Path]]:
    files = _list_reads(folder, is_reads, findings)
    return list(zip(shorten_names([file.name for file in files]), files, strict=True))


def _group_subfolder(
    folder: Path, is_reads: Callable[[Path], bool], findings: Findings
) -> list[tuple[str, str, list[Path]]]:
    if folder.name.lower() in _LEFTOVERS:
        findings.passed_over.append((str(folder), "reads without a sample"))
        return []
    files = _list_reads(folder, is_reads, findings)
    stems = {_CHUNK.sub(r"\1", _SUFFIXES.sub("", file.name)) for file in files}
    is_barcode = re.fullmatch(r"barcode\d+", folder.name, re.IGNORECASE) is not None
    if files and (is_barcode or len(stems) == 1):
        return [(folder.name, "", files)]
    names = shorten_names([file.name for file in files])
    return [(name, folder.name, [file]) for name, file in zip(names, files, strict=True)]


def shorten_names(names: list[str]) -> list[str]:
    """Sample names from file names: without suffixes and without the words all of them end with."""
    stems = [_SUFFIXES.sub("", name) or name for name in names]
    shorter = [_ILLUMINA.sub("", stem) or stem for stem in stems]
    stems = shorter if len(set(shorter)) == len(shorter) else stems
    while len(stems) > 1:
        cut = [re.sub(r"[._-][^._-]+$", "", stem) for stem in stems]
        tails = {stem[len(short) :] for stem, short in zip(stems, cut, strict=True)}
        if len(tails) != 1 or "" in tails or "" in cut:
            break
        stems = cut
    return stems


def _make_samples(groups: list[tuple[str, str, list[Path]]]) -> list[Sample]:
    names = [name for name, _, _ in groups]
    samples = []
    for name, run, files in groups:
        unique = f"{run}_{name}" if run and names.count(name) > 1 else name
        control = "negative" if _NEGATIVE.search(name) else ""
        control = control or ("positive:mock" if _POSITIVE.search(name) else "")
        reads = tuple(str(file) for file in files)
        samples.append(Sample(unique, "", reads, run=run or "run1", control=control))
    return sorted(samples, key=lambda sample: sample.name)


def render_sheet(samples: list[Sample]) -> str:
    """The sample sheet as text; with the column ``barcode`` if a sample has one."""
    has_barcodes = any(sample.barcodes for sample in samples)
    columns = ["sample", "reads", *(["barcode"] if has_barcodes else []), "run", "control"]
    lines = ["\t".join(columns)]
    for sample in samples:
        cells = [sample.name, ";".join(sample.reads)]
        cells += [";".join(sample.barcodes)] if has_barcodes else []
        lines.append("\t".join([*cells, sample.run, sample.control]))
    return "\n".join(lines) + "\n"
