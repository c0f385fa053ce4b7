"""Measures that say nothing of their own are rows with a reason, and no tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from vagus.cohort.alpha_metrics import find_redundant
from vagus.cohort.alpha_models import model_alpha
from vagus.cohort.group_tests import compare_alpha
from vagus.study.design import StudyDesign
from vagus.study.levels import order_levels
from vagus.study.samples import Sample

DESIGN = StudyDesign(("group",))


def make_study() -> tuple[list[Sample], pd.DataFrame]:
    """Chao1 equals the observed ASVs in all samples but the control; coverage is 1 in all."""
    rng = np.random.default_rng(3)
    names = [f"s{i}" for i in range(12)]
    samples = [
        Sample(name, name, (), metadata={"group": "ab"[i % 2]}) for i, name in enumerate(names)
    ]
    observed = rng.integers(20, 60, 12).astype(float)
    alpha = pd.DataFrame({
        "sample": [*names, "blank"], "reads": 9, "depth": 9, "observed": [*observed, 3.0],
        "chao1": [*observed, 4.0], "shannon": rng.normal(size=13), "coverage": [*[1.0] * 12, 0.5],
    })  # fmt: skip
    return samples, alpha


def test_equal_and_constant_measures_are_found_among_the_samples_alone() -> None:
    samples, alpha = make_study()
    names = [sample.name for sample in samples]
    assert find_redundant(alpha, names) == {
        "chao1": "not tested: equal to observed in every sample",
        "coverage": "not tested: 1 in every sample",
    }
    assert find_redundant(alpha, [*names, "blank"]) == {}


@pytest.mark.parametrize("compare", [compare_alpha, model_alpha])
def test_they_do_not_count_in_the_correction(compare: object) -> None:
    samples, alpha = make_study()
    found = compare(samples, alpha, DESIGN).set_index("metric")  # type: ignore[operator]
    for metric, words in (("chao1", "equal to observed"), ("coverage", "1 in every sample")):
        assert np.isnan(found.at[metric, "p_value"])
        assert words in found.at[metric, "note"]
    tested = found.loc[["observed", "shannon"]]
    expected = false_discovery_control(tested["p_value"])  # of two tests, not of three
    assert tested["q_value"].to_numpy() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("levels", "reference"),
    [
        (("mild depression", "no depression"), "no depression"),
        (("probiotic", "placebo arm"), "placebo arm"),
        (("A_case", "healthy_control"), "healthy_control"),
        (("responder", "non-responder"), "non-responder"),
        (("Norway", "Albania"), "Albania"),  # 'no' is no word of it
        (("high", "low"), "high"),
        (("mutant", "WT"), "WT"),
    ],
)
def test_the_reference_is_the_level_without_the_condition(
    levels: tuple[str, ...], reference: str
) -> None:
    assert order_levels(levels)[0] == reference
