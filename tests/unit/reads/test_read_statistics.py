from __future__ import annotations

import random

import numpy as np
import pytest

from vagus.reads.statistics import ERROR_EDGES, ReadStatistics


def collect(reads: list[tuple[list[int], float]]) -> ReadStatistics:
    statistics = ReadStatistics()
    for quality, errors in reads:
        statistics.add(np.array(quality, np.uint8), errors)
    return statistics


def test_hand_case() -> None:
    statistics = collect([([10, 20, 30], 0.3), ([20], 0.0), ([40, 40, 40, 40], 0.06)])
    summary = statistics.summarise()
    assert summary["n_reads"] == 3
    assert summary["n_bases"] == 8
    assert summary["median_length_bp"] == 3
    assert summary["mean_expected_errors"] == pytest.approx(0.12)
    assert summary["median_expected_errors"] == 0.06
    assert summary["median_accuracy"] == pytest.approx(1 - 0.06 / 4)
    assert summary["median_passes"] is None
    assert statistics.make_length_histogram() == [[0, 3]]
    # means over the reads that reach the position: (10+20+40)/3, (20+40)/2, (30+40)/2, 40
    assert statistics.make_quality_profile() == [
        [0, pytest.approx(70 / 3)], [1, 30], [2, 35], [3, 40],
    ]  # fmt: skip


def test_no_reads() -> None:
    statistics = ReadStatistics()
    summary = statistics.summarise()
    assert (summary["n_reads"], summary["n_bases"]) == (0, 0)
    assert summary["median_length_bp"] is summary["mean_expected_errors"] is None
    assert statistics.make_length_histogram() == []
    assert statistics.make_error_histogram() == []
    assert statistics.make_quality_profile() == []


def test_length_bins_of_10_bp() -> None:
    statistics = collect([([1] * n, 0.0) for n in (9, 10, 19, 20, 5000, 7000)])
    assert statistics.make_length_histogram() == [[0, 1], [10, 2], [20, 1], [5000, 2]]


def test_error_bins() -> None:
    assert ERROR_EDGES[:3] == (0.0, 0.001, 0.00133)
    assert ERROR_EDGES[-1] == 1000
    statistics = collect([([1], e) for e in (0.0, 0.0009, 0.001, 1.0, 1.2, 1.33, 2000.0)])
    assert statistics.make_error_histogram() == [
        [0.0, 0.001, 2], [0.001, 0.00133, 1], [1.0, 1.33, 2], [1.33, 1.78, 1], [750.0, 1000.0, 1],
    ]  # fmt: skip


def test_profile_is_binned_and_leaves_out_rare_positions() -> None:
    reads = [([30] * 700, 0.0)] * 100 + [([10] * 900, 0.0)]
    profile = collect(reads).make_quality_profile()
    assert [row[0] for row in profile] == list(range(0, 700, 3))
    assert profile[0][1] == pytest.approx((100 * 30 + 10) / 101)
    assert len(collect([([9] * 1451, 0.0)]).make_quality_profile()) <= 300


def test_order_does_not_matter() -> None:
    source = random.Random(4)
    reads = [
        ([source.randint(0, 93) for _ in range(source.randint(0, 50))], source.random())
        for _ in range(60)
    ]
    one, other = collect(reads), collect(source.sample(reads, len(reads)))
    assert one.summarise() == other.summarise()
    assert one.make_error_histogram() == other.make_error_histogram()
    assert one.make_quality_profile() == other.make_quality_profile()


def test_passes() -> None:
    statistics = ReadStatistics()
    for passes in (3, 9, 10):
        statistics.add(np.zeros(1, np.uint8), 0.0, passes)
    assert statistics.summarise()["median_passes"] == 9
