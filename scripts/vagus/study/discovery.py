"""A first sample sheet from a folder of reads: which files are reads, which sample each is.

The rules, in order:

1. A file is reads by its content (FASTQ or unaligned BAM, compressed or not), never by its name.
2. Files that lie in the folder itself are one sample each, named by the file. In the folder of a
   MinKNOW run, ``fastq_pass`` (else ``bam_pass``) is looked into; files there are one sample.
3. A subfolder is one sample, named by the folder, when its files are numbered chunks of one
   another (``..._0.fastq.gz``, ``..._1.fastq.gz``) or when it is called ``barcodeNN``; the
   leftovers of demultiplexing (``unclassified``, ``mixed``) are passed over, and so are files
   that are called so, and copies of the same reads.
4. In any other subfolder each file is a sample, and the subfolder is its run. A subfolder of
   folders is the run of those called ``barcodeNN``, or a part of the names of others.
5. A file's name loses its suffixes, Illumina-style ``_S1_L001_R1_001``, the words that all
   names end with (``.hifi_reads``), as long as names stay unique, and the words of the instrument
   that all begin with (``m84011_220902_175841_s1.hifi_reads.``).
6. Where names are those of the instrument alone, the sample named in the BAM file is taken.
7. A name with a word of ``control_names.tsv``, such as blank, ntc or mock, is guessed a control.
8. Pairs of files with short reads (Illumina) are refused.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import hashlib
import lzma
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vagus.errors import ConfigError
from vagus.study.samples import Sample
from vagus.study.sheet_headers import guess_control

_SUFFIXES = re.compile(
    r"(\.(gz|bz2|zst|zstd|fastq|fq|bam|txt))+$", re.IGNORECASE
)  # fmt: skip
_ILLUMINA = re.compile(r"(_S\d+)?(_L\d{3})?_R[12](_\d{3})?$")
_CHUNK = re.compile(r"^(.*?)[._-]?\d+$")
_LEFTOVERS = ("unclassified", "unassigned", "mixed", "undetermined", "unbarcoded")
_INSTRUMENT = re.compile(
    r"(m\d\w*_\d{6}_\d{6}(_s\d)?|s\d|hifi|reads|ccs|demux|lima|segmented|flnc|skera|bc\d+|barcode\d+"
    r"|default|\d+|[-_.])+", re.IGNORECASE,
)  # fmt: skip
_IN_FRONT = re.compile(
    r"((m\d{5}\w?_\d{6}_\d{6}(_s\d)?|hifi_reads|ccs|demux|lima|segmented|flnc|skera)[._])*",
    re.IGNORECASE,
)
# reads that PacBio's programs set aside, in files that are named by the movie
_SET_ASIDE = re.compile(
    r"m\d{5}\w?_\d{6}_\d{6}(_s\d)?\..*\b(fail_reads|removed|scraps|subreads)\b", re.IGNORECASE
)
_PAIR = re.compile(r"^(.+)[._]R?([12])((?:_\d{3})?)$", re.IGNORECASE)
_COMPRESSED: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_LONGEST_PAIRED_BP = 600
_PASS, _NOT_SAMPLES = ("fastq_pass", "bam_pass"), ("fastq_fail", "bam_fail", "bam_pass")
_CHUNK_BYTES = 1 << 20


def _say_nothing(path: Path) -> str:
    return ""


def _measure_nothing(path: Path) -> float:
    return float("inf")


@dataclass(frozen=True)
class Look:
    """What a look into a file of reads can give: the sample's name, and the median length."""

    name_sample: Callable[[Path], str] = _say_nothing
    median_bp: Callable[[Path], float] = _measure_nothing


@dataclass
class Findings:
    """What a folder contains: samples, and the files and folders passed over with the reason."""

    samples: list[Sample] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)


