"""PERMANOVA and PERMDISP, with permutations that respect repeated subjects.

**PERMANOVA** (Anderson 2001, Austral Ecology 26:32) splits the sum of squared distances into
a part between levels and a part within: pseudo-F = (SS_A / (g - 1)) / (SS_W / (n - g)) with
SS_T = sum of d^2 over pairs / n and SS_W likewise in each level; R^2 = SS_A / SS_T. For numbers
it is distance-based regression on one predictor (McArdle & Anderson 2001, Ecology 82:290).
Samples stay samples in the statistic. Labels are permuted between whole subjects (``between``)
or within each subject (``within``), so that repeated samples are not taken as independent. Where
a subject has several samples of a level, its series stays together and changes sign as a whole
(``series_flips``).

**PERMDISP** (Anderson 2006, Biometrics 62:245) asks whether levels differ in spread: F of a
one-way analysis of the distances to the level's centroid. Centroids are in the full principal
coordinate space; squared distances follow from the table of distances alone and are cut at 0
where negative eigenvalues would make them negative. They are multiplied by sqrt(n / (n - 1)),
n units in the level, so that small levels do not look tighter (O'Neill & Mathews 2000). Units
are samples; subject centroids (``between``); or the centroid of each subject at each level,
permuted within subjects (``within``). There each subject's mean distance is taken out first, as
in an analysis of variance of repeated measures: left in, the test finds too little. For the
p-value the levels are moved onto one centre, units change places, and centroids and distances are
measured anew in every arrangement. To permute the distances alone, as is often done, leaves out
that each centroid is estimated from its own units and rejects too often in small groups.

Why both: a small p-value of PERMANOVA can come from a shift of the centre, from a difference in
spread, or both; PERMDISP shows how far spread may be part of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.series_flips import flip_series
from vagus.diversity.ordination import center_squares
from vagus.numerics.products import multiply
from vagus.statistics.arrangements import Arrangements, permutation_p
from vagus.statistics.rank_tests import Outcome, PermutationPlan
from vagus.study.comparison import Comparison
from vagus.study.test_names import PERMANOVA, PERMDISP

_NOISE = 1e-12
Floats = NDArray[np.float64]
NOT_AVAILABLE = float("nan")


def permanova(values: Floats, comparison: Comparison, plan: PermutationPlan) -> Outcome:
    """Test distances, shape (n_samples, n_samples) in the order of ``comparison.samples``."""
    squares = values**2
    n, n_levels = len(comparison.samples), len(comparison.levels)
    df = 1 if comparison.is_numeric else n_levels - 1
    total = float(squares.sum()) / (2 * n)
    why = "not tested: all distances are 0" if total == 0 else comparison.explain_no_permanova()
    if why:
        return _untested(PERMANOVA, "R2", why)
    labels, blocks, unit_of_sample = _list_units(comparison)
    numbers = np.unique(comparison.values)

    if has_series(comparison):
        return _flip(squares, comparison, plan)

    def explained(arrangements: NDArray[np.int64]) -> Floats:
        of_samples = arrangements[:, unit_of_sample]
        if comparison.is_numeric:
            return _regression_squares(squares, numbers[of_samples])
        return total - _within_squares(squares, of_samples, n_levels)

    shuffled = Arrangements(
        labels, blocks, plan.permutations, plan.seed, labels_are_names=not comparison.is_numeric
    )
    among = min(max(float(explained(labels[None, :])[0]), 0.0), total)
    note = _describe_permutations(comparison, shuffled)
    statistic = _f_ratio(among, total, df, n)
    if np.isnan(statistic):
        note += "; pseudo-F is infinite: no distances within levels"
    p = permutation_p(shuffled, explained)
    return Outcome(PERMANOVA, statistic, p, among / total, "R2", note, shuffled.n_visited)


def has_series(comparison: Comparison) -> bool:
    """Whether levels change within subjects that have several samples of a level."""
    cells = set(zip(comparison.subjects.tolist(), comparison.values.tolist(), strict=True))
    return comparison.design == "within" and len(cells) < len(comparison.samples)


def _flip(squares: Floats, comparison: Comparison, plan: PermutationPlan) -> Outcome:
    """PERMANOVA whose p-value is that of whole series (``series_flips``)."""
    n, n_levels = len(comparison.samples), len(comparison.levels)
    total = float(squares.sum()) / (2 * n)
    within = float(_within_squares(squares, comparison.values[None, :], n_levels)[0])
    among = min(max(total - within, 0.0), total)
    levels = (comparison.values[:, None] == np.arange(1, n_levels)[None, :]).astype(np.float64)
    found = flip_series(
        center_squares(np.sqrt(squares)), levels, _make_members(comparison.subjects).T,
        comparison.subjects, plan,
    )  # fmt: skip
    note = f"{n} samples of {comparison.n_subjects} subjects; {found.note}"
    statistic = _f_ratio(among, total, n_levels - 1, n)
    return Outcome(PERMANOVA, statistic, found.p_value, among / total, "R2", note, found.flips)


def permdisp(values: Floats, comparison: Comparison, plan: PermutationPlan) -> Outcome:
    """Test differences in spread, distances as for ``permanova``."""
    name, effect_name = PERMDISP, "eta squared"
    if why := comparison.explain_no_permdisp():
        return _untested(name, effect_name, why)
    averaging, levels, blocks = _average_units(comparison)
    sizes = np.bincount(levels)
    inner = multiply(averaging, center_squares(values), averaging.T)
    to_centroid = centroid_distances(inner, levels[None, :])[0]
    means = [float(to_centroid[levels == level].mean()) for level in range(sizes.size)]
    note = "mean distance to centroid: " + ", ".join(
        f"{level} {mean:.4g}" for level, mean in zip(comparison.levels, means, strict=True)
    )
    members = _make_members(blocks)
    own = _drop_means(to_centroid[None, :], members)
    total = float((own**2).sum())
    if total <= _NOISE * float((to_centroid**2).sum()):
        return _untested(name, effect_name, f"{note}; not tested: no spread to compare")
    shuffled = Arrangements(levels, blocks, plan.permutations, plan.seed)
    centred = _centre_levels(inner, levels)

    def spread(arrangements: NDArray[np.int64]) -> Floats:
        distances = _drop_means(centroid_distances(centred, arrangements), members)
        return _eta_squared(distances, arrangements, sizes)

    effect = float(_eta_squared(own, levels[None, :], sizes)[0])
    f = _f_ratio(effect * total, total, sizes.size - 1, levels.size - len(members) + 1)
    if comparison.design == "within":
        effect_name = "partial eta squared"
    note = f"{note}; {_describe_permutations(comparison, shuffled)}"
    p = permutation_p(shuffled, spread)
    return Outcome(name, f, p, effect, effect_name, note, shuffled.n_visited)


def centroid_distances(inner: Floats, labels: NDArray[np.int64]) -> Floats:
    """Distance of every unit to its level's centroid, small-sample corrected.

    ``inner`` contains inner products of the units, shape (n_units, n_units); ``labels`` has shape
    (n_arrangements, n_units), and so has the result.
    """
    own = np.diag(inner)
    squared = np.empty(labels.shape)
    for level in range(int(labels[0].max()) + 1):
        members = labels == level
        size = int(members[0].sum())
        to_units = multiply(members, inner) / size
        to_self = (to_units * members).sum(axis=1, keepdims=True) / size
        of_level = (own - 2 * to_units + to_self) * (size / (size - 1))
        squared[members] = of_level[members]
    scale = float(np.abs(own).max(initial=0.0))
    return np.sqrt(np.where(squared > _NOISE * scale, squared, 0.0))


def _centre_levels(inner: Floats, levels: NDArray[np.int64]) -> Floats:
    """Inner products after every level's centroid is moved onto the origin."""
    members = (levels[:, None] == levels[None, :]).astype(np.float64)
    rest = np.eye(levels.size) - members / members.sum(axis=1, keepdims=True)
    centred: Floats = multiply(rest, inner, rest)
    return centred


