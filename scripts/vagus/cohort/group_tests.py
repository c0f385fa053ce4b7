"""All tests of a study: one table for alpha, one for beta diversity.

Every group column (and the time column, when subjects have samples at several times) is tested
against each alpha metric and each distance. Repeated samples of one subject are averaged for
alpha tests; for distances see ``distance_tests``. Hill numbers of order 1 and 2 rise and fall
with Shannon and Simpson, so rank tests of them would be the same tests once more, and weigh twice
in the correction for multiple tests; the models have them (``alpha_models``). Q-values:
Benjamini-Hochberg over all alpha tests, over all PERMANOVA and over all PERMDISP tests of the
study. Two levels are compared as in the models: the other level minus the reference (see
``levels``). Results are associations in these samples; they are not adjusted for covariates, and
the notes state it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.alpha_metrics import SAME_ORDER, find_redundant, list_metrics
from vagus.cohort.distance_tests import permanova, permdisp
from vagus.cohort.multiple_testing import adjust_families
from vagus.cohort.permutations import plan_test
from vagus.diversity.distances import Distances
from vagus.statistics.rank_tests import (
    Outcome,
    PermutationPlan,
    friedman,
    kruskal_wallis,
    mann_whitney,
    spearman,
    wilcoxon,
)
from vagus.study.comparison import Comparison, make_comparison
from vagus.study.design import StudyDesign
from vagus.study.samples import Sample
from vagus.study.test_names import PERMANOVA, PERMDISP
from vagus.tables.stages.cohort import ALPHA_TESTS, BETA_TESTS

if TYPE_CHECKING:
    import pandas as pd

NAN = float("nan")
Floats = NDArray[np.float64]


def compare_alpha(
    samples: Sequence[Sample], alpha: pd.DataFrame, design: StudyDesign
) -> pd.DataFrame:
    """Test every metric of ``alpha`` (its columns beside sample, reads and depth) but Hill numbers.

    ``samples`` are those of the sheet that are not controls.
    """
    import pandas as pd

    rows: list[dict[str, object]] = []
    metrics = [name for name in list_metrics(alpha) if name not in SAME_ORDER]
    redundant = find_redundant(alpha, [sample.name for sample in samples])
    for column in design.list_columns(samples):
        for metric in metrics:
            known = alpha[alpha[metric].notna()]
            names, numbers = known["sample"].astype(str), known[metric].astype(float)
            values = dict(zip(names, numbers, strict=True))
            comparison = make_comparison(
                samples, column, values, f"no value of {metric}", design.references
            )
            if metric in redundant and not comparison.obstacle:
                comparison = replace(comparison, obstacle=redundant[metric])
            plan = plan_test(design, column.name, metric, "alpha")
            outcome = _test_values(comparison, values, plan)
            row = _describe(comparison, metric, outcome, comparison.count_units())
            rows.append({**row, "note": _join(row["note"], _explain_units(comparison))})
    frame = pd.DataFrame(rows, columns=ALPHA_TESTS.names)
    return adjust_families(frame, [np.ones(len(frame), dtype=bool)])


def compare_beta(
    samples: Sequence[Sample], distances: Mapping[str, Distances], design: StudyDesign
) -> pd.DataFrame:
    """Test every distance with PERMANOVA and PERMDISP; ``samples`` as in ``compare_alpha``."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    for column in design.list_columns(samples):
        for metric, table in distances.items():
            comparison = make_comparison(
                samples, column, table.samples, "no distances (few reads)", design.references
            )
            values = table.select(list(comparison.samples)).values
            for name, test in ((PERMANOVA, permanova), (PERMDISP, permdisp)):
                outcome = (
                    Outcome(name, NAN, NAN, NAN, "", comparison.obstacle)
                    if comparison.obstacle
                    else test(values, comparison, plan_test(design, column.name, metric, name))
                )
                row = _describe(comparison, metric, outcome, comparison.count_samples())
                rows.append({**row, "permutations": outcome.permutations or NAN})
    frame = pd.DataFrame(rows, columns=BETA_TESTS.names)
    return adjust_families(frame, [frame["test"] == name for name in (PERMANOVA, PERMDISP)])


def _test_values(
    comparison: Comparison, values: Mapping[str, float], plan: PermutationPlan
) -> Outcome:
    """The rank test that fits the design, on one value per unit."""
    if comparison.obstacle:
        return Outcome(comparison.rank_test, NAN, NAN, NAN, "", comparison.obstacle)
    of_samples = np.array([values[sample] for sample in comparison.samples])
    if comparison.design == "within":
        cells = _average_cells(of_samples, comparison)
        if len(comparison.levels) == 2:
            return wilcoxon(cells[:, 1], cells[:, 0])
        return friedman(cells, plan)
    subjects = comparison.subjects
    means = np.bincount(subjects, weights=of_samples) / np.bincount(subjects)
    of_units = comparison.values[np.unique(subjects, return_index=True)[1]]
    if comparison.is_numeric:
        return spearman(means, of_units, plan)
    if len(comparison.levels) == 2:
        return mann_whitney(means[of_units == 1], means[of_units == 0])
    return kruskal_wallis(means, of_units, plan)


def _average_cells(of_samples: Floats, comparison: Comparison) -> Floats:
    """Mean of each subject's samples at each level: (n_subjects, n_levels)."""
    shape = (comparison.n_subjects, len(comparison.levels))
    cells = comparison.subjects * shape[1] + comparison.values
    sums = np.bincount(cells, weights=of_samples, minlength=shape[0] * shape[1])
    means: Floats = (sums / np.bincount(cells, minlength=sums.size)).reshape(shape)
    return means


def _describe(
    comparison: Comparison, metric: str, outcome: Outcome, counts: str
) -> dict[str, object]:
    """One row of a table; the q-value comes later."""
    notes = [outcome.note, _explain_sign(comparison, outcome), *comparison.notes]
    return {
        "variable": comparison.variable,
        "metric": metric,
        "test": outcome.test,
        "groups": ";".join(comparison.levels),
        "n": counts,
        "statistic": outcome.statistic,
        "p_value": outcome.p_value,
        "effect": outcome.effect,
        "effect_low": outcome.effect_interval[0],
        "effect_high": outcome.effect_interval[1],
        "effect_name": _name_effect(comparison, outcome),
        "note": _join(*notes),
    }


def _join(*notes: object) -> str:
    return "; ".join(str(note) for note in notes if note)


def _explain_units(comparison: Comparison) -> str:
    """How repeated samples of a subject entered a test of single values."""
    if comparison.obstacle or comparison.design == "independent":
        return ""
    repeated = f"{len(comparison.samples)} samples of {comparison.n_subjects} subjects"
    if comparison.design == "within":
        return f"{repeated}, each compared with itself"
    return f"{repeated}, one mean for each subject"


def _has_direction(outcome: Outcome) -> bool:
    return "rank-biserial" in outcome.effect_name


def _name_effect(comparison: Comparison, outcome: Outcome) -> str:
    """The effect's name; with what is minus what where the sign depends on it."""
    if not _has_direction(outcome):
        return outcome.effect_name
    reference, other = comparison.levels
    return f"{outcome.effect_name}, {other} - {reference}"


def _explain_sign(comparison: Comparison, outcome: Outcome) -> str:
    if _has_direction(outcome):
        return f"effect above 0: higher in '{comparison.levels[1]}'"
    return ""
