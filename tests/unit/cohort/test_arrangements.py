from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from vagus.statistics.arrangements import (
    Arrangements,
    count_orders,
    derive_seed,
    iterate_orders,
    permutation_p,
)


def make(labels: list[int], blocks: list[int] | None = None, limit: int = 999) -> Arrangements:
    return Arrangements(np.array(labels), np.array(blocks or [0] * len(labels)), limit, (1, 2))


@pytest.mark.parametrize("labels", [[0], [0, 1], [0, 0, 1, 1], [2, 0, 1, 1, 0], [3, 1, 2, 0]])
def test_orders_are_all_distinct_permutations(labels: list[int]) -> None:
    expected = sorted(set(permutations(labels)))
    assert [tuple(order) for order in iterate_orders(np.array(labels))] == expected
    assert count_orders(np.array(labels)) == len(expected)


@pytest.mark.parametrize(
    ("labels", "blocks", "n_distinct", "smallest"),
    [
        ([0, 0, 0, 1, 1, 1], None, 20, 2 / 20),  # the mirror image is as extreme
        ([0, 0, 1, 1, 1], None, 10, 1 / 10),  # sizes differ: no mirror image
        ([0, 0, 1, 1, 2, 2], None, 90, 6 / 90),
        ([0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2], 8, 2 / 8),
        ([0, 1, 0, 0, 1], [0, 0, 1, 1, 1], 6, 1 / 6),
        ([0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1], 36, 6 / 36),
    ],
)
def test_counts_of_distinct_arrangements(
    labels: list[int], blocks: list[int] | None, n_distinct: int, smallest: float
) -> None:
    arrangements = make(labels, blocks)
    visited = np.concatenate(list(arrangements.iterate()))
    assert arrangements.is_exact
    assert arrangements.n_distinct == n_distinct == len({tuple(row) for row in visited.tolist()})
    assert arrangements.smallest_p == pytest.approx(smallest)
    assert f"all distinct permutations: {n_distinct}" in arrangements.describe()
    assert ("cannot be below" in arrangements.describe()) == (smallest > 0.05)


def test_random_arrangements_stay_in_their_blocks() -> None:
    labels, blocks = [0, 1, 1, 0, 0, 2, 2, 1] * 3, [0, 0, 0, 0, 1, 1, 1, 1] * 3
    arrangements = make(labels, blocks, 600)
    assert not arrangements.is_exact
    batches = list(arrangements.iterate())
    assert sum(map(len, batches)) == arrangements.n_visited == 600
    for row in np.concatenate(batches):
        for block in (0, 1):
            members = np.array(blocks) == block
            assert sorted(row[members]) == sorted(np.array(labels)[members])
    again = np.concatenate(list(make(labels, blocks, 600).iterate()))
    assert np.array_equal(again, np.concatenate(batches))


def test_p_value_counts_the_observed_arrangement() -> None:
    def first_sum(rows: np.ndarray) -> np.ndarray:
        return ((rows == 1) @ np.arange(8.0)).astype(float)

    exact = make([0, 0, 0, 0, 1, 1, 1, 1])
    assert permutation_p(exact, first_sum) == pytest.approx(1 / 70)
    random = make([0, 0, 0, 0, 1, 1, 1, 1], limit=50)
    n_equal = sum(int((first_sum(rows) >= 22).sum()) for rows in random.iterate())
    assert permutation_p(random, first_sum) == pytest.approx((n_equal + 1) / 51)


def test_seeds_depend_on_names() -> None:
    assert derive_seed(1, "group", "shannon") == derive_seed(1, "group", "shannon")
    assert derive_seed(1, "group", "shannon") != derive_seed(1, "group", "simpson")
