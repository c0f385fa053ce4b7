"""Do sequencing runs or other batches differ, and can that be distinguished from the groups?

Each batch column is tested on the distances by PERMANOVA (``vagus.cohort.distance_tests``). Beside
R2 is omega squared, its counterpart corrected for what chance alone explains,
df (F - 1) / (df (F - 1) + n). Confounding with the columns of the design is Cramer's V of their
table: 1 means that the group is known when the batch is, and then no analysis separates them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vagus.cohort.distance_tests import permanova
from vagus.diversity.distances import Distances
from vagus.statistics.arrangements import derive_seed
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.columns import describe_column
from vagus.study.comparison import make_comparison
from vagus.study.samples import Sample
from vagus.tables.stages.controls import BATCHES

if TYPE_CHECKING:
    import pandas as pd

RUN = "run"
STRONG_ASSOCIATION = 0.5
COMPLETE = 1 - 1e-9


@dataclass(frozen=True)
class BatchDesign:
    """Columns that name batches, and what they may be confounded with.

    Attributes:
        columns: batch columns besides the sequencing run.
        groups: columns whose levels are compared in the study.
        subject: column that names the person, or None.
        permutations: of each test.
        seed: of the permutations.
    """

    columns: tuple[str, ...]
    groups: tuple[str, ...]
    subject: str | None
    permutations: int
    seed: int


def add_runs(samples: Sequence[Sample]) -> list[Sample]:
    """Study samples with the sequencing run as one more column."""
    study = [sample for sample in samples if not sample.control]
    return [replace(s, metadata={**s.metadata, RUN: s.run}) for s in study]


def check_batches(
    samples: Sequence[Sample], distances: Distances, metric: str, design: BatchDesign
) -> list[dict[str, object]]:
    """One row a batch column that has two values or more, the run first.

    Keys: batch, metric, n, statistic, p_value, r2, omega2, permutations, confounded_with, note.
    """
    study = add_runs(samples)
    rows = []
    for column in dict.fromkeys((RUN, *design.columns)):
        levels = {s.value(column) for s in study if s.value(column)}
        if len(levels) > 1:
            rows.append(_check(study, column, distances, metric, design))
    return rows


def _check(
    study: list[Sample], name: str, distances: Distances, metric: str, design: BatchDesign
) -> dict[str, object]:
    column = describe_column(study, name, design.subject, as_levels=True)
    comparison = make_comparison(study, column, set(distances.samples), "no distances")
    row: dict[str, object] = {
        "batch": name, "metric": metric, "n": comparison.count_samples(),
        "statistic": math.nan, "p_value": math.nan, "r2": math.nan, "omega2": math.nan,
        "permutations": 0, "confounded_with": describe_confounding(study, name, design.groups),
        "note": "; ".join([*comparison.notes, comparison.obstacle]).strip("; "),
    }  # fmt: skip
    if comparison.obstacle:
        return row
    values = distances.select(list(comparison.samples)).values
    plan = PermutationPlan(design.permutations, derive_seed(design.seed, "batch", name, metric))
    found = permanova(values, comparison, plan)
    df, n = len(comparison.levels) - 1, len(comparison.samples)
    return row | {
        "statistic": found.statistic, "p_value": found.p_value, "r2": found.effect,
        "omega2": omega_squared(found.statistic, df, n), "permutations": found.permutations,
        "note": "; ".join(part for part in (*comparison.notes, found.note) if part),
    }  # fmt: skip


def omega_squared(statistic: float, df: int, n: int) -> float:
    """Omega squared of a one-way F; may be below 0; NaN for no statistic."""
    above = df * (statistic - 1)
    return above / (above + n)


def describe_confounding(samples: Sequence[Sample], batch: str, groups: Sequence[str]) -> str:
    """'group (completely); diet (Cramer's V 0.62)', or an empty string."""
    parts = []
    for group in groups:
        if group == batch:
            continue
        strength = cramers_v(
            [(s.value(batch), s.value(group)) for s in samples if s.value(batch) and s.value(group)]
        )
        if strength >= COMPLETE:
            parts.append(f"{group} (completely)")
        elif strength >= STRONG_ASSOCIATION:
            parts.append(f"{group} (Cramer's V {strength:.2f})")
    return "; ".join(parts)


def cramers_v(pairs: Sequence[tuple[str, str]]) -> float:
    """Association of two columns, 0 to 1; NaN when either has one value (Cramer 1946)."""
    rows, columns = sorted({a for a, _ in pairs}), sorted({b for _, b in pairs})
    if min(len(rows), len(columns)) < 2:
        return math.nan
    counts = np.zeros((len(rows), len(columns)))
    for a, b in pairs:
        counts[rows.index(a), columns.index(b)] += 1
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    chi_squared = float(((counts - expected) ** 2 / expected).sum())
    return math.sqrt(chi_squared / (counts.sum() * (min(counts.shape) - 1)))


def tabulate_batches(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """Rows of ``check_batches`` as a table."""
    import pandas as pd

    return pd.DataFrame(rows, columns=BATCHES.names)
