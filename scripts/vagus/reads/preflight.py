"""A look at the first reads of a sample before any job runs, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from vagus.errors import ReadsError
from vagus.reads.conserved import ANTISENSE, SENSE, is_like_16s
from vagus.reads.filters import FILTER_NAMES, make_filters
from vagus.reads.platforms import BINNED7, find_platform
from vagus.reads.primers import AUTO, NONE, PrimerPair, list_candidates, read_primer_table
from vagus.reads.quality import detect_platform, detect_quality_scheme
from vagus.reads.settings import ReadSettings
from vagus.reads.sources import EMPTY, Read, check_duplicates, iterate_file, recognise_format
from vagus.reads.trimming import (
    PairEvidence,
    PrimerTrimmer,
    TrimmedRead,
    detect_pair,
    weigh_pairs,
)
from vagus.reads.uniques import UNKNOWN

ERROR, WARNING = "error", "warning"
FEW, HALF = 0.1, 0.5
MIN_STRAND_READS, MIN_STRAND_SHARE = 50, 0.02


@dataclass(frozen=True)
class Problem:
    """Something that the user should know: ``error`` (of no use as it is) or ``warning``."""

    severity: str
    message: str
    fix: str


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


@dataclass(frozen=True)
class _Look:
    """Everything that the checks below may ask about."""

    settings: ReadSettings
    platform: str
    quality_scheme: str
    reads: Sequence[Read]
    trimmed: Sequence[TrimmedRead]
    losses: Counter[str]
    pair: PrimerPair | None
    evidence: Sequence[PairEvidence]
    share_like_16s: float

    @property
    def used(self) -> PairEvidence | None:
        """Evidence for the pair in use."""
        return next((e for e in self.evidence if e.pair == self.pair), None)

    @property
    def best(self) -> PairEvidence | None:
        """The known pair that is there, whatever the settings say; None without one."""
        return next((e for e in self.evidence if e.is_present), None)


def inspect_sample(
    paths: Sequence[str], n_reads: int = 200, settings: ReadSettings | None = None
) -> Preflight:
    """Look at about ``n_reads`` reads of a sample, spread evenly over its files.

    Raises:
        ConfigError: the settings do not hold together.
    """
    settings = settings or ReadSettings()
    candidates = list_candidates(settings.primers, settings.primer_table)
    try:
        check_duplicates(paths)
        formats = tuple(map(recognise_format, paths))
        share = -(-n_reads // len(paths))
        reads = [read for path in paths for read in islice(iterate_file(path), share)]
    except ReadsError as error:
        return Preflight(problems=(Problem(ERROR, _describe(error), error.fix),))
    empty = [
        Problem(WARNING, f"{path}: the file is empty", "Compare the file with its source")
        for path, form in zip(paths, formats, strict=True)
        if form == EMPTY
    ]
    if not reads:
        return Preflight(formats=formats, problems=tuple(empty))
    return _report(_look(reads, settings, candidates), formats, empty)


def _say_share(share: float) -> str:
    return f"only {share:.0%}" if round(share, 2) else "none"


def _describe(error: ReadsError) -> str:
    where = error.where()
    return f"{where}: {error.what}" if where else error.what


def _look(reads: Sequence[Read], settings: ReadSettings, candidates: Sequence[PrimerPair]) -> _Look:
    detected = detect_platform(reads)
    platform = detected if settings.platform == AUTO else settings.platform
    scheme = settings.quality_scheme
    if scheme == AUTO:
        scheme = detect_quality_scheme(reads, platform)
    known = read_primer_table(settings.primer_table)
    pairs = (*(pair for pair in candidates if pair not in known), *known)
    evidence = weigh_pairs(reads, pairs, settings.max_primer_error_rate)
    pair = detect_pair(evidence) if settings.primers == AUTO else next(iter(candidates), None)
    trimmer = PrimerTrimmer(pair, settings.max_primer_error_rate)
    trimmed = [trimmer.trim(read) for read in reads]
    filters = make_filters(settings, platform, pair is not None)
    losses = Counter(next((f.name for f in filters if f.is_lost(read)), "") for read in trimmed)
    like_16s = sum(is_like_16s(read.sequence) for read in reads) / len(reads)
    return _Look(
        settings, platform, scheme, reads, trimmed, losses, pair, evidence, like_16s
    )  # fmt: skip


def _report(look: _Look, formats: tuple[str, ...], problems: list[Problem]) -> Preflight:
    problems = [*problems, *(p for check in _CHECKS if (p := check(look)) is not None)]
    used, n_reads = look.used, len(look.reads)
    has_accuracy = any(read.accuracy is not None for read in look.reads)
    return Preflight(
        formats=formats,
        platform=look.platform,
        quality_scheme=look.quality_scheme,
        accuracy_source="rq" if has_accuracy else "qualities",
        n_reads=n_reads,
        median_length_bp=float(np.median([len(read.sequence) for read in look.reads])),
        median_expected_errors=float(np.median([r.expected_errors for r in look.trimmed])),
        primers=look.pair.name if look.pair else NONE,
        share_both=used.share_both if used else 0.0,
        share_any=used.share_any if used else 0.0,
        pair_shares=tuple((e.pair.name, e.share_both) for e in look.evidence),
        share_like_16s=look.share_like_16s,
        share_kept=look.losses[""] / n_reads,
        problems=tuple(sorted(problems, key=lambda problem: problem.severity != ERROR)),
    )


def _check_gene(look: _Look) -> Problem | None:
    if look.share_like_16s >= HALF:
        return None
    return Problem(
        ERROR if look.share_like_16s < FEW else WARNING,
        f"{_say_share(look.share_like_16s)} of the first {len(look.reads)} reads look like 16S "
        "(two conserved motifs or more)",
        "Check that these are the 16S reads of this sample",
    )


def _check_primers(look: _Look) -> Problem | None:
    used = look.used
    if look.pair is None or used is None or look.settings.require == "none":
        return None
    wants_both = look.settings.require == "both"
    share = used.share_both if wants_both else used.share_any
    if share >= HALF:
        return None
    wanted = "both primers" if wants_both else "a primer"
    return Problem(
        ERROR if share < FEW else WARNING,
        f"{_say_share(share)} of the first {len(look.reads)} reads carry {wanted} of "
        f"{look.pair.name} ({look.pair.forward} / {look.pair.reverse})",
        _advise_primers(look, used),
    )


def _advise_primers(look: _Look, used: PairEvidence) -> str:
    best = look.best
    if best is not None and best.pair != look.pair and best.share_both > used.share_both:
        return f"{best.share_both:.0%} carry {best.pair.name}: set 'primers: {best.pair.name}'"
    if used.share_any >= HALF:
        return (
            f"{used.share_any:.0%} carry one of the two: are the reads cut short? Else set "
            "'require: either'"
        )
    return "No known pair is there either: set 'primers: none' if they were cut off before"


def _check_missing_primers(look: _Look) -> Problem | None:
    if look.pair is not None:
        return None
    best = look.best
    if look.settings.primers == NONE:
        if best is None:
            return None
        return Problem(
            WARNING,
            f"'primers: none', but {best.share_any:.0%} of the reads carry primers of "
            f"{best.pair.name}",
            f"Set 'primers: auto' or 'primers: {best.pair.name}'",
        )
    return Problem(
        WARNING,
        "the reads carry no known primer pair and are taken as trimmed already",
        "If they carry other primers, write them in 'primers' (forward and reverse)",
    )


def _check_length(look: _Look) -> Problem | None:
    settings = look.settings
    lengths = np.array([len(read.sequence) for read in look.trimmed])
    fits = (lengths >= settings.min_length_bp) & (lengths <= settings.max_length_bp)
    if fits.mean() >= HALF:
        return None
    side = "long" if np.median(lengths) > settings.max_length_bp else "short"
    advice = (
        "Vagus is for full-length 16S; for a shorter amplicon lower reads.min_length_bp"
        if side == "short"
        else "Check that adapters and concatenated reads were split; else raise reads.max_length_bp"
    )
    return Problem(
        ERROR if fits.mean() < FEW else WARNING,
        f"{_say_share(float(fits.mean()))} of the first {len(lengths)} reads are "
        f"{settings.min_length_bp} to {settings.max_length_bp} bp long after trimming; the median, "
        f"{np.median(lengths):.0f} bp, is too {side}",
        advice,
    )


def _check_accuracy(look: _Look) -> Problem | None:
    n_lost = look.losses["expected_errors"] + look.losses["low_accuracy"]
    n_reached = look.losses[""] + n_lost
    if n_reached == 0 or n_lost / n_reached <= HALF:
        return None
    median = float(np.median([read.expected_errors for read in look.trimmed]))
    return Problem(
        WARNING,
        f"{n_lost / n_reached:.0%} of the reads of the right length have too many expected "
        f"errors (median {median:.1f})",
        _advise_accuracy(look),
    )


def _advise_accuracy(look: _Look) -> str:
    advice = find_platform(look.platform).advice
    return (
        advice or f"Is the platform ({look.platform}) right? Else raise reads.max_expected_errors"
    )


def _check_strands(look: _Look) -> Problem | None:
    strands = Counter(read.strand for read in look.trimmed)
    n_known = strands[SENSE] + strands[ANTISENSE]
    if not find_platform(look.platform).has_strand_errors or n_known < MIN_STRAND_READS:
        return None
    if min(strands[SENSE], strands[ANTISENSE]) > MIN_STRAND_SHARE * n_known:
        return None
    return Problem(
        WARNING,
        "all reads are of one strand: errors that recur on it cannot be told from variants",
        "Were they turned to one strand before? Then give the reads as they were called",
    )


def _check_binning(look: _Look) -> Problem | None:
    if look.quality_scheme != BINNED7 or any(r.accuracy is not None for r in look.reads):
        return None
    return Problem(
        WARNING,
        "qualities are binned and the reads have no 'rq': expected errors are rough",
        "Give the HiFi BAM file, whose 'rq' was computed before binning",
    )


def _check_platform(look: _Look) -> Problem | None:
    detected = detect_platform(look.reads)
    if detected == look.platform:
        return None
    return Problem(
        WARNING,
        f"the platform is set to {look.platform} but the reads look like {detected}",
        "Correct 'platform' in the sample sheet or config",
    )


def _check_number(look: _Look) -> Problem | None:
    n_kept = look.losses[""]
    lost = [(look.losses[name], name) for name in FILTER_NAMES if look.losses[name]]
    if n_kept or not lost:
        return None
    return Problem(
        WARNING,
        f"none of the first {len(look.reads)} reads would be kept; most are lost to "
        f"'{max(lost)[1]}'",
        "See the other messages; the sample would be reported as empty",
    )


_CHECKS: tuple[Callable[[_Look], Problem | None], ...] = (
    _check_length,
    _check_gene,
    _check_primers,
    _check_missing_primers,
    _check_accuracy,
    _check_strands,
    _check_binning,
    _check_platform,
    _check_number,
)
