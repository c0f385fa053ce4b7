"""Error and quality models of the sequencing platforms that are simulated.

A read's expected errors are log-normal over reads. They sit in *spots*, bases of low
quality, which fall into homopolymers more often than elsewhere. A base of quality Q is wrong
with probability 10^(-Q/10), so that qualities and errors agree; a run of equal bases mostly
errs by an insertion or deletion. PCR substitutions come on top and leave no trace in the
qualities. ONT reads have errors in certain 11-mers of the strand that was read as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vagus.numerics.functions import exp, power

TOP_QUALITY_HIFI = 93
MAX_RUN = 8
BIN_FLOORS = (0, 10, 17, 22, 27, 35, 40)
"""Least quality of each of the seven Revio bins."""
BIN_QUALITIES = (3, 10, 17, 22, 27, 35, 40)
"""Quality that is written for each bin."""


@dataclass(frozen=True)
class PlatformModel:
    """Parameters of one platform. Rates are per base, qualities are Phred."""

    name: str
    median_errors: float
    """Median over reads of the expected sequencing errors in an insert of 1,450 bp."""
    spread: float
    """Standard deviation of the natural logarithm of a read's expected errors."""
    spot_qualities: tuple[int, int]
    """Lowest and highest quality of a spot, drawn evenly."""
    spot_halo: tuple[int, ...]
    """Quality steps by which the neighbours of a spot are better than the spot."""
    top_quality: int
    top_share: float
    """Mean share of bases with the top quality."""
    background: tuple[int, int]
    """Lowest and highest quality of the other bases."""
    run_weights: tuple[float, ...]
    """Weight of a base for a spot, by the length (1 to 8) of the run of equal bases it is in."""
    indel_share: tuple[float, float]
    """Share of errors that are indels: at single bases, in runs of two and more."""
    deletion_share: float
    """Share of indels that are deletions."""
    hot_share: float = 0.0
    """Share of 11-mers in which the strand being read errs systematically."""
    hot_rate: tuple[float, float] = (0.05, 0.19)
    is_binned: bool = False
    pcr_error_rate: float = 4e-6

    @cached_property
    def spot_errors(self) -> float:
        """Expected errors that one spot adds, with its halo on both sides."""
        low, high = self.spot_qualities
        qualities = np.arange(low, high + 1)
        steps = np.array([0, *self.spot_halo, *self.spot_halo])
        return float(np.mean(np.sum(power(10.0, -(qualities[:, None] + steps) / 10), axis=1)))

    @cached_property
    def background_errors(self) -> float:
        """Expected errors of a base that is no spot."""
        low, high = self.background
        rest = float(np.mean(power(10.0, -np.arange(low, high + 1) / 10)))
        top = float(power(10.0, -self.top_quality / 10))
        return self.top_share * top + (1 - self.top_share) * rest

    def with_error_free_share(self, share: float, length_bp: int = 1450) -> PlatformModel:
        """The model with that share of reads of ``length_bp`` free of any error.

        Solves mean(exp(-errors)) = share for the median of the log-normal by bisection.
        """
        always = length_bp * (self.pcr_error_rate + self.background_errors)
        quantiles = (np.arange(2000) + 0.5) / 2000
        from statistics import NormalDist

        normal = np.array([NormalDist().inv_cdf(float(q)) for q in quantiles])
        low, high = 1e-6, 1e3
        for _ in range(80):
            median = (low * high) ** 0.5
            errors = median * exp(self.spread * normal)
            mean = float(np.mean(exp(-errors))) * float(exp(-always))
            low, high = (median, high) if mean > share else (low, median)
        return replace(self, median_errors=median)


_HIFI = PlatformModel(
    name="hifi",
    median_errors=0.1,
    spread=1.5,
    spot_qualities=(4, 40),
    spot_halo=(),
    top_quality=TOP_QUALITY_HIFI,
    top_share=0.80,
    background=(41, 92),
    run_weights=(0.35, 0.8, 1.6, 3.0, 5.0, 8.0, 12.0, 12.0),
    indel_share=(0.45, 0.85),
    deletion_share=0.6,
)

PLATFORMS: dict[str, PlatformModel] = {
    "hifi": _HIFI.with_error_free_share(0.75),
    "revio-binned": replace(_HIFI, name="revio-binned", is_binned=True).with_error_free_share(0.6),
    "ont": PlatformModel(
        name="ont",
        median_errors=6.0,
        spread=0.6,
        spot_qualities=(2, 24),
        spot_halo=(6, 12),
        top_quality=50,
        top_share=0.33,
        background=(29, 49),
        run_weights=(0.6, 0.8, 1.2, 2.5, 6.0, 12.0, 16.0, 16.0),
        indel_share=(0.35, 0.85),
        deletion_share=0.8,
        hot_share=0.0008,
    ),
}
"""Error models by the name of their profile in ``resources/platforms.tsv``."""

BIN_TABLE = np.array(
    [BIN_QUALITIES[int(np.searchsorted(BIN_FLOORS, q, side="right")) - 1] for q in range(94)],
    dtype=np.uint8,
)
"""Binned quality of each quality 0 to 93."""

ERROR_PROBABILITY = power(10.0, -np.arange(94) / 10)
"""Probability of an error at each quality 0 to 93."""
