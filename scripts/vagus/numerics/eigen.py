"""Eigenvalues and eigenvectors of symmetric matrices, in a fixed order of arithmetic.

- Small matrices, many at once: rotations of Jacobi in cyclic order (Golub & Van Loan 2013, Matrix
  Computations, 4th ed., sect. 8.5).
- One matrix of any size, of which few vectors are asked for: Householder's reduction to tridiagonal
  form (sect. 8.3), bisection by Sturm counts for all eigenvalues together (sect. 8.4) and inverse
  iteration for the leading vectors, which are kept orthogonal to those before.

Eigenvalues are in descending order. Vectors of equal eigenvalues are any basis of their space, but
the same one on every processor, since the arithmetic is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_EPSILON = float(np.finfo(np.float64).eps)
_SWEEPS = 30
_HALVINGS = 64
_ITERATIONS = 4


def decompose_small(matrices: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues, shape (..., k), and eigenvectors in columns, shape (..., k, k), of (..., k, k).

    Time grows as k^2 steps of numpy a sweep: for k of some dozens at most.
    """
    k = matrices.shape[-1]
    turned = np.array(matrices, dtype=np.float64)
    vectors = np.broadcast_to(np.eye(k), turned.shape).copy()
    for _ in range(_SWEEPS):
        rest = np.abs(turned * (1 - np.eye(k))).max(initial=0.0, axis=(-2, -1))
        if not (rest > _EPSILON**2 * np.abs(turned).max(initial=0.0, axis=(-2, -1))).any():
            break
        for p in range(k - 1):
            for q in range(p + 1, k):
                _rotate(turned, vectors, p, q)
    values = np.diagonal(turned, axis1=-2, axis2=-1)
    order = np.argsort(-values, axis=-1, kind="stable")
    return (
        np.take_along_axis(values, order, axis=-1),
        np.take_along_axis(vectors, order[..., None, :], axis=-1),
    )


def _rotate(turned: Floats, vectors: Floats, p: int, q: int) -> None:
    """Turn axes p and q of every matrix so that their common entry becomes 0, in place."""
    off = turned[..., p, q]
    gap = turned[..., q, q] - turned[..., p, p]
    is_off = off != 0
    slope = np.clip(gap / np.where(is_off, 2 * off, 1.0), -1e100, 1e100)
    root = np.abs(slope) + np.sqrt(slope**2 + 1)
    tangent = np.where(is_off, np.where(slope >= 0, 1.0, -1.0) / root, 0.0)
    cosine = 1 / np.sqrt(tangent**2 + 1)
    sine = tangent * cosine
    for array, is_column in ((turned, True), (turned, False), (vectors, True)):
        first, second = (
            (array[..., p], array[..., q]) if is_column else (array[..., p, :], array[..., q, :])
        )
        c, s = cosine[..., None], sine[..., None]
        moved = c * first - s * second
        second[...] = s * first + c * second
        first[...] = moved
    turned[..., p, q] = turned[..., q, p] = 0.0


def decompose_leading(matrix: Floats, n_vectors: int) -> tuple[Floats, Floats]:
    """All eigenvalues of a matrix (n, n), and eigenvectors of the largest, (n, n_vectors)."""
    n = matrix.shape[0]
    scale = float(np.abs(matrix).max(initial=0.0))
    if scale == 0.0 or not np.isfinite(scale):
        return np.full(n, scale), np.eye(n, n_vectors)
    diagonal, beside, mirrors = _reduce(matrix / scale)
    values = _bisect(diagonal, beside)
    vectors = np.zeros((n, n_vectors))
    for j in range(n_vectors):
        vectors[:, j] = _iterate(diagonal, beside, float(values[j]), vectors[:, :j], j)
    for first, mirror in reversed(mirrors):
        part = vectors[first:]
        part -= 2 * np.multiply.outer(mirror, np.einsum("i,ij->j", mirror, part))
    return values * scale, vectors


def _reduce(matrix: Floats) -> tuple[Floats, Floats, list[tuple[int, Floats]]]:
    """Diagonal, entries beside it, and the mirrors (first row, unit normal) that lead there."""
    work = np.array(matrix, dtype=np.float64)
    n = work.shape[0]
    beside, mirrors = np.zeros(max(n - 1, 0)), []
    for k in range(n - 2):
        column = work[k + 1 :, k].copy()
        size = float(np.sqrt((column**2).sum()))
        beside[k] = -size if column[0] > 0 else size
        column[0] -= beside[k]
        normal_size = float(np.sqrt((column**2).sum()))
        if normal_size == 0.0:
            continue
        normal = column / normal_size
        mirrors.append((k + 1, normal))
        block = work[k + 1 :, k + 1 :]
        pull = 2 * np.einsum("ij,j->i", block, normal)
        pull -= (normal * pull).sum() * normal
        outer = np.multiply.outer(normal, pull)
        block -= outer
        block -= outer.T
    if n > 1:
        beside[n - 2] = work[n - 1, n - 2]
    return np.diagonal(work).copy(), beside, mirrors


