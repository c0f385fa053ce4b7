"""Levels of evidence: what each calls, its corrected p-value, and which record a study keeps."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from naive.denoise_community import make_community, make_sequence, substitute
from unit.dada.test_partition import plain_model
from vagus.dada.comparisons import Comparisons
from vagus.dada.learning import wants_explained
from vagus.dada.partition import partition_sample
from vagus.dada.settings import DadaSettings, LearningSettings
from vagus.dada.variants import denoise_sample
from vagus.denoise.study_table import Study
from vagus.reads.uniques import Uniques

DADA2, HIGH = DadaSettings(sensitivity="dada2"), DadaSettings(sensitivity="high")
CENTRE = make_sequence(np.random.default_rng(8), 200)
VARIANT = substitute(CENTRE, [77])


def make_sample(n_variant: int, name: str = "s") -> Uniques:
    """300 reads of a sequence and some of one that differs by a base, all of quality 40."""
    reads = [CENTRE] * 300 + [VARIANT] * n_variant
    return replace(Uniques.from_reads(reads, [[40] * 200] * len(reads)), sample=name)


def test_a_variant_of_eight_reads_is_called_by_high_alone_and_marked() -> None:
    uniques, model = make_sample(8), plain_model()
    assert denoise_sample(uniques, model, DADA2).variants["reads"].tolist() == [308]
    variants = denoise_sample(uniques, model, HIGH).variants
    assert variants["sequence"].tolist() == [CENTRE, VARIANT]
    assert variants["birth_type"].tolist() == ["initial", "sensitive"]
    # P(X >= 8 | X >= 1) for X ~ Poisson(lambda x 308), times the two sequences that are tested
    rate = 1e-4 / 3
    mu = 308 * rate * (1 - 3 * rate) ** 199
    expected = math.log10(2 * poisson.sf(7, mu) / -math.expm1(-mu))
    assert -40 < expected < -10
    assert variants["birth_p_value"].iloc[1] == pytest.approx(expected, rel=1e-6)


def test_a_variant_of_thirty_reads_is_not_marked() -> None:
    variants = denoise_sample(make_sample(30), plain_model(), HIGH).variants
    assert variants["birth_type"].tolist() == ["initial", "abundance"]


def test_omega_a_takes_the_place_of_the_level() -> None:
    strict = DadaSettings(sensitivity="high", omega_a=1e-30)
    assert denoise_sample(make_sample(8), plain_model(), strict).variants["reads"].tolist() == [308]
    assert (strict.level, DADA2.level) == (1e-30, 1e-40)


@pytest.mark.parametrize("seed", range(8))
def test_high_calls_what_dada2_calls_and_then_more(seed: int) -> None:
    uniques, _ = make_community(seed, n_variants=14, n_reads=400, length=200, error_rate=0.003)
    model = plain_model()
    births = {
        settings.sensitivity: partition_sample(
            Comparisons(uniques, settings), model, settings
        ).births
        for settings in (DADA2, HIGH)
    }
    n_strict = len(births["dada2"])
    assert [b.centre for b in births["high"][:n_strict]] == [b.centre for b in births["dada2"]]
    assert {b.kind for b in births["dada2"]} <= {"initial", "abundance"}
    assert all(b.log10_p < -10 for b in births["high"][1:])


def test_dada2_learns_from_all_reads_however_inflated_the_rates() -> None:
    learning = LearningSettings(learn_from="auto", max_rate_inflation=10)
    assert not wants_explained(learning, 50.0, "dada2")
    assert wants_explained(learning, 50.0, "high")
    assert wants_explained(LearningSettings(learn_from="explained"), 1.0, "dada2")


def test_a_study_keeps_the_strict_record_of_a_variant() -> None:
    study = Study()
    # more reads in the second sample, but beside an abundant parent: called by `high` alone there
    many = make_sample(9, "second")
    few = replace(Uniques.from_reads([VARIANT] * 5, [[40] * 200] * 5), sample="first")
    for uniques in (many, few):
        sample = denoise_sample(uniques, plain_model(), HIGH)
        study.add(sample.variants, sample.losses)
    study.judge(None)
    births = study.birth_table().set_index("asv")
    row = births[births["reads"] == 14].iloc[0]
    assert (row["birth_sample"], row["birth_type"]) == ("first", "initial")