def _eta_squared(values: Floats, labels: NDArray[np.int64], sizes: NDArray[np.intp]) -> Floats:
    """Share of the variation of centred values among levels: both (n_arrangements, n_units)."""
    among = np.zeros(labels.shape[0])
    for level, size in enumerate(sizes.tolist()):
        among += (values * (labels == level)).sum(axis=1) ** 2 / size
    total = (values**2).sum(axis=1)
    return np.minimum(among / np.where(total > 0, total, 1.0), 1.0)


def _make_members(blocks: NDArray[np.int64]) -> Floats:
    """Which unit is of which block: shape (n_blocks, n_units)."""
    members: Floats = (np.unique(blocks)[:, None] == blocks[None, :]).astype(np.float64)
    return members


def _drop_means(values: Floats, members: Floats) -> Floats:
    """Values of shape (n_arrangements, n_units) without the mean of each block."""
    means = multiply(values, members.T) / members.sum(axis=1)
    rest: Floats = values - multiply(means, members)
    return rest


def _f_ratio(among: float, total: float, df: int, n: int) -> float:
    """F of ``n`` units with ``df`` degrees of freedom among levels; NaN when it is infinite."""
    within = total - among
    return (among / df) / (within / (n - df - 1)) if within > _NOISE * total else NOT_AVAILABLE


