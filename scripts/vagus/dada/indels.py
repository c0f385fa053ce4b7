"""Indel errors as part of lambda (``denoise.indels: model``), aware of homopolymers.

In the model of DADA2 (Callahan et al. 2016) a base without a partner costs nothing, so that
sequences which differ by gaps alone have the lambda of no error and merge, whatever their
abundance. Here

    lambda(c -> r) = product over aligned bases of rate(true base -> base | quality)
                     x product over gap classes g of rate(g) ^ n(g),

where n(g) counts the gaps of one base inside the alignment and g is one of: deletion in a
run of L = 1 ... 8 (and more) equal bases of the centre, insertion that repeats a run of L, any
other insertion (see ``vagus.kernels.dada.gaps``). Abundance p-values, their correction and
omega_A are those of the engine; a gap counts as a difference where the engine asks for one.

Rates are learned from the sample: gaps between all its assigned reads and their centres, over
the places where such a gap can be,

    rate(g) = ALLOWANCE x (gaps(g) + PRIOR_PLACES x default(g)) / (places(g) + PRIOR_PLACES),

starting from the shipped defaults, then again from what the partition under these rates
assigns, until the variants stay the same. A variant that was called no longer counts as
error. Rates differ between contexts of one class; ALLOWANCE keeps a context with three times
the mean rate from starting a variant. Qualities are not used: aligners place a gap anywhere
in its run, so the quality beside it says little.
"""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from vagus.dada.births import PartitionResult
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.partition import SamplePairs, open_partition
from vagus.dada.settings import DadaSettings
from vagus.kernels.dada import gaps as gap_kernels
from vagus.numerics import functions
from vagus.numerics.products import multiply

log = logging.getLogger(__name__)

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

ALLOWANCE = 3.0
PRIOR_PLACES = 1000.0
MAX_RATE = 0.5
MAX_ROUNDS = 4
# generous for HiFi, so that samples too small to decide do not split on indel errors
_BY_RUN = np.array([3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 6e-3, 1e-2, 2e-2])
DEFAULT_RATES: Floats = np.concatenate([_BY_RUN, _BY_RUN / 2, [1e-5]])


class GapCounts:
    """Gaps between the sequences of a sample and its centres, counted once a pair."""

    def __init__(self, comparisons: Comparisons) -> None:
        self.comparisons = comparisons
        self._known: dict[int, dict[int, Ints]] = {}

    def count(self, centre: int, members: Ints) -> Ints:
        """Gaps of each class, int32 (n, N_CLASSES); pairs taken without gaps have none."""
        found = np.zeros((len(members), gap_kernels.N_CLASSES), np.int32)
        block, rows = self.comparisons.compare(centre, members)
        known = self._known.setdefault(centre, {})
        gapped = np.flatnonzero(~block.gapless[rows])
        absent = [member for member in members[gapped].tolist() if member not in known]
        if absent:
            new = np.array(absent, np.int32)
            new = new[np.argsort(self.comparisons.lengths[new], kind="stable")]
            known.update(zip(new.tolist(), self.comparisons.count_gaps(centre, new), strict=True))
        for row in gapped.tolist():
            found[row] = known[int(members[row])]
        return found


class IndelPairs:
    """Pairs whose lambda includes the rates of gaps."""

    def __init__(self, plain: SamplePairs, gaps: GapCounts, rates: Floats) -> None:
        self.plain = plain
        self.gaps = gaps
        self.log_gap_rates = functions.log(rates)

    def measure(self, centre: int, members: Ints) -> tuple[Floats, Ints]:
        """ln lambda and differences (substitutions and gaps) of the pairs."""
        log_lambdas, hamming = self.plain.measure(centre, members)
        found = self.gaps.count(centre, members)
        differences: Ints = (hamming + found.sum(axis=1)).astype(np.int32)
        return log_lambdas + multiply(found, self.log_gap_rates), differences


def learn_gap_rates(gaps: GapCounts, result: PartitionResult) -> Floats:
    """Rate of each gap class from the assigned reads of a partition, (N_CLASSES,)."""
    comparisons = gaps.comparisons
    seen = np.zeros(gap_kernels.N_CLASSES)
    places = np.zeros(gap_kernels.N_CLASSES)
    for number, birth in enumerate(result.births):
        members = np.flatnonzero((result.cluster == number) & result.assigned).astype(np.int32)
        reads = comparisons.counts[members].astype(np.int64)
        seen += (reads[:, None] * gaps.count(birth.centre, members)).sum(axis=0)
        places += reads.sum() * gap_kernels.count_runs(comparisons.sequence(birth.centre))
    mean = (seen + PRIOR_PLACES * DEFAULT_RATES) / (places + PRIOR_PLACES)
    rates: Floats = np.minimum(ALLOWANCE * mean, MAX_RATE)
    return rates


def partition_with_indels(
    comparisons: Comparisons,
    model: ErrorModel,
    settings: DadaSettings,
    is_prior: NDArray[np.bool_] | None = None,
) -> PartitionResult:
    """Partition one sample under rates of substitutions and of gaps, learning the latter."""
    gaps, plain = GapCounts(comparisons), SamplePairs(comparisons, model)

    def run(rates: Floats) -> PartitionResult:
        pairs = IndelPairs(plain, gaps, rates)
        return open_partition(comparisons, plain, settings, is_prior, pairs).run()

    rates = np.minimum(ALLOWANCE * DEFAULT_RATES, MAX_RATE)
    result = run(rates)
    for _ in range(MAX_ROUNDS):
        centres = {birth.centre for birth in result.births}
        rates = learn_gap_rates(gaps, result)
        result = run(rates)
        if {birth.centre for birth in result.births} == centres:
            break
    means = [rates[gap_kernels.DELETED + run - 1] / ALLOWANCE for run in (1, 4, 8)]
    log.info("indels modelled: deletion in a run of 1, 4, 8 bases %.1e %.1e %.1e", *means)
    return result
