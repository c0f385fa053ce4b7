from __future__ import annotations

import numpy as np

from vagus.diversity.depth_choices import list_candidates, tabulate_choices
from vagus.tables.counts import CountTable


def test_costs_by_hand() -> None:
    counts = np.array([[60, 40], [30, 20], [9, 1], [500, 0]])
    table = CountTable.from_counts(["a", "b", "c", "blank"], ["x", "y"], counts)
    rows = tabulate_choices(table, 50, {"blank"}).set_index("depth")
    assert rows.index.tolist() == [10, 50, 100]
    assert rows["chosen"].tolist() == ["", "yes", ""]
    assert rows["samples_kept"].tolist() == [3, 2, 1]
    assert rows["dropped"].tolist() == ["", "c", "b; c"]
    assert rows["reads_used"].tolist() == [30, 100, 100]
    np.testing.assert_allclose(rows["share_of_reads"], [30 / 160, 100 / 160, 100 / 160])
    assert rows["mean_coverage"].between(0, 1).all()


def test_many_samples_give_twelve_depths_and_the_chosen() -> None:
    reads = np.arange(1, 501) * 10
    candidates = list_candidates(reads, 1234)
    assert len(candidates) == 13
    assert candidates[0] == 10
    assert candidates[-1] == 5000
    assert 1234 in candidates


def test_no_reads() -> None:
    table = CountTable.from_counts(["a"], ["x"], np.array([[0]]))
    assert tabulate_choices(table, 0, ()).empty
