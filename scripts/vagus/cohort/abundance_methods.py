"""Methods that ask whether taxa differ in abundance, beside the count score test.

The count score test (``count_effects``) is the primary analysis. These are for comparison with
other studies: log-ratios are biased when many taxa change in one direction, since an unchanged
taxon that falls to 0 reads keeps its half read.

| method | family | from |
|---|---|---|
| CLR linear or mixed model | centred log-ratios | ``linear_models``, ``mixed_models`` |
| CLR within-subject model | the same, changes within subjects | ``clustered_models`` |
| ANCOM-BC | log counts, bias of sampling fractions estimated | scikit-bio ``ancombc`` |
| Dirichlet-multinomial | log-ratios of posterior draws | scikit-bio ``dirmult_ttest``, ``_lme`` |

- Zeros: half a read, in samples of mean depth; in others in proportion to their depth, so that a
  taxon that is absent everywhere has the same share everywhere and depth is not taken for
  abundance.
- ANCOM-BC's standard errors divide by n and its p-values are normal, which finds too much in few
  samples. Its estimates and errors are taken as they are and tested by t with n - p degrees of
  freedom, errors times sqrt(n / (n - p)). Lin & Peddada 2020, Nature Communications 11:3514.
- The Dirichlet-multinomial p-value is a mean over draws and its interval contains the intervals of
  all draws, so that both are cautious. Fernandes et al. 2014, Microbiome 2:15.

Effects are differences of mean logarithms to base 2, level minus reference, of a taxon's reads over
the geometric mean of all taxa of its sample (CLR, Dirichlet-multinomial), or over the sample's
estimated sampling fraction (ANCOM-BC).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.clustered_models import fit_within
from vagus.cohort.linear_models import fit_linear
from vagus.cohort.mixed_models import fit_mixed
from vagus.numerics.borrowed import borrow
from vagus.numerics.functions import log2
from vagus.numerics.products import multiply
from vagus.study.model_frame import ModelFrame
from vagus.study.model_tests import MIN_PAIR_SAMPLES, count_levels
from vagus.study.sides import split_within
from vagus.study.test_names import ANCOM_BC, CLR_LINEAR, CLR_MIXED, CLR_WITHIN, DIRICHLET

Floats = NDArray[np.float64]
PSEUDO_READS = 0.5
TTEST_DRAWS, LME_DRAWS = 64, 16
LOG2 = math.log(2)


@dataclass(frozen=True)
class Effects:
    """Result of one method for one contrast of every taxon, arrays of shape (n_taxa,).

    ``name`` is that of the contrast; ``shifted`` are the p-values with the reference off by 0.25
    and 0.5 log2, ``joint`` those of all levels together (count score test alone);
    ``needs_reference`` as in ``count_effects``.
    """

    method: str
    contrast: int
    log2_fold: Floats
    low: Floats
    high: Floats
    p_values: Floats
    name: str = ""
    shifted: tuple[Floats, ...] = ()
    joint: Floats | None = None
    needs_reference: bool = False

    def name_contrast(self, frame: ModelFrame) -> str:
        """What is compared."""
        return self.name or frame.variable.contrasts[self.contrast]


def fill_zeros(counts: Floats) -> Floats:
    """Counts (n, n_taxa) plus half a read at mean depth, in proportion to each sample's depth."""
    depths = counts.sum(axis=1, keepdims=True)
    filled: Floats = counts + PSEUDO_READS * depths / depths.mean()
    return filled


def fit_clr(counts: Floats, frame: ModelFrame) -> list[Effects]:
    """Linear or mixed model of centred log-ratios; the last column is the sum of other taxa."""
    logs = log2(fill_zeros(counts))
    outcomes = (logs - logs.mean(axis=1, keepdims=True))[:, :-1]
    if frame.design == "within":
        return _fit_clr_within(outcomes, frame)
    if frame.is_repeated:
        fitted = fit_mixed(frame.matrix, outcomes, frame.subjects, frame.contrasts)
        method = CLR_MIXED
    else:
        fitted, method = fit_linear(frame.matrix, outcomes, frame.contrasts), CLR_LINEAR
    low, high = fitted.interval()
    return [
        Effects(method, index, fitted.values[index], low[index], high[index], p_values)
        for index, p_values in enumerate(fitted.p_values)
    ]


def _fit_clr_within(outcomes: Floats, frame: ModelFrame) -> list[Effects]:
    """What changes within subjects, without slopes of their own or autocorrelation in the way."""
    side = split_within(frame)
    if side.obstacle:
        return []
    contrasts = np.eye(side.matrix.shape[1])[side.nuisance.shape[1] :]
    fitted = fit_within(side.matrix, outcomes, frame.subjects, contrasts)
    low, high = fitted.interval()
    return [
        Effects(
            CLR_WITHIN, of_variable, fitted.values[index], low[index], high[index],
            fitted.p_values[index], side.name(frame.variable.contrasts[of_variable]),
        )
        for index, of_variable in enumerate(side.contrasts)
    ]  # fmt: skip


