from __future__ import annotations

from typing import Any

import numpy as np

from observing import watch_calls
from vagus.phase.candidates import Candidate
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.merging import merge_candidates
from vagus.phase.pairs import find_pairs, score_excess
from vagus.phase.pileup import Pileup, align_to
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.phase.splitting import Birth, Splitter
from vagus.reads.uniques import encode_bases

from .conftest import make_sequence, substitute

SETTINGS = PhaseSettings()
TABLES = PhaseErrorModel.nominal().make_tables(SETTINGS)
BASE = make_sequence(1)


def pile(made, backbone: str = BASE) -> tuple[ReadSet, Pileup]:
    reads = ReadSet.from_uniques(made.finish())
    pileup, misfits = align_to(reads, np.arange(len(reads)), encode_bases(backbone), SETTINGS)
    assert not len(misfits)
    return reads, pileup


def keep_growth(arguments: dict[str, Any]) -> tuple[bytes, int, object]:
    """A leaf as it is now, and the seed that is grown in it."""
    leaf = arguments["leaf"]
    return leaf.calls.tobytes(), len(leaf.rows), arguments["seed"]


def test_seeds_that_failed_are_not_tried_again(maker) -> None:
    """The loop ends, and no seed of an unchanged leaf is grown twice."""
    made = maker(1)
    made.add(BASE, 60, low_share=0.15)
    made.add(substitute(BASE, 77), 20, low_share=0.15)
    _, pileup = pile(made)
    with watch_calls(Splitter._grow, keep_growth) as grown:
        leaves = Splitter(pileup, TABLES, SETTINGS).split()
    small, large = sorted(len(leaf.rows) for leaf in leaves)
    assert abs(small - 20) <= 2
    assert small + large == 80
    assert grown
    assert len(grown) == len(set(grown))


def test_reads_choose_among_all_leaves(maker) -> None:
    made = maker(2)
    truth = [BASE, substitute(BASE, 77), substitute(BASE, 77, 400), substitute(BASE, 400)]
    for sequence, n in zip(truth, (50, 25, 15, 20), strict=True):
        made.add(sequence, n)
    reads, pileup = pile(made)
    leaves = Splitter(pileup, TABLES, SETTINGS).split()
    spelled = {
        "".join("ACGT"[b] for b in pileup.spell(reads, leaf.calls, leaf.rows)): len(leaf.rows)
        for leaf in leaves
    }
    assert set(spelled) == set(truth)
    for sequence, n in zip(truth, (50, 25, 15, 20), strict=True):
        assert abs(spelled[sequence] - n) <= 2
    assert sorted(np.concatenate([leaf.rows for leaf in leaves])) == list(range(110))


def test_consensus_spells_long_insertions_and_overhangs(maker) -> None:
    made = maker(3)
    truth = "ACGTTGCA" + BASE[:200] + "TTTGACCATTAGG" + BASE[200:] + "GGCCA"
    made.add(truth, 30, low_share=0.05)
    reads, pileup = pile(made)
    calls = pileup.call(pileup.rows, TABLES).calls
    spelled = pileup.spell(reads, calls, pileup.rows)
    assert "".join("ACGT"[b] for b in spelled) == truth


def test_pairs_found_are_those_planted(maker) -> None:
    made = maker(4)
    made.add(BASE, 300, low_share=0.02)
    made.add(substitute(BASE, 100, 350), 5, low_share=0.0)
    _, pileup = pile(made)
    pairs = find_pairs(pileup, pileup.rows, pileup.own_calls, SETTINGS)
    states = encode_bases(substitute(BASE, 100, 350))
    assert pairs == [((201, int(states[100])), (701, int(states[350])))]


def test_excess_is_chernoffs_bound() -> None:
    # five where one is expected: 5 ln 5 - 5 + 1; as many as expected: none
    found = score_excess(np.array([5.0, 2.0]), np.array([1.0, 2.0]))
    assert found.tolist() == [5 * np.log(5) - 4, 0.0]


def test_only_strict_parts_are_merged(maker) -> None:
    made = maker(5)
    near_end = substitute(BASE, 594)
    for sequence, n in ((BASE, 20), (near_end, 10), (BASE[3:], 6)):
        made.add(sequence, n, low_share=0.0)
    reads = ReadSet.from_uniques(made.finish())
    uniques = made.finish()
    number = {uniques.sequence(i): i for i in range(3)}
    candidates = [
        Candidate(encode_bases(s), np.array([number[s]]), float(reads.counts[number[s]]), Birth())
        for s in (BASE, near_end, BASE[3:])
    ]
    merged = merge_candidates(reads, candidates, SETTINGS)
    assert [(c.n_reads, len(c.sequence)) for c in merged] == [(26, 600), (10, 600)]
