"""Rounding of what libraries computed whose arithmetic is not in our hands."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def round_digits(values: ArrayLike, digits: int) -> NDArray[np.float64]:
    """Values with so many significant decimal digits, as their text has them."""
    array = np.asarray(values, dtype=np.float64)
    rounded = [float(f"{value:.{digits - 1}e}") for value in array.ravel().tolist()]
    return np.array(rounded, dtype=np.float64).reshape(array.shape)
