"""Error rates learned from the reads: partition and rates in turn, to their fixed point."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vagus.dada.births import PartitionResult
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_fitting import fit_rates
from vagus.dada.error_model import N_QUALITIES, SELF_ROWS, Counts, ErrorModel, Rates
from vagus.dada.partition import count_transitions, partition_sample
from vagus.dada.settings import DadaSettings, LearningSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Learned:
    """An error model, and the last partition of each of its samples.

    ``is_settled``: these partitions were made under the model's own rates.
    """

    model: ErrorModel
    partitions: tuple[PartitionResult, ...] = ()
    is_settled: bool = False


def wants_explained(learning: LearningSettings, inflation: float, sensitivity: str) -> bool:
    """Whether reads that no variant explains are to be left out.

    ``inflation``: errors that all reads show over those that explained reads show. At the
    ``sensitivity`` of DADA2 they are left out on request alone.
    """
    is_guarded = learning.learn_from == "auto" and sensitivity != "dada2"
    is_inflated = is_guarded and inflation > learning.max_rate_inflation
    return learning.learn_from == "explained" or is_inflated


def learn_rates(
    samples: Sequence[Comparisons],
    scheme: str,
    settings: DadaSettings,
    names: tuple[str, ...] = (),
    learning: LearningSettings | None = None,
) -> Learned:
    """Learn the rates of one run from some of its samples.

    The first rates come from comparing all reads with the most abundant sequence of their
    sample (that is, from a partition under rates of 1); the no-error rates stay 1. Then
    ``settle_rates``, from all reads. These include reads that no variant explains: those of
    variants too rare to be found, and chimeras, whose differences pass for errors. The more
    diverse a sample, the more of them there are, and the more they inflate the rates;
    ``learn_from`` decides what is done about it.
    """
    learning = learning or LearningSettings()
    rounds = learning.max_learn_rounds
    learned = settle_rates(samples, start_model(samples, scheme), settings, rounds)
    share = measure_unexplained(samples, learned, settings.omega_c)
    inflation = 1.0 / (1.0 - share) if share < 1.0 else float("inf")
    log.info(
        "%.0f %% of the differences that the error rates count are in reads that no variant "
        "explains (very rare variants, chimeras), so the rates are up to %.1f times those of the "
        "sequencer",
        100 * share,
        inflation,
    )
    learned_from = "all"
    if wants_explained(learning, inflation, settings.sensitivity):
        log.warning("learning goes on from the reads that a variant explains")
        learned = settle_rates(samples, learned.model, settings, rounds, is_strict=True)
        learned_from = "explained"
    model = replace(
        learned.model,
        n_reads=sum(int(sample.counts.sum()) for sample in samples),
        samples=names,
        unexplained_share=share,
        learned_from=learned_from,
    )
    return replace(learned, model=model)


def settle_rates(
    samples: Sequence[Comparisons],
    model: ErrorModel,
    settings: DadaSettings,
    max_rounds: int,
    *,
    is_strict: bool = False,
) -> Learned:
    """Up to ``max_rounds`` times: partition each sample, count transitions, fit the rates.

    All reads are counted or, if ``is_strict``, those that are assigned under omega_c. The
    rounds end when the counts are the same as in an earlier one, since the same counts give
    the same rates.
    """
    settings = settings if is_strict else replace(settings, omega_c=0.0)
    history: list[Counts] = []
    results: list[PartitionResult] = []
    used = model
    for number in range(1, max_rounds + 1):
        history.append(model.observed)
        used = model
        results = [partition_sample(sample, model, settings) for sample in samples]
        observed = np.zeros((16, N_QUALITIES), np.int64)
        for sample, result in zip(samples, results, strict=True):
            observed += count_result(sample, result, result.assigned)
        model = ErrorModel(
            rates=fit_rates(observed, model.scheme),
            observed=observed,
            scheme=model.scheme,
            rounds=used.rounds + 1,
            converged=any(np.array_equal(observed, earlier) for earlier in history),
        )
        n_clusters = sum(len(result.births) for result in results)
        log.info("round %d of learning: %d variants", number, n_clusters)
        if model.converged:
            break
    return Learned(model, tuple(results), bool(np.array_equal(model.rates, used.rates)))


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


def measure_unexplained(samples: Sequence[Comparisons], learned: Learned, omega_c: float) -> float:
    """Share of the errors behind a model that are in reads with a p-value below ``omega_c``."""
    observed = learned.model.observed
    explained = np.zeros_like(observed)
    for sample, result in zip(samples, learned.partitions, strict=True):
        explained += count_result(sample, result, result.assign(omega_c).assigned)
    n_errors = observed.sum() - observed[SELF_ROWS].sum()
    n_explained = explained.sum() - explained[SELF_ROWS].sum()
    return float(1.0 - n_explained / n_errors) if n_errors else 0.0


def raise_no_error_rates(rates: Rates) -> Rates:
    """The same with no-error rates of 1: the largest that they can be, as at the start."""
    raised = rates.copy()
    raised[SELF_ROWS] = 1.0
    return raised
