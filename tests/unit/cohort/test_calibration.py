"""Without any effect, tests at 5 % reject about 5 % of the time, also with repeated subjects."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import pdist, squareform
from scipy.stats import binom

from vagus.cohort.distance_tests import permanova, permdisp
from vagus.statistics.rank_tests import PermutationPlan, kruskal_wallis, mann_whitney, wilcoxon
from vagus.study.comparison import Comparison

N_DRAWS = 200
LOW, HIGH = binom.interval(0.999, N_DRAWS, 0.05)
NAMES = tuple(f"s{index:02d}" for index in range(24))
SUBJECTS = np.repeat(np.arange(12), 2)


def draw_profiles(rng: np.random.Generator) -> np.ndarray:
    """Distances between 24 samples of 12 persons, whose two samples resemble each other."""
    persons = rng.dirichlet(np.full(12, 0.3), size=12)
    shares = np.array([rng.dirichlet(60 * person + 0.01) for person in persons[SUBJECTS]])
    return squareform(pdist(shares, "cityblock")) / 2


def count_rejections(design: str, subjects: np.ndarray, values: np.ndarray) -> tuple[int, int]:
    rng = np.random.default_rng(2)
    comparison = Comparison("v", design, NAMES, ("a", "b"), values, subjects)
    location = spread = 0
    for draw in range(N_DRAWS):
        plan, distances = PermutationPlan(199, (1, draw)), draw_profiles(rng)
        location += permanova(distances, comparison, plan).p_value <= 0.05
        spread += permdisp(distances, comparison, plan).p_value <= 0.05
    return location, spread


def test_whole_subject_permutation_holds_its_level() -> None:
    location, spread = count_rejections("between", SUBJECTS, np.repeat([0, 1], 12))
    assert LOW <= location <= HIGH
    assert LOW <= spread <= HIGH


def test_repeated_samples_taken_as_independent_would_not() -> None:
    location, _ = count_rejections("independent", np.arange(24), np.repeat([0, 1], 12))
    assert location > HIGH


def test_permutation_within_subjects_holds_its_level() -> None:
    location, spread = count_rejections("within", SUBJECTS, np.tile([0, 1], 12))
    assert LOW <= location <= HIGH
    assert LOW <= spread <= HIGH


def test_rank_tests_hold_their_level() -> None:
    rng = np.random.default_rng(3)
    two = paired = three = 0
    levels = np.repeat([0, 1, 2], [4, 6, 8])
    for draw in range(N_DRAWS):
        values = rng.poisson(12, size=18).astype(float)
        two += mann_whitney(values[:9], values[9:]).p_value <= 0.05
        paired += wilcoxon(values[:9], values[9:]).p_value <= 0.05
        three += kruskal_wallis(values, levels, PermutationPlan(199, (1, draw))).p_value <= 0.05
    assert two <= HIGH
    assert paired <= HIGH
    assert LOW <= three <= HIGH