def find_samples(
    folder: Path, is_reads: Callable[[Path], bool], look: Look | None = None
) -> Findings:
    """Find the samples of a folder by the rules of this module.

    ``is_reads`` decides whether a file's content is reads. Raises ConfigError when there are none,
    and for pairs of short reads.
    """
    if not folder.is_dir():
        raise ConfigError(
            "is not a folder", file=folder, fix="Name the folder that contains the reads"
        )
    findings = Findings()
    look = look or Look()
    groups: list[tuple[str, str, list[Path]]] = []  # name, run, files
    passed = _list_pass_folders(folder, findings)
    for root in passed or [folder]:
        own = _name_files(root, is_reads, findings)
        if own and root.name in _PASS:
            groups.append((_name_run(root, folder), root.parent.name, [file for _, file in own]))
        else:
            groups += [(name, "", [file]) for name, file in own]
        for sub in sorted(path for path in root.iterdir() if path.is_dir()):
            found = _group_subfolder(sub, is_reads, findings) or _group_deeper(
                sub, is_reads, findings
            )
            run = root.parent.name if len(passed) > 1 else ""
            groups += [(name, run or of_sub, files) for name, of_sub, files in found]
    groups = _drop_copies(groups, findings)
    _refuse_pairs([file for _, _, files in groups for file in files], look)
    groups = [(_name_by_content(name, files, look), run, files) for name, run, files in groups]
    if not groups:
        raise ConfigError(
            "contains no FASTQ or unaligned BAM file", file=folder,
            fix="Name the folder with the demultiplexed reads, one or more files for each sample",
        )  # fmt: skip
    findings.samples = _make_samples(groups)
    return findings


def _list_pass_folders(folder: Path, findings: Findings) -> list[Path]:
    """Folders of passed reads in a folder of MinKNOW runs, or the folder itself if it is one."""
    if folder.name in _PASS:
        return [folder]
    for kind in _PASS:
        found = sorted(p for n in range(4) for p in folder.glob(f"{'*/' * n}{kind}") if p.is_dir())
        if found:
            for path in found:
                for name in _NOT_SAMPLES:
                    other = path.parent / name
                    if other != path and other.is_dir():
                        findings.passed_over.append((str(other), "not the reads that passed"))
            return found
    return []


def _name_run(root: Path, folder: Path) -> str:
    """Name of a run's only sample: that of the folder above the run, as MinKNOW has it."""
    above = root.parent if root in (folder, folder / root.name) else root.parent.parent
    return above.resolve().name


def _drop_copies(
    groups: list[tuple[str, str, list[Path]]], findings: Findings
) -> list[tuple[str, str, list[Path]]]:
    """Leave out files whose reads another file has: the same bytes, or plain beside compressed."""
    files = [file for _, _, of_group in groups for file in of_group]
    sizes = Counter(file.stat().st_size for file in files)
    dropped: set[Path] = set()
    seen: dict[str, Path] = {}
    for file in sorted(files, key=_prefer):
        if file.stat().st_size and sizes[file.stat().st_size] > 1:
            first = seen.setdefault(_digest(file), file)
            if first != file:
                dropped.add(file)
                why = f"same content as {first.name}"
                findings.passed_over.append((str(file), why))
    for twins in _list_twins([file for file in files if file not in dropped]):
        first = max(twins, key=lambda file: file.suffix in _COMPRESSED)
        for file in twins:
            if file != first and _digest_unpacked(file) != _digest_unpacked(first):
                raise ConfigError(
                    f"has the name of {first.name}, and other reads", file=file,
                    fix="Rename or remove one of the two",
                )  # fmt: skip
            if file != first:
                dropped.add(file)
                why = f"same reads as {first.name}"
                findings.passed_over.append((str(file), why))
    kept = [(name, run, [f for f in own if f not in dropped]) for name, run, own in groups]
    return [group for group in kept if group[2]]


def _prefer(file: Path) -> tuple[bool, int, str]:
    """Of copies the file itself, not a link, and that with the shortest name."""
    return file.is_symlink(), len(file.name), str(file)


def _list_twins(files: list[Path]) -> list[list[Path]]:
    """Files of one folder whose names differ in their suffixes only."""
    twins: dict[tuple[Path, str], list[Path]] = {}
    for file in files:
        twins.setdefault((file.parent, _SUFFIXES.sub("", file.name)), []).append(file)
    return [of_name for of_name in twins.values() if len(of_name) > 1]


def _digest_unpacked(path: Path) -> str:
    return _digest(path, _COMPRESSED.get(path.suffix, open))


