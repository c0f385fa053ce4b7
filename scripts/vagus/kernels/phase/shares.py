"""Shares of reads among variants, from their logarithms."""

from __future__ import annotations

import math

import numpy as np

from vagus.kernels.jit import kernel


@kernel
def divide_shares(logs: np.ndarray, nowhere: float, shares: np.ndarray, totals: np.ndarray) -> None:
    """Shares of each row that sum to one, and the logarithm of the row's sum.

    logs : float64 (n, m), C order.
    nowhere : rows without a value above this have shares of 0.
    shares : float64 (n, m), out.
    totals : float64 (n,), out.
    """
    n_rows, n_columns = logs.shape
    for row in range(n_rows):
        top = logs[row, 0]
        for column in range(1, n_columns):
            top = max(top, logs[row, column])
        total = 0.0
        for column in range(n_columns):
            shares[row, column] = math.exp(logs[row, column] - top)
            total += shares[row, column]
        totals[row] = math.log(total) + top
        for column in range(n_columns):
            shares[row, column] = shares[row, column] / total if top > nowhere else 0.0
