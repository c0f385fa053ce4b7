"""Bimeras made by hand, and the vote of the samples.

The verdicts on single variants were compared with R dada2 1.26: isBimera on these cases, and
isBimeraDenovoTable on 314 variants in 6 samples (76 of 76 sample-wise flags equal).
"""

from __future__ import annotations

import numpy as np
import pytest

from naive.denoise_community import make_sequence, substitute
from vagus.chimeras.parts import PartFinder
from vagus.chimeras.settings import ChimeraSettings
from vagus.chimeras.verdicts import judge_variants

RNG = np.random.default_rng(4)
A = make_sequence(RNG, 300)
B = substitute(A, list(range(5, 300, 11)))
C = make_sequence(RNG, 300)
LATE = substitute(A, [*range(5, 280, 11), 292])  # shares with A no word but its end
EARLY = substitute(A, [7, *range(20, 300, 11)])
AB = A[:150] + B[150:]
SETTINGS = ChimeraSettings()


def find(query: str, *parents: str) -> tuple[int, int, int] | None:
    finder = PartFinder([query, *parents])
    return finder.find_bimera(0, np.arange(1, len(parents) + 1))


@pytest.mark.parametrize(
    ("query", "parents"),
    [
        (AB, (A, B)),
        (AB, (A, B[:50] + B[53:])),
        (AB, (A, B[:50] + "ACGTACGTACGTACGTACGT" + B[50:])),
        (AB, (A[5:], B)),
        (AB, (A, B[:-5])),
        (AB, ("GATTAGATTAGATTAGATTA" + A, B)),
        (AB[5:], (A, B)),
        (AB + "GATTA", (A, B)),
        (A[:30] + B[30:], (A, B)),
        (A[:290] + LATE[290:], (A, LATE)),
        (EARLY[:10] + A[10:], (EARLY, A)),
    ],
)
def test_bimeras_are_found(query: str, parents: tuple[str, ...]) -> None:
    assert find(query, *parents) is not None
    assert find(query, *reversed(parents)) is not None


@pytest.mark.parametrize(
    ("query", "parents"),
    [
        (A, (A[3:], B)),
        (A[3:], (A, B)),
        (A[:-3], (A, B)),
        ("ACG" + A, (A, B)),
        (substitute(A, [150]), (A, B)),
        (substitute(AB, [75]), (A, B)),
        (AB, (A,)),
        (AB, (A, C)),
        (A[:150] + A[151:], (A, C)),
        (A[:150] + A[153:], (A, C)),
        (A[:150] + "G" + A[150:], (A, C)),
        (AB, (A[20:], B)),
        (AB, ()),
    ],
)
def test_other_variants_are_not(query: str, parents: tuple[str, ...]) -> None:
    assert find(query, *parents) is None


def test_parents_and_breakpoint_are_told() -> None:
    left, right, breakpoint_bp = find(AB, C, A, B)  # type: ignore[misc]
    assert (left, right) == (2, 3)
    # A and B agree up to their next difference after position 150
    assert breakpoint_bp == min(p for p in range(150, 300) if A[p] != B[p])


def judge(*samples: tuple[int, int, int]) -> bool:
    counts = [{i: n for i, n in enumerate(sample) if n} for sample in samples]
    return judge_variants([A, B, AB], counts, SETTINGS)[2].is_chimera(SETTINGS)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [((36, 36, 10), True), ((35, 36, 10), False), ((36, 35, 10), False), ((4, 4, 1), True)],
)
def test_parents_must_be_more_than_the_fold(sample: tuple, expected: bool) -> None:
    assert judge(sample) is expected


@pytest.mark.parametrize(
    ("n_flagged", "n_other", "expected"),
    [(1, 0, True), (1, 1, True), (1, 2, False), (2, 1, True), (9, 2, True), (18, 3, True),
     (17, 3, False), (0, 1, False)],
)  # fmt: skip
def test_the_vote_is_that_of_r(n_flagged: int, n_other: int, expected: bool) -> None:
    # R dada2 1.26, isBimeraDenovoTable with the same counts
    assert judge(*[(100, 100, 5)] * n_flagged, *[(0, 0, 5)] * n_other) is expected
