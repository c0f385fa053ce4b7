"""Permutations of one test of a study."""

from __future__ import annotations

from vagus.statistics.arrangements import derive_seed
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.design import StudyDesign


def plan_test(design: StudyDesign, *names: str) -> PermutationPlan:
    """Permutations of one test; its random stream depends on seed and names alone."""
    return PermutationPlan(design.permutations, derive_seed(design.seed, *names))
