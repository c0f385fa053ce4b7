from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from naive.taxonomy_bayes import UNIT, NaiveBayes, list_words
from vagus.errors import ReferenceFileError
from vagus.kernels.taxonomy.words import is_sampled
from vagus.reference.index import ReferenceIndex, build_index, encode_masks
from vagus.reference.starter import ReferenceRecord
from vagus.reference.store import load_arrays, save_arrays


def word_code(word: str) -> int:
    code = 0
    for base in word:
        code = 4 * code + "ACGT".index(base)
    return code


def test_masks_follow_iupac() -> None:
    assert encode_masks("ACGTUMRWSYKVHDBN").tolist() == [
        1, 2, 4, 8, 8, 3, 5, 9, 6, 10, 12, 7, 11, 13, 14, 15,
    ]  # fmt: skip


def test_hand_computed_probabilities() -> None:
    """Three sequences of two words at most; P(w|G) of Wang et al. 2007 by hand.

    AAAAAAAA is in 2 of 3: P_w = 2.5/4 = 0.625; both members of class A contain it:
    P(w|A) = 2.625/3 = 0.875. AAAAAAAC is in 1 of 3: P_w = 0.375; P(w|A) = 1.375/3.
    """
    a, b = ("B", "P", "C", "O", "F", "A", ""), ("B", "P", "C", "O", "F", "Z", "")
    sequences = [("1", "AAAAAAAAC", a), ("2", "AAAAAAAAG", a), ("3", "CCCCCCCCC", b)]
    index = build_index([ReferenceRecord(*item) for item in sequences], "toy")
    first, second = index.class_starts[word_code("AAAAAAAA")], index.class_starts[1]
    assert index.class_ids[first] == index.class_ids[second] == 0
    assert index.weights[first] / UNIT == pytest.approx(np.log(2.625 / 0.625), abs=1 / UNIT)
    assert index.weights[second] / UNIT == pytest.approx(np.log(1.375 / 0.375), abs=1 / UNIT)
    assert (index.penalties / UNIT).tolist() == pytest.approx([np.log(3), np.log(2)], abs=1 / UNIT)
    naive = NaiveBayes([(lineage[5], sequence) for _, sequence, lineage in sequences])
    assert naive.probability("AAAAAAAA", "A") == pytest.approx(0.875)
    assert naive.probability("AAAAAAAA", "Z") == pytest.approx(0.3125)


def test_word_lists_equal_a_dictionary(
    records: list[ReferenceRecord], index: ReferenceIndex
) -> None:
    """An eighth of the words is listed with its sequences, all are with their classes."""
    by_accession = {record.accession: record for record in records}
    order = [by_accession[accession] for accession in index.accessions]
    held = {(word_code(w), row) for row, r in enumerate(order) for w in list_words(r.sequence)}
    sampled = {pair for pair in held if pair[0] * 40503 % 65536 < 8192}
    words = np.repeat(np.arange(65536), np.diff(index.starts))
    assert set(zip(words.tolist(), index.holders.tolist(), strict=True)) == sampled
    assert len(index.holders) == len(sampled)
    by_class = {(word, int(index.class_of[row])) for word, row in held}
    words = np.repeat(np.arange(65536), np.diff(index.class_starts))
    assert set(zip(words.tolist(), index.class_ids.tolist(), strict=True)) == by_class
    assert len(index.class_ids) == len(by_class)
    assert index.n_distinct.tolist() == [len(list_words(r.sequence)) for r in order]


def test_sampled_words_are_an_eighth_and_spread() -> None:
    """Of all words, and of those with any first three bases about as many: 128 of 1,024."""
    sampled = np.array([is_sampled(word) for word in range(65536)])
    assert sampled.sum() == 8192
    assert np.abs(sampled.reshape(64, 1024).sum(axis=1) - 128).max() <= 12


def test_ambiguous_bases_break_words() -> None:
    lineage = ("B", "", "", "", "", "", "")
    index = build_index([ReferenceRecord("a", "ACGTACGTNACGTACGTR", lineage)], "toy")
    assert index.n_distinct.tolist() == [1]


def test_input_order_does_not_matter_and_bytes_are_equal(
    records: list[ReferenceRecord], tmp_path: Path
) -> None:
    shuffled = records.copy()
    random.Random(5).shuffle(shuffled)
    build_index(records, "x").save(tmp_path / "a.index")
    build_index(shuffled, "x").save(tmp_path / "b.index")
    assert (tmp_path / "a.index").read_bytes() == (tmp_path / "b.index").read_bytes()


def test_saved_and_loaded_are_equal(index: ReferenceIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "i")
    loaded = ReferenceIndex.load(tmp_path / "i")
    assert loaded.name == "made-up"
    assert loaded.arrays.keys() == index.arrays.keys()
    for name, array in index.arrays.items():
        assert array.dtype == loaded.arrays[name].dtype
        np.testing.assert_array_equal(array, loaded.arrays[name])
        assert not loaded.arrays[name].flags.writeable
    assert loaded.lineages == index.lineages == sorted(index.lineages)
    assert loaded.classes == index.classes


def test_copies_of_one_lineage_are_merged_but_not_across_lineages() -> None:
    one = ("B", "", "", "", "", "G", "G a")
    other = ("B", "", "", "", "", "G", "G b")
    sequence = "ACGTTGCAAC"
    index = build_index(
        [
            ReferenceRecord(name, sequence, lin)
            for name, lin in (("z", one), ("y", one), ("x", other))
        ],
        "toy",
    )
    assert index.accessions == ["y", "x"]


def test_arrays_are_aligned_and_empty_ones_survive(tmp_path: Path) -> None:
    arrays = {"a": np.arange(5, dtype=np.uint8), "b": np.zeros(0, np.int64), "c": np.eye(3)}
    save_arrays(tmp_path / "s", arrays, {"k": 1})
    loaded, notes = load_arrays(tmp_path / "s")
    assert notes == {"k": 1}
    assert all(array.ctypes.data % 64 == 0 for array in loaded.values() if array.size)
    np.testing.assert_array_equal(loaded["c"], np.eye(3))
    assert loaded["b"].shape == (0,)


@pytest.mark.parametrize("keep", [4, 30, 400])
def test_damaged_index(index: ReferenceIndex, tmp_path: Path, keep: int) -> None:
    index.save(tmp_path / "i")
    (tmp_path / "i").write_bytes((tmp_path / "i").read_bytes()[:keep])
    with pytest.raises(ReferenceFileError, match=r"cut off|not an index"):
        ReferenceIndex.load(tmp_path / "i")
