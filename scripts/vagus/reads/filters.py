"""Filters: predicates on trimmed reads. A filter's name is its column ``lost_<name>``.

A read is counted under the first filter, in the order of ``make_filters``, that refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from vagus.reads.conserved import UNKNOWN_STRAND
from vagus.reads.platforms import find_platform
from vagus.reads.read import DUPLEX_PARENT, FLAWS, MALFORMED, REPEATED
from vagus.reads.settings import ReadSettings
from vagus.reads.trimming import TrimmedRead

UNREADABLE, TOO_FEW_READS = "unreadable", "too_few_reads"


class Filter(Protocol):
    """One reason to refuse a read."""

    name: ClassVar[str]

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether the read is refused."""
        ...


@dataclass(frozen=True)
class RequiredPrimers:
    """Refuses reads with fewer primers than required (2 both, 1 either, 0 none)."""

    min_primers: int
    name: ClassVar[str] = "primers"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether too few primers were found."""
        return read.n_primers < self.min_primers


@dataclass(frozen=True)
class Unoriented:
    """Refuses reads whose strand neither primers nor conserved 16S motifs show."""

    name: ClassVar[str] = "unoriented"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether the strand is unknown."""
        return read.strand == UNKNOWN_STRAND


@dataclass(frozen=True)
class TooShort:
    """Refuses reads shorter than the window, after trimming."""

    min_length_bp: int
    name: ClassVar[str] = "too_short"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether the read is too short."""
        return len(read.sequence) < self.min_length_bp


@dataclass(frozen=True)
class TooLong:
    """Refuses reads longer than the window, after trimming."""

    max_length_bp: int
    name: ClassVar[str] = "too_long"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether the read is too long."""
        return len(read.sequence) > self.max_length_bp


@dataclass(frozen=True)
class Ambiguous:
    """Refuses reads with an N, as which other letters than ACGT are read."""

    name: ClassVar[str] = "ambiguous"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether an N is in the read."""
        return "N" in read.sequence


@dataclass(frozen=True)
class ExpectedErrors:
    """Refuses reads with more expected errors than allowed: in all, or a share of the length."""

    max_errors: float
    max_error_rate: float | None = None
    name: ClassVar[str] = "expected_errors"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether too many errors are expected."""
        limit = self.max_errors
        if self.max_error_rate is not None:
            limit = self.max_error_rate * len(read.sequence)
        return read.expected_errors > limit


@dataclass(frozen=True)
class LowAccuracy:
    """Refuses reads of low mean accuracy, 1 - expected errors / length."""

    min_accuracy: float
    name: ClassVar[str] = "low_accuracy"

    def is_lost(self, read: TrimmedRead) -> bool:
        """Whether the accuracy is too low."""
        return read.expected_errors > (1.0 - self.min_accuracy) * len(read.sequence)


FILTER_NAMES = tuple(
    kind.name
    for kind in (
        RequiredPrimers, Unoriented, TooShort, TooLong, Ambiguous, ExpectedErrors, LowAccuracy,
    )
)  # fmt: skip
LOSSES = (UNREADABLE, *FLAWS, *FILTER_NAMES, TOO_FEW_READS)


# what is said of reads lost to each reason: "12 of 200 reads ..."
HINTS = {
    "malformed": "are not of the form of the file",
    "duplex_parent": "come from duplex reads, which count them already",
    "repeated": "have the name of a read before them; is a file in the sample twice?",
    "primers": "do not have the primers asked for; are the primers right? Try 'primers: auto'",
    "unoriented": "show neither primers nor conserved 16S motifs; are they 16S?",
    "too_short": "are shorter than min_length_bp; are they full-length 16S?",
    "too_long": "are longer than max_length_bp; are they amplicons?",
    "ambiguous": "have an N",
    "expected_errors": "have more expected errors than allowed; see max_expected_errors",
    "low_accuracy": "are less accurate than min_accuracy",
}
_OF_ONE = {"are": "is", "have": "has", "do": "does", "show": "shows", "come": "comes"}
FIXES = {
    MALFORMED: "Correct these reads, or leave them out: the others are used",
    DUPLEX_PARENT: "Nothing need be done",
    REPEATED: "Name each file once in the sample sheet; the repeats are not counted",
}


def make_filters(settings: ReadSettings, platform: str, min_primers: int) -> list[Filter]:
    """The filters of one sample, in order.

    Where ``max_expected_errors`` is not set, the platform's limit: HiFi 2 errors a read, the value
    used with DADA2 for full-length 16S (Callahan et al. 2019, Nucleic Acids Res 47:e103); ONT
    3 % of the length (mean quality of about Q15), which refuses failed reads and leaves the
    rest to the denoiser. ``min_primers`` are asked for, as the plan of the primers says.
    """
    own = find_platform(platform)
    errors = (
        ExpectedErrors(settings.max_expected_errors)
        if settings.max_expected_errors is not None
        else ExpectedErrors(own.max_expected_errors or 0.0, own.max_error_rate)
    )
    filters: list[Filter] = [
        RequiredPrimers(min_primers),
        Unoriented(),
        TooShort(settings.min_length_bp),
        TooLong(settings.max_length_bp),
        Ambiguous(),
        errors,
    ]
    if settings.min_accuracy is not None:
        filters.append(LowAccuracy(settings.min_accuracy))
    return filters


def say_lost(name: str, n_reads: int) -> str:
    """What is wrong with reads that were lost, as the end of a sentence about so many of them."""
    verb, _, rest = HINTS[name].partition(" ")
    return f"{_OF_ONE[verb] if n_reads == 1 else verb} {rest}"
