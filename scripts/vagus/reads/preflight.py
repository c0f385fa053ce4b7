"""A look at the first reads of a sample before any job runs, and what is wrong with them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from vagus.errors import ReadsError
from vagus.reads.bam import read_header
from vagus.reads.chemistry import describe_chemistry
from vagus.reads.conserved import UNKNOWN_STRAND, is_like_16s
from vagus.reads.content import describe_span
from vagus.reads.filters import FIXES, make_filters, say_lost
from vagus.reads.pair_evidence import weigh_pairs
from vagus.reads.primer_plan import plan_primers
from vagus.reads.primers import AUTO, NONE, PrimerPair, list_candidates, read_primer_table
from vagus.reads.problems import ERROR, WARNING, Problem
from vagus.reads.quality import detect_platform, detect_quality_scheme
from vagus.reads.read import MALFORMED, REPEATED, Read
from vagus.reads.read_checks import CHECKS, Look
from vagus.reads.repeats import RepeatFinder
from vagus.reads.settings import ReadSettings
from vagus.reads.sources import (
    BAM,
    EMPTY,
    MixedReadsError,
    check_duplicates,
    explain_mixture,
    iterate_file,
    iterate_file_labels,
    recognise_format,
)
from vagus.reads.uniques import UNKNOWN

N_COMPARED = 10

# what compares trimmed reads (sequence, expected errors) with something that is known
Compare = Callable[[Iterable[tuple[str, float]]], Sequence[Any]]


@dataclass(frozen=True)
class Preflight:
    """What the first reads of a sample show.

    Attributes:
        formats: of each file: ``FASTQ``, ``BAM`` or ``empty``.
        platform, quality_scheme: as they will be used; ``unknown`` without reads.
        accuracy_source: ``rq``, ``qualities`` or, without reads, empty.
        n_reads: number of reads looked at.
        median_length_bp: before trimming.
        median_expected_errors: of the trimmed reads.
        primers: name of the pair that will be used, or ``none``.
        share_both, share_any: share of reads with both of its primers, with at least one.
        pair_shares: (name, share of reads with both) of the known pairs, best first.
        share_like_16s: share of reads with two conserved 16S motifs or more.
        share_kept: share of reads that pass all filters.
        problems: errors first.
        content: part of the gene that the trimmed reads cover; instrument, kit, basecaller.
        mock_fits: what comparing the reads with mocks gave.
        first_reads: digest of the first ten reads of each file.
    """

    formats: tuple[str, ...] = ()
    platform: str = UNKNOWN
    quality_scheme: str = UNKNOWN
    accuracy_source: str = ""
    n_reads: int = 0
    median_length_bp: float = 0.0
    median_expected_errors: float = 0.0
    primers: str = NONE
    share_both: float = 0.0
    share_any: float = 0.0
    pair_shares: tuple[tuple[str, float], ...] = ()
    share_like_16s: float = 0.0
    share_kept: float = 0.0
    problems: tuple[Problem, ...] = ()
    content: str = ""
    mock_fits: tuple[Any, ...] = ()
    first_reads: tuple[str, ...] = ()


def inspect_sample(
    paths: Sequence[str],
    n_reads: int = 200,
    settings: ReadSettings | None = None,
    barcodes: Collection[str] = (),
    compare: Compare | None = None,
    max_error_rate: float = 1.0,
    n_labels: int = 0,
) -> Preflight:
    """Look at about ``n_reads`` reads of a sample, spread evenly over its files.

    ``barcodes``: only reads that the files give one of these. ``compare`` gives ``mock_fits`` of
    the trimmed reads. Reads with more than ``max_error_rate`` errors a base are not denoised. Of a
    file that names barcodes, those of ``n_labels`` reads are looked at: it may be sorted by them.

    Raises:
        ConfigError: the settings contradict each other.
    """
    settings = settings or ReadSettings()
    candidates = list_candidates(settings.primers, settings.primer_table)
    try:
        formats, by_file = _read_first(paths, n_reads, barcodes)
        if not barcodes:
            _refuse_mixtures(by_file, n_labels)
    except ReadsError as error:
        is_mistake = isinstance(error, MixedReadsError)
        return Preflight(problems=(Problem(ERROR, _describe(error), error.fix, is_mistake),))
    first, flawed = _set_flaws_apart([read for reads in by_file.values() for read in reads])
    problems = [
        *_list_empty(paths, formats),
        *_list_joined(by_file, barcodes),
        *_describe_flaws(flawed, len(first)),
    ]
    if not first:
        if barcodes and not flawed:
            problems.append(_describe_absence(barcodes))
        return Preflight(formats=formats, problems=tuple(problems))
    look = _look(first, settings, candidates)
    headers = [read_header(path) for path, form in zip(paths, formats, strict=True) if form == BAM]
    look = replace(look, headers=headers, max_error_rate=max_error_rate)
    firsts = [reads[:N_COMPARED] for reads in by_file.values() if reads]
    return replace(
        _report(look, formats, problems),
        first_reads=tuple(map(_digest, firsts)),
        mock_fits=tuple(compare(_list_oriented(look))) if compare else (),
    )


def _read_first(
    paths: Sequence[str], n_reads: int, barcodes: Collection[str]
) -> tuple[tuple[str, ...], dict[str, list[Read]]]:
    """Formats of the files, and their first reads by file."""
    check_duplicates(paths)
    formats = tuple(map(recognise_format, paths))
    share = -(-n_reads // len(paths))
    return formats, {path: list(islice(iterate_file(path, barcodes), share)) for path in paths}


def _list_empty(paths: Sequence[str], formats: Sequence[str]) -> list[Problem]:
    return [
        Problem(WARNING, f"{path}: the file is empty", "Compare the file with its source")
        for path, form in zip(paths, formats, strict=True)
        if form == EMPTY
    ]


def _list_oriented(look: Look) -> Iterable[tuple[str, float]]:
    """Sequence and expected errors of the reads whose strand is known."""
    return (
        (read.sequence, read.expected_errors)
        for read in look.trimmed
        if read.strand != UNKNOWN_STRAND
    )


def _refuse_mixtures(by_file: dict[str, list[Read]], n_labels: int) -> None:
    """Raise ReadsError for a file whose reads are of several barcodes or samples."""
    for path, reads in by_file.items():
        labels = Counter(read.label for read in reads if read.label)
        if len(labels) == 1:
            labels = Counter(filter(None, islice(iterate_file_labels(path), n_labels))) or labels
        if len(labels) > 1:
            counts = [f"{label}: {n}" for label, n in labels.most_common()]
            raise explain_mixture(path, counts)


def _list_joined(by_file: dict[str, list[Read]], barcodes: Collection[str]) -> list[Problem]:
    """Warnings for a sample that names no barcode, with files of several or reads without one."""
    if barcodes:
        return []
    labels = sorted({read.label for reads in by_file.values() for read in reads if read.label})
    problems = [_describe_several(labels)] if len(labels) > 1 else []
    for path, reads in by_file.items():
        n_without = sum(not read.label for read in reads)
        if 0 < n_without < len(reads):
            label = next(read.label for read in reads if read.label)
            what = (
                f"{path}: {n_without} of the first {len(reads)} reads have no barcode, the others "
                f"{label}: they are taken as one sample"
            )
            fix = f"To leave the reads without it out, write '{label}' into the column 'barcode'"
            problems.append(Problem(WARNING, what, fix))
    return problems


def _describe_several(labels: Sequence[str]) -> Problem:
    shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if labels[3:] else "")
    return Problem(
        WARNING,
        f"the files of this sample are of several barcodes or samples ({shown})",
        "If they are one sample indeed, write 'all' into the column 'barcode'; else give each a "
        "row of its own",
    )


def _set_flaws_apart(reads: Sequence[Read]) -> tuple[list[Read], list[Read]]:
    """Reads that will be searched for primers, and those that are lost before."""
    sound = [read for read in reads if not read.flaw]
    repeats = RepeatFinder(sound)
    for read in sound:
        if repeats.is_repeat(read):
            read.flaw, read.note = REPEATED, f"{read.name.split(maxsplit=1)[0]} was read before"
    return [read for read in sound if not read.flaw], [read for read in reads if read.flaw]


def _describe_flaws(flawed: Sequence[Read], n_sound: int) -> list[Problem]:
    """A warning for each reason for which reads are lost before anything is searched in them."""
    problems = []
    for flaw, n_lost in sorted(Counter(read.flaw for read in flawed).items()):
        note = next((read.note for read in flawed if read.flaw == flaw and read.note), "")
        first = f" (the first: {note})" if note else ""
        said = say_lost(flaw, n_lost)
        what = f"{n_lost} of the first {n_sound + len(flawed)} reads {said}{first}"
        severity = ERROR if flaw == MALFORMED and not n_sound else WARNING
        problems.append(Problem(severity, what, FIXES[flaw]))
    return problems


def _describe_absence(barcodes: Collection[str]) -> Problem:
    return Problem(
        ERROR,
        f"no read has the barcode {' or '.join(sorted(barcodes))}",
        "Correct 'barcode' in the sample sheet; 'vagus init' lists the barcodes of a file",
    )


def _digest(reads: Sequence[Read]) -> str:
    """Names, sequences and qualities of reads in one word."""
    digest = hashlib.md5()
    for read in reads:
        digest.update(f"{read.name}\n{read.sequence}\n".encode() + read.quality.tobytes())
    return digest.hexdigest()


def _describe(error: ReadsError) -> str:
    where = error.where()
    return f"{where}: {error.what}" if where else error.what


def _look(reads: Sequence[Read], settings: ReadSettings, candidates: Sequence[PrimerPair]) -> Look:
    detected = detect_platform(reads)
    platform = detected if settings.platform == AUTO else settings.platform
    scheme = settings.quality_scheme
    if scheme == AUTO:
        scheme = detect_quality_scheme(reads, platform)
    plan = plan_primers(reads, settings, candidates)
    known = read_primer_table(settings.primer_table)
    pairs = (*(pair for pair in candidates if pair not in known), *known)
    evidence = weigh_pairs(reads, pairs, settings.max_primer_error_rate, plan.window_bp)
    trimmer = plan.make_trimmer()
    trimmed = [trimmer.trim(read) for read in reads]
    filters = make_filters(settings, platform, plan.min_primers)
    losses = Counter(next((f.name for f in filters if f.is_lost(read)), "") for read in trimmed)
    like_16s = sum(is_like_16s(read.sequence) for read in reads) / len(reads)
    return Look(
        settings, platform, scheme, reads, trimmed, losses, plan, evidence, like_16s, detected
    )  # fmt: skip


def _report(look: Look, formats: tuple[str, ...], problems: list[Problem]) -> Preflight:
    problems = [*problems, *look.plan.problems]
    problems += [p for check in CHECKS if (p := check(look)) is not None]
    n_reads = len(look.reads)
    has_accuracy = any(read.accuracy is not None for read in look.reads)
    return Preflight(
        formats=formats,
        platform=look.platform,
        quality_scheme=look.quality_scheme,
        accuracy_source="rq" if has_accuracy else "qualities",
        n_reads=n_reads,
        median_length_bp=float(np.median([len(read.sequence) for read in look.reads])),
        median_expected_errors=float(np.median([r.expected_errors for r in look.trimmed])),
        primers=look.plan.name,
        share_both=look.share_both,
        share_any=look.share_any,
        pair_shares=tuple((e.pair.name, e.share_both) for e in look.evidence),
        share_like_16s=look.share_like_16s,
        content=_describe_content(look),
        share_kept=look.losses[""] / n_reads,
        problems=tuple(sorted(problems, key=lambda problem: problem.severity != ERROR)),
    )


def _describe_content(look: Look) -> str:
    """Part of the gene, and how the reads were made, in words; empty where nothing is known."""
    span = describe_span([read.sequence for read in look.trimmed])
    made = describe_chemistry(look.reads, look.headers, look.quality_scheme)
    return ", ".join(part for part in (span, made) if part)
