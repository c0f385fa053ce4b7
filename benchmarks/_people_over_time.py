"""Simulated people for within_people.py: series with autocorrelation, slopes of people's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Floats = np.ndarray
VISITS = {
    "9 people x 12": (12,) * 9,
    "20 people x 4": (4,) * 20,
    "40 people x 3": (3,) * 40,
    "20 people, 2 to 9": (2, 3, 5, 9) * 5,
}
ERRORS = {"independent": (0.0, 0.0), "AR(1) 0.6": (0.6, 0.0), "slopes sd 1": (0.0, 1.0),
          "AR(1) 0.6, slopes sd 0.5": (0.6, 0.5)}  # fmt: skip


def draw_series(
    rng: np.random.Generator, visits: Sequence[int], width: int, correlation: float
) -> Floats:
    """Series of variance 1 for each person, shape (sum of visits, width)."""
    values = rng.normal(size=(sum(visits), width))
    fresh = np.sqrt(1 - correlation**2)
    start = 0
    for n in visits:
        for row in range(start + 1, start + n):
            values[row] = correlation * values[row - 1] + fresh * values[row]
        start += n
    return values


def draw_outcomes(
    rng: np.random.Generator,
    visits: Sequence[int],
    x: Floats,
    width: int,
    kind: tuple[float, float],
) -> Floats:
    """Outcomes that x (n, 1) does nothing to on average; a level and a slope for each person."""
    people = np.repeat(np.arange(len(visits)), visits)
    level = rng.normal(size=(len(visits), width))[people]
    slope = kind[1] * rng.normal(size=(len(visits), width))[people]
    return level + slope * x + draw_series(rng, visits, width, kind[0])


@dataclass(frozen=True)
class Community:
    """Taxa as they are in a table: how often present, log of the share where present."""

    presence: Floats
    means: Floats
    deviations: Floats


def fit_community(path: Path) -> Community:
    """Taxa of a table with a row a sample that at least a tenth of the samples have."""
    import pandas as pd

    table = pd.read_csv(path, sep="\t", index_col=0).select_dtypes("number")
    counts = table.to_numpy(dtype=float)
    counts = counts[counts.sum(axis=1) > 500]
    shares = counts / counts.sum(axis=1, keepdims=True)
    present = (shares > 0).mean(axis=0)
    kept = present >= max(0.1, 4 / len(shares))
    logs = np.log(np.where(shares > 0, shares, np.nan)[:, kept])
    return Community(present[kept], np.nanmean(logs, axis=0), np.nanstd(logs, axis=0))


@dataclass(frozen=True)
class TaxaDraw:
    """Counts (n, n_taxa), the tested column, people, and the true log2 folds."""

    counts: Floats
    x: Floats
    people: np.ndarray
    folds: Floats


@dataclass(frozen=True)
class TaxaScenario:
    """A comparison of taxa.

    ``visits`` of each person; ``share`` of the common taxa that change, by ``fold`` upwards;
    ``second``: share of people in the second group, or None where x is a number that varies within
    people; ``depth_ratio``: depth of the second group over the first (or per unit of x);
    ``errors``: autocorrelation and sd of slopes of people's own (log2 a unit), within people.
    """

    visits: tuple[int, ...]
    share: float = 0.0
    fold: float = 4.0
    second: float | None = 0.5
    depth_ratio: float = 1.0
    errors: tuple[float, float] = (0.0, 0.0)
    depth: int = 10000


def draw_taxa(rng: np.random.Generator, base: Community, scenario: TaxaScenario) -> TaxaDraw:
    """One study; a fifth of the variance of a taxon is between the visits of a person."""
    n, n_taxa = len(scenario.visits), base.means.size
    people = np.repeat(np.arange(n), scenario.visits)
    rho, slope_sd = scenario.errors
    if scenario.second is None:
        x = draw_series(rng, scenario.visits, 1, rho)[:, 0]
    else:
        x = (np.arange(n) >= round(n * (1 - scenario.second))).astype(float)[people]
    is_single = max(scenario.visits) == 1
    own = rng.normal(size=(n, n_taxa)) * (1.0 if is_single else np.sqrt(0.8))
    noise = draw_series(rng, scenario.visits, n_taxa, rho) * (0.0 if is_single else np.sqrt(0.2))
    logs = base.means + base.deviations * (own[people] + noise)
    logs += np.log(2) * slope_sd * rng.normal(size=(n, n_taxa))[people] * x[:, None]
    common = np.flatnonzero(base.presence >= 0.3)
    folds = np.zeros(n_taxa)
    folds[rng.choice(common, round(scenario.share * common.size), replace=False)] = np.log2(
        scenario.fold
    )
    logs += np.log(2) * folds * x[:, None]
    is_present = (rng.random((n, n_taxa)) < base.presence)[people]
    shares = np.where(is_present, np.exp(logs), 0.0)
    shares /= shares.sum(axis=1, keepdims=True)
    depths = scenario.depth * scenario.depth_ratio**x * rng.lognormal(0, 0.3, x.size)
    counts = [rng.multinomial(int(d), s) for d, s in zip(depths, shares, strict=True)]
    return TaxaDraw(np.array(counts, dtype=float), x, people, folds)
