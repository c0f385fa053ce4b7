"""Models of capacities: the cohort's models of alpha diversity, of shares of reads.

The outcome is log2((reads + 0.5) / (reads of the sample + 1)): differences are log2 folds of
the share. A capacity sums many taxa and is seldom 0; where it is, the half read decides, so folds
of capacities that few samples have mean little. Subjects, covariates, times and the correction for
multiple tests are those of the cohort stage (``cohort.alpha_models``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vagus.numerics.functions import log2
from vagus.tables.stages.gut_brain import CAPACITY_MODELS

if TYPE_CHECKING:
    from vagus.study.design import StudyDesign
    from vagus.study.samples import Sample

MIN_PREVALENCE = 0.5


def model_capacities(
    sums: pd.DataFrame,
    totals: Mapping[str, int],
    samples: Sequence[Sample],
    design: StudyDesign,
) -> pd.DataFrame:
    """Rows of ``CAPACITY_MODELS``.

    Args:
        sums: rows of ``CAPACITIES``; capacities that fewer than half of the samples have are left
            out.
        totals: reads in ASVs of each sample; samples without reads have no value.
        samples: those that are not controls.
        design: the study's.
    """
    from vagus.cohort.alpha_models import model_alpha

    names = [sample.name for sample in samples if totals.get(sample.name, 0) > 0]
    own = sums[sums["sample"].isin(names)]
    reads = own.pivot(index="sample", columns="capacity", values="reads")
    order = [name for name in dict.fromkeys(sums["capacity"]) if name in reads]
    common = [name for name in order if (reads[name] > 0).mean() >= MIN_PREVALENCE]
    all_reads = np.array([totals[name] for name in reads.index], dtype=float)
    shares = {name: log2((reads[name].to_numpy(float) + 0.5) / (all_reads + 1)) for name in common}
    outcomes = pd.DataFrame({"sample": reads.index.to_list(), **shares})
    found = model_alpha(samples, outcomes, design).rename(columns={"metric": "capacity"})
    return found[list(CAPACITY_MODELS.names)]
