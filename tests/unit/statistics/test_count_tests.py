"""The whole test of taxa on communities whose changed taxa are known."""

from __future__ import annotations

import numpy as np
import pytest

from vagus.statistics.count_tests import CountDesign, compare_counts, cut_counts

N_TAXA = 60
CHANGED = np.arange(N_TAXA) < 18


def draw_between(seed, n=80, depth_ratio=1.0):  # type: ignore[no-untyped-def]
    """Counts, all reads, group: 18 of 60 taxa are 4-fold in the second half."""
    rng = np.random.default_rng(seed)
    group = (np.arange(n) >= n // 2).astype(float)
    shares = np.exp(rng.normal(0, 1, N_TAXA) + rng.normal(0, 1, (n, N_TAXA)))
    shares *= rng.random((n, N_TAXA)) < rng.uniform(0.4, 1, N_TAXA)
    shares[:, CHANGED] *= 4 ** group[:, None]
    depths = (8000 * depth_ratio**group).astype(int)
    counts = np.array(
        [rng.multinomial(d, s / s.sum()) for d, s in zip(depths, shares, strict=True)]
    )
    return counts.astype(float), depths.astype(float), group


def run(counts, depths, group, people=None):  # type: ignore[no-untyped-def]
    n = len(group)
    people = np.arange(n) if people is None else people
    return compare_counts(
        counts, depths, CountDesign(np.ones((n, 1)), group[:, None], people), (1, 2)
    )


@pytest.mark.parametrize("depth_ratio", [1.0, 0.25])
def test_taxa_that_others_dilute_are_not_found(depth_ratio: float) -> None:
    found = run(*draw_between(1, n=200, depth_ratio=depth_ratio))
    q = found.p_values[0] * N_TAXA / (1 + np.argsort(np.argsort(found.p_values[0])))
    assert (q[CHANGED] < 0.05).sum() >= 14
    assert (q[~CHANGED] < 0.05).sum() <= 2
    assert found.reference[CHANGED].mean() < 0.2
    assert found.reference[~CHANGED].mean() > 0.6
    # a median of the true log2 fold, 2; unchanged taxa are at 0 although their shares fall
    assert np.median(found.log2_fold[0][CHANGED]) == pytest.approx(2, abs=0.3)
    assert np.median(found.log2_fold[0][~CHANGED]) == pytest.approx(0, abs=0.25)
    covered = (found.low[0] <= 2 * CHANGED) & (found.high[0] >= 2 * CHANGED)
    assert covered.mean() >= 0.85
    assert (found.shifted[0.5] >= found.shifted[0.25]).all()
    assert (found.shifted[0.25] >= found.p_values).all()
    assert found.shift[0] > 0.3  # reads of the changed taxa dilute the others


def test_names_of_groups_and_order_of_taxa_have_no_effect() -> None:
    counts, depths, group = draw_between(2)
    first, turned = run(counts, depths, group), run(counts, depths, 1 - group)
    order = np.random.default_rng(1).permutation(N_TAXA)
    moved = run(counts[:, order], depths, group)
    assert turned.log2_fold == pytest.approx(-first.log2_fold, abs=0.02)
    assert turned.p_values == pytest.approx(first.p_values, abs=0.03)
    assert (turned.reference == first.reference).mean() > 0.95
    assert moved.log2_fold[0] == pytest.approx(first.log2_fold[0][order], abs=1e-6)
    assert (moved.reference == first.reference[order]).all()


def test_visits_of_people_do_not_count_as_people() -> None:
    counts, depths, group = draw_between(3, n=30)
    once = run(counts, depths, group)
    twice = run(
        np.repeat(counts, 2, axis=0), np.repeat(depths, 2), np.repeat(group, 2),
        np.repeat(np.arange(30), 2),
    )  # fmt: skip
    assert (twice.people == 30).all()
    assert twice.log2_fold == pytest.approx(once.log2_fold, abs=1e-6)
    # the shares that are permuted are random, t is not
    large = once.p_values > 0.3
    assert twice.p_values[large] == pytest.approx(once.p_values[large], rel=1e-6)
    assert twice.high == pytest.approx(once.high, rel=1e-4, nan_ok=True)


def draw_within(seed, n=25, visits=4):  # type: ignore[no-untyped-def]
    """People whose taxa follow a number that varies: 18 of 60 double with each unit."""
    rng = np.random.default_rng(seed)
    people, dose = np.repeat(np.arange(n), visits), rng.normal(size=n * visits)
    own = np.exp(rng.normal(0, 1, N_TAXA) + rng.normal(0, 1, (n, N_TAXA)))
    shares = own[people] * np.exp(rng.normal(0, 0.4, (n * visits, N_TAXA)))
    shares[:, CHANGED] *= 2.0 ** dose[:, None]
    counts = np.array([rng.multinomial(6000, s / s.sum()) for s in shares])
    return counts.astype(float), np.full(n * visits, 6000.0), dose, people


def test_a_number_that_varies_within_people() -> None:
    counts, depths, dose, people = draw_within(4)
    design = CountDesign(np.zeros((100, 0)), dose[:, None], people, is_within=True)
    found = compare_counts(counts, depths, design, (1,))
    assert (found.p_values[0][CHANGED] < 0.003).sum() >= 14
    assert (found.p_values[0][~CHANGED] < 0.003).sum() <= 1
    assert np.median(found.log2_fold[0][CHANGED]) == pytest.approx(1, abs=0.15)
    covered = (found.low[0] <= CHANGED) & (found.high[0] >= CHANGED)
    assert covered.mean() >= 0.85
    read = np.array([counts[people == s].sum(axis=0) > 0 for s in range(25)])
    assert found.people[0] == pytest.approx(read.sum(axis=0))


def test_few_taxa_are_compared_by_their_shares() -> None:
    counts, depths, group = draw_between(5)
    found = run(counts[:, :6], depths, group)
    assert found.reference.all()
    assert found.shift == pytest.approx(0, abs=1e-9)
    shares = counts[:, 0] / depths
    expected = np.log2(shares[group == 1].mean() / shares[group == 0].mean())
    assert found.log2_fold[0, 0] == pytest.approx(expected, abs=0.25)


def test_several_levels_have_a_joint_test() -> None:
    counts, depths, _ = draw_between(6)
    levels = np.eye(3)[np.arange(80) % 3][:, 1:]
    design = CountDesign(np.ones((80, 1)), levels, np.arange(80))
    null = compare_counts(counts, depths, design, (1,))
    assert null.joint_p.shape == (N_TAXA,)
    assert (null.joint_p < 0.05).mean() < 0.15
    common = 20 + int(counts[:, 20:].sum(axis=0).argmax())
    counts[levels[:, 1] == 1, common] *= 12
    found = compare_counts(counts, counts.sum(axis=1), design, (1,))
    assert found.joint_p[common] < 0.002
    assert found.p_values[1, common] < 0.002
    assert found.p_values[0, common] > 0.01


def test_empty_levels_and_samples_give_finite_p_values() -> None:
    counts, depths, group = draw_between(7, n=20)
    counts[group == 1, 5] = 0
    counts[0], depths[0] = 0, 3
    found = run(counts, depths, group)
    assert np.isfinite(found.p_values).all()
    assert found.log2_fold[0, 5] < -3


def test_cut_is_at_the_ninetieth_percentile() -> None:
    counts = np.arange(1.0, 12)[:, None] * 100
    cut = cut_counts(counts, np.zeros(11))
    assert cut[:, 0].tolist() == [*range(100, 1001, 100), 1000]
    few = np.array([[0.0]] * 10 + [[9.0]])
    assert cut_counts(few, np.zeros(11)).max() == 9
