"""The common centre of the effects of all taxa, and which taxa are at it.

Sequencing gives shares: when some taxa grow, the reads of all others fall alike, and the effects of
unchanged taxa are not 0 but a common value, the centre. Effects b_j with errors s_j are a mixture
of taxa at the centre c, N(c, s_j^2), and changed taxa, whose true effects are uniform between c and
c + W or c - W for several widths W, with errors added; both directions have their own weights. The
centre is the one of 41 values between the 10th and the 90th percentile of the effects that has the
highest likelihood, weights by EM at each of them. Five more taxa are taken to be at the centre, so
that few taxa do not leave it empty. A mixture that is unimodal at the centre and not a median:
where many taxa change in one direction the median moves with them. Stephens 2017, Biostatistics
18:275, has such mixtures with a known centre.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import exp, log

Floats = NDArray[np.float64]
_GRID, _STEPS, _PRIOR = 41, 35, 5.0
_WIDTHS = np.array([0.25, 0.5, 1.0, 2.0, 4.0])
_LEAST = 1e-9


def find_centre(effects: Floats, errors: Floats) -> float:
    """The common centre of effects (n_taxa,) with standard errors (n_taxa,), errors above 0."""
    low, high = np.percentile(effects, [10, 90])
    grid = np.linspace(low, high, _GRID)
    densities = _measure(effects, errors, grid)
    weights = _weigh(densities)
    total = (densities * weights[:, None, :]).sum(axis=2)
    likelihood = log(total).sum(axis=1) + _PRIOR * log(weights[:, 0])
    return float(grid[int(likelihood.argmax())])


def measure_unchanged(effects: Floats, errors: Floats) -> Floats:
    """Probability of each taxon to be at the centre 0, shape (n_taxa,)."""
    densities = _measure(effects, errors, np.zeros(1))
    parts = densities[0] * _weigh(densities)[0]
    shares: Floats = parts[:, 0] / parts.sum(axis=1)
    return shares


def _measure(effects: Floats, errors: Floats, grid: Floats) -> Floats:
    """Density of each effect at each centre and component, (n_grid, n_taxa, n_components)."""
    spread = max(float(np.var(effects)) - float(np.median(errors**2)), 0.0)
    unit = max(spread**0.5, 0.3 * float(np.median(errors)))
    distances = effects[None, :] - grid[:, None]
    scaled = distances / errors
    below = _cumulate(scaled)
    parts = [exp(-0.5 * scaled**2) / np.sqrt(2 * np.pi) / errors]
    for width in _WIDTHS * unit:
        parts.append((below - _cumulate((distances - width) / errors)) / width)
        parts.append((_cumulate((distances + width) / errors) - below) / width)
    densities: Floats = np.maximum(np.stack(parts, axis=2), _LEAST)
    return densities


def _cumulate(values: Floats) -> Floats:
    """Normal distribution function to 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26)."""
    size = np.abs(values) / np.sqrt(2)
    inner = 1 / (1 + 0.3275911 * size)
    series = np.zeros_like(inner)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + factor) * inner
    half = 0.5 * series * exp(-np.minimum(size**2, 700.0))
    below: Floats = np.where(values > 0, 1 - half, half)
    return below


def _weigh(densities: Floats) -> Floats:
    """Weights of the components at each centre, (n_grid, n_components), by EM."""
    n_parts = densities.shape[2]
    prior = np.zeros(n_parts)
    prior[0] = _PRIOR
    weights = np.full((densities.shape[0], n_parts), 0.3 / (n_parts - 1))
    weights[:, 0] = 0.7
    for _ in range(_STEPS):
        parts = densities * weights[:, None, :]
        parts /= parts.sum(axis=2, keepdims=True)
        weights = parts.sum(axis=1) + prior
        weights /= weights.sum(axis=1, keepdims=True)
    return weights
