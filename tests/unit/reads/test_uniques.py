from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vagus.errors import ReadsError
from vagus.reads.uniques import Uniques, pack_bases, unpack_bases

READS = st.lists(
    st.text(alphabet="ACGT", max_size=5).flatmap(
        lambda s: st.tuples(
            st.just(s), st.lists(st.integers(0, 93), min_size=len(s), max_size=len(s))
        )
    ),
    max_size=30,
)


def dereplicate(reads: list[tuple[str, list[int]]], sample: str = "s") -> Uniques:
    return Uniques.from_reads([s for s, _ in reads], [q for _, q in reads], sample=sample)


def test_hand_case() -> None:
    uniques = dereplicate(
        [("ACGT", [1, 2, 3, 4]), ("T", [7]), ("ACGT", [2, 2, 2, 93]), ("AC", [0, 9])]
    )
    assert [uniques.sequence(i) for i in range(3)] == ["ACGT", "AC", "T"]
    assert uniques.counts.tolist() == [2, 1, 1]
    assert uniques.offsets.tolist() == [0, 4, 6, 7]
    assert uniques.quality_sums.tolist() == [3, 4, 5, 97, 0, 9, 7]
    # 1.5, 2, 2.5 and 48.5: halves go up
    assert uniques.rounded_mean_quality().tolist() == [2, 2, 3, 49, 0, 9, 7]
    assert (uniques.n_reads, uniques.n_uniques, uniques.n_repeated) == (4, 3, 1)


def test_dtypes_are_those_of_the_contract(tmp_path: Path) -> None:
    uniques = dereplicate([("ACGT", [1, 2, 3, 4]), ("ACGT", [1, 2, 3, 4]), ("A", [1])])
    uniques.save(tmp_path / "u.npz")
    for each in (uniques, Uniques.load(tmp_path / "u.npz"), Uniques.empty()):
        kinds = [each.bases, each.offsets, each.counts, each.quality_sums]
        assert [str(a.dtype) for a in kinds] == ["uint8", "int64", "int32", "uint32"]
        assert each.rounded_mean_quality().dtype == np.uint8


@settings(max_examples=60)
@given(READS)
def test_equals_a_plain_count(reads: list[tuple[str, list[int]]]) -> None:
    uniques = dereplicate(reads)
    counts = Counter(s for s, _ in reads)
    order = sorted(counts, key=lambda s: (-counts[s], s))
    assert [uniques.sequence(i) for i in range(uniques.n_uniques)] == order
    assert uniques.counts.tolist() == [counts[s] for s in order]
    sums = [[sum(c) for c in zip(*(q for t, q in reads if t == s), strict=True)] for s in order]
    assert uniques.quality_sums.tolist() == [n for row in sums for n in row]
    halves_up = [
        int(Fraction(n, counts[s]) + Fraction(1, 2))
        for s, row in zip(order, sums, strict=True)
        for n in row
    ]
    assert uniques.rounded_mean_quality().tolist() == halves_up


@settings(max_examples=25)
@given(reads=READS, seed=st.integers(0, 99))
def test_saved_bytes_do_not_depend_on_the_order_of_reads(
    tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[str, list[int]]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("uniques")
    shuffled = random.Random(seed).sample(reads, len(reads))
    dereplicate(reads).save(folder / "a.npz")
    dereplicate(shuffled).save(folder / "b.npz")
    assert (folder / "a.npz").read_bytes() == (folder / "b.npz").read_bytes()


@settings(max_examples=25)
@given(READS)
def test_load_gives_what_was_saved(
    tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[str, list[int]]]
) -> None:
    path = tmp_path_factory.mktemp("uniques") / "u.npz"
    uniques = dereplicate(reads, sample="Ä stool")
    uniques.save(path)
    loaded = Uniques.load(path)
    for name in ("bases", "offsets", "counts", "quality_sums"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(uniques, name))
    assert (loaded.sample, loaded.platform, loaded.quality_scheme) == ("Ä stool", "hifi", "full")


def test_sums_beyond_16_bits_survive(tmp_path: Path) -> None:
    uniques = Uniques.from_reads(["A"] * 1000, [[93]] * 1000)
    uniques.save(tmp_path / "u.npz")
    assert Uniques.load(tmp_path / "u.npz").quality_sums.tolist() == [93_000]
    assert uniques.rounded_mean_quality().tolist() == [93]


@pytest.mark.parametrize("n_bases", range(9))
def test_packing_is_undone(n_bases: int) -> None:
    bases = np.arange(n_bases, dtype=np.uint8) % 4
    packed = pack_bases(bases)
    assert len(packed) == (n_bases + 3) // 4
    assert unpack_bases(packed, n_bases).tolist() == bases.tolist()


def test_first_base_is_in_the_lowest_bits() -> None:
    assert pack_bases(np.array([3, 0, 1, 2], np.uint8)).tolist() == [3 + 0 + 1 * 16 + 2 * 64]


def test_letters_other_than_acgt_are_refused() -> None:
    with pytest.raises(ValueError, match="A, C, G and T"):
        Uniques.from_reads(["ACN"], [[1, 1, 1]])


def test_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 bases but 1"):
        Uniques.from_reads(["AC"], [[1]])


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "u.npz"
    path.write_bytes(content)
    with pytest.raises(ReadsError, match=r"u\.npz.*not a whole file"):
        Uniques.load(path)


def test_cut_off_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "u.npz"
    dereplicate([("ACGT", [1, 2, 3, 4])]).save(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ReadsError, match="not a whole file"):
        Uniques.load(path)


def test_antisense_reads_are_counted_where_strands_are_known(tmp_path: Path) -> None:
    reads, qualities = ["ACGT", "A", "ACGT", "ACGT"], [[1, 2, 3, 4], [1], [1] * 4, [2] * 4]
    strands = [True, False, False, True]
    uniques = Uniques.from_reads(reads, qualities, are_reverse=strands)
    assert uniques.reverse_counts is not None
    assert uniques.reverse_counts.tolist() == [2, 0]
    uniques.save(tmp_path / "u.npz")
    loaded = Uniques.load(tmp_path / "u.npz").reverse_counts
    assert loaded is not None
    assert (loaded.tolist(), loaded.dtype) == ([2, 0], np.int32)
    shuffled = [2, 3, 1, 0]
    again = Uniques.from_reads(
        [reads[i] for i in shuffled],
        [qualities[i] for i in shuffled],
        are_reverse=[strands[i] for i in shuffled],
    )
    again.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "u.npz").read_bytes()


def test_strands_may_be_unknown(tmp_path: Path) -> None:
    uniques = dereplicate([("ACGT", [1, 2, 3, 4])])
    uniques.save(tmp_path / "u.npz")
    assert uniques.reverse_counts is None
    assert Uniques.load(tmp_path / "u.npz").reverse_counts is None