def run_ancombc(counts: Floats, frame: ModelFrame) -> list[Effects]:
    """ANCOM-BC of samples, or of the summed reads of each subject when these are the units."""
    import pandas as pd
    from scipy.stats import t
    from skbio.stats.composition import ancombc

    columns = frame.matrix[:, 1:]
    if frame.is_repeated:
        members = (frame.averaging > 0).astype(np.float64)
        counts, columns = multiply(members, counts), multiply(frame.averaging, columns)
    n, p = counts.shape[0], columns.shape[1] + 1
    names = [f"s{row}" for row in range(n)]
    terms = [f"x{index}" for index in range(columns.shape[1])]
    table = pd.DataFrame(fill_zeros(counts), index=names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = borrow(ancombc)(
            table, pd.DataFrame(columns, index=names, columns=terms), " + ".join(terms)
        )
    effects = []
    k = frame.variable.columns.shape[1]
    for index, term in enumerate(terms[-k:]):
        rows = found.result.xs(term, level="Covariate").iloc[:-1]
        values = rows["Log(FC)"].to_numpy(dtype=np.float64) / LOG2
        errors = rows["SE"].to_numpy(dtype=np.float64) / LOG2 * np.sqrt(n / (n - p))
        reach = t.ppf(0.975, n - p) * errors
        p_values = 2 * t.sf(np.abs(values) / np.where(errors > 0, errors, np.nan), n - p)
        effects.append(Effects(ANCOM_BC, index, values, values - reach, values + reach, p_values))
    return effects


def run_dirichlet(counts: Floats, frame: ModelFrame, seed: Sequence[int]) -> list[Effects]:
    """Mixed model or t-test of posterior draws, whichever fits the design."""
    run = _run_dirichlet_lme if frame.is_repeated else _run_dirichlet_ttest
    return run(counts, frame, seed)


def _run_dirichlet_ttest(counts: Floats, frame: ModelFrame, seed: Sequence[int]) -> list[Effects]:
    import pandas as pd
    from skbio.stats.composition import dirmult_ttest

    codes = np.rint(multiply(frame.variable.columns, np.arange(1, len(frame.variable.levels))))
    sizes, effects = count_levels(frame), []
    for index in range(len(frame.variable.levels) - 1):
        if min(sizes[0], sizes[index + 1]) < MIN_PAIR_SAMPLES:
            continue  # one sample has no variance
        rows = np.flatnonzero((codes == 0) | (codes == index + 1))
        names = [f"s{row}" for row in rows]
        levels = pd.Series(["new" if codes[row] else "old" for row in rows], index=names)
        generator = np.random.default_rng([*seed, index])
        found = borrow(dirmult_ttest)(
            pd.DataFrame(counts[rows], index=names), levels, treatment="new", reference="old",
            pseudocount=PSEUDO_READS, draws=TTEST_DRAWS, p_adjust=None, seed=generator,
        ).iloc[:-1]  # fmt: skip
        effects.append(_take(found, index))
    return effects


def _run_dirichlet_lme(counts: Floats, frame: ModelFrame, seed: Sequence[int]) -> list[Effects]:
    import pandas as pd
    from skbio.stats.composition import dirmult_lme

    names = [f"s{row}" for row in range(counts.shape[0])]
    columns = frame.matrix[:, 1:]
    terms = [f"x{index}" for index in range(columns.shape[1])]
    meta = pd.DataFrame(columns, index=names, columns=terms)
    meta["subject"] = [f"P{subject}" for subject in frame.subjects]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = borrow(dirmult_lme)(
            pd.DataFrame(counts, index=names), meta, " + ".join(terms), "subject",
            pseudocount=PSEUDO_READS, draws=LME_DRAWS, p_adjust=None,
            seed=np.random.default_rng(list(seed)),
        )  # fmt: skip
    k = frame.variable.columns.shape[1]
    return [
        _take(found[found["Covariate"] == term].iloc[:-1], index)
        for index, term in enumerate(terms[-k:])
    ]


def _take(found, index: int) -> Effects:  # type: ignore[no-untyped-def]
    columns = ("Log2(FC)", "CI(2.5)", "CI(97.5)", "pvalue")
    values, low, high, p_values = (found[name].to_numpy(dtype=np.float64) for name in columns)
    return Effects(DIRICHLET, index, values, low, high, p_values)
