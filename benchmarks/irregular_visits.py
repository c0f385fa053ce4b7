"""How often tests over time find a difference that is not there, with visits on any days.

Sixteen people in two groups come two to six times in 90 days, on any days; 'unlike': cases come
twice. All drift by the same trend, and each by a slope of its own (normal, ``--slopes`` standard
deviations of a sample in 30 days). No group differs. Printed: share of studies with p <= 0.05.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from vagus.cohort.longitudinal import compare_trajectories
from vagus.diversity.distances import Distances
from vagus.study.design import StudyDesign
from vagus.study.samples import Sample
from vagus.study.test_names import CHANGE_ALPHA, CHANGE_BETA, VOLATILITY
from vagus.study.trajectories import make_trajectory

DESIGN = StudyDesign(("group",), "who", "time", permutations=199)
QUESTIONS = (CHANGE_ALPHA, CHANGE_BETA, VOLATILITY)
N_PEOPLE, N_AXES, DAYS, NOISE, TREND = 16, 4, 90, 0.5, 0.02


def draw_study(seed: int, slopes: float, is_unlike: bool) -> dict[str, float]:
    """P-values of one study without a difference."""
    rng = np.random.default_rng(seed)
    samples, points = [], []
    for person in range(N_PEOPLE):
        is_case = person % 2 == 1
        home, own = rng.normal(size=N_AXES), rng.normal(scale=slopes, size=N_AXES) / 30
        n = 2 if is_unlike and is_case else 2 + int(rng.integers(0, 5))
        for day in sorted(rng.choice(DAYS, n, replace=False).tolist()):
            name = f"P{person:02d}-{day:02d}"
            group = "case" if is_case else "control"
            meta = {"who": f"P{person:02d}", "time": str(day), "group": group}
            samples.append(Sample(name, name, (), metadata=meta))
            trend = np.array([TREND * day, *[0.0] * (N_AXES - 1)])
            points.append(home + own * day + trend + rng.normal(scale=NOISE, size=N_AXES))
    values, names = np.array(points), [sample.name for sample in samples]
    alpha = pd.DataFrame({"sample": names, "reads": 9, "depth": 5, "shannon": values[:, 0]})
    order = sorted(range(len(names)), key=names.__getitem__)
    table = Distances(tuple(names[i] for i in order), squareform(pdist(values[order])))
    trajectory = make_trajectory(samples, DESIGN)
    found = compare_trajectories(samples, trajectory, alpha, {"aitchison": table}, DESIGN)
    first = found.drop_duplicates("question").set_index("question")
    return {question: float(first.at[question, "p_value"]) for question in QUESTIONS}


def main(argv: Sequence[str] | None = None) -> int:
    """Draw and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=300)
    parser.add_argument("--slopes", type=float, nargs="+", default=[0.0, 1.0])
    options = parser.parse_args(argv)
    print("slopes", "visits", *QUESTIONS, sep="\t")
    for slopes in options.slopes:
        for is_unlike in (False, True):
            drawn = [draw_study(seed, slopes, is_unlike) for seed in range(options.studies)]
            shares = [np.mean([study[q] <= 0.05 for study in drawn]) for q in QUESTIONS]
            visits = "unlike" if is_unlike else "alike"
            print(slopes, visits, *(f"{share:.3f}" for share in shares), sep="\t")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
