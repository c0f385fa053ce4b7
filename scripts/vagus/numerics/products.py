"""Products of matrices and vectors, exact to the last digit that is kept, in any order.

Small products are sums of numpy's ``einsum``, whose order is fixed. Large ones are left to the
BLAS, in a form in which its order has no effect (Ozaki, Ogita, Oishi & Rump 2012, Numerical
Algorithms 59:95): both factors are cut into slices of so few leading bits that the products of
slices and all their sums are whole numbers below 2^53, hence exact whatever is added first. The
slices' products are then added in a fixed order. Few slices are needed for counts and labels, three
for other numbers; what is dropped is below 2^-54 of a row's largest value times a column's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SMALL = 1 << 15
_BITS, _PRECISION = 53, 55


def multiply(*factors: ArrayLike) -> Floats:
    """The product of matrices, from left to right; one-dimensional ones as in ``np.matmul``."""
    product = np.asarray(factors[0], dtype=np.float64)
    for factor in factors[1:]:
        product = _multiply_two(product, np.asarray(factor, dtype=np.float64))
    return product


def _multiply_two(left: Floats, right: Floats) -> Floats:
    if left.shape[-1] != right.shape[0]:
        raise ValueError(f"shapes {left.shape} and {right.shape} do not go together")
    rows, columns = np.atleast_2d(left), right if right.ndim == 2 else right[:, None]
    work = rows.shape[0] * columns.shape[0] * columns.shape[1]
    if work <= SMALL or min(rows.shape[0], columns.shape[1]) == 1:
        product = np.einsum("ij,jk->ik", np.ascontiguousarray(rows), np.ascontiguousarray(columns))
    else:
        product = _multiply_slices(rows, columns)
    shaped: Floats = product.reshape(left.shape[:-1] + right.shape[1:])
    return shaped


def _multiply_slices(rows: Floats, columns: Floats) -> Floats:
    """Sum of the exact products of slices, the largest last."""
    n_bits = (_BITS - max(1, rows.shape[1] - 1).bit_length()) // 2
    n_slices = -(-_PRECISION // n_bits)
    left, row_units = _slice_rows(rows, n_bits, n_slices)
    right, column_units = _slice_rows(columns.T, n_bits, n_slices)
    product = np.zeros((rows.shape[0], columns.shape[1]))
    places = [(i, j) for i in range(len(left)) for j in range(len(right)) if i + j < n_slices]
    for i, j in sorted(places, key=lambda place: (-sum(place), place)):
        product += np.ldexp(left[i] @ right[j].T, -n_bits * (i + j))  # exact in any order
    whole: Floats = np.ldexp(product, row_units[:, None] + column_units[None, :])
    return whole


def _slice_rows(rows: Floats, n_bits: int, n_slices: int) -> tuple[list[Floats], NDArray[np.intc]]:
    """Whole numbers of ``n_bits`` each, and the exponent of the unit of each row's first slice."""
    _, exponents = np.frexp(np.abs(rows).max(axis=1, initial=0.0))
    units: NDArray[np.intc] = (exponents - (n_bits - 1)).astype(np.intc)
    rest, slices = np.ldexp(rows, -units[:, None]), []
    for _ in range(n_slices):
        whole = np.rint(rest)
        slices.append(whole)
        rest = np.ldexp(rest - whole, n_bits)
        if not rest.any():
            break
    return slices, units
