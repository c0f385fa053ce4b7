"""What may be wrong with the reads of a sample: each check is a function of a look at the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vagus.reads.chemistry import Header, are_subreads
from vagus.reads.conserved import ANTISENSE, SENSE
from vagus.reads.content import find_other_amplicon
from vagus.reads.error_rate import MAX_RATE, ErrorRates, measure_error_rates
from vagus.reads.filters import FILTER_NAMES
from vagus.reads.pair_evidence import MIN_SHARE_BOTH, PairEvidence
from vagus.reads.platforms import BINNED7, find_platform
from vagus.reads.primer_plan import PrimerPlan
from vagus.reads.primers import NONE
from vagus.reads.problems import ERROR, WARNING, Problem
from vagus.reads.quality import LEAST_BASES_FOR_BINS, are_qualities_empty
from vagus.reads.settings import ReadSettings
from vagus.reads.sources import Read
from vagus.reads.trimming import TrimmedRead
from vagus.study.keys import JOINT

FEW, HALF = 0.1, 0.5
NOISY = 0.05
# offset 64 is 31 more than 33; Phred 41 is the most that programs with offset 64 wrote
OFFSET_MORE, ONLY_64, MOST_64 = 31, 50, 41
MIN_STRAND_READS, MIN_STRAND_SHARE = 50, 0.02


@dataclass(frozen=True)
class Look:
    """What the first reads of a sample show, for the checks.

    ``detected`` is the platform that the reads show, ``headers`` are those of BAM files, and with
    more than ``max_error_rate`` errors a base reads are not denoised.
    """

    settings: ReadSettings
    platform: str
    quality_scheme: str
    reads: Sequence[Read]
    trimmed: Sequence[TrimmedRead]
    losses: Counter[str]
    plan: PrimerPlan
    evidence: Sequence[PairEvidence]
    share_like_16s: float
    detected: str = ""
    headers: Sequence[Header] = ()
    max_error_rate: float = 1.0

    @property
    def share_both(self) -> float:
        """Share of reads with both primers of a pair in use."""
        return float((self.plan.found == 2).mean()) if self.plan.pairs else 0.0

    @property
    def share_any(self) -> float:
        """Share of reads with a primer of a pair in use."""
        return float((self.plan.found > 0).mean()) if self.plan.pairs else 0.0

    @property
    def expected_rate(self) -> float:
        """Expected errors a base of a typical read."""
        return float(np.median([r.expected_errors / max(1, len(r.sequence)) for r in self.trimmed]))

    @cached_property
    def measured(self) -> ErrorRates | None:
        """Error rates that the reads themselves show."""
        return measure_error_rates(self.reads)

    @property
    def best(self) -> PairEvidence | None:
        """The known pair that is there, whatever the settings say; None without one."""
        return next((e for e in self.evidence if e.is_present), None)


def say_share(share: float) -> str:
    """A small share in words."""
    return f"only {share:.0%}" if round(share, 2) else "none"


def _check_gene(look: Look) -> Problem | None:
    if look.share_like_16s >= HALF:
        return None
    return Problem(
        ERROR if look.share_like_16s < FEW else WARNING,
        f"{say_share(look.share_like_16s)} of the first {len(look.reads)} reads look like 16S "
        "(two conserved motifs or more)",
        "Check that these are the 16S reads of this sample",
    )


def _check_primers(look: Look) -> Problem | None:
    plan = look.plan
    if not plan.pairs or plan.min_primers == 0:
        return None
    wants_both = plan.min_primers == 2
    share = look.share_both if wants_both else look.share_any
    if share >= HALF:
        return None
    wanted = "both primers" if wants_both else "a primer"
    pairs = " or ".join(f"{p.name} ({p.forward} / {p.reverse})" for p in plan.pairs)
    return Problem(
        ERROR if share < FEW else WARNING,
        f"{say_share(share)} of the first {len(look.reads)} reads carry {wanted} of {pairs}",
        _advise_primers(look),
    )


def _advise_primers(look: Look) -> str:
    if look.expected_rate > NOISY:
        return (
            f"{look.expected_rate:.0%} of the bases are expected to be wrong: primers cannot be "
            "recognised in such reads, whatever is set here"
        )
    best = look.best
    is_used = best is None or best.pair.name in look.plan.name.split(JOINT)
    if best is not None and not is_used and best.share_both > look.share_both:
        return f"{best.share_both:.0%} carry {best.pair.name}: set 'primers: {best.pair.name}'"
    if look.share_any >= HALF:
        return (
            f"{look.share_any:.0%} carry one of the two: are the reads cut short? Else set "
            "'require: either'"
        )
    return "No known pair is there either: set 'primers: none' if they were cut off before"


def _check_missing_primers(look: Look) -> Problem | None:
    if look.plan.pairs or look.plan.problems:
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


def _check_other_amplicon(look: Look) -> Problem | None:
    is_known = look.best is not None and look.best.share_both >= MIN_SHARE_BOTH
    return (
        None if is_known or look.share_both >= MIN_SHARE_BOTH else find_other_amplicon(look.reads)
    )


def _check_further_pairs(look: Look) -> Problem | None:
    plan = look.plan
    if len(plan.pairs) < 2:
        return None
    shares = [f"{(e.found == 2).mean():.0%} {e.pair.name}" for e in plan.evidence]
    return Problem(
        WARNING,
        f"the reads carry primers of several pairs ({', '.join(shares)}): all are used",
        "If one of them is not yours, name yours in 'primers'",
    )


def _check_length(look: Look) -> Problem | None:
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
        f"{say_share(float(fits.mean()))} of the first {len(lengths)} reads are "
        f"{settings.min_length_bp} to {settings.max_length_bp} bp long after trimming; the median, "
        f"{np.median(lengths):.0f} bp, is too {side}",
        advice,
    )


def _check_accuracy(look: Look) -> Problem | None:
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


def _advise_accuracy(look: Look) -> str:
    advice = find_platform(look.platform).advice
    return (
        advice or f"Is the platform ({look.platform}) right? Else raise reads.max_expected_errors"
    )


def _check_strands(look: Look) -> Problem | None:
    strands = Counter(read.strand for read in look.trimmed)
    n_known = strands[SENSE] + strands[ANTISENSE]
    if not find_platform(look.platform).has_strand_errors or n_known < MIN_STRAND_READS:
        return None
    if min(strands[SENSE], strands[ANTISENSE]) > MIN_STRAND_SHARE * n_known:
        return None
    return Problem(
        WARNING,
        "all reads are of one strand: errors that recur on it look like variants",
        "Were they turned to one strand before? Then give the reads as they were called",
    )


def _check_qualities(look: Look) -> Problem | None:
    if not are_qualities_empty(look.reads) or any(r.accuracy is not None for r in look.reads):
        return None
    used = sorted({int(q) for read in look.reads for q in np.unique(read.quality)})
    words = "one quality" if len(used) == 1 else "two qualities"
    measured = look.measured
    if measured is None or measured.typical > MAX_RATE:
        shown = "; the reads are too few or too different to measure their errors"
    else:
        shown = f"; the reads differ as if {measured.typical:.1%} of their bases were wrong"
    return Problem(
        WARNING,
        f"all bases have {words} ({' and '.join(map(str, used))}), as in SRA Lite, so expected "
        f"errors mean nothing{shown}",
        "Fetch the file with its own qualities (SRA: original or normalized format), or set "
        f"'platform' if {look.platform} is wrong",
    )


def _check_binning(look: Look) -> Problem | None:
    if are_qualities_empty(look.reads):
        return None
    if look.quality_scheme != BINNED7 or any(r.accuracy is not None for r in look.reads):
        return None
    return Problem(
        WARNING,
        "qualities are binned and the reads have no 'rq': expected errors are rough",
        "Give the HiFi BAM file, whose 'rq' was computed before binning",
    )


def _check_platform(look: Look) -> Problem | None:
    if look.detected == look.platform:
        return None
    return Problem(
        WARNING,
        f"the platform is set to {look.platform} but the reads look like {look.detected}",
        "Correct 'platform' in the sample sheet or config",
    )


def _check_number(look: Look) -> Problem | None:
    lost = [(look.losses[name], name) for name in FILTER_NAMES if look.losses[name]]
    if look.losses[""] or not lost:
        return None
    reasons = ", ".join(f"{n} are lost as '{name}'" for n, name in sorted(lost, reverse=True))
    return Problem(
        WARNING,
        f"none of the first {len(look.reads)} reads would be kept: {reasons}",
        "See the other messages; the sample would be reported as empty",
    )


def _check_errors(look: Look) -> Problem | None:
    """Errors that the qualities do not show, or that the settings let pass."""
    if not (are_qualities_empty(look.reads) or _is_limit_raised(look)) or look.measured is None:
        return None
    rate = look.measured.typical
    if rate <= look.max_error_rate:
        return None
    shown = f"{rate:.1%}" if rate <= MAX_RATE else f"more than {MAX_RATE:.0%}"
    # reads of many species have no near relative, but the best tenth of the reads has
    is_certain = look.measured.least > look.max_error_rate
    return Problem(
        ERROR if is_certain else WARNING,
        f"the reads differ from each other as if {shown} of their bases were wrong, more than the "
        f"{look.max_error_rate:.1%} with which variants can be distinguished from errors, whatever "
        "their qualities say",
        find_platform(look.platform).advice or "Fetch the reads with their own qualities",
    )


def _is_limit_raised(look: Look) -> bool:
    """Whether more errors are allowed than by the platform's own limit."""
    wanted, own = look.settings.max_expected_errors, find_platform(look.platform)
    if wanted is None:
        return False
    length = float(np.median([len(read.sequence) for read in look.trimmed]))
    return wanted > (own.max_expected_errors or (own.max_error_rate or 0.0) * length)


