"""Error rates learned from the reads: partition and rates in turn, to their fixed point."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vagus.denoise.comparisons import Comparisons
from vagus.denoise.error_fitting import fit_rates
from vagus.denoise.error_model import N_QUALITIES, SELF_ROWS, Counts, ErrorModel, Rates
from vagus.denoise.partition import count_transitions, partition_sample
from vagus.denoise.settings import DadaSettings

log = logging.getLogger(__name__)


def learn_rates(
    samples: Sequence[Comparisons],
    scheme: str,
    settings: DadaSettings,
    names: tuple[str, ...] = (),
    *,
    max_rounds: int = 10,
) -> ErrorModel:
    """Learn the rates of one run from some of its samples.

    The first rates come from comparing all reads with the most abundant sequence of their
    sample (that is, from a partition under rates of 1); the no-error rates stay 1. Then up
    to ``max_rounds`` times: partition each sample, count the transitions of all its reads
    (omega_c = 0), fit. The rounds end when the counts are the same as in an earlier one,
    since the same counts give the same rates.
    """
    settings = replace(settings, omega_c=0.0)
    observed = np.zeros((16, N_QUALITIES), np.int64)
    for sample in samples:
        everything = np.ones(len(sample.counts), np.bool_)
        cluster = np.zeros(len(sample.counts), np.int32)
        observed += count_transitions(sample, cluster, [0], everything)
    history: list[Counts] = []
    model = ErrorModel(
        rates=raise_no_error_rates(fit_rates(observed, scheme)), observed=observed, scheme=scheme
    )
    converged = False
    for number in range(1, max_rounds + 1):
        history.append(model.observed)
        observed = np.zeros((16, N_QUALITIES), np.int64)
        n_clusters = 0
        for sample in samples:
            result = partition_sample(sample, model, settings)
            centres = [birth.centre for birth in result.births]
            observed += count_transitions(sample, result.cluster, centres, result.assigned)
            n_clusters += len(centres)
        converged = any(np.array_equal(observed, earlier) for earlier in history)
        model = ErrorModel(
            rates=fit_rates(observed, scheme), observed=observed, scheme=scheme, rounds=number
        )
        log.info("round %d of learning: %d variants", number, n_clusters)
        if converged:
            break
    n_reads = sum(int(sample.counts.sum()) for sample in samples)
    return replace(model, converged=converged, n_reads=n_reads, samples=names)


def raise_no_error_rates(rates: Rates) -> Rates:
    """The same with no-error rates of 1: the largest that they can be, as at the start."""
    raised = rates.copy()
    raised[SELF_ROWS] = 1.0
    return raised
