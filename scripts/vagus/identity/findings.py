"""Likely swaps, samples that fit another subject, duplicates and mixtures, with their evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.identity.evidence import Evidence, Floats
from vagus.identity.people import People, sum_by_subject
from vagus.numerics.functions import exp, log

MAX_OWN = 0.05
MIN_OTHER = 0.9
MIN_LOG_ODDS = 3.0
MIN_CROSSED, MIN_SWAP = 1.0, 10.0
MIN_FITTING = 0.75
MIN_ONLY = 3
SWAP, OTHER, DUPLICATE, MIXTURE = "swap", "other subject", "duplicate", "mixture"


@dataclass(frozen=True)
class Finding:
    """What is worth checking; places of samples and subjects, -1 for none."""

    kind: str
    sample: int
    subject: int
    other_sample: int
    other_subject: int
    log_odds: float


def list_findings(evidence: Evidence, people: People, has_asv: NDArray[np.bool_]) -> list[Finding]:
    """All findings, in the order of kinds and names. ``has_asv``: shape (n_samples, n_asvs)."""
    fits = evidence.log_odds > MIN_LOG_ODDS
    mixtures = list(_find_mixtures(people, fits, has_asv))
    mixed = {finding.sample for finding in mixtures}
    strangers = [s for s in _list_strangers(people) if s not in mixed]
    swaps = list(_find_swaps(evidence, people, _list_candidates(people, mixed)))
    swapped = {place for swap in swaps for place in (swap.sample, swap.other_sample)}
    moved = [
        Finding(OTHER, s, int(people.owners[s]), -1, int(people.best[s]),
                float(people.odds[s, people.best[s]]))
        for s in strangers
        if s not in swapped
    ]  # fmt: skip
    return [*swaps, *moved, *_find_duplicates(people, fits), *mixtures]


def _list_strangers(people: People) -> list[int]:
    """Samples that do not fit their own subject and fit another one."""
    is_strange = (people.own < MAX_OWN) & (people.best_probability > MIN_OTHER)
    return np.flatnonzero(is_strange).tolist()


def _list_candidates(people: People, mixed: set[int]) -> list[int]:
    """Samples that fit another subject better than their own; a swap needs two of them."""
    rows = np.arange(len(people.owners))
    own = people.odds[rows, people.owners]
    is_candidate = np.isfinite(own) & (own < 0) & (people.odds[rows, people.best] > 1)
    return [s for s in np.flatnonzero(is_candidate).tolist() if s not in mixed]


def _find_swaps(evidence: Evidence, people: People, samples: list[int]) -> Iterator[Finding]:
    """Two samples that fit the rest of each other's subject, much better than of their own."""
    for at, first in enumerate(samples):
        for second in samples[at + 1 :]:
            a, b = int(people.owners[first]), int(people.owners[second])
            if a == b:
                continue
            crossed = [
                _rate_without(evidence, people, first, b, second),
                _rate_without(evidence, people, second, a, first),
            ]
            own = people.odds[first, a] + people.odds[second, b]
            odds = min(crossed)
            if odds > MIN_CROSSED and sum(crossed) - own > MIN_SWAP:
                yield Finding(SWAP, first, a, second, b, odds)


def _rate_without(
    evidence: Evidence, people: People, sample: int, subject: int, left_out: int
) -> float:
    """Log odds of a sample for a subject without one of its samples; -inf without others."""
    rest = [i for i in np.flatnonzero(people.owners == subject).tolist() if i != left_out]
    if not rest:
        return float("-inf")
    return float(log(exp(evidence.log_odds[sample, rest]).mean()))


def _find_duplicates(people: People, fits: NDArray[np.bool_]) -> Iterator[Finding]:
    """Subjects of which almost all samples fit those of the other."""
    shares = _share_subjects(people, fits)
    for first, second in np.argwhere(np.triu(shares >= MIN_FITTING, 1)).tolist():
        pairs = np.ix_(people.owners == first, people.owners == second)
        yield Finding(DUPLICATE, -1, first, -1, second, float(fits[pairs].mean()))


def _share_subjects(people: People, fits: NDArray[np.bool_]) -> Floats:
    """Share of pairs of samples that fit, of each pair of subjects."""
    n = len(people.names)
    sums = sum_by_subject(fits.astype(float), people.owners, n)
    sums = sum_by_subject(sums.T, people.owners, n)
    sizes = np.bincount(people.owners, minlength=n)
    shares: Floats = sums / np.maximum(sizes[:, None] * sizes[None, :], 1)
    return shares


def _find_mixtures(
    people: People, fits: NDArray[np.bool_], has_asv: NDArray[np.bool_]
) -> Iterator[Finding]:
    """Samples that fit almost all samples of two subjects that do not fit each other."""
    n = len(people.names)
    sums = sum_by_subject((fits & ~np.eye(len(fits), dtype=bool)).astype(float), people.owners, n)
    fitting = (people.sizes > 0) & (sums >= MIN_FITTING * people.sizes)
    between = _share_subjects(people, fits)
    for sample in np.flatnonzero(fitting.sum(axis=1) >= 2).tolist():
        order = sorted(np.flatnonzero(fitting[sample]), key=lambda u: (-people.odds[sample, u], u))
        first, second = (int(u) for u in order[:2])
        if between[first, second] >= MIN_FITTING:
            continue
        only = count_only(people, has_asv, sample, first, second)
        if min(only) >= MIN_ONLY:
            odds = float(min(people.odds[sample, first], people.odds[sample, second]))
            yield Finding(MIXTURE, sample, first, -1, second, odds)


def count_only(
    people: People, has_asv: NDArray[np.bool_], sample: int, first: int, second: int
) -> tuple[int, int]:
    """ASVs that a sample has in common with the first subject only, and with the second only."""
    is_other = np.arange(len(has_asv)) != sample
    in_first = has_asv[(people.owners == first) & is_other].any(axis=0)
    in_second = has_asv[(people.owners == second) & is_other].any(axis=0)
    own = has_asv[sample]
    return int((own & in_first & ~in_second).sum()), int((own & in_second & ~in_first).sum())
