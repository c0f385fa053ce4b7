"""PERMANOVA of one term among others, with permutations of what the others leave.

McArdle & Anderson (2001, Ecology 82:290): with Gower's matrix G and the projection H of a set of
terms, tr(HG) is the sum of squares that they explain. A term's sum of squares is what it adds to
the terms given before it; pseudo-F sets it against the residual of the whole model.

P-values permute residuals (Freedman & Lane 1983; Anderson & Legendre 1999, J. Stat. Comput.
Simul. 62:271): R = I - H of the terms given before, RGR is permuted as a table - within blocks
when there are blocks - and the statistic is computed anew. Without other terms that is the usual
permutation of samples.

The interval of omega squared is not a bootstrap: drawn with replacement, a sample meets itself at
distance 0. With unit rows of covariance S around their centres, the term's sum of squares minus
df tr(S) estimates the squared shift t with variance 4 t r + 2 df tr(S^2) (1 + df / v), r the
variance along the shift, v the residual degrees of freedom (moments of quadratic forms; tr(S^2) as
in Bai & Saranadasa 1996, Statistica Sinica 6:311). With U the term's basis and P the projection on
the residuals, tr(U'GPGU) / v estimates t r + df tr(S^2); r is at most the largest root of S. The
limits are the values of t from which the estimate is a t-quantile of standard errors away, divided
by t + n tr(S).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.eigen import decompose_leading
from vagus.numerics.products import multiply
from vagus.numerics.systems import find_basis, span
from vagus.statistics.arrangements import Arrangements, permutation_p
from vagus.statistics.effect_sizes import omega_squared
from vagus.statistics.power import LEVEL, detect_shift
from vagus.statistics.rank_tests import PermutationPlan

Floats = NDArray[np.float64]
_TOLERANCE = 1e-9
_UNKNOWN = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class TermTest:
    """One term of a PERMANOVA.

    Attributes:
        df: columns that the term adds.
        residual_df: degrees of freedom that the whole model leaves.
        squares: sum of squares of the term.
        residual: sum of squares of the residual.
        total: sum of squares around the centroid of all.
        omega2_interval: 95 % limits of ``omega2``, 0 at the least.
        detectable: the smallest that this design finds (p < 0.05) 8 times in 10.
        p_value: by permutation; NaN when there is nothing to permute.
        permutations: arrangements that it rests on.
        note: how many permutations, and a warning when p cannot be small.
    """

    df: int
    residual_df: int
    squares: float
    residual: float
    total: float
    omega2_interval: tuple[float, float]
    detectable: float
    p_value: float
    permutations: int
    note: str

    @property
    def r2(self) -> float:
        """Share of the total sum of squares."""
        return self.squares / self.total

    @property
    def pseudo_f(self) -> float:
        """Mean square of the term over that of the residual; NaN when the residual is 0."""
        if self.residual <= _TOLERANCE * self.total:
            return float("nan")
        return (self.squares / self.df) / (self.residual / self.residual_df)

    @property
    def omega2(self) -> float:
        """Partial omega squared; n is the rank of the whole model and its residual."""
        n = self.residual_df + self.df + 1
        return omega_squared(self.squares, self.residual / self.residual_df, self.df, n)


@dataclass(frozen=True)
class TermColumns:
    """Columns of one term and those it is tested with.

    Attributes:
        tested: shape (n, k).
        before: intercept and terms that the tested one is added to, shape (n, q).
        after: further terms of the whole model, shape (n, r).
        blocks: int64, shape (n,): units are permuted within these.
    """

    tested: Floats
    before: Floats
    after: Floats
    blocks: NDArray[np.int64]


def measure_term(gower: Floats, columns: TermColumns, plan: PermutationPlan) -> TermTest | None:
    """Test a term; None when it adds nothing or the model leaves nothing.

    ``gower`` is centred, of shape (n, n).
    """
    before = find_basis(columns.before)
    term = find_basis(columns.tested, before)
    after = find_basis(columns.after, np.hstack([before, term]))
    n, df = gower.shape[0], term.shape[1]
    residual_df = n - before.shape[1] - df - after.shape[1]
    if df == 0 or residual_df < 1:
        return None
    rest = _leave_out(gower, before)
    whole = np.hstack([_drop_blocks(before, columns.blocks), term, after])
    left = float(np.trace(rest))

    def explain(basis: Floats, orders: NDArray[np.int64]) -> Floats:
        moved = basis[orders]
        total: Floats = np.einsum("bik,bik->b", np.einsum("ij,bjk->bik", rest, moved), moved)
        return total

    def ratio(orders: NDArray[np.int64]) -> Floats:
        explained = explain(term, orders)
        remaining = np.maximum(left - explain(whole, orders), _TOLERANCE * abs(left))
        return explained / remaining

    identity = np.arange(n)
    squares = float(explain(term, identity[None, :])[0])
    residual = left - float(explain(np.hstack([term, after]), identity[None, :])[0])
    shuffled = Arrangements(
        identity, columns.blocks, plan.permutations, plan.seed, labels_are_names=False
    )
    p = permutation_p(shuffled, ratio)
    *interval, detectable = _bound_omega(gower, term, np.hstack([before, term, after]))
    return TermTest(
        df, residual_df, squares, residual, float(np.trace(gower)), (interval[0], interval[1]),
        detectable, p,
        shuffled.n_visited, shuffled.describe(),
    )  # fmt: skip


def _bound_omega(gower: Floats, term: Floats, whole: Floats) -> tuple[float, float, float]:
    """Limits of omega squared, and the smallest that is found, from bases of term and model."""
    from scipy.stats import t

    df, free = term.shape[1], gower.shape[0] - whole.shape[1]
    if free < 3:
        return _UNKNOWN
    left = _leave_out(gower, whole)
    trace = float(np.trace(left))
    mean = trace / free
    if mean <= _TOLERANCE * float(np.trace(gower)):
        return _UNKNOWN
    square = (float((left**2).sum()) - trace**2 / free) / ((free - 1) * (free + 2))
    square = max(square, 0.0)
    pull = multiply(gower, term)
    shift = float((term * pull).sum()) - df * mean
    unexplained = pull - multiply(whole, multiply(whole.T, pull))
    along = float((unexplained**2).sum()) / free - df * square
    largest = float(decompose_leading((left + left.T) / 2, 0)[0][0]) / free
    ratio = max(min(along / shift, largest) if shift > 0 else 0.0, square / mean)
    z2 = float(t.ppf(0.975, free)) ** 2
    centre = shift + 2 * z2 * ratio
    spread = 2 * df * square * (1 + df / free)
    reach = centre**2 - shift**2 + z2 * spread
    limits = (centre - max(reach, 0.0) ** 0.5, centre + max(reach, 0.0) ** 0.5)
    least = detect_shift(spread, 4 * ratio, _find_critical_shift(mean, square, df, free))
    n = free + df + 1
    low, high, detectable = (
        max(limit, 0.0) / (max(limit, 0.0) + n * mean) for limit in (*limits, least)
    )
    return low, high, detectable


def _find_critical_shift(mean: float, square: float, df: int, free: int) -> float:
    """Excess of the term's squares over chance at p = 0.05.

    The ratio of two sums of squares of many dimensions is taken as an F with the degrees of
    freedom of Satterthwaite, mean^2 / square times those of one dimension.
    """
    from scipy.stats import f

    dimensions = mean**2 / square if square > 0 else 1.0
    critical = float(f.ppf(1 - LEVEL, df * dimensions, free * dimensions))
    return df * mean * (critical - 1)


def _drop_blocks(basis: Floats, blocks: NDArray[np.int64]) -> Floats:
    """What of ``basis`` varies within blocks: the rest explains nothing, however rows move."""
    members = (np.unique(blocks)[:, None] == blocks[None, :]).astype(np.float64)
    means = members / members.sum(axis=1, keepdims=True)
    return span(basis - multiply(members.T, multiply(means, basis)), _TOLERANCE)


def _leave_out(gower: Floats, basis: Floats) -> Floats:
    """Gower's matrix between two projections on what ``basis`` does not explain."""
    rest = gower - multiply(basis, multiply(basis.T, gower))
    left: Floats = rest - multiply(multiply(rest, basis), basis.T)
    return left
