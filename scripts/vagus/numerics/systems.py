"""Linear systems of statistics in a fixed order of arithmetic: few columns, any number of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.numerics import functions
from vagus.numerics.eigen import decompose_small
from vagus.numerics.products import multiply

Floats = NDArray[np.float64]

_BASIS_TOLERANCE = 1e-9
_EPSILON = float(np.finfo(np.float64).eps)
_SWEEPS = 30


def invert(matrices: Floats) -> Floats:
    """Inverses of matrices, shape (..., k, k)."""
    return solve(matrices, np.broadcast_to(np.eye(matrices.shape[-1]), matrices.shape))


def log_determinant(matrices: Floats) -> tuple[Floats, Floats]:
    """Signs of the determinants of matrices (..., k, k) and logarithms of their sizes."""
    nothing = np.zeros((*matrices.shape[:-1], 0))
    _, signs, pivots = _eliminate(matrices, nothing)
    with np.errstate(divide="ignore"):
        return signs, np.asarray(functions.log(np.abs(pivots))).sum(axis=-1)


def solve(matrices: Floats, right: Floats) -> Floats:
    """X with ``matrices`` X = ``right``, shapes (..., k, k) and (..., k, m); NaN if singular."""
    return _eliminate(matrices, right)[0]


def _eliminate(matrices: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Solutions, signs of the determinants and pivots (..., k): Gauss and Jordan, rows swapped."""
    k = matrices.shape[-1]
    work = np.concatenate([matrices, right], axis=-1, dtype=np.float64)
    signs, pivots = np.ones(matrices.shape[:-2]), np.empty(matrices.shape[:-1])
    for i in range(k):
        chosen = np.abs(work[..., i:, i]).argmax(axis=-1)[..., None, None] + i
        row = np.take_along_axis(work, chosen, axis=-2)
        np.put_along_axis(work, chosen, work[..., i : i + 1, :].copy(), axis=-2)
        signs = signs * np.where(chosen[..., 0, 0] == i, 1.0, -1.0) * np.sign(row[..., 0, i])
        pivots[..., i] = row[..., 0, i]
        with np.errstate(divide="ignore", invalid="ignore"):
            row = row / row[..., i : i + 1]
            work[..., i : i + 1, :] = 0.0
            work -= work[..., i : i + 1] * row
        work[..., i : i + 1, :] = row
    return work[..., k:], signs, pivots


def pseudo_invert(matrices: Floats) -> Floats:
    """Moore-Penrose inverses of small symmetric matrices, shape (..., k, k)."""
    values, vectors = decompose_small(matrices)
    largest = np.abs(values).max(axis=-1, keepdims=True, initial=0.0)
    kept = np.abs(values) > 10 * _EPSILON * largest
    inverse = np.where(kept, 1 / np.where(kept, values, 1.0), 0.0)
    found: Floats = np.einsum("...ij,...j,...kj->...ik", vectors, inverse, vectors)
    return found


def span(columns: Floats, tolerance: float) -> Floats:
    """Orthonormal basis of the space of ``columns``, shape (n, rank).

    Gram and Schmidt's method, the column with the largest rest next, each made orthogonal twice;
    it ends when no rest is longer than ``tolerance``.
    """
    rest = np.array(columns, dtype=np.float64)
    basis = np.zeros((rest.shape[0], min(rest.shape)))
    for rank in range(basis.shape[1]):
        sizes = (rest**2).sum(axis=0)
        chosen = int(sizes.argmax())
        if not np.sqrt(sizes[chosen]) > tolerance:
            return basis[:, :rank]
        basis[:, rank] = _normalise(rest[:, chosen], basis[:, :rank])
        rest -= np.multiply.outer(
            basis[:, rank], np.einsum("i,ij->j", np.ascontiguousarray(basis[:, rank]), rest)
        )
        rest[:, chosen] = 0.0
    return basis


def orthonormalise(columns: Floats) -> Floats:
    """Orthonormal columns: each one without what the columns before it explain."""
    basis = np.zeros(columns.shape)
    for j in range(columns.shape[1]):
        basis[:, j] = _normalise(columns[:, j], basis[:, :j])
    return basis


def _normalise(column: Floats, basis: Floats) -> Floats:
    """A unit vector along ``column``, orthogonal to ``basis``; zeros where nothing is left."""
    for _ in range(2):  # once leaves the rounding of a large part; twice is enough
        column = column - multiply(basis, multiply(basis.T, column))
    size = float(np.sqrt((column**2).sum()))
    unit: Floats = column / size if size > 0 else np.zeros(column.size)
    return unit


def decompose_columns(matrix: Floats) -> tuple[Floats, Floats, Floats]:
    """Singular value decomposition (n, k) = U S V': U (n, k), S (k,) descending, V (k, k).

    Rotations of pairs of columns until all are orthogonal (Hestenes 1958; Golub & Van Loan 2013,
    sect. 8.6.3). For few columns; columns of U without a singular value are 0.
    """
    work = np.array(matrix.T, dtype=np.float64)  # columns are contiguous here
    turn = np.eye(work.shape[0])
    for _ in range(_SWEEPS):
        moved = [
            _turn_pair(work, turn, p, q)
            for p in range(len(work) - 1)
            for q in range(p + 1, len(work))
        ]
        if not any(moved):
            break
    sizes = np.sqrt((work**2).sum(axis=1))
    order = np.argsort(-sizes, kind="stable")
    sizes, work, turn = sizes[order], work[order], turn[order]
    left = np.where(sizes[:, None] > 0, work / np.where(sizes > 0, sizes, 1.0)[:, None], 0.0)
    return left.T, sizes, turn.T


def _turn_pair(work: Floats, turn: Floats, p: int, q: int) -> bool:
    """Make rows p and q of ``work`` orthogonal, in place; whether they were not."""
    first, second = float((work[p] ** 2).sum()), float((work[q] ** 2).sum())
    both = float((work[p] * work[q]).sum())
    if abs(both) <= _EPSILON * float(np.sqrt(first * second)):
        return False
    slope = (second - first) / (2 * both)
    size = abs(slope) + float(np.sqrt(1 + slope * slope))
    tangent = (1.0 if slope >= 0 else -1.0) / size
    cosine = 1 / float(np.sqrt(1 + tangent * tangent))
    sine = cosine * tangent
    for rows in (work, turn):
        rows[p], rows[q] = cosine * rows[p] - sine * rows[q], sine * rows[p] + cosine * rows[q]
    return True


def solve_least_squares(design: Floats, outcome: Floats, tolerance: float) -> Floats:
    """The shortest b with the least squares of ``outcome`` (n,) - ``design`` (n, k) b, shape (k,).

    Singular values up to ``tolerance`` times the largest count as 0.
    """
    left, sizes, right = decompose_columns(design)
    kept = sizes > tolerance * sizes.max(initial=0.0)
    return multiply(right[:, kept], multiply(left[:, kept].T, outcome) / sizes[kept])


def find_basis(columns: Floats, given: Floats | None = None) -> Floats:
    """Orthonormal basis of what ``columns`` add to the orthonormal ``given``."""
    rest = columns if given is None else columns - multiply(given, multiply(given.T, columns))
    size = float(np.sqrt((columns**2).sum(axis=0).max(initial=0.0)))
    return span(rest, _BASIS_TOLERANCE * size)
