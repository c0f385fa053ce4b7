from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive import taxonomy_alignment as naive
from vagus.kernels.taxonomy.alignment import align_free_ends
from vagus.reference.index import ReferenceIndex, encode_masks
from vagus.reference.starter import ReferenceRecord
from vagus.sequences import reverse_complement
from vagus.taxonomy.evidence import gather_evidence


def align(query: str, reference: str, low: int, high: int) -> tuple[int, int, int]:
    masks = encode_masks(query)
    backwards = masks[::-1].copy()
    backwards.flags.writeable = False
    return align_free_ends(masks, backwards, encode_masks(reference), low, high)


def edit(sequence: str, generator: random.Random, rate: float) -> str:
    out = []
    for base in sequence:
        roll = generator.random()
        if roll < rate:
            continue
        out.append(generator.choice("ACGT") if roll < 2 * rate else base)
        if generator.random() < rate:
            out.append(generator.choice("ACGT"))
    return "".join(out)


@settings(max_examples=60)
@given(st.text("ACGTRN", min_size=1, max_size=25), st.text("ACGTRYN", min_size=1, max_size=25))
def test_whole_matrix_equals_the_twin(query: str, reference: str) -> None:
    expected = naive.align_free_ends(query, reference)
    assert align(query, reference, -len(query), len(reference)) == expected[1:]


@pytest.mark.parametrize("seed", range(6))
def test_related_sequences_equal_the_twin_also_in_a_band(seed: int) -> None:
    generator = random.Random(seed)
    core = "".join(generator.choices("ACGT", k=120))
    query = "".join(generator.choices("ACGT", k=seed * 3)) + edit(core, generator, 0.03)
    reference = edit(core, generator, 0.02) + "".join(generator.choices("ACGT", k=20 - seed))
    _, matches, columns, n_bases = naive.align_free_ends(query, reference)
    assert align(query, reference, -150, 150) == (matches, columns, n_bases)
    assert align(query, reference, -40, 25) == (matches, columns, n_bases)


@pytest.mark.parametrize(
    ("query", "reference", "expected"),
    [
        ("ACGTACGTAC", "ACGTACGTAC", (10, 10, 10)),
        ("ACGTACGTAC", "TTTACGTACGTACTTT", (10, 10, 10)),  # the reference overhangs
        ("TTTACGTACGTACTTT", "ACGTACGTAC", (10, 10, 10)),  # the query overhangs
        ("ACGTAAGTACGGA", "ACGTACGTACGGA", (12, 13, 13)),  # one substitution
        ("ACGTACCTTGACGGATCA", "ACGTACCTGACGGATCA", (17, 18, 18)),  # one inserted base
        ("ACGTNCGT", "ACGTACGT", (8, 8, 8)),  # ambiguity codes match what they stand for
        ("ACGTYCGTACGGA", "ACGTACGTACGGA", (12, 13, 13)),  # ... and nothing else
    ],
)
def test_hand_computed_identities(
    query: str, reference: str, expected: tuple[int, int, int]
) -> None:
    assert align(query, reference, -20, 20) == expected


def test_hits_have_the_identity_of_known_substitutions(
    records: list[ReferenceRecord], index: ReferenceIndex, change: Callable[[str, int, int], str]
) -> None:
    """Six substitutions in 600 bases, none near an end: identity 594/600."""
    original = records[2].sequence
    query = original[:50] + change(original[50:550], 3, 6) + original[550:]
    best = gather_evidence(index, query, bootstraps=5, seed=1).hits[0]
    assert index.accessions[best.reference] == "ref010"
    assert best.identity == pytest.approx(594 / 600)
    assert best.coverage == 1.0


def test_coverage_is_the_aligned_share_of_the_query(
    records: list[ReferenceRecord], index: ReferenceIndex
) -> None:
    tail = "".join(random.Random(9).choices("ACGT", k=200))
    best = gather_evidence(index, records[0].sequence + tail, bootstraps=5, seed=1).hits[0]
    assert best.identity > 0.98
    assert best.coverage == pytest.approx(600 / 800, abs=0.01)


def test_hits_are_ordered_and_the_other_strand_is_noticed(
    records: list[ReferenceRecord], index: ReferenceIndex
) -> None:
    evidence = gather_evidence(index, records[4].sequence, bootstraps=5, seed=1)
    keys = [(-h.identity, -h.coverage, index.accessions[h.reference]) for h in evidence.hits]
    assert keys == sorted(keys)
    assert not evidence.is_antisense
    backwards = reverse_complement(records[4].sequence)
    assert gather_evidence(index, backwards, bootstraps=5, seed=1).is_antisense
    noise = "".join(np.random.default_rng(1).choice(list("ACGT"), 600))
    assert not gather_evidence(index, noise, bootstraps=5, seed=1).is_antisense
