"""Non-metric multidimensional scaling in two dimensions.

Points are placed so that the order of their distances follows the order of the dissimilarities.
Fit is Kruskal's stress-1, sqrt(sum (d - f)^2 / sum d^2) with f the monotone regression of the
distances d on the dissimilarities (Kruskal 1964, Psychometrika 29:1 and 29:115); equal
dissimilarities may get different f (primary treatment of ties). It is lowered by majorisation:
each step is a Guttman transform towards f (de Leeuw 1977; Borg & Groenen 2005, ch. 9), which never
raises the raw stress of the f at hand.

One start is the principal coordinates, others are random with a fixed seed; the solution with
the least stress is kept, centred and turned to its principal axes. Stress below 0.1 is a fair
picture, above 0.2 a picture not to be trusted in detail (Kruskal 1964; Clarke 1993, Aust. J. Ecol.
18:117).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.distances import Distances
from vagus.diversity.ordination import fix_signs, ordinate
from vagus.numerics.eigen import decompose_small
from vagus.numerics.products import multiply

if TYPE_CHECKING:
    import pandas as pd

N_AXES = 2
# starts up to 200 samples; with more, fewer starts keep the work the same, down to the least
N_STARTS, LEAST_STARTS, N_FULL = 16, 2, 200
MAX_STEPS = 300
MIN_SAMPLES = 4
_SETTLED = 1e-7
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NonMetric:
    """Positions of samples.

    Attributes:
        samples: names, as in the distances.
        coordinates: float64, shape (n_samples, 2), on principal axes; all 0 with fewer than four
            samples or when all distances are equal to 0.
        stress: stress-1; NaN where nothing was fitted.
        n_equal: starts that ended within 0.001 of the least stress.
        n_starts: starts that were made.
    """

    samples: tuple[str, ...]
    coordinates: Floats
    stress: float
    n_equal: int
    n_starts: int

    def tabulate(self) -> pd.DataFrame:
        """Table: sample, NMDS1, NMDS2."""
        import pandas as pd

        axes = [f"NMDS{axis + 1}" for axis in range(N_AXES)]
        frame = pd.DataFrame(self.coordinates, columns=axes)
        frame.insert(0, "sample", list(self.samples))
        return frame


def scale_non_metric(distances: Distances, seed: int, name: str = "") -> NonMetric:
    """Place samples in two dimensions. ``name`` sets random starts of tables apart."""
    n = len(distances.samples)
    if n < MIN_SAMPLES or not distances.values.any():
        return NonMetric(distances.samples, np.zeros((n, N_AXES)), float("nan"), 0, 0)
    pairs = np.triu_indices(n, 1)
    order = _Order(distances.values[pairs])
    first = ordinate(distances, N_AXES).coordinates
    spread = float(np.abs(first).max())
    generator = np.random.default_rng([seed, crc32(name.encode("utf-8"))])
    n_starts = count_starts(n)
    starts = [first, *(generator.normal(0, spread, (n, N_AXES)) for _ in range(n_starts - 1))]
    results = [_lower_stress(start, order, pairs) for start in starts]
    stresses = np.array([stress for _, stress in results])
    best = results[int(stresses.argmin())]
    n_equal = int((stresses <= stresses.min() + 1e-3).sum())
    return NonMetric(distances.samples, _turn(best[0]), best[1], n_equal, n_starts)


def count_starts(n_samples: int) -> int:
    """Starts for a number of samples: a step of one takes time as the square of them."""
    return max(LEAST_STARTS, min(N_STARTS, N_STARTS * N_FULL**2 // n_samples**2))


class _Order:
    """Order of the dissimilarities, and which places of it contain equal ones."""

    def __init__(self, dissimilarities: Floats) -> None:
        self.order = np.argsort(dissimilarities, kind="stable")
        is_new = np.diff(dissimilarities[self.order], prepend=-1.0) != 0
        is_tied = ~is_new | ~np.append(is_new[1:], True)
        self.tied = np.flatnonzero(is_tied)
        self.group = np.cumsum(is_new)[self.tied]

    def regress(self, lengths: Floats) -> Floats:
        """Monotone regression of lengths on the dissimilarities, ties broken by length."""
        from scipy.optimize import isotonic_regression

        order = self.order.copy()
        members = order[self.tied]
        order[self.tied] = members[_sort_within(self.group, lengths[members])]
        fitted = np.empty_like(lengths)
        fitted[order] = isotonic_regression(lengths[order]).x
        return fitted


def _sort_within(group: NDArray[np.intp], lengths: Floats) -> NDArray[np.intp]:
    """Indices by group, then by length: radix sorts of 16 bits, many times faster than lexsort."""
    found = np.argsort(lengths)
    for shift in (0, 16) if group.size and group[-1] > 0xFFFF else (0,):
        digits = (group[found] >> shift).astype(np.uint16)
        found = found[np.argsort(digits, kind="stable")]
    return found


def measure_stress(coordinates: Floats, dissimilarities: Floats) -> float:
    """Stress-1 of points, shape (n, axes), for square dissimilarities, shape (n, n)."""
    pairs = np.triu_indices(len(coordinates), 1)
    lengths = _measure_lengths(coordinates, pairs)
    return _stress(lengths, _Order(dissimilarities[pairs]).regress(lengths))


def _measure_lengths(points: Floats, pairs: tuple[NDArray[np.intp], ...]) -> Floats:
    squares = np.zeros(pairs[0].size)
    for column in np.ascontiguousarray(points.T):  # whole rows are slow to pick
        squares += (column.take(pairs[0]) - column.take(pairs[1])) ** 2
    return np.sqrt(squares)


def _stress(lengths: Floats, fitted: Floats) -> float:
    total = float((lengths**2).sum())
    return float(np.sqrt(((lengths - fitted) ** 2).sum() / total)) if total > 0 else 1.0


def _lower_stress(
    points: Floats, order: _Order, pairs: tuple[NDArray[np.intp], ...]
) -> tuple[Floats, float]:
    """Majorise until a step gains less than 1e-7 of stress, at most 300 steps."""
    lengths = _measure_lengths(points, pairs)
    fitted = order.regress(lengths)
    best = _stress(lengths, fitted)
    for _ in range(MAX_STEPS):
        fitted = fitted * np.sqrt(fitted.size / max(float((fitted**2).sum()), 1e-300))
        points = _transform(points, lengths, fitted, pairs)
        lengths = _measure_lengths(points, pairs)
        fitted = order.regress(lengths)
        stress = _stress(lengths, fitted)
        if best - stress < _SETTLED:
            break
        best = stress
    return points, _stress(lengths, fitted)


def _transform(
    points: Floats, lengths: Floats, fitted: Floats, pairs: tuple[NDArray[np.intp], ...]
) -> Floats:
    """Guttman transform: B(points) points / n, B off the diagonal -fitted / length."""
    n = len(points)
    ratio = np.where(lengths > 0, fitted / np.where(lengths > 0, lengths, 1.0), 0.0)
    pull = np.zeros((n, n))
    pull[pairs] = -ratio
    pull += pull.T
    np.fill_diagonal(pull, -pull.sum(axis=1))
    moved: Floats = multiply(pull, points) / n
    return moved


def _turn(points: Floats) -> Floats:
    """Centre, scale to a root mean square distance of 1 from the centre, turn, fix signs."""
    centred = points - points.mean(axis=0)
    centred = centred / max(float(np.sqrt((centred**2).sum(axis=1).mean())), 1e-300)
    _, axes = decompose_small(multiply(centred.T, centred))
    return fix_signs(multiply(centred, axes))
