from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vagus.reads.quality import detect_platform, detect_quality_scheme, sum_expected_errors
from vagus.reads.sources import Read

PACBIO, ONT = "m84012_230101_010203_s1/1234/ccs", "cab123f9-4ec3-46da-a54f-bd7b38fdf85d runid=1"


def make_read(qualities: list[int], name: str = "r", accuracy: float | None = None) -> Read:
    return Read(name, "A" * len(qualities), np.array(qualities, np.uint8), accuracy)


@pytest.mark.parametrize(
    ("qualities", "errors"),
    [([], 0.0), ([0], 1.0), ([10, 20], 0.11), ([30] * 1000, 1.0), ([93, 3], 0.501187234)],
)
def test_expected_errors_by_hand(qualities: list[int], errors: float) -> None:
    assert sum_expected_errors(np.array(qualities, np.uint8), None) == pytest.approx(errors)


def test_expected_errors_by_accuracy_ignore_qualities() -> None:
    assert sum_expected_errors(np.full(1500, 3, np.uint8), 0.999) == pytest.approx(1.5)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 93), max_size=300))
def test_expected_errors_are_the_plain_sum_on_both_strands(qualities: list[int]) -> None:
    array = np.array(qualities, np.uint8)
    plain = math.fsum(10 ** (-q / 10) for q in qualities)
    assert sum_expected_errors(array, None) == pytest.approx(plain, rel=1e-12)
    assert sum_expected_errors(array[::-1], None) == sum_expected_errors(array, None)


@pytest.mark.parametrize(
    ("read", "platform"),
    [
        (make_read([5, 6], ONT, accuracy=0.99), "hifi"),  # rq goes first
        (make_read([5, 6], PACBIO), "hifi"),
        (make_read([5, 6], "m64192_200929_203319/67814/ccs"), "hifi"),
        (make_read([93, 93], ONT), "ont"),
        (make_read([3, 40], "SRR1.1"), "hifi"),  # all in PacBio's bins
        (make_read([11, 51], "SRR1.1"), "hifi"),  # ONT stops at 50
        (make_read([11, 50], "SRR1.1"), "ont"),  # (0.0794 + 0.00001) / 2 > 0.003
        (make_read([26, 50], "SRR1.1"), "hifi"),  # (0.0025 + 0.00001) / 2 < 0.003
    ],
)
def test_platform(read: Read, platform: str) -> None:
    assert detect_platform([read]) == platform


def test_platform_by_the_majority_of_names() -> None:
    few_pacbio = [make_read([20, 21], PACBIO), make_read([20, 21]), make_read([20, 21])]
    assert detect_platform(few_pacbio) == "ont"
    assert detect_platform([*few_pacbio, *[make_read([20, 21], PACBIO)] * 2]) == "hifi"


@pytest.mark.parametrize(
    ("qualities", "platform", "scheme"),
    [
        ([3, 10, 17, 22, 27, 35, 40], "hifi", "binned7"),
        ([40], "hifi", "binned7"),
        ([3, 10, 41], "hifi", "full"),
        ([3, 10], "ont", "ont"),
        ([], "hifi", "full"),
        ([2, 11, 25, 37] * 3000, "hifi", "binned"),
        ([60] * 10_000, "hifi", "binned"),
        ([2, 11, 25, 37] * 2000, "hifi", "full"),
        (list(range(20, 33)) * 1000, "hifi", "full"),
    ],
)
def test_quality_scheme(qualities: list[int], platform: str, scheme: str) -> None:
    assert detect_quality_scheme([make_read(qualities)], platform) == scheme
