"""Simulated cohorts for cohort_calibration.py: communities like those of a table, with a design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

WITHIN = 10.0
N_EFFECT_TAXA = 10


@dataclass(frozen=True)
class Scenario:
    """One kind of cohort.

    ``subjects`` of each group; ``samples`` of each subject, in turn; ``within``: the group
    changes within subjects; ``depth_ratio``: depth of the second group over the first;
    ``age_effect``: groups differ in age, and age shifts the community; ``effect``: log fold
    change of some taxa in the second group.
    """

    subjects: tuple[int, ...]
    samples: tuple[int, ...] = (1,)
    within: bool = False
    depth_ratio: float = 1.0
    age_effect: float = 0.0
    effect: float = 0.0
    depth: int = 3000


NULLS = {
    "8 + 8 samples": Scenario((8, 8)),
    "15 + 15 samples, depth 1:4": Scenario((15, 15), depth_ratio=4.0),
    "6 + 6 + 6 samples": Scenario((6, 6, 6)),
    "6 + 6 subjects, 2 samples each": Scenario((6, 6), (2,)),
    "8 + 8 subjects, 1-3 samples, depth 1:4": Scenario((8, 8), (1, 3, 2), depth_ratio=4.0),
    "12 subjects, 2 conditions": Scenario((12,), (2,), within=True),
    "10 subjects, 3 conditions, depth 1:4": Scenario((10,), (3,), within=True, depth_ratio=4.0),
    "15 + 15 samples, age differs and acts": Scenario((15, 15), age_effect=1.0),
    "8 + 8 subjects, 3 times": Scenario((8, 8), (3,)),
}
POWERS = {
    f"{n} + {n} samples, {fold:g}-fold": Scenario((n, n), effect=float(np.log(fold)))
    for n in (10, 20, 40)
    for fold in (2, 4, 8)
}


@dataclass(frozen=True)
class Base:
    """Mean shares of taxa and the concentration of subjects around them."""

    shares: np.ndarray
    concentration: float


def fit_base(path: Path, names: Sequence[str] | None = None) -> Base:
    """Shares and moment estimate of the concentration from a table with a column a sample."""
    table = pd.read_csv(path, sep="\t", index_col=0)
    counts = table[list(names)] if names else table
    matrix = counts.to_numpy(dtype=float).T
    matrix = matrix[matrix.sum(axis=1) > 500]
    matrix = matrix[:, (matrix > 0).sum(axis=0) >= 2]
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    mean = shares.mean(axis=0)
    spread = shares.var(axis=0, ddof=1).sum() / (mean * (1 - mean)).sum()
    return Base(mean, 1 / spread - 1)


def choose_swabs(path: Path) -> list[str]:
    """Nasal swabs of the shared table: no controls, no mocks."""
    meta = pd.read_csv(path.parent / "FL16S_meta.tsv", sep="\t", skiprows=[1], dtype=str)
    return meta.loc[meta["Type"].str.contains("Swab"), "sample-id"].tolist()


@dataclass(frozen=True)
class Cohort:
    """Counts (n, n_taxa) and what is known of the samples; ``changed`` taxa truly differ."""

    counts: np.ndarray
    meta: pd.DataFrame
    changed: np.ndarray


def draw_cohort(base: Base, scenario: Scenario, rng: np.random.Generator) -> Cohort:
    """One simulated cohort."""
    rows, meta = [], []
    changed = rng.choice(np.argsort(-base.shares)[:60], N_EFFECT_TAXA, replace=False)
    signs = np.where(np.arange(N_EFFECT_TAXA) % 2 == 0, 1.0, -1.0)
    person = 0
    for group, n_subjects in enumerate(scenario.subjects):
        for _ in range(n_subjects):
            age = rng.normal(40 + 8 * group * (scenario.age_effect > 0), 8)
            shift = np.zeros(base.shares.size)
            shift[changed] = signs * scenario.age_effect * (age - 40) / 8
            n_samples = scenario.samples[person % len(scenario.samples)]
            own = draw_shares(rng, base.shares * np.exp(shift), base.concentration)
            for time in range(n_samples):
                level = time if scenario.within else group
                mine = own.copy()
                mine[changed] *= np.exp(signs * scenario.effect * (level == 1))
                if len(scenario.samples) > 1 or n_samples > 1:
                    mine = draw_shares(rng, mine, WITHIN * (base.concentration + 1))
                ratio = scenario.depth_ratio if level == 1 else 1.0
                depth = int(scenario.depth * ratio * rng.lognormal(0, 0.3))
                rows.append(rng.multinomial(depth, mine / mine.sum()))
                meta.append((f"P{person:02d}", f"t{time}", f"g{level}", f"{age:.1f}"))
            person += 1
    frame = pd.DataFrame(meta, columns=["subject", "time", "group", "age"])
    frame.insert(0, "sample", [f"S{index:03d}" for index in range(len(rows))])
    return Cohort(np.array(rows), frame, changed)


def draw_shares(rng: np.random.Generator, mean: np.ndarray, concentration: float) -> np.ndarray:
    """Dirichlet shares around ``mean``; taxa that vanish get next to nothing."""
    weights = rng.standard_gamma(concentration * mean / mean.sum() + 1e-12)
    total = weights.sum()
    return weights / total if total > 0 else mean / mean.sum()


def rarefy(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Every sample at the lowest depth."""
    depth = int(counts.sum(axis=1).min())
    return np.array([rng.multivariate_hypergeometric(row, depth) for row in counts])