def _within_squares(squares: Floats, labels: NDArray[np.int64], n_levels: int) -> Floats:
    """SS_W of every arrangement: labels of shape (n_arrangements, n_samples)."""
    within = np.zeros(labels.shape[0])
    for level in range(n_levels):
        members = (labels == level).astype(np.float64)
        pairs = (multiply(members, squares) * members).sum(axis=1)
        within += pairs / (2 * members.sum(axis=1))
    return within


def _regression_squares(squares: Floats, numbers: Floats) -> Floats:
    """SS explained by numbers of shape (n_arrangements, n_samples): x'Gx / x'x, x centred."""
    x = numbers - numbers.mean(axis=1, keepdims=True)
    explained: Floats = -0.5 * (multiply(x, squares) * x).sum(axis=1) / (x**2).sum(axis=1)
    return explained


def _list_units(
    comparison: Comparison,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Labels and blocks of the units that are permuted, and the unit of every sample."""
    _, labels = np.unique(comparison.values, return_inverse=True)
    labels = labels.astype(np.int64)
    if comparison.design == "within":
        return labels, comparison.subjects, np.arange(labels.size)
    first_sample = np.unique(comparison.subjects, return_index=True)[1]
    of_units = labels[first_sample]
    return of_units, np.zeros(of_units.size, dtype=np.int64), comparison.subjects


def _average_units(
    comparison: Comparison,
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Weights (n_units, n_samples), level and block of the units whose spread is compared."""
    keys = comparison.subjects * len(comparison.levels) + comparison.values
    _, first, unit_of_sample = np.unique(keys, return_index=True, return_inverse=True)
    weights = (np.arange(first.size)[:, None] == unit_of_sample[None, :]).astype(np.float64)
    weights /= weights.sum(axis=1, keepdims=True)
    within = comparison.design == "within"
    blocks = comparison.subjects[first] if within else np.zeros(first.size, dtype=np.int64)
    return weights, comparison.values[first], blocks


def _describe_permutations(comparison: Comparison, shuffled: Arrangements) -> str:
    repeated = f"{len(comparison.samples)} samples of {comparison.n_subjects} subjects"
    what = {
        "independent": "samples permuted",
        "between": f"{repeated}, whole subjects permuted",
        "within": f"{repeated}, permuted within subjects",
    }[comparison.design]
    return f"{what}; {shuffled.describe()}"


def _untested(test: str, effect_name: str, note: str) -> Outcome:
    return Outcome(test, NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, effect_name, note)