def _check_offset(look: Look) -> Problem | None:
    """Qualities between those of Q31 and those that only HiFi has: these are of offset 64."""
    lowest = min((int(r.quality.min()) for r in look.reads if r.quality.size), default=0)
    highest = max((int(r.quality.max()) for r in look.reads if r.quality.size), default=0)
    n_bases = sum(r.quality.size for r in look.reads)
    is_certain = n_bases >= LEAST_BASES_FOR_BINS and not are_qualities_empty(look.reads)
    if not (is_certain and lowest >= OFFSET_MORE and ONLY_64 < highest <= MOST_64 + OFFSET_MORE):
        return None
    return Problem(
        ERROR,
        f"qualities are written with offset 64 (of old Illumina programs): they would be read as "
        f"Q{lowest} to Q{highest} instead of Q{lowest - OFFSET_MORE} to Q{highest - OFFSET_MORE}",
        "Convert the file to offset 33 (seqkit convert, vsearch --fastq_convert)",
        is_mistake=True,
    )


def _check_subreads(look: Look) -> Problem | None:
    if not are_subreads(look.reads, look.headers):
        return None
    return Problem(
        ERROR,
        "these are PacBio subreads: several of one molecule, with about 11 % errors",
        "Make HiFi reads of them with ccs, or take the file with 'hifi_reads' in its name",
        is_mistake=True,
    )


CHECKS: tuple[Callable[[Look], Problem | None], ...] = (
    _check_subreads,
    _check_offset,
    _check_length,
    _check_gene,
    _check_primers,
    _check_missing_primers,
    _check_further_pairs,
    _check_other_amplicon,
    _check_accuracy,
    _check_strands,
    _check_qualities,
    _check_errors,
    _check_binning,
    _check_platform,
    _check_number,
)
