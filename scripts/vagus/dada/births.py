"""What a partition of a sample says: the clusters, why each exists, and who belongs to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vagus.dada.settings import OMEGA_A
from vagus.denoise.denoised import SENSITIVE
from vagus.numerics.functions import log

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
LN_10 = math.log(10.0)
ABUNDANCE = "abundance"


@dataclass(frozen=True)
class Birth:
    """Why a cluster exists.

    Attributes:
        centre: index of the unique sequence.
        kind: ``initial`` for the most abundant sequence, ``abundance``, ``sensitive`` for one
            whose abundance DADA2's omega_A would not accept, or ``prior`` for one that is
            significant only because it is a prior.
        log10_p: of its abundance in the cluster that it left, with Bonferroni's correction
            unless it is a prior; nan for ``initial``.
        fold: its reads over the expected number.
        parent: cluster that it left; -1 for ``initial``.
        hamming: substitutions from that cluster's centre.
    """

    centre: int
    kind: str = "initial"
    log10_p: float = float("nan")
    fold: float = float("nan")
    parent: int = -1
    hamming: int = 0


def correct(log_p: float, n_tests: int) -> float:
    """log10 of a p-value after Bonferroni's correction, from its ln."""
    return float((log_p + log(n_tests)) / LN_10)


def name_kind(log10_p: float) -> str:
    """Kind of a birth by its abundance alone, from its corrected p-value."""
    return ABUNDANCE if log10_p < log(OMEGA_A) / LN_10 else SENSITIVE


@dataclass(frozen=True)
class PartitionResult:
    """Clusters of one sample.

    Attributes:
        births: one a cluster, in order of birth.
        cluster: int32 (n,), cluster of each unique sequence.
        assigned: bool (n,), False where the p-value in the cluster is below omega_c.
        log_p: float64 (n,), ln of that p-value.
        hamming: int32 (n,), substitutions from the cluster's centre; -1 where they were not
            counted because they are so many that the centre cannot be the origin.
    """

    births: tuple[Birth, ...]
    cluster: Ints
    assigned: NDArray[np.bool_]
    log_p: Floats
    hamming: Ints

    def assign(self, omega_c: float) -> PartitionResult:
        """The same, with the sequences assigned whose p-value is not below ``omega_c``."""
        with np.errstate(divide="ignore"):
            assigned = self.log_p >= log(omega_c)
        return replace(self, assigned=assigned)
