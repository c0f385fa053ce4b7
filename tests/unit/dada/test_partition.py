"""The partition: naive twin, exact against pruned, truth, and what must not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blocks import blocks
from naive.denoise_community import make_community, substitute
from naive.denoise_partition import NaivePartition
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.learning import learn_rates
from vagus.dada.partition import partition_sample
from vagus.dada.settings import DadaSettings
from vagus.dada.variants import denoise_sample
from vagus.reads.uniques import Uniques

EXACT = DadaSettings(mode="exact")
PRUNED = DadaSettings(mode="pruned")


def plain_model(scale: float = 1.0) -> ErrorModel:
    """Rates 10^(-q/10) / 3 x scale, within [1e-7, 0.25]."""
    qualities = np.arange(94)
    rate = np.clip(10 ** (-qualities / 10) / 3 * scale, 1e-7, 0.25)
    rates = np.tile(rate, (16, 1))
    rates[[0, 5, 10, 15]] = 1 - 3 * rate
    return ErrorModel(rates=rates)


def describe(uniques: Uniques, settings: DadaSettings, model: ErrorModel) -> tuple:
    result = partition_sample(Comparisons(uniques, settings), model, settings)
    centres = [birth.centre for birth in result.births]
    return sorted(centres), [centres[c] for c in result.cluster], result.assigned.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_exact_mode_does_what_the_naive_twin_does(seed: int) -> None:
    uniques, _ = make_community(seed, n_variants=4, n_reads=60, length=60, error_rate=0.006)
    model = plain_model(2.0)
    settings = replace(EXACT, omega_a=1e-4)
    rounded = uniques.rounded_mean_quality()
    twin = NaivePartition(
        [uniques.sequence(i) for i in range(uniques.n_uniques)],
        uniques.counts.tolist(),
        [rounded[a:b].tolist() for a, b in zip(uniques.offsets, uniques.offsets[1:], strict=False)],
        model.rates.tolist(),
        omega_a=1e-4,
    ).run()
    centres, cluster, _ = describe(uniques, settings, model)
    assert centres == sorted(twin.centres)
    assert cluster == [twin.centres[c] for c in twin.cluster]


@pytest.mark.parametrize("block", blocks(2, 10))
def test_pruned_equals_exact_on_small_communities(block: int) -> None:
    """200 communities: equal variants and equal assignment of every read that is assigned."""
    for seed in range(20 * block, 20 * block + 20):
        uniques, _ = make_community(
            seed,
            n_variants=3 + seed % 13,
            n_reads=120,
            length=100,
            error_rate=0.004 + seed % 3 / 300,
        )
        settings = {"omega_a": 10.0 ** -(3 + seed % 38)}
        model = plain_model(1.0 + seed % 4)
        exact = describe(uniques, replace(EXACT, **settings), model)
        pruned = describe(uniques, replace(PRUNED, **settings), model)
        assert pruned[0] == exact[0], seed
        assert pruned[2] == exact[2], seed
        for own, other, assigned in zip(pruned[1], exact[1], exact[2], strict=True):
            assert not assigned or own == other, seed


def test_learning_is_the_same_in_both_modes() -> None:
    uniques, _ = make_community(3, n_variants=10, n_reads=600)
    exact = learn_rates([Comparisons(uniques, EXACT)], "full", EXACT).model
    pruned = learn_rates([Comparisons(uniques, PRUNED)], "full", PRUNED).model
    assert np.array_equal(exact.observed, pruned.observed)
    assert np.array_equal(exact.rates, pruned.rates)
    assert exact.converged


@pytest.mark.parametrize("seed", [11, *blocks(0, 2, 12)])
def test_abundant_variants_are_recovered_and_nothing_else(seed: int) -> None:
    uniques, truth = make_community(seed, n_variants=12, n_reads=1500, length=300, error_rate=0.001)
    model = learn_rates([Comparisons(uniques, PRUNED)], "full", PRUNED).model
    sample = denoise_sample(uniques, model, PRUNED)
    found = set(sample.variants["sequence"])
    assert found <= {sequence for sequence, n in truth.items() if n}
    assert found >= {sequence for sequence, n in truth.items() if n >= 40}
    assert sample.losses["assigned"] >= 0.97 * sample.losses["reads_in"]


def test_one_substitution_is_told_apart_from_errors() -> None:
    centre = "".join(np.random.default_rng(8).choice(list("ACGT"), 200))
    variant = substitute(centre, [77])
    reads = [centre] * 300 + [variant] * 30 + [substitute(centre, [10])] * 2
    qualities = [[40] * 200] * 330 + [[40] * 10 + [20] + [40] * 189] * 2
    uniques = Uniques.from_reads(reads, qualities)
    sample = denoise_sample(uniques, plain_model(), PRUNED)
    assert sample.variants["sequence"].tolist() == [centre, variant]
    assert sample.variants["reads"].tolist() == [302, 30]
    birth = sample.variants.iloc[1]
    assert (birth["hamming"], birth["exact_reads"], birth["birth_type"]) == (1, 30, "abundance")
    assert birth["parent"] == sample.variants["asv"].iloc[0]
    assert birth["birth_p_value"] < -40


def test_unrelated_singletons_are_lost_and_counted() -> None:
    rng = np.random.default_rng(9)
    a, b, c = ("".join(rng.choice(list("ACGT"), 200)) for _ in range(3))
    uniques = Uniques.from_reads([a] * 50 + [b] + [c], [[40] * 200] * 52)
    sample = denoise_sample(uniques, plain_model(), PRUNED)
    assert sample.variants["reads"].tolist() == [50]
    assert (sample.losses["lost_singleton"], sample.losses["assigned"]) == (2, 50)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_tiny_samples_give_what_they_hold(n: int) -> None:
    sequence = "ACGTTGCA" * 20
    uniques = Uniques.from_reads([sequence] * n, [[30] * 160] * n, sample="tiny")
    sample = denoise_sample(uniques, plain_model(), PRUNED)
    assert sample.variants["reads"].sum() == n
    assert sample.losses["assigned"] == n
    assert bool(sample.losses["reason"]) == (n == 0)


def test_order_of_the_reads_does_not_matter() -> None:
    uniques, _ = make_community(21)
    rounded = [uniques.sequence(i) for i in range(uniques.n_uniques)]
    reads = [s for s, n in zip(rounded, uniques.counts, strict=True) for _ in range(n)]
    qualities = [np.full(len(read), 20 + i % 30, np.uint8) for i, read in enumerate(reads)]
    order = np.random.default_rng(0).permutation(len(reads))
    one = Uniques.from_reads(reads, qualities)
    two = Uniques.from_reads([reads[i] for i in order], [qualities[i] for i in order])
    first = denoise_sample(one, plain_model(), PRUNED)
    second = denoise_sample(two, plain_model(), PRUNED)
    assert first.variants.equals(second.variants)
    assert first.losses == second.losses


def test_a_small_cache_changes_nothing() -> None:
    uniques, _ = make_community(22, n_variants=12, n_reads=500)
    models = [
        learn_rates([Comparisons(uniques, settings)], "full", settings).model
        for settings in (PRUNED, replace(PRUNED, cache_bytes=0))
    ]
    assert np.array_equal(models[0].observed, models[1].observed)
