"""Taxa of a sample that stand out: intervals and places by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from vagus.report.notable import find_notable
from vagus.report.place import estimate_interval, find_percentile
from vagus.report.rank_counts import RankCounts


def count(table: pd.DataFrame) -> RankCounts:
    return RankCounts.from_table(table.rename_axis("genus"))


def test_wilson_interval_as_published() -> None:
    # Newcombe (1998, Stat. Med. 17:857-872), table I, method 3
    assert estimate_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert estimate_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert estimate_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert estimate_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_edges_of_the_interval() -> None:
    assert estimate_interval(0, 0) == (0.0, 1.0)
    assert estimate_interval(5, 5)[1] == 1.0


def test_ties_count_half() -> None:
    assert find_percentile(2.0, [1.0, 2.0, 2.0, 3.0]) == 0.5


def test_what_stands_out() -> None:
    others = [f"o{i}" for i in range(20)]
    counts = pd.DataFrame(
        {name: [100, 500 + i, 0, 400 - i] for i, name in enumerate(others)},
        index=["Steady", "Common", "Absent", "Unassigned"],
    )
    counts["own"] = [100, 100, 50, 750]
    found = find_notable(count(counts), "own", others)
    # 'Absent' is only here, 'Common' far below; 'Steady' has the others' share; what has no name
    # is not compared
    assert [(one.taxon, one.is_high) for one in found] == [("Absent", True), ("Common", False)]
    high, low = found
    assert (high.share, high.others_high, high.percentile) == (0.05, 0.0, 1.0)
    assert (low.share, low.percentile) == (0.1, 0.0)
    assert low.others_low == pytest.approx(0.50095)
    assert high.percentile_low == pytest.approx(estimate_interval(20, 20)[0])


def test_few_reads_do_not_stand_out() -> None:
    others = [f"o{i}" for i in range(20)]
    counts = pd.DataFrame({name: [10, 990] for name in others}, index=["Rare", "Common"])
    # 1 of 30 reads: 3.3 %, but anything from 0.6 % up
    counts["own"] = [1, 29]
    assert find_notable(count(counts), "own", others) == []
