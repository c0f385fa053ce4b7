"""Expected errors, and which platform and quality scheme a sample's reads show.

Expected errors of a read are the sum of its error probabilities, E = sum of 10^(-Q/10)
(Edgar & Flyvbjerg 2015, Bioinformatics 31:3476, eq. 1). They are computed from the number of
bases of each quality in double precision, so a read and its reverse give the same number.
Where the read carries PacBio's predicted accuracy ``rq``, E = (1 - rq) * length: binned
qualities were rounded after ``rq`` was computed and would bias the sum.

Platform, in this order: a read has ``rq`` -> hifi; more than half of the read names have the
form of PacBio or of Oxford Nanopore -> that one; all qualities are among PacBio's seven bins
-> hifi; a quality above 50 -> hifi (CCS reaches 93, ONT basecallers stop at 50); mean error
probability below 0.003 (Q25) -> hifi; else ont.

Quality scheme: ont for ONT; binned7 for HiFi whose qualities are all among the seven bins
3, 10, 17, 22, 27, 35 and 40; binned where 10,000 bases or more show at most 12 different
qualities (other bins, or one quality for all); else full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import power
from vagus.reads.sources import MAX_PHRED, Read

PLATFORMS = ("hifi", "ont")
QUALITY_SCHEMES = ("full", "binned7", "binned", "ont")
PACBIO_BINS = (3, 10, 17, 22, 27, 35, 40)
HIGHEST_ONT_PHRED = 50
HIFI_MEAN_ERROR = 0.003
MAX_BINS = 12
LEAST_BASES_FOR_BINS = 10_000

_ERROR_PROBABILITY = power(10.0, -np.arange(MAX_PHRED + 1) / 10)
_PACBIO_NAME = re.compile(r"m\d\w*_\d{6}_\d{6}\w*/\d+(/|\s|$)")
_ONT_NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def count_qualities(quality: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Bases of each Phred quality; int64, shape (94,)."""
    return np.bincount(quality, minlength=MAX_PHRED + 1)


def sum_expected_errors(quality: NDArray[np.uint8], accuracy: float | None) -> float:
    """Expected errors of a read from its qualities, or from its accuracy where that is known."""
    if accuracy is not None:
        return (1.0 - accuracy) * len(quality)
    return float((count_qualities(quality) * _ERROR_PROBABILITY).sum())


def detect_platform(reads: Sequence[Read]) -> str:
    """``hifi`` or ``ont`` by the rules in this module's description; ``reads`` is not empty."""
    if any(read.accuracy is not None for read in reads):
        return "hifi"
    for pattern, platform in ((_PACBIO_NAME, "hifi"), (_ONT_NAME, "ont")):
        if 2 * sum(pattern.match(read.name) is not None for read in reads) > len(reads):
            return platform
    counts = _sum_counts(reads)
    used = np.flatnonzero(counts)
    if np.isin(used, PACBIO_BINS).all() or used.max() > HIGHEST_ONT_PHRED:
        return "hifi"
    mean_error = float((counts * _ERROR_PROBABILITY).sum() / counts.sum())
    return "hifi" if mean_error < HIFI_MEAN_ERROR else "ont"


def detect_quality_scheme(reads: Sequence[Read], platform: str) -> str:
    """One of ``QUALITY_SCHEMES`` by the rules in this module's description."""
    if platform == "ont":
        return "ont"
    counts = _sum_counts(reads)
    used = np.flatnonzero(counts)
    if used.size and np.isin(used, PACBIO_BINS).all():
        return "binned7"
    has_bins = used.size <= MAX_BINS and counts.sum() >= LEAST_BASES_FOR_BINS
    return "binned" if has_bins else "full"


def _sum_counts(reads: Sequence[Read]) -> NDArray[np.int64]:
    counts = np.zeros(MAX_PHRED + 1, np.int64)
    for read in reads:
        counts += count_qualities(read.quality)
    return counts
