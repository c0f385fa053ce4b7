from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vagus.diversity import hill
from vagus.diversity.hill import (
    asymptotic_entropy,
    count_rare,
    estimate_asymptote,
    find_size,
    measure_coverage,
    measure_hill,
)
from vagus.diversity.hill_tables import choose_base_coverage, make_hill_curves, make_hill_table
from vagus.diversity.rarefaction_curve import Abundances
from vagus.tables.counts import CountTable

# Spiders of Harvard Forest (Sackett et al. 2011), the worked example of Chao et al. 2014.
GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, *[1] * 14]


def abundances_of(counts: list[int]) -> Abundances:
    return Abundances.from_counts(np.array(counts))


@pytest.mark.parametrize(
    ("counts", "n", "coverage", "observed", "asymptote"),
    [
        # Published with the package iNEXT (Hsieh, Ma & Chao 2016) for these data.
        (GIRDLED, 168, 0.9289, (26.0, 12.060, 7.840), (43.893, 13.826, 8.175)),
        (LOGGED, 252, 0.9446, (37.0, 14.421, 6.761), (61.403, 16.337, 6.920)),
    ],
)
def test_published_example(
    counts: list[int],
    n: int,
    coverage: float,
    observed: tuple[float, ...],
    asymptote: tuple[float, ...],
) -> None:
    sample = abundances_of(counts)
    assert sample.total == n
    assert measure_coverage(sample, n) == pytest.approx(coverage, abs=5e-5)
    assert measure_hill(sample, n) == pytest.approx(observed, abs=5e-4)
    assert estimate_asymptote(sample) == pytest.approx(asymptote, abs=5e-4)


def test_extrapolation_by_hand() -> None:
    # x = 3, 1, 1, 2: n 7, f1 2, f2 1; f0 = 6/7 * 4/2 = 12/7; to 14 reads.
    sample = abundances_of([3, 1, 1, 2])
    assert count_rare(sample) == (2, 1)
    gain = 1 - (1 - 2 / (7 * 12 / 7 + 2)) ** 7
    assert measure_hill(sample, 14)[0] == pytest.approx(4 + 12 / 7 * gain)
    share = 6 * 2 / (6 * 2 + 2)
    assert measure_coverage(sample, 7) == pytest.approx(1 - 2 / 7 * share)
    assert measure_coverage(sample, 14) == pytest.approx(1 - 2 / 7 * share**8)
    assert measure_hill(sample, 14)[2] == pytest.approx(1 / (1 / 14 + 13 / 14 * (6 + 2) / 42))


def test_entropy_of_the_community_as_published() -> None:
    # Chao, Wang & Jost 2013, eq. 7, term by term; the form that cancels for large n.
    sample = abundances_of(GIRDLED)
    n, f1, f2 = 168, 12, 4
    a = 2 * f2 / ((n - 1) * f1 + 2 * f2)
    seen = sum(x / n * sum(1 / k for k in range(x, n)) for x in GIRDLED)
    rest = -math.log(a) - sum((1 - a) ** r / r for r in range(1, n))
    assert asymptotic_entropy(sample) == pytest.approx(
        seen + f1 / n * (1 - a) ** (1 - n) * rest, rel=1e-9
    )


def test_the_long_tail_is_the_same_by_integral() -> None:
    n, share = 5000, 1 - 1e-3
    direct = hill._sum_tail(n, share)
    assert hill._sum_tail(n, share, max_terms=10) == pytest.approx(direct, rel=1e-9)


def test_rarefied_values_equal_the_mean_of_all_draws() -> None:
    from itertools import combinations

    counts = [3, 2, 1]
    reads = [i for i, x in enumerate(counts) for _ in range(x)]
    draws = [np.bincount(draw, minlength=3) for draw in combinations(reads, 4)]
    shares = [draw[draw > 0] / 4 for draw in draws]
    sample = abundances_of(counts)
    richness = np.mean([share.size for share in shares])
    entropy = np.mean([-(share * np.log(share)).sum() for share in shares])
    # Order 2 is the inverse of the mean concentration (Chao et al. 2014, eq. 5).
    simpson = 1 / np.mean([(share**2).sum() for share in shares])
    assert measure_hill(sample, 4) == pytest.approx((richness, np.exp(entropy), simpson))
    # Coverage of a draw: share of the sample's reads, except for those drawn, of ASVs in the draw.
    found = [sum((c - d) / 2 for c, d in zip(counts, draw, strict=True) if d > 0) for draw in draws]
    assert measure_coverage(sample, 4) == pytest.approx(np.mean(found))


@given(st.lists(st.integers(1, 40), min_size=2, max_size=12))
@settings(
    max_examples=40,
)
def test_curves_rise_and_orders_fall(counts: list[int]) -> None:
    sample = abundances_of(counts)
    n = sample.total
    sizes = sorted({1, 2, max(1, n // 2), n, n + 1, 2 * n})
    values = np.array([measure_hill(sample, size) for size in sizes])
    assert (np.diff(values, axis=0) > -1e-6).all()
    assert (np.diff(values[:-2], axis=1) < 1e-6).all()
    coverage = [measure_coverage(sample, size) for size in sizes]
    assert (np.diff(coverage) > -1e-9).all()
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in coverage)


def test_size_of_a_coverage() -> None:
    sample = abundances_of(GIRDLED)
    size = find_size(sample, measure_coverage(sample, 100))
    assert size == pytest.approx(100)
    assert find_size(sample, 0.999) is None
    assert find_size(sample, 0.0) == 1.0


def test_tables_standardise_to_what_all_reach() -> None:
    width = len(LOGGED)
    rows = np.zeros((4, width), dtype=np.int64)
    rows[0, : len(GIRDLED)], rows[1, :], rows[2, 0], rows[3, 0] = GIRDLED, LOGGED, 1, 0
    table = CountTable.from_counts(
        ["girdled", "logged", "one", "zero"], [f"t{i:02d}" for i in range(width)], rows
    )
    base = choose_base_coverage(table, frozenset({"one"}))
    assert base == pytest.approx(measure_coverage(abundances_of(GIRDLED), 336))
    values = make_hill_table(table, frozenset()).set_index("sample")
    assert values["kind"].tolist() == ["extrapolated", "extrapolated", "", ""]
    assert values.loc["girdled", "reads_at_base"] == pytest.approx(336)
    assert values.loc["girdled", "standardised_0"] == pytest.approx(34.7307, abs=1e-4)
    assert values.loc["zero"].isna().sum() >= 9
    curves = make_hill_curves(table)
    assert set(curves["sample"]) == {"girdled", "logged"}
    girdled = curves[curves["sample"] == "girdled"]
    assert girdled["kind"].tolist().count("extrapolated") == 4
    assert girdled["reads"].max() == 336
    assert girdled.loc[girdled["kind"] == "observed", "hill_0"].tolist() == [26.0]
