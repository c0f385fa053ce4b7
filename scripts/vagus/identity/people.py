"""For each sample the probability that it is of its own subject, and which other it fits best.

A subject's odds are the mean of the odds of its samples: one of them may have the wrong label.
The label is right with a prior of 0.99; else the sample is as likely of each other subject, or of
nobody in the study.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.identity.evidence import Evidence, Floats
from vagus.numerics.functions import exp, log

PRIOR = 0.99
_NOBODY = 0.1


@dataclass(frozen=True)
class People:
    """Samples against subjects, the sample itself left out of its subject.

    Attributes:
        names: subjects, sorted.
        owners: place of the subject of each sample.
        sizes: shape (n_samples, n_subjects), samples compared with.
        shares: same shape, mean weighted share of ASVs in common; NaN without samples.
        odds: same shape, ln of the odds; -inf without samples.
        own: probability that a sample is of its own subject; NaN without other samples of it.
        best: the other subject that fits best, -1 without one.
        best_probability: the probability that it is of that one.
    """

    names: tuple[str, ...]
    owners: NDArray[np.intp]
    sizes: NDArray[np.int64]
    shares: Floats
    odds: Floats
    own: Floats
    best: NDArray[np.intp]
    best_probability: Floats


def compare_people(evidence: Evidence) -> People:
    """Sum the evidence of pairs for each sample and subject."""
    names = tuple(sorted(set(evidence.subjects)))
    place = {name: i for i, name in enumerate(names)}
    owners = np.asarray([place[name] for name in evidence.subjects], dtype=np.intp)
    n = len(owners)
    rows = np.arange(n)
    sizes = np.tile(np.bincount(owners, minlength=len(names)), (n, 1))
    sizes[rows, owners] -= 1
    shares = sum_by_subject(_without_diagonal(evidence.shares), owners, len(names))
    ratios = exp(evidence.log_odds.ravel()).reshape(n, n)
    means = sum_by_subject(_without_diagonal(ratios), owners, len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(sizes > 0, shares / sizes, np.nan)
        means = np.where(sizes > 0, means / sizes, 0.0)
        odds = log(means.ravel()).reshape(means.shape)
    own, best, best_probability = _find_probabilities(means, owners, sizes)
    return People(names, owners, sizes, shares, odds, own, best, best_probability)


def sum_by_subject(values: Floats, owners: NDArray[np.intp], n_subjects: int) -> Floats:
    """Sums of the columns of each subject, shape (n, n_subjects)."""
    sums = np.zeros((len(values), n_subjects))
    for column, owner in enumerate(owners.tolist()):
        sums[:, owner] += values[:, column]
    return sums


def _without_diagonal(values: Floats) -> Floats:
    copy = values.copy()
    np.fill_diagonal(copy, 0.0)
    return copy


def _find_probabilities(
    means: Floats, owners: NDArray[np.intp], sizes: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.intp], Floats]:
    rows = np.arange(len(owners))
    n_others = max(means.shape[1] - 1, 1)
    others = means.copy()
    others[rows, owners] = 0.0
    has_own = sizes[rows, owners] > 0
    own = PRIOR * np.where(has_own, means[rows, owners], 1.0)
    rest = (1 - PRIOR) * (1 - _NOBODY) * others / n_others
    total = own + rest.sum(axis=1) + (1 - PRIOR) * _NOBODY
    best = others.argmax(axis=1) if means.shape[1] > 1 else np.full(len(owners), -1)
    top = rest[rows, best] if means.shape[1] > 1 else np.zeros(len(owners))
    return np.where(has_own, own / total, np.nan), best.astype(np.intp), top / total
