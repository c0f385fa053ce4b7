from __future__ import annotations

from math import factorial, log

import numpy as np
import pytest

from vagus.phase.evidence import (
    bound_log10_p,
    count_log_alternatives,
    count_sites,
    is_strand_bound,
    weigh_strands,
)


def test_alternatives_by_hand() -> None:
    assert count_log_alternatives(1, 1450) == pytest.approx(log(11600))
    assert count_log_alternatives(3, 100) == pytest.approx(3 * log(800) - log(6))


def test_bound_by_hand() -> None:
    # exp(-T) * 8 L with T = ln(8 L) + 2 ln 10 is 1/100
    assert bound_log10_p(log(800) + 2 * log(10), 1, 100) == pytest.approx(-2)
    assert bound_log10_p(1.0, 1, 100) == 0


def test_sites_close_together_are_one() -> None:
    # columns of bases 10, 12 (2 bp), 16 (4 bp), 30
    assert count_sites(np.array([21, 24, 33, 61])) == 2
    assert count_sites(np.array([21, 31])) == 2
    assert count_sites(np.array([], np.int64)) == 0


def test_strands_by_hand() -> None:
    # 8 of 8 antisense, the others half and half. Beta(1, 9): the integral of
    # 9 (1 - x)^8 (1 - x)^8 is 9/17, that of 9 (1 - x)^8 x^8 is 9 B(9, 9) = 9 (8!)^2 / 17!
    error = (9 / 17 + 9 * factorial(8) ** 2 / factorial(17)) / 2
    assert weigh_strands(8, 8, 50, 100) == pytest.approx(error * 2**8)
    assert weigh_strands(0, 8, 50, 100) == pytest.approx(error * 2**8)
    assert weigh_strands(4, 8, 50, 100) < 1


def test_strands_of_a_protocol_that_reads_one_strand_say_little() -> None:
    # nobody else was antisense either: share 1/102
    assert weigh_strands(0, 20, 0, 100) < 1
    assert weigh_strands(5, 5, 0, 100) > 1e6


def test_mild_imbalance_of_many_reads_is_no_error() -> None:
    assert weigh_strands(530, 1000, 500, 1000) < 0.1
    assert not is_strand_bound(weigh_strands(560, 1000, 500, 1000), 1, 20.0)


def test_two_sites_ask_for_more() -> None:
    assert is_strand_bound(25.0, 1, 20.0)
    assert not is_strand_bound(25.0, 2, 20.0)
    assert is_strand_bound(425.0, 2, 20.0)
    assert not is_strand_bound(1e9, 3, 20.0)
