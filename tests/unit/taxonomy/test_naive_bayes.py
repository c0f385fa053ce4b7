from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.taxonomy_bayes import UNIT, NaiveBayes, list_words, split_mix
from vagus.kernels.taxonomy.bayes import count_votes, score_classes
from vagus.reference.index import ReferenceIndex
from vagus.reference.starter import ReferenceRecord
from vagus.taxonomy.evidence import (
    derive_seed,
    draw_rows,
    gather_evidence,
    list_distinct_words,
)

# Outputs of SplitMix64 for seed 1234567, as printed by the reference C program of its authors.
SPLITMIX_1234567 = [6457827717110365317, 3203168211198807973, 9817491932198370423]


def train(records: list[ReferenceRecord]) -> NaiveBayes:
    return NaiveBayes([(record.lineage[:6], record.sequence) for record in records])


def test_split_mix_is_the_published_generator() -> None:
    assert split_mix(1234567, 3) == SPLITMIX_1234567


@settings(max_examples=25)
@given(st.integers(0, 2**64 - 1), st.integers(1, 5000))
def test_draws_equal_the_twin(seed: int, n_rows: int) -> None:
    expected = [((z >> 32) * n_rows) >> 32 for z in split_mix(seed, 12)]
    drawn = draw_rows(seed, n_rows, (3, 4))
    assert drawn.ravel().tolist() == expected
    assert 0 <= drawn.min() <= drawn.max() < n_rows


def test_scores_equal_the_twin(
    records: list[ReferenceRecord], index: ReferenceIndex, change: Callable[[str, int, int], str]
) -> None:
    naive = train(records)
    query = change(records[3].sequence, 7, 20)
    scores = np.empty(index.n_classes, np.int64)
    score_classes(
        list_distinct_words(query),
        index.class_starts, index.class_ids, index.weights, index.penalties, scores,
    )  # fmt: skip
    words = list_words(query)
    assert scores.tolist() == [naive.score(words, label) for label in index.classes]
    for label, score in zip(index.classes, scores.tolist(), strict=True):
        exact = sum(np.log(naive.probability(w, label) / naive.prior(w)) for w in words)
        assert score / UNIT == pytest.approx(exact, abs=len(words) / UNIT)


@pytest.mark.parametrize(("row", "n_substitutions"), [(0, 0), (3, 20), (6, 90), (7, 130)])
def test_votes_equal_the_twin(
    records: list[ReferenceRecord],
    index: ReferenceIndex,
    change: Callable[[str, int, int], str],
    row: int,
    n_substitutions: int,
) -> None:
    query = change(records[row].sequence, row, n_substitutions)
    evidence = gather_evidence(index, query, bootstraps=20, seed=3)
    words = list_words(query)
    shape = (20, len(words) // 8)
    flat = split_mix(derive_seed(query, 3), shape[0] * shape[1])
    draws = np.array([((z >> 32) * len(words)) >> 32 for z in flat]).reshape(shape).tolist()
    naive = train(records)
    expected = {label: float(share) for label, share in naive.vote(words, draws).items()}
    votes = {index.classes[label]: share for label, share in evidence.class_votes.items()}
    assert votes == pytest.approx(expected)
    assert sum(votes.values()) == pytest.approx(1.0)
    best = max(index.classes, key=lambda label: naive.score(words, label))
    assert index.classes[evidence.best_class] == best


def test_ties_share_the_vote_by_group() -> None:
    """Columns 0, 1 and 2 tie; 0 and 1 are one group, so it gets half, not two thirds."""
    table = np.array([[1, 1, 1, 0]], np.int32)
    draws = np.zeros((4, 1), np.int32)
    votes = np.zeros(3)
    count_votes(table, np.zeros(4, np.int32), np.array([0, 0, 1, 2], np.int32), draws, votes)
    assert votes.tolist() == [2.0, 2.0, 0.0]


def test_penalties_count_for_every_draw() -> None:
    table = np.array([[3, 4], [3, 4]], np.int32)
    draws = np.array([[0, 1]], np.int32)
    votes = np.zeros(2)
    count_votes(table, np.array([0, 2], np.int32), np.arange(2, dtype=np.int32), draws, votes)
    assert votes.tolist() == [1.0, 0.0]  # 6 - 0 against 8 - 4


def test_seed_decides_and_order_of_asvs_does_not(
    records: list[ReferenceRecord], index: ReferenceIndex, change: Callable[[str, int, int], str]
) -> None:
    query = change(records[0].sequence, 1, 120)
    first = gather_evidence(index, query, bootstraps=50, seed=1)
    gather_evidence(index, records[5].sequence, bootstraps=50, seed=1)
    assert gather_evidence(index, query, bootstraps=50, seed=1) == first
    assert derive_seed(query, 1) != derive_seed(query, 2)


@pytest.mark.parametrize("query", ["", "ACGTACG", "AAAAAAAA", "A" * 20000])
def test_degenerate_sequences_give_no_evidence(index: ReferenceIndex, query: str) -> None:
    evidence = gather_evidence(index, query, bootstraps=5, seed=1)
    assert evidence.hits == ()
    assert evidence.class_votes == {}
