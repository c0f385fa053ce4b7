from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.phase_alignment import price_mapping, score_alignment
from vagus.kernels.phase import alignment as kernels

BASES = st.lists(st.integers(0, 3), min_size=12, max_size=60)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["change", "insert", "delete"]), st.floats(0, 0.999), st.integers(0, 3)
    ),
    max_size=6,
)


def edit(sequence: list[int], edits: list[tuple[str, float, int]]) -> list[int]:
    edited = list(sequence)
    for kind, where, base in edits:
        place = int(where * len(edited))
        if kind == "insert":
            edited.insert(place, base)
        elif kind == "change":
            edited[place] = base
        elif len(edited) > 8:
            del edited[place]
    return edited


def align(read: list[int], backbone: list[int], free: int) -> tuple[int, np.ndarray]:
    fronts = kernels.make_fronts(300)
    lows, highs = np.empty(301, np.int64), np.empty(301, np.int64)
    mapping = np.empty(len(backbone), np.int16)
    score = kernels.align_pair(
        np.array(read, np.uint8), np.array(backbone, np.uint8), free, 295, fronts, lows, highs,
        mapping,
    )  # fmt: skip
    return score, mapping


@settings(max_examples=120)
@given(backbone=BASES, edits=EDITS, free=st.integers(0, 5))
def test_score_is_that_of_the_whole_matrix(
    backbone: list[int], edits: list[tuple[str, float, int]], free: int
) -> None:
    read = edit(backbone, edits)
    score, mapping = align(read, backbone, free)
    assert score == score_alignment(read, backbone, free)
    assert price_mapping(read, backbone, mapping.tolist()) == score


@settings(max_examples=120)
@given(backbone=st.lists(st.integers(0, 1), min_size=12, max_size=50), edits=EDITS)
def test_shifting_gaps_changes_neither_cost_nor_more_than_once(
    backbone: list[int], edits: list[tuple[str, float, int]]
) -> None:
    read = edit(backbone, edits)
    score, mapping = align(read, backbone, 3)
    codes, target = np.array(read, np.uint8), np.array(backbone, np.uint8)
    before = kernels.count_edits(codes, target, mapping)
    kernels.shift_gaps_left(codes, target, mapping)
    assert kernels.count_edits(codes, target, mapping) == before
    assert price_mapping(read, backbone, mapping.tolist()) <= score


def test_gap_in_a_run_goes_to_its_start() -> None:
    backbone = [0, 1, 3, 2, 2, 2, 2, 0, 3, 1, 1, 0, 3]
    read = [0, 1, 3, 2, 2, 2, 0, 3, 1, 1, 0, 3]
    _, mapping = align(read, backbone, 0)
    kernels.shift_gaps_left(np.array(read, np.uint8), np.array(backbone, np.uint8), mapping)
    assert mapping.tolist() == [0, 1, 2, -1, 3, 4, 5, 6, 7, 8, 9, 10, 11]


def test_insertion_in_a_run_goes_before_it() -> None:
    read = [0, 1, 3, 2, 2, 2, 2, 0, 3, 1, 1, 0, 3]
    backbone = [0, 1, 3, 2, 2, 2, 0, 3, 1, 1, 0, 3]
    _, mapping = align(read, backbone, 0)
    kernels.shift_gaps_left(np.array(read, np.uint8), np.array(backbone, np.uint8), mapping)
    assert mapping.tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_deletion_in_a_repeat_goes_to_its_start() -> None:
    # ACACAC loses one AC: the first, after the unique G
    backbone = [2, 0, 1, 0, 1, 0, 1, 3, 3, 2, 0, 0, 2]
    read = [2, 0, 1, 0, 1, 3, 3, 2, 0, 0, 2]
    _, mapping = align(read, backbone, 0)
    kernels.shift_gaps_left(np.array(read, np.uint8), np.array(backbone, np.uint8), mapping)
    assert mapping.tolist()[:7] == [0, -1, -1, 1, 2, 3, 4]


def test_ends_hang_over() -> None:
    source = np.random.default_rng(5)
    backbone = source.integers(0, 4, 80).tolist()
    score, mapping = align([3, 3, 0, *backbone[:70]], backbone, 12)
    assert score == 2 * kernels.OVERHANG
    assert mapping.tolist() == [*range(3, 73), *[kernels.MISSING] * 10]


def test_a_read_too_far_does_not_align() -> None:
    source = np.random.default_rng(6)
    backbone = source.integers(0, 4, 300).astype(np.uint8)
    other = source.integers(0, 4, 300).astype(np.uint8)
    _, edits = kernels.align_reads(
        other, np.array([0, 300]), np.array([0]), backbone, 5, np.array([40])
    )
    assert edits.tolist() == [-1]


@pytest.mark.parametrize("seed", range(4))
def test_long_reads_with_many_edits_have_the_optimal_score(seed: int) -> None:
    source = np.random.default_rng(seed)
    backbone = source.integers(0, 4, 400).tolist()
    kinds = ["change", "insert", "delete"]
    edits = [
        (kinds[source.integers(3)], float(source.random()) * 0.999, int(source.integers(4)))
        for _ in range(25)
    ]
    read = edit(backbone, edits)
    score, mapping = align(read, backbone, 8)
    assert score == score_alignment(read, backbone, 8)
    assert price_mapping(read, backbone, mapping.tolist()) == score
