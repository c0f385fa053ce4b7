"""Elementary functions of arrays, with the same digits on every processor.

numpy computes them in double precision by one algorithm with AVX-512 and by another without, and
1 result in 20 (exp) to 1 in 400 (log) differs in its last digit. In extended precision it calls the
function of the C library for one value at a time; rounded to double precision the result is the
nearest double except in about 1 of 1000 cases, and never depends on the processor. It takes some
0.3 microseconds a value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

# logarithms above this have a power of e above 0 in double precision: half of 2^-1074
LEAST_LOG = -745.1332191019412
_CHUNK = 1 << 16


def exp(values: ArrayLike) -> Any:
    """e to the power of ``values``."""
    return _extend(np.exp, values)


def log(values: ArrayLike) -> Any:
    """Natural logarithm."""
    return _extend(np.log, values)


def log2(values: ArrayLike) -> Any:
    """Logarithm to base 2."""
    return _extend(np.log2, values)


def log10(values: ArrayLike) -> Any:
    """Logarithm to base 10."""
    return _extend(np.log10, values)


def log1p(values: ArrayLike) -> Any:
    """Natural logarithm of 1 + ``values``."""
    return _extend(np.log1p, values)


def cos(values: ArrayLike) -> Any:
    """Cosine of radians."""
    return _extend(np.cos, values)


def sin(values: ArrayLike) -> Any:
    """Sine of radians."""
    return _extend(np.sin, values)


def power(base: ArrayLike, exponent: ArrayLike) -> Any:
    """``base`` to the power of ``exponent``; squares (``x**2``) need no such care."""
    return _shorten(np.power(_lengthen(base), _lengthen(exponent)))


def _extend(function: Callable[..., Any], values: ArrayLike) -> Any:
    array = np.asarray(values, dtype=np.float64)
    if array.size <= _CHUNK:
        return _shorten(function(_lengthen(array)))
    flat, result = array.reshape(-1), np.empty(array.size)
    for start in range(0, flat.size, _CHUNK):  # extended values take twice the memory
        part = slice(start, start + _CHUNK)
        result[part] = _shorten(function(_lengthen(flat[part])))
    return result.reshape(array.shape)


def _lengthen(values: ArrayLike) -> Any:
    return np.asarray(values, dtype=np.float64).astype(np.longdouble)


def _shorten(values: Any) -> Any:
    """Double precision: an array, or a number for a number."""
    with np.errstate(under="ignore"):
        return values.astype(np.float64)