def _digest(path: Path, opener: Callable[..., Any] = open) -> str:
    """MD5 of the content; of what was read before it ends, where the file is damaged."""
    digest = hashlib.md5()
    with contextlib.suppress(EOFError, lzma.LZMAError), opener(path, "rb") as stream:
        while block := stream.read(_CHUNK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _refuse_pairs(files: list[Path], look: Look) -> None:
    """Raise ConfigError for two files of short reads that differ in R1 and R2 (or 1 and 2)."""
    mates: dict[tuple[Path, str, str], dict[str, Path]] = {}
    for file in files:
        if match := _PAIR.match(_SUFFIXES.sub("", file.name)):
            mates.setdefault((file.parent, match[1], match[3]), {})[match[2]] = file
    for pair in (pair for pair in mates.values() if len(pair) == 2):
        lengths = [look.median_bp(file) for _, file in sorted(pair.items())]
        if max(lengths) <= _LONGEST_PAIRED_BP:
            raise ConfigError(
                f"{pair['1'].name} and {pair['2'].name} are pairs of short reads (median "
                f"{lengths[0]:.0f} and {lengths[1]:.0f} bp), as Illumina instruments write them",
                file=pair["1"].parent,
                fix="Vagus is for full-length 16S reads of PacBio or Nanopore instruments; for "
                "these reads take a program for short amplicons, such as QIIME 2 or DADA2",
            )  # fmt: skip


def _name_by_content(name: str, files: list[Path], look: Look) -> str:
    """The sample's name in the file, where the name of the file is the instrument's alone."""
    if len(files) > 1 or not _INSTRUMENT.fullmatch(_SUFFIXES.sub("", files[0].name)):
        return name
    return look.name_sample(files[0]) or name


def _list_reads(folder: Path, is_reads: Callable[[Path], bool], findings: Findings) -> list[Path]:
    files = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            words = re.split(r"[^a-z]+", path.name.lower())
            if any(word in _LEFTOVERS for word in words) and is_reads(path):
                findings.passed_over.append((str(path), "reads without a sample"))
            elif _SET_ASIDE.match(path.name):
                findings.passed_over.append((str(path), "reads that the instrument set aside"))
            elif is_reads(path):
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


def _group_deeper(
    folder: Path, is_reads: Callable[[Path], bool], findings: Findings
) -> list[tuple[str, str, list[Path]]]:
    """Samples of a folder that has folders of reads: a run of barcodes, or a person's visits."""
    groups = []
    for sub in sorted(path for path in folder.iterdir() if path.is_dir()):
        if folder.name.lower() in _LEFTOVERS or sub.name.startswith((".", "__")):
            continue
        for name, _, files in _group_subfolder(sub, is_reads, findings):
            is_barcode = re.fullmatch(r"barcode\d+", sub.name, re.IGNORECASE) is not None
            own = name if name == sub.name else f"{sub.name}_{name}"
            groups.append(
                (name, folder.name, files) if is_barcode else (f"{folder.name}_{own}", "", files)
            )
    return groups


def shorten_names(names: list[str]) -> list[str]:
    """Sample names from file names: without suffixes, and words that all of them have."""
    stems = [_SUFFIXES.sub("", name) or name for name in names]
    shorter = [_ILLUMINA.sub("", stem) or stem for stem in stems]
    stems = shorter if len(set(shorter)) == len(shorter) else stems
    while len(stems) > 1:
        cut = [re.sub(r"[._-][^._-]+$", "", stem) for stem in stems]
        tails = {stem[len(short) :] for stem, short in zip(stems, cut, strict=True)}
        if len(tails) != 1 or "" in tails or "" in cut:
            break
        stems = cut
    return _drop_instrument(stems)


def _drop_instrument(stems: list[str]) -> list[str]:
    """Names without the words of the instrument in front, where all begin with the same ones."""
    begins = {match.group() if (match := _IN_FRONT.match(stem)) else "" for stem in stems}
    begin = begins.pop() if len(begins) == 1 else ""
    shorter = [stem.removeprefix(begin) for stem in stems]
    return shorter if all(shorter) else stems


def _make_samples(groups: list[tuple[str, str, list[Path]]]) -> list[Sample]:
    names = [name for name, _, _ in groups]
    samples = []
    for name, run, files in groups:
        unique = f"{run}_{name}" if run and names.count(name) > 1 else name
        control = guess_control(name)
        reads = tuple(str(file) for file in files)
        samples.append(Sample(unique, "", reads, run=run or "run1", control=control))
    return sorted(samples, key=lambda sample: sample.name)


def render_sheet(samples: list[Sample]) -> str:
    """The sample sheet as text; with the column ``barcode`` if a sample has one."""
    columns = list(dict.fromkeys(name for sample in samples for name in sample.metadata))
    barcode = ["barcode"] if any(sample.barcodes for sample in samples) else []
    rows = [["sample", "reads", *barcode, "run", "control", *columns]]
    for sample in samples:
        own = [sample.name, ";".join(sample.reads)]
        own += [";".join(sample.barcodes)] if barcode else []
        own += [sample.run, sample.control]
        rows.append([*own, *(sample.cell(name) for name in columns)])
    return "\n".join("\t".join(row) for row in rows) + "\n"
