"""A pool in shards is one pool: births with their records, counts and losses of each sample."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blocks import blocks
from naive.denoise_community import read_with_errors, substitute
from naive.denoise_pool import (
    count_samples,
    denoise_in_shards,
    make_reads,
    partition_one_pool,
    save_samples,
)
from vagus.dada.error_model import ErrorModel
from vagus.dada.settings import DadaSettings
from vagus.sequences import read_fasta

STARTER = Path(__file__).resolve().parents[3] / "resources" / "starter_reference.fasta.gz"
EXACT = DadaSettings(mode="exact")
PRUNED = DadaSettings(mode="pruned")


def plain_model(scale: float = 1.0, floor: float = 1e-7) -> ErrorModel:
    """Rates 10^(-q/10) / 3 x scale, within [floor, 0.25]."""
    rate = np.clip(10 ** (-np.arange(94) / 10) / 3 * scale, floor, 0.25)
    rates = np.tile(rate, (16, 1))
    rates[[0, 5, 10, 15]] = 1 - 3 * rate
    return ErrorModel(rates=rates)


def count_shared(shared: dict) -> dict:
    return {
        name: {
            "table": dict(zip(own.variants["asv"], own.variants["reads"], strict=True)),
            "lost": [own.losses["lost_singleton"], own.losses["lost_omega_c"]],
            "reads": own.losses["reads_in"],
        }
        for name, own in shared.items()
    }


def list_births(table) -> list[tuple]:
    names = dict(zip(table["asv"], table["sequence"], strict=True))
    return [
        (
            row["sequence"], row["birth_type"], row["birth_p_value"], row["birth_fold"],
            names.get(row["parent"], ""), row["hamming"],
        )
        for row in table.to_dict("records")
    ]  # fmt: skip


def assert_same_births(found: list[tuple], expected: list[tuple], seed: int) -> None:
    assert [birth[0] for birth in found] == [birth[0] for birth in expected], seed
    for one, other in zip(found, expected, strict=True):
        assert one[1] == other[1], seed
        assert np.array_equal(one[2:4], other[2:4], equal_nan=True), seed
        assert one[4:] == other[4:], seed


@pytest.mark.parametrize("block", blocks(1, 5))
def test_exact_shards_do_what_one_exact_pool_does(block: int, tmp_path: Path) -> None:
    """Births in the same order with the same records; every count and loss of each sample."""
    cut = 0
    for seed in range(8 * block, 8 * block + 8):
        samples = make_reads(
            seed, n_variants=5 + seed % 9, n_samples=2 + seed % 3, error_rate=0.003 + seed % 4 / 500
        )
        # a high floor of the rates lets far pairs keep a lambda above 0
        model = plain_model(1.0 + seed % 3, floor=(1e-7, 1e-3, 1e-5)[seed % 3])
        settings = replace(EXACT, omega_a=10.0 ** -(3 + seed % 38))
        expected = partition_one_pool(samples, model, settings)
        paths = save_samples(samples, tmp_path)
        births, shared, n = denoise_in_shards(paths, tmp_path, model, settings, 15 + 7 * (seed % 4))
        cut += n > 1
        assert_same_births(list_births(births.table), expected["births"], seed)
        assert count_shared(shared) == count_samples(samples, expected["outcome"]), seed
    assert cut >= 6


def make_families(seed: int) -> dict:
    """Long unrelated families: nothing of one is near to another, so components are many."""
    return make_reads(
        seed,
        n_variants=14,
        n_samples=3,
        n_reads=90,
        length=500,
        error_rate=0.002,
        n_chimeras=seed % 2,
    )


@pytest.mark.parametrize("seed", range(100, 106))
def test_components_beside_the_root_run_as_in_one_pool(
    seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    samples, model = make_families(seed), plain_model(floor=1e-6)
    settings = replace(EXACT, omega_a=10.0 ** -(3 + seed % 20))
    expected = partition_one_pool(samples, model, settings)
    paths = save_samples(samples, tmp_path)
    births, shared, _ = denoise_in_shards(paths, tmp_path, model, settings, 40)
    assert_same_births(list_births(births.table), expected["births"], seed)
    assert count_shared(shared) == count_samples(samples, expected["outcome"])
    told = [r.getMessage() for r in caplog.records if "components beside" in r.getMessage()]
    if seed % 2 == 0:  # chimeras link what is unrelated otherwise
        assert int(told[-1].split()[0]) >= 1


@pytest.mark.parametrize("seed", range(8))
def test_pruned_pools_give_the_variants_and_counts_of_one_exact_pool(
    seed: int, tmp_path: Path
) -> None:
    samples = make_reads(seed, n_variants=8, n_reads=150, length=200, error_rate=0.003)
    model = plain_model(1.0 + seed % 3)
    settings = replace(EXACT, omega_a=10.0 ** -(3 + seed % 38))
    expected = partition_one_pool(samples, model, settings)
    paths = save_samples(samples, tmp_path)
    pruned = replace(settings, mode="pruned")
    births, shared, _ = denoise_in_shards(paths, tmp_path, model, pruned, 50)
    assert set(births.table["sequence"]) == {birth[0] for birth in expected["births"]}
    assert count_shared(shared) == count_samples(samples, expected["outcome"])


def make_gut(seed: int) -> dict:
    """Three subjects with genes of the starter reference, near relatives of these, and errors."""
    rng = np.random.default_rng(seed)
    known = [s for _, s in read_fasta(STARTER) if 1400 < len(s) < 1600 and set(s) <= set("ACGT")]
    genes = [known[i] for i in rng.choice(len(known), 12, replace=False)]
    for k in (1, 2, 3, 6, 15, 40):
        parent = genes[int(rng.integers(4))]
        genes.append(substitute(parent, rng.choice(len(parent), k, replace=False).tolist()))
    samples = {}
    for number in range(3):
        shares = rng.lognormal(0, 1.5, len(genes)) * (rng.random(len(genes)) < 0.7)
        drawn = rng.choice(len(genes), 220, p=shares / shares.sum())
        samples[f"subject {number}"] = [read_with_errors(rng, genes[i], 2e-4) for i in drawn]
    return samples


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_pools_of_real_genes_in_both_modes(seed: int, tmp_path: Path) -> None:
    samples, model = make_gut(seed), plain_model(2.0, floor=1e-6)
    expected = partition_one_pool(samples, model, EXACT)
    paths = save_samples(samples, tmp_path)
    for settings in (EXACT, PRUNED):
        births, shared, n = denoise_in_shards(paths, tmp_path, model, settings, 60)
        assert n > 2
        assert count_shared(shared) == count_samples(samples, expected["outcome"])
        assert set(births.table["sequence"]) == {birth[0] for birth in expected["births"]}
        if settings.mode == "exact":
            assert_same_births(list_births(births.table), expected["births"], seed)
    assert len(births.table) >= 10


def test_cuts_and_the_order_of_the_samples_change_nothing(tmp_path: Path) -> None:
    samples, model = make_families(7), plain_model()
    paths = save_samples(samples, tmp_path)
    results = []
    for size, order in ((10_000, 1), (60, 1), (25, -1)):
        births, shared, n = denoise_in_shards(paths[::order], tmp_path, model, PRUNED, size)
        tables = {name: own.variants.to_csv() for name, own in shared.items()}
        losses = {name: own.losses for name, own in shared.items()}
        results.append((births.table.to_csv(), tables, losses))
        assert (n > 1) == (size < 10_000)
    assert results[0] == results[1] == results[2]


def test_a_variant_too_rare_in_each_sample_is_found_in_the_pool(tmp_path: Path) -> None:
    """One read of a variant in each of 12 samples: evidence only together."""
    rng = np.random.default_rng(4)
    parent = "".join(rng.choice(list("ACGT"), 300))
    rare = parent[:100] + ("A" if parent[100] != "A" else "C") + parent[101:]
    rare = rare[:200] + ("G" if rare[200] != "G" else "T") + rare[201:]
    samples = {f"s{i:02}": [(parent, [40] * 300)] * 30 + [(rare, [40] * 300)] for i in range(12)}
    paths = save_samples(samples, tmp_path)
    births, shared, _ = denoise_in_shards(paths, tmp_path, plain_model(), PRUNED, 100)
    assert births.table["sequence"].tolist() == [parent, rare]
    for own in shared.values():
        assert own.variants["reads"].tolist() == [30, 1]
        assert own.variants["exact_reads"].tolist() == [30, 1]
        assert own.losses["lost_singleton"] == own.losses["lost_omega_c"] == 0


def test_lost_reads_are_singletons_of_the_pool_or_not(tmp_path: Path) -> None:
    """A stray sequence in two samples is no singleton there, and too rare to found a variant."""
    rng = np.random.default_rng(5)
    parent, alone = ("".join(rng.choice(list("ACGT"), 300)) for _ in range(2))
    swapped = parent.translate(str.maketrans("ACGT", "CATG"))
    near = parent[:150] + swapped[150:170] + parent[170:]
    samples = {
        "a": [(parent, [40] * 300)] * 30 + [(near, [40] * 300), (alone, [40] * 300)],
        "b": [(parent, [40] * 300)] * 30 + [(near, [40] * 300)],
    }
    paths = save_samples(samples, tmp_path)
    settings = replace(PRUNED, omega_a=1e-200)
    _, shared, _ = denoise_in_shards(paths, tmp_path, plain_model(), settings, 100)
    lost = {s: (o.losses["lost_singleton"], o.losses["lost_omega_c"]) for s, o in shared.items()}
    assert lost == {"a": (1, 1), "b": (0, 1)}


def test_a_pool_without_reads(tmp_path: Path) -> None:
    paths = save_samples({"a": [], "b": []}, tmp_path)
    births, shared, n = denoise_in_shards(paths, tmp_path, plain_model(), PRUNED, 100)
    assert n == 0
    assert len(births.table) == 0
    assert all(own.losses["reason"] and not len(own.variants) for own in shared.values())
