"""Error rates learned from the reads: partition and rates in turn, to their fixed point."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vagus.denoise.comparisons import Comparisons
from vagus.denoise.error_fitting import fit_rates
from vagus.denoise.error_model import N_QUALITIES, SELF_ROWS, Counts, ErrorModel, Rates
from vagus.denoise.partition import PartitionResult, count_transitions, partition_sample
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

    All reads count, as in the authors' method, also those that no variant explains: reads
    of variants too rare to be found, and chimeras. In a very diverse sample these inflate
    the rates; ``unexplained_share`` tells how much of the errors they make up.
    """
    omega_c = settings.omega_c
    settings = replace(settings, omega_c=0.0)
    history: list[Counts] = []
    model = start_model(samples, scheme)
    converged = False
    results: list[PartitionResult] = []
    for number in range(1, max_rounds + 1):
        history.append(model.observed)
        observed = np.zeros((16, N_QUALITIES), np.int64)
        results = [partition_sample(sample, model, settings) for sample in samples]
        for sample, result in zip(samples, results, strict=True):
            observed += count_result(sample, result, result.assigned)
        n_clusters = sum(len(result.births) for result in results)
        converged = any(np.array_equal(observed, earlier) for earlier in history)
        model = ErrorModel(
            rates=fit_rates(observed, scheme), observed=observed, scheme=scheme, rounds=number
        )
        log.info("round %d of learning: %d variants", number, n_clusters)
        if converged:
            break
    share = measure_unexplained(samples, results, model.observed, omega_c)
    log.info(
        "%.0f %% of the errors behind the rates are in reads that no variant explains (reads of "
        "very rare variants, chimeras): the more, the more the rates exceed those of the machine",
        100 * share,
    )
    n_reads = sum(int(sample.counts.sum()) for sample in samples)
    return replace(
        model, converged=converged, n_reads=n_reads, samples=names, unexplained_share=share
    )


def start_model(samples: Sequence[Comparisons], scheme: str) -> ErrorModel:
    """Rates from all reads against the most abundant sequence of their sample."""
    observed = np.zeros((16, N_QUALITIES), np.int64)
    for sample in samples:
        everything = np.ones(len(sample.counts), np.bool_)
        cluster = np.zeros(len(sample.counts), np.int32)
        observed += count_transitions(sample, cluster, [0], everything)
    rates = raise_no_error_rates(fit_rates(observed, scheme))
    return ErrorModel(rates=rates, observed=observed, scheme=scheme)


def count_result(sample: Comparisons, result: PartitionResult, used: NDArray[np.bool_]) -> Counts:
    """Transitions of the used sequences from the centres of their clusters."""
    centres = [birth.centre for birth in result.births]
    return count_transitions(sample, result.cluster, centres, used)


def measure_unexplained(
    samples: Sequence[Comparisons],
    results: Sequence[PartitionResult],
    observed: Counts,
    omega_c: float,
) -> float:
    """Share of the errors in ``observed`` that lie in reads with a p-value below ``omega_c``."""
    explained = np.zeros_like(observed)
    with np.errstate(divide="ignore"):
        least = np.log(omega_c)
    for sample, result in zip(samples, results, strict=True):
        explained += count_result(sample, result, result.log_p >= least)
    n_errors = observed.sum() - observed[SELF_ROWS].sum()
    n_explained = explained.sum() - explained[SELF_ROWS].sum()
    return float(1.0 - n_explained / n_errors) if n_errors else 0.0


def raise_no_error_rates(rates: Rates) -> Rates:
    """The same with no-error rates of 1: the largest that they can be, as at the start."""
    raised = rates.copy()
    raised[SELF_ROWS] = 1.0
    return raised
