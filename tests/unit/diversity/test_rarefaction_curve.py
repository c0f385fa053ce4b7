from __future__ import annotations

from itertools import combinations
from math import log

import numpy as np
import pytest

from vagus.diversity.rarefaction_curve import (
    Abundances,
    choose_curve_depths,
    expected_richness,
    expected_shannon,
    make_curves,
)
from vagus.tables.counts import CountTable


def enumerate_draws(counts: list[int], depth: int) -> tuple[np.ndarray, np.ndarray]:
    """Richness and Shannon entropy of every one of the C(N, m) draws."""
    reads = [asv for asv, n in enumerate(counts) for _ in range(n)]
    richness, entropy = [], []
    for draw in combinations(reads, depth):
        shares = [draw.count(asv) / depth for asv in set(draw)]
        richness.append(len(shares))
        entropy.append(-sum(p * log(p) for p in shares))
    return np.array(richness), np.array(entropy)


@pytest.mark.parametrize("counts", [[5, 3, 1, 1], [4, 4, 4], [9], [1, 1, 1, 1, 1], [6, 0, 2, 2]])
@pytest.mark.parametrize("depth", [1, 2, 4, 5])
def test_expectations_equal_the_mean_over_all_draws(counts: list[int], depth: int) -> None:
    abundances = Abundances.from_counts(np.array(counts))
    richness, entropy = enumerate_draws(counts, depth)
    mean, sd = expected_richness(abundances, depth)
    assert mean == pytest.approx(richness.mean(), abs=1e-10)
    assert sd == pytest.approx(richness.std(), abs=1e-6)
    assert expected_shannon(abundances, depth) == pytest.approx(entropy.mean(), abs=1e-10)


def test_hurlbert_by_hand() -> None:
    # 3 + 1 reads, 2 drawn: of the 6 pairs, 3 contain one ASV and 3 contain two: mean 1.5.
    assert expected_richness(Abundances.from_counts(np.array([3, 1])), 2)[0] == pytest.approx(1.5)


def test_large_samples_stay_exact() -> None:
    counts = np.array([200_000, 30_000, 500, 20, 1, 1, 1])
    abundances = Abundances.from_counts(counts)
    mean, _ = expected_richness(abundances, 1000)
    n = int(counts.sum())
    by_product = (
        sum(
            1 - np.exp(sum(np.log1p(-1000 / (n - step)) for step in range(count)))
            for count in counts.tolist()
            if count <= 500
        )
        + 2
    )  # the two abundant ASVs are always found
    assert mean == pytest.approx(by_product, rel=1e-8)


def test_depths_rise_to_all_reads() -> None:
    assert choose_curve_depths(0) == []
    assert choose_curve_depths(1) == [1]
    assert choose_curve_depths(5)[-1] == 5
    depths = choose_curve_depths(14_400)
    assert depths == [100 * step**2 for step in range(1, 13)]


def test_curves_table() -> None:
    counts = np.array([[50, 30, 20, 1], [0, 0, 0, 0], [1, 0, 0, 0]])
    table = CountTable.from_counts(["a", "b", "c"], ["w", "x", "y", "z"], counts)
    curves = make_curves(table, 5, 1)
    assert list(curves.columns) == ["sample", "depth", "metric", "mean", "sd"]
    assert sorted(set(curves["sample"])) == ["a", "c"]
    last = curves[(curves["sample"] == "a") & (curves["depth"] == 101)].set_index("metric")
    assert last.loc["observed", "mean"] == 4
    shares = np.array([50, 30, 20, 1]) / 101
    assert last.loc["shannon", "mean"] == pytest.approx(-(shares * np.log(shares)).sum())
    assert (last["sd"] == 0).all()
    middle = curves[(curves["sample"] == "a") & (curves["depth"] == 25)]
    assert (middle["sd"] > 0).all()
    assert make_curves(table, 1, 1)["sd"].isna().any()
