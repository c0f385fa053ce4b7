"""How much each pair of samples is of one person, by the exact ASVs that both have.

An ASV seen in k of the U - 1 other subjects has the weight ln((U - 1/2) / (k + 1/2)): the fewer
people have it, the more it says, and one that all have says nothing. The sample itself is left out
of k, and so is the subject that it is compared with, whose sample has the ASV by definition.

The score of a pair is the square root of the weight in common over the smaller weight of the two.
The null of a sample is the median and spread of its scores with samples of other subjects; what
one person's samples have in common is taken from all pairs of one subject. Both are medians, so a
few wrong labels do not move them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import log

Floats = NDArray[np.float64]
MAX_LOG_ODDS = 7.0
MIN_PAIRS = 3
MIN_OTHERS = 4
_TO_SD = 1.4826
_MIN_SD_SAME, _MIN_SD_NULL = 0.10, 0.05


@dataclass(frozen=True)
class Evidence:
    """Samples that are compared, with what each pair has in common.

    Attributes:
        samples: names, sorted.
        subjects: subject of each.
        shares: shape (n, n), weighted share of ASVs in common, 0 to 1.
        log_odds: shape (n, n), ln of how much likelier the score is for one person than for two.
    """

    samples: tuple[str, ...]
    subjects: tuple[str, ...]
    shares: Floats
    log_odds: Floats


def count_subjects(present: Any, owners: NDArray[np.intp], n_subjects: int) -> Any:
    """Samples of each subject that have each ASV, sparse, shape (n_subjects, n_asvs)."""
    from scipy.sparse import csr_matrix

    rows = np.arange(len(owners))
    members = csr_matrix((np.ones(len(owners)), (owners, rows)), (n_subjects, len(owners)))
    return members.dot(present).tocsr()


def weigh_asvs(present: Any, owners: NDArray[np.intp], n_subjects: int) -> Any:
    """Weight of each ASV of each sample, sparse, shape (n_samples, n_asvs)."""
    in_subject = count_subjects(present, owners, n_subjects)
    n_with = np.bincount(in_subject.indices, minlength=present.shape[1])
    entries = present.tocoo()
    own = np.asarray(in_subject[owners[entries.row], entries.col]).ravel()
    others = n_with[entries.col] - (own == 1) - 1
    # without the sample, a subject of this one sample is no subject any more
    is_alone = np.bincount(owners, minlength=n_subjects)[owners[entries.row]] == 1
    logs = log(np.arange(n_subjects + 1) + 0.5)
    n_compared = np.maximum(n_subjects - is_alone, 1)
    weights = present.copy().astype(np.float64)
    weights.data = np.maximum(logs[n_compared - 1] - logs[np.maximum(others, 0).astype(int)], 0.0)
    return weights


def measure_shares(present: Any, owners: NDArray[np.intp], n_subjects: int) -> Floats:
    """Weighted share of ASVs that each pair has in common, shape (n, n), symmetric."""
    weights = weigh_asvs(present, owners, n_subjects)
    # a sparse product, in the order of the entries and by factors of 1: no BLAS, the same digits
    common = np.asarray(weights.dot(present.T).todense())
    common = (common + common.T) / 2
    totals = np.asarray(weights.sum(axis=1)).ravel()
    smaller = np.minimum(totals[:, None], totals[None, :])
    shares = np.divide(common, smaller, out=np.zeros_like(common), where=smaller > 0)
    clipped: Floats = np.clip(shares, 0, 1)
    return clipped


def collect_evidence(counts: NDArray[np.int64], samples: Sequence[str],
                     subjects: Sequence[str]) -> Evidence:  # fmt: skip
    """Compare all pairs. ``counts`` has shape (n_samples, n_asvs)."""
    from scipy.sparse import csr_matrix

    _, owners = np.unique(np.asarray(subjects, dtype=str), return_inverse=True)
    present = csr_matrix((counts > 0).astype(np.float64))
    n_subjects = int(owners.max()) + 1 if len(owners) else 0
    shares = measure_shares(present, owners, n_subjects) if len(owners) else np.zeros((0, 0))
    log_odds = rate_pairs(np.sqrt(shares), owners)
    return Evidence(tuple(samples), tuple(subjects), shares, log_odds)


def rate_pairs(scores: Floats, owners: NDArray[np.intp]) -> Floats:
    """Log odds of one person for each pair, by two normal curves; 0 without enough pairs.

    A score beyond the centre of a curve counts as its centre, and the odds are limited, so that
    no single pair settles anything by itself.
    """
    n = len(owners)
    is_same = owners[:, None] == owners[None, :]
    same = scores[np.triu(is_same, 1)]
    if len(same) < MIN_PAIRS or len(set(owners.tolist())) <= MIN_OTHERS:
        return np.zeros((n, n))
    mean, sd = _summarise(same, _MIN_SD_SAME)
    nulls = [_summarise(scores[i, ~is_same[i]], _MIN_SD_NULL) for i in range(n)]
    means, sds = np.asarray(nulls).reshape(n, 2).T
    null_mean = np.maximum(means[:, None], means[None, :])
    null_sd = np.maximum(sds[:, None], sds[None, :])
    inside = np.minimum(np.maximum(scores, null_mean), mean)
    odds = ((inside - null_mean) / null_sd) ** 2 / 2 - ((inside - mean) / sd) ** 2 / 2
    odds += log(null_sd.ravel()).reshape(n, n) - float(log(sd))
    odds[null_mean >= mean] = 0.0
    np.fill_diagonal(odds, 0.0)
    clipped: Floats = np.clip(odds, -MAX_LOG_ODDS, MAX_LOG_ODDS)
    return clipped


def _summarise(values: Floats, least: float) -> tuple[float, float]:
    """Median, and standard deviation from the median absolute deviation."""
    centre = float(np.median(values))
    return centre, max(_TO_SD * float(np.median(np.abs(values - centre))), least)
