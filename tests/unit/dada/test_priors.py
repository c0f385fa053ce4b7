"""Priors: what they make possible, what they leave alone, and how they are chosen."""

from __future__ import annotations

from dataclasses import replace
from math import expm1, log10

import numpy as np
import pandas as pd
import pytest

from blocks import blocks
from naive.denoise_community import make_community, substitute
from naive.denoise_partition import NaivePartition
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.partition import partition_sample
from vagus.dada.settings import DadaSettings
from vagus.dada.variants import denoise_sample
from vagus.denoise.priors import choose_priors, mark_priors
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv, read_fasta
from vagus.tables import read_table
from vagus.tables.stages.denoise import VARIANTS

EXACT = DadaSettings(mode="exact")
PRUNED = DadaSettings(mode="pruned")
RNG = np.random.default_rng(31)
CENTRE = "".join(RNG.choice(list("ACGT"), 200))
RARE = substitute(CENTRE, [20, 90, 140])


def flat_model(rate: float = 1e-3) -> ErrorModel:
    """The same rate for every substitution at every quality."""
    rates = np.full((16, 94), rate)
    rates[[0, 5, 10, 15]] = 1 - 3 * rate
    return ErrorModel(rates=rates)


def graded_model() -> ErrorModel:
    """Rates that fall with the quality, so that p-values are seldom equal."""
    rate = np.clip(10 ** (-np.arange(94) / 10), 1e-7, 0.2)
    rates = np.tile(rate, (16, 1)) * np.linspace(0.5, 1, 16)[:, None]
    rates[[0, 5, 10, 15]] = 1 - 3 * rate
    return ErrorModel(rates=np.abs(rates))


def describe(uniques: Uniques, settings: DadaSettings, is_prior: np.ndarray) -> tuple:
    result = partition_sample(Comparisons(uniques, settings), graded_model(), settings, is_prior)
    births = [(birth.centre, birth.kind) for birth in result.births]
    return births, [births[c][0] for c in result.cluster], result.assigned.tolist()


def draw_priors(uniques: Uniques, seed: int, share: float = 0.15) -> np.ndarray:
    return np.random.default_rng(seed).random(uniques.n_uniques) < share


@pytest.mark.parametrize("seed", range(6))
def test_exact_mode_does_what_the_naive_twin_does(seed: int) -> None:
    uniques, _ = make_community(seed, n_variants=4, n_reads=60, length=60, error_rate=0.02)
    is_prior = draw_priors(uniques, seed, share=0.5)
    rounded = uniques.rounded_mean_quality()
    twin = NaivePartition(
        [uniques.sequence(i) for i in range(uniques.n_uniques)],
        uniques.counts.tolist(),
        [rounded[a:b].tolist() for a, b in zip(uniques.offsets, uniques.offsets[1:], strict=False)],
        graded_model().rates.tolist(),
        omega_a=1e-6,
        priors=frozenset(np.flatnonzero(is_prior).tolist()),
    ).run()
    births, cluster, _ = describe(uniques, replace(EXACT, omega_a=1e-6), is_prior)
    assert "prior" in {kind for _, kind in births}
    assert [centre for centre, _ in births] == twin.centres
    assert cluster == [twin.centres[c] for c in twin.cluster]


