from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.reads.error_rate import estimate_error_rate
from vagus.reads.quality import detect_platform, detect_quality_scheme, sum_expected_errors
from vagus.reads.sources import Read
from vagus.sequences import reverse_complement

from .conftest import make_insert

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


def mutate(sequence: str, rate: float, source: random.Random) -> str:
    """Substitutions, insertions and deletions at a rate, half of them substitutions."""
    letters = []
    for letter in sequence:
        chance = source.random() / rate
        other = source.choice("ACGT".replace(letter, ""))
        if chance < 0.5:
            letters.append(other)
        elif chance >= 0.75:
            letters.append(letter + (other if chance < 1 else ""))
    return "".join(letters)


@pytest.mark.parametrize(
    ("rate", "platform"), [(0.0003, "hifi"), (0.001, "hifi"), (0.01, "ont"), (0.06, "ont")]
)
@pytest.mark.parametrize("quality", [30, 93])
def test_platform_of_reads_whose_qualities_were_replaced(
    rate: float, platform: str, quality: int
) -> None:
    source = random.Random(5)
    genes = [make_insert(seed) for seed in range(5)]
    sequences = [mutate(source.choice(genes), rate, source) for _ in range(60)]
    reads = [
        Read("SRR1.1", s if i % 2 else reverse_complement(s), np.full(len(s), quality, np.uint8))
        for i, s in enumerate(sequences)
    ]
    assert detect_platform(reads) == platform
    estimate = estimate_error_rate(reads)
    assert estimate is not None
    assert estimate == pytest.approx(rate, rel=0.5, abs=0.0015)


def test_reads_that_have_nothing_in_common_say_nothing() -> None:
    reads = [Read("r", make_insert(i), np.full(1450, 30, np.uint8)) for i in range(30)]
    assert estimate_error_rate(reads) is None


@pytest.mark.parametrize(("quality", "platform"), [(30, "ont"), (40, "ont"), (93, "hifi")])
@pytest.mark.parametrize("n_reads", [4, 30])
def test_reads_that_say_nothing_are_not_taken_for_accurate_ones(
    quality: int, platform: str, n_reads: int
) -> None:
    # too few of a species, or too few at all, to see their errors; only HiFi has Q93
    reads = [
        Read("SRR1.1", make_insert(i), np.full(1450, quality, np.uint8)) for i in range(n_reads)
    ]
    assert detect_platform(reads) == platform


@pytest.mark.parametrize(("share", "platform"), [(0.038, "ont"), (0.2, "ont"), (0.907, "hifi")])
def test_platform_by_the_share_of_bases_above_50(share: float, platform: str) -> None:
    # the others are of Q12: a mean error probability far above that of HiFi
    quality = np.full(1000, 12, np.uint8)
    quality[: int(1000 * share)] = 60
    assert detect_platform([Read("SRR1.1", "A" * 1000, quality)] * 3) == platform