def _bisect(diagonal: Floats, beside: Floats) -> Floats:
    """All eigenvalues of a tridiagonal matrix, in descending order."""
    n = diagonal.size
    reach = np.abs(diagonal)
    reach[1:] += np.abs(beside)
    reach[:-1] += np.abs(beside)
    bound = float(reach.max()) * (1 + 4 * _EPSILON)
    low, high = np.full(n, -bound), np.full(n, bound)
    rank = np.arange(n, 0, -1)
    squares, floor = beside**2, _EPSILON**2 * bound**2 + 1e-300
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_above = _count_below(diagonal, squares, middle, floor) >= rank
        high, low = np.where(is_above, middle, high), np.where(is_above, low, middle)
    values: Floats = (low + high) / 2
    return values


def _count_below(diagonal: Floats, squares: Floats, at: Floats, floor: float) -> NDArray[np.int64]:
    """How many eigenvalues are below each of ``at``: negative pivots of T - at."""
    pivot = diagonal[0] - at
    below: NDArray[np.int64] = (pivot < 0).astype(np.int64)
    for entry, square in zip(diagonal[1:].tolist(), squares.tolist(), strict=True):
        pivot = np.where(np.abs(pivot) < floor, -floor, pivot)
        pivot = (entry - at) - square / pivot
        below += pivot < 0
    return below


def _iterate(diagonal: Floats, beside: Floats, value: float, before: Floats, number: int) -> Floats:
    """Eigenvector of a tridiagonal matrix by inverse iteration, orthogonal to those ``before``."""
    vector = np.random.default_rng([diagonal.size, number]).uniform(0.5, 1.0, diagonal.size)
    solve = _Shifted(diagonal.tolist(), beside.tolist(), value)
    for _ in range(_ITERATIONS):
        for _ in range(2):  # twice is enough
            vector = vector - np.einsum("ij,j->i", before, np.einsum("ij,i->j", before, vector))
        vector = vector / np.sqrt((vector**2).sum())
        vector = np.array(solve.solve(vector.tolist()))
        vector = vector / np.abs(vector).max()
    for _ in range(2):
        vector = vector - np.einsum("ij,j->i", before, np.einsum("ij,i->j", before, vector))
    found: Floats = vector / np.sqrt((vector**2).sum())
    return found


class _Shifted:
    """T - value, T tridiagonal, as a product of triangular matrices with swaps of rows."""

    def __init__(self, diagonal: list[float], beside: list[float], value: float) -> None:
        n = len(diagonal)
        self.diagonal = [entry - value for entry in diagonal]
        self.above, self.further = [*beside, 0.0], [0.0] * n
        self.factors: list[tuple[float, bool]] = []
        floor = _EPSILON * max(1e-300, *(abs(entry) for entry in [*diagonal, *beside]))
        for i, below in enumerate(beside):
            is_swapped = abs(below) > abs(self.diagonal[i])
            if is_swapped:
                pivot, after, last = below, self.diagonal[i + 1], self.above[i + 1]
                factor = self.diagonal[i] / pivot
                self.diagonal[i + 1] = self.above[i] - factor * after
                self.above[i + 1] = -factor * last
                self.diagonal[i], self.above[i], self.further[i] = pivot, after, last
            else:
                if abs(self.diagonal[i]) < floor:
                    self.diagonal[i] = floor
                factor = below / self.diagonal[i]
                self.diagonal[i + 1] -= factor * self.above[i]
            self.factors.append((factor, is_swapped))
        if abs(self.diagonal[-1]) < floor:
            self.diagonal[-1] = floor

    def solve(self, right: list[float]) -> list[float]:
        """x with (T - value) x = right."""
        for i, (factor, is_swapped) in enumerate(self.factors):
            if is_swapped:
                right[i], right[i + 1] = right[i + 1], right[i]
            right[i + 1] -= factor * right[i]
        for i in range(len(right) - 1, -1, -1):
            rest = right[i]
            if i + 1 < len(right):
                rest -= self.above[i] * right[i + 1]
            if i + 2 < len(right):
                rest -= self.further[i] * right[i + 2]
            right[i] = rest / self.diagonal[i]
        return right