@pytest.mark.parametrize("block", blocks(1, 5))
def test_pruned_equals_exact_with_priors(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        uniques, _ = make_community(
            seed, n_variants=3 + seed % 13, n_reads=120, length=100, error_rate=0.006
        )
        is_prior = draw_priors(uniques, seed)
        exact = describe(uniques, replace(EXACT, omega_a=1e-20), is_prior)
        pruned = describe(uniques, replace(PRUNED, omega_a=1e-20), is_prior)
        assert sorted(pruned[0]) == sorted(exact[0]), seed
        assert pruned[2] == exact[2], seed
        for own, other, assigned in zip(pruned[1], exact[1], exact[2], strict=True):
            assert not assigned or own == other, seed


def test_one_read_of_a_prior_is_enough_and_its_p_value_is_right() -> None:
    uniques = Uniques.from_reads([CENTRE] * 300 + [RARE], [[40] * 200] * 301)
    alone = denoise_sample(uniques, flat_model(), PRUNED)
    again = denoise_sample(uniques, flat_model(), PRUNED, [RARE])
    assert alone.variants["sequence"].tolist() == [CENTRE]
    assert again.variants["sequence"].tolist() == [CENTRE, RARE]
    birth = again.variants.iloc[1]
    assert (birth["birth_type"], birth["reads"], birth["hamming"]) == ("prior", 1, 3)
    mu = 301 * 1e-9 * (1 - 3e-3) ** 197
    assert birth["birth_p_value"] == pytest.approx(log10(-expm1(-mu)))


@pytest.mark.parametrize(("omega_p", "n_variants"), [(1e-4, 1), (3e-4, 2)])
def test_omega_p_is_the_limit(omega_p: float, n_variants: int) -> None:
    """With two differences P(X >= 1) is about 301 x 1e-6 x 0.997^198 = 1.66e-4."""
    two = substitute(CENTRE, [20, 90])
    uniques = Uniques.from_reads([CENTRE] * 300 + [two], [[40] * 200] * 301)
    settings = replace(PRUNED, omega_p=omega_p)
    assert len(denoise_sample(uniques, flat_model(), settings, [two]).variants) == n_variants


def test_a_prior_that_errors_explain_founds_nothing() -> None:
    near = substitute(CENTRE, [20])
    uniques = Uniques.from_reads([CENTRE] * 3000 + [near] * 3, [[40] * 200] * 3003)
    sample = denoise_sample(uniques, flat_model(), PRUNED, [near])
    assert sample.variants["reads"].tolist() == [3003]


@pytest.mark.parametrize("settings", [EXACT, PRUNED])
def test_priors_that_the_sample_lacks_change_nothing(settings: DadaSettings) -> None:
    uniques, _ = make_community(4, n_variants=10, n_reads=400)
    strangers = ["ACGT" * 30, CENTRE]
    without = denoise_sample(uniques, flat_model(), settings)
    with_them = denoise_sample(uniques, flat_model(), settings, strangers)
    assert with_them.variants.equals(without.variants)
    assert with_them.losses == without.losses


def test_marks_are_those_of_equal_sequences() -> None:
    uniques = Uniques.from_reads(["ACGTA", "ACGTA", "ACGT", "TTTT", "ACGTC"], [[9] * 5] * 2 + [
        [9] * 4, [9] * 4, [9] * 5])  # fmt: skip
    marked = mark_priors(uniques, ["ACGTC", "TTTT", "ACG", "ACGTAA"])
    assert {uniques.sequence(i) for i in np.flatnonzero(marked)} == {"ACGTC", "TTTT"}
    assert not mark_priors(uniques, []).any()
    assert mark_priors(Uniques.empty(), ["ACG"]).shape == (0,)


def write_first_pass(folder, samples: list[list[str]]) -> list:
    paths = []
    for number, sequences in enumerate(samples):
        rows = [
            (identify_asv(s), s, 9, 1, "dada", "initial", "", "", "", 0, 9, "") for s in sequences
        ]
        paths.append(folder / f"{number}.tsv")
        pd.DataFrame(rows, columns=VARIANTS.names).to_csv(paths[-1], sep="\t", index=False)
    return paths


@pytest.mark.parametrize(
    ("min_samples", "expected"), [(1, {"A", "C", "G"}), (2, {"A", "C"}), (3, {"A"}), (4, set())]
)
def test_priors_are_the_variants_of_enough_samples(tmp_path, min_samples, expected) -> None:
    paths = write_first_pass(tmp_path, [["A", "C"], ["C", "A", "G"], ["A"], []])
    chosen = choose_priors(paths, min_samples)
    assert chosen == sorted((identify_asv(s), s) for s in expected)
    assert choose_priors(reversed(paths), min_samples) == chosen


def test_the_programs_give_a_second_pass(tmp_path) -> None:
    import choose_priors as program
    import denoise_sample as denoise

    flat_model().save(tmp_path / "model.tsv", tmp_path / "model.json")
    tables = {}
    for name, n_rare in (("a", 40), ("b", 30), ("c", 1)):
        reads = [CENTRE] * 300 + [RARE] * n_rare
        uniques = Uniques.from_reads(reads, [[40] * 200] * len(reads), sample=name)
        uniques.save(tmp_path / f"{name}.npz")
    for number, extra in enumerate(([], ["--priors", str(tmp_path / "priors.fasta")])):
        for name in "abc":
            tables[number, name] = tmp_path / f"{number}.{name}.tsv"
            assert denoise.main(
                ["--uniques", str(tmp_path / f"{name}.npz"), "--model",
                 f"dada={tmp_path}/model.tsv", "--variants", str(tables[number, name]),
                 "--losses", str(tmp_path / f"{name}.json"), *extra]
            ) == 0  # fmt: skip
        if number == 0:
            first = [str(tables[0, name]) for name in "abc"]
            assert program.main([*first, "--priors", str(tmp_path / "priors.fasta")]) == 0
    assert {s for _, s in read_fasta(tmp_path / "priors.fasta")} == {CENTRE, RARE}
    reads = [read_table(path)["reads"].tolist() for path in tables.values()]
    assert reads == [[300, 40], [300, 30], [301], [300, 40], [300, 30], [300, 1]]
