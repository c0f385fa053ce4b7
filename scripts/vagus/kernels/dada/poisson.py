"""Poisson tails in log space, so that the smallest p-values keep their order."""

from __future__ import annotations

import math

from vagus.kernels.jit import kernel

TINY = 1e-300
PRECISION = 1e-16
MAX_TERMS = 1_000_000


@kernel
def log_tail_by_series(n: float, mu: float) -> float:
    """ln P(X >= n) from the terms at and above ``n``; quick where mu < n."""
    total = 1.0
    term = 1.0
    k = n + 1.0
    for _ in range(MAX_TERMS):
        term *= mu / k
        total += term
        if term < total * PRECISION:
            break
        k += 1.0
    return n * math.log(mu) - mu - math.lgamma(n + 1.0) + math.log(total)


@kernel
def log_tail_by_fraction(n: float, mu: float) -> float:
    """ln P(X >= n) as ln(1 - Q), Q by Lentz's continued fraction; quick where mu > n."""
    b = mu + 1.0 - n
    c = 1.0 / TINY
    d = 1.0 / b
    h = d
    for i in range(1, MAX_TERMS):
        a = -i * (i - n)
        b += 2.0
        d = a * d + b
        if abs(d) < TINY:
            d = TINY
        c = b + a / c
        if abs(c) < TINY:
            c = TINY
        d = 1.0 / d
        h *= d * c
        if abs(d * c - 1.0) < PRECISION * 4:
            break
    return math.log1p(-math.exp(n * math.log(mu) - mu - math.lgamma(n)) * h)


@kernel
def log_poisson_tail(n: int, log_mu: float) -> float:
    """ln P(X >= n) for a Poisson variable X with mean exp(``log_mu``), n >= 1.

    Below mu = 1e-300 the first term alone is exact: n ln mu - ln n!.
    """
    mu = math.exp(log_mu)
    if mu < TINY:
        return n * log_mu - math.lgamma(n + 1.0)
    if mu < n + 1.0:
        return log_tail_by_series(float(n), mu)
    return log_tail_by_fraction(float(n), mu)


@kernel
def log_presence(log_mu: float) -> float:
    """ln P(X >= 1) = ln(1 - exp(-mu)) for mu = exp(``log_mu``)."""
    mu = math.exp(log_mu)
    return log_mu if mu < TINY else math.log(-math.expm1(-mu))
