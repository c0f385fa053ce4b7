"""Candidates of a large reference are those that counting all shared words would give."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.taxonomy_bayes import list_words
from vagus.kernels.taxonomy.alignment import recount_shared, select_most
from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.starter import ReferenceRecord
from vagus.taxonomy import evidence


@settings(max_examples=100)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=40),
    st.integers(1, 12),
    st.integers(0, 12),
)
def test_select_most_equals_sorting(counts: list[int], n_wanted: int, extra: int) -> None:
    """All above the count of the last wanted one, then those that tie, while there is room."""
    room = n_wanted + extra
    least = sorted(counts, reverse=True)[min(n_wanted, len(counts)) - 1]
    if n_wanted > len(counts):
        least = 0
    above = [row for row, count in enumerate(counts) if count > least]
    ties = [row for row, count in enumerate(counts) if count == least]
    chosen = np.empty(room, np.int64)
    n_chosen = select_most(np.array(counts, np.int32), n_wanted, chosen)
    assert chosen[:n_chosen].tolist() == sorted(above + ties[: room - len(above)])


def test_recount_equals_sets(records: list[ReferenceRecord], index: ReferenceIndex) -> None:
    sequences = {record.accession: record.sequence for record in records}
    query = records[3].sequence[100:400]
    words = evidence.list_distinct_words(query)
    rows = np.array([6, 0, 3, 4])
    shared = np.empty(rows.size, np.int32)
    recount_shared(words, index.masks, index.offsets, rows, shared)
    wanted = set(list_words(query))
    assert shared.tolist() == [
        len(wanted & set(list_words(sequences[index.accessions[row]]))) for row in rows
    ]


@pytest.fixture(scope="module")
def crowd(records: list[ReferenceRecord]) -> ReferenceIndex:
    """Thirty relatives of each of eight sequences."""
    generator = random.Random(4)
    relatives = []
    for record in records:
        for number in range(30):
            bases = list(record.sequence)
            for position in generator.sample(range(len(bases)), number):
                bases[position] = generator.choice("ACGT")
            name = f"{record.accession}-{number:02d}"
            relatives.append(ReferenceRecord(name, "".join(bases), record.lineage))
    return build_index(relatives, "crowd")


@pytest.mark.parametrize("max_entries", [1, 8_000, 30_000])
def test_rare_words_find_what_all_words_find(
    crowd: ReferenceIndex,
    records: list[ReferenceRecord],
    max_entries: int,
) -> None:
    """The 20 references that share most words are those of the full count."""
    words = [evidence.list_distinct_words(record.sequence[20:580]) for record in records]
    whole = evidence.SearchLimits(max_candidates=20)
    limits = evidence.SearchLimits(max_candidates=20, max_entries=max_entries, shortlist=60)
    full = [evidence.find_candidates(crowd, each, whole) for each in words]
    for each, (expected, best) in zip(words, full, strict=True):
        found, share = evidence.find_candidates(crowd, each, limits)
        assert found.tolist() == expected.tolist()
        assert share == best


@pytest.mark.long
def test_more_sequences_and_classes_than_16_bits_count() -> None:
    """70,000 random sequences of as many genera: each is found, also past number 65,535."""
    draw = random.Random(8)
    records = [
        ReferenceRecord(
            f"r{number:05d}",
            "".join(draw.choices("ACGT", k=60)),
            ("Bacteria", "P", "C", "O", "F", f"G{number:05d}", f"G{number:05d} x"),
        )
        for number in range(70_000)
    ]
    index = build_index(records, "many")
    for number in (0, 65_535, 65_536, 69_999):
        words = evidence.list_distinct_words(records[number].sequence)
        found, share = evidence.find_candidates(index, words)
        assert (found[0], share) == (number, 1.0)
        assert index.classes[index.class_of[found[0]]][-1] == f"G{number:05d}"
        found_all = evidence.gather_evidence(index, records[number].sequence, bootstraps=10, seed=1)
        assert found_all.best_class == number
