from __future__ import annotations

import numpy as np
import pytest

from vagus.kernels.phase.sketch import MODULUS, WORD_BP, cluster_greedily, sketch_sequences
from vagus.phase.coarse import Sketches, find_clusters
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings

from .conftest import ReadMaker, make_sequence


def mix(word: int) -> int:
    """The hash of the kernel, in Python's integers."""
    mask = (1 << 64) - 1
    mixed = ((word + 1) * 0x9E3779B97F4A7C15) & mask
    mixed ^= mixed >> 32
    mixed = (mixed * 0xD6E8FEB86659FD93) & mask
    return mixed ^ (mixed >> 32)


def test_sketch_holds_the_words_whose_hash_is_a_multiple() -> None:
    sequence = make_sequence(3, 400)
    codes = np.array(["ACGT".index(c) for c in sequence], np.uint8)
    qualities = np.random.default_rng(1).integers(10, 30, 400).astype(np.uint8)
    table = np.log1p(-(10.0 ** (-np.arange(1, 257) / 10)))
    words, offsets, n_right = sketch_sequences(codes, qualities, np.array([0, 400]), table)
    expected, right = [], 0.0
    for start in range(400 - WORD_BP + 1):
        word = 0
        for code in codes[start : start + WORD_BP].tolist():
            word = word * 4 + code
        if mix(word) % MODULUS == 0:
            expected.append(word)
            right += float(np.exp(table[qualities[start : start + WORD_BP]].sum()))
    assert words.tolist() == expected
    assert offsets.tolist() == [0, len(expected)]
    assert n_right[0] == pytest.approx(right, rel=1e-9)


def test_clusters_hold_relatives_and_keep_strangers_apart(maker) -> None:
    made: ReadMaker = maker(1)
    strangers = [make_sequence(seed) for seed in (1, 2, 3)]
    for sequence in strangers:
        made.add(sequence, 12)
    reads = ReadSet.from_uniques(made.finish())
    clusters = find_clusters(
        reads, Sketches.of_reads(reads), np.arange(len(reads)), PhaseSettings()
    )
    origin = dict(zip(made.sequences, made.origins, strict=True))
    uniques = made.finish()
    assert sorted(len(members) for members in clusters) == [12, 12, 12]
    for members in clusters:
        assert len({origin[uniques.sequence(int(i))] for i in members}) == 1


def test_poor_reads_found_no_cluster() -> None:
    words = np.array([5, 9, 5, 9, 7], np.int32)
    labels, _ = cluster_greedily(
        words, np.array([0, 2, 4, 5]), np.array([2.0, 2.0, 1.0]), np.arange(3),
        np.array([True, False, False]), 0.6,
    )  # fmt: skip
    assert labels.tolist() == [0, 0, -1]


def test_expected_errors_count_in_a_reads_favour() -> None:
    """A read with half of its words shared joins only if half of them should be right."""
    words = np.array([5, 9, 5, 7], np.int32)
    offsets = np.array([0, 2, 4])
    for n_right, label in ((2.0, 1), (1.0, 0)):
        labels, _ = cluster_greedily(
            words, offsets, np.array([2.0, n_right]), np.arange(2), np.ones(2, bool), 0.75
        )
        assert labels.tolist() == [0, label]


def test_targets_are_ranked_by_shared_words() -> None:
    sketches = Sketches(np.array([1, 2, 3], np.int32), np.array([0, 3]), np.array([3.0]))
    targets = Sketches(
        np.array([3, 8, 1, 2, 9], np.int32), np.array([0, 2, 4, 5]), np.array([2.0, 2.0, 1.0])
    )
    numbers, counts = sketches.rank(targets, 3)
    assert numbers.tolist() == [[1, 0, -1]]
    assert counts.tolist() == [[2, 1, 0]]
