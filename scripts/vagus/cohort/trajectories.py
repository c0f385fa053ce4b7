"""How samples of subjects move over time: steps between times, and values in their order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from vagus.cohort.alpha_metrics import NOT_METRICS
from vagus.diversity.distances import Distances
from vagus.diversity.ordination import center_squares, ordinate
from vagus.numerics.products import multiply
from vagus.study.trajectories import Trajectory
from vagus.tables.stages.cohort import TRAJECTORIES, VOLATILITY

if TYPE_CHECKING:
    import pandas as pd


def measure_steps(trajectory: Trajectory, distances: Mapping[str, Distances]) -> pd.DataFrame:
    """Distance of every subject between consecutive times: one row a subject, step and metric."""
    import pandas as pd

    rows = []
    for metric, table in distances.items():
        own = trajectory.keep(table.samples)
        gower = center_squares(table.select(list(own.samples)).values)
        for subject in dict.fromkeys(own.subjects):
            members = np.array([s == subject for s in own.subjects])
            seen = sorted(set(own.times[members].tolist()))
            for first, second in pairwise(seen):
                shift = np.zeros(len(own.samples))
                for time, sign in ((first, -1.0), (second, 1.0)):
                    at = members & (own.times == time)
                    shift[at] = sign / at.sum()
                distance = max(float(multiply(shift, gower, shift)), 0.0) ** 0.5
                names = own.order[first], own.order[second]
                interval = float(names[1]) - float(names[0]) if own.is_slope else float("nan")
                rows.append((subject, metric, *names, distance, interval))
    return pd.DataFrame(rows, columns=VOLATILITY.names)


def average_steps(steps: pd.DataFrame) -> pd.Series:
    """Volatility by subject: mean distance of its steps, or their sum per unit of time.

    ``steps`` are rows of ``VOLATILITY`` of one metric; visits that lie further apart would else
    count as more change.
    """
    by_subject = steps.groupby("subject", sort=True)
    if steps["interval"].isna().any():
        return by_subject["distance"].mean()
    return by_subject["distance"].sum() / by_subject["interval"].sum()


def follow(
    trajectory: Trajectory, alpha: pd.DataFrame, distances: Mapping[str, Distances]
) -> pd.DataFrame:
    """Values of every sample in the order of time: alpha metrics, first axis of each distance."""
    import pandas as pd

    values: list[tuple[str, str, float]] = []
    for metric in [str(name) for name in alpha.columns if name not in NOT_METRICS]:
        known = alpha[alpha[metric].notna()]
        pairs = zip(known["sample"].astype(str), known[metric].astype(float), strict=True)
        values += [(metric, sample, value) for sample, value in pairs]
    for metric, table in distances.items():
        own = table.select([name for name in table.samples if name in set(trajectory.samples)])
        axes = ordinate(own, 1).coordinates
        if axes.shape[1]:
            places = zip(own.samples, axes[:, 0].tolist(), strict=True)
            values += [(f"PC1 of {metric}", sample, value) for sample, value in places]
    place = {name: row for row, name in enumerate(trajectory.samples)}
    measures = {name: index for index, name in enumerate(dict.fromkeys(v[0] for v in values))}
    kept = sorted((measures[m], place[s], m, s, v) for m, s, v in values if s in place)
    rows = [
        (
            m,
            trajectory.subjects[row],
            trajectory.order[trajectory.times[row]],
            int(trajectory.times[row]) + 1,
            s,
            v,
        )
        for _, row, m, s, v in kept
    ]
    return pd.DataFrame(rows, columns=TRAJECTORIES.names)
