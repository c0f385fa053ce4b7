from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest

from vagus.kernels.phase.columns import NONE, weigh_cell, weigh_hot_cell
from vagus.phase.contexts import ContextCounts, HotContext, tabulate_excess
from vagus.phase.denoising import denoise
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.error_tables import ErrorTables, encode_flanks, read_context, spell_context
from vagus.phase.learning import learn_phase_errors
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import encode_bases

from .conftest import ReadMaker, make_sequence, substitute

SETTINGS = PhaseSettings()
BASE = make_sequence(1)
PLACE = 222
CONTEXT = BASE[PLACE - 5 : PLACE + 6]


def make_spoiler(seed: int, rate: float) -> Callable[[str, bool], str]:
    """Antisense reads have another base at PLACE at this rate."""
    source = np.random.default_rng(seed)

    def spoil(template: str, is_reverse: bool) -> str:
        return substitute(template, PLACE) if is_reverse and source.random() < rate else template

    return spoil


def learn(maker: Callable[[int], ReadMaker], rate: float, n: int = 300) -> PhaseErrorModel:
    made = maker(31)
    made.add(BASE, n, spoil=make_spoiler(5, rate))
    return learn_phase_errors([made.finish()], SETTINGS)


def test_contexts_are_spelled_and_read_back() -> None:
    flanks = encode_flanks(encode_bases(CONTEXT))
    # the ten bases beside the middle, as digits to the base of four
    digits = ["ACGT".index(base) for base in CONTEXT[:5] + CONTEXT[6:]]
    assert flanks.tolist() == [sum(d * 4 ** (9 - i) for i, d in enumerate(digits))]
    middle = "ACGT".index(CONTEXT[5])
    assert spell_context(int(flanks[0]), middle) == CONTEXT
    assert read_context(CONTEXT) == (flanks[0], middle)
    assert len(encode_flanks(encode_bases("ACGTACGTAC"))) == 0


def test_columns_of_a_context_are_found_whatever_its_middle_base() -> None:
    hot = HotContext(1, *read_context(CONTEXT), 2, 30.0, 100.0, 1.0)
    tables = ErrorTables(np.zeros((2, 7, 8, 16)), *tabulate_excess([hot]))
    for sequence in (BASE, substitute(BASE, PLACE)):
        _, numbers, _ = tables.at(encode_bases(sequence))
        assert np.flatnonzero(numbers).tolist() == [2 * PLACE + 1]


def test_excess_by_hand() -> None:
    # 30 of 100, 1 promised, drawn to it by 10 reads: 30.1 / 110 less 1 / 100
    hot = HotContext(1, 7, 0, 2, 30.0, 100.0, 1.0)
    assert hot.excess == pytest.approx(30.1 / 110 - 0.01)
    _, excess = tabulate_excess([hot])
    assert excess[1, 1, 0].tolist() == pytest.approx([-hot.excess, 0, hot.excess, 0, 0])
    assert not excess[0].any()
    assert not excess[1, 0].any()


def test_probabilities_in_a_context_sum_as_they_do_elsewhere() -> None:
    rates = PhaseErrorModel.nominal().make_tables(SETTINGS).rates
    _, excess = tabulate_excess([HotContext(0, 7, 1, 3, 20.0, 100.0, 0.1)])
    bin_of_q40 = 13
    for strand in (0, 1):
        sums = [
            sum(np.exp(f(x, bin_of_q40, 0, strand, 1, 0, 0, rates, *extra)) for x in range(4))
            for f, extra in ((weigh_cell, ()), (weigh_hot_cell, (excess[1],)))
        ]
        assert sums[0] == pytest.approx(sums[1])
    hot = weigh_hot_cell(3, bin_of_q40, 0, 0, 1, 0, 0, rates, excess[1])
    assert np.exp(hot) == pytest.approx(
        np.exp(weigh_cell(3, bin_of_q40, 0, 0, 1, 0, 0, rates)) + excess[1, 0, 1, 3]
    )


def count(sense: list[float], antisense: list[float], expected: float = 0.05) -> ContextCounts:
    """One context whose true base is A."""
    return ContextCounts(
        np.array([0]), np.array([[sense, antisense]]), np.full((1, 2, 5), expected)
    )


def test_rules_of_a_hot_context_by_hand() -> None:
    # 6 of 50 on one strand: odds 6 ln 2 = 4.2 > ln 20, excess 6 ln(6 / 0.05) - 5.95 = 22.8
    assert 6 * log(2) > log(20) > 4 * log(2)
    hot = count([44, 6, 0, 0, 0], [50, 0, 0, 0, 0]).find_hot()
    assert [(h.strand, h.middle, h.state, h.observed, h.chances) for h in hot] == [(0, 0, 1, 6, 50)]
    # a deletion on the other strand
    hot = count([50, 0, 0, 0, 0], [42, 0, 0, 0, 8]).find_hot()
    assert [(h.strand, h.state) for h in hot] == [(1, NONE)]
    # too few to distinguish from a variant; on both strands; as many as promised; one strand only
    assert not count([46, 4, 0, 0, 0], [50, 0, 0, 0, 0]).find_hot()
    assert not count([42, 8, 0, 0, 0], [45, 5, 0, 0, 0]).find_hot()
    assert not count([44, 6, 0, 0, 0], [50, 0, 0, 0, 0], 5.0).find_hot()
    assert not count([44, 6, 0, 0, 0], [0, 0, 0, 0, 0]).find_hot()


def test_systematic_errors_of_one_strand_are_learned(maker) -> None:
    model = learn(maker, 0.2)
    assert len(model.contexts) == 1
    hot = model.contexts[0]
    assert (hot.strand, spell_context(hot.flank, hot.middle)) == (1, CONTEXT)
    assert "ACGT"[hot.state] == substitute(BASE, PLACE)[PLACE]
    assert hot.rate == pytest.approx(0.2, abs=0.06)


def test_rare_variants_are_not_learned_as_contexts(maker) -> None:
    made = maker(32)
    made.add(BASE, 200)
    made.add(substitute(BASE, PLACE), 6)
    made.add(substitute(BASE, 400), 30)
    assert learn_phase_errors([made.finish()], SETTINGS).contexts == ()


def test_a_few_errors_of_a_known_context_found_no_variant(maker) -> None:
    """Five antisense reads of a sample are too few for the strand test, not for the context."""
    model = learn(maker, 0.2)
    made = maker(33)
    made.add(BASE, 12, low_share=0.01, reverse=False)
    made.add(BASE, 16, low_share=0.01, reverse=True)
    made.add(substitute(BASE, PLACE), 5, low_share=0.0, reverse=True)
    sample = made.finish()
    known = denoise(sample, model, SETTINGS).variants["sequence"].tolist()
    assert known == [BASE]
    blind = denoise(sample, replace(model, contexts=()), SETTINGS).variants["sequence"].tolist()
    assert blind == [BASE, substitute(BASE, PLACE)]


def test_a_variant_in_a_hot_context_is_found_by_its_other_strand(maker) -> None:
    model = learn(maker, 0.2)
    made = maker(34)
    made.add(BASE, 60)
    made.add(substitute(BASE, PLACE), 24)
    found = denoise(made.finish(), model, SETTINGS).variants["sequence"].tolist()
    assert found == [BASE, substitute(BASE, PLACE)]


def test_contexts_are_read_back(tmp_path: Path) -> None:
    contexts = (
        HotContext(0, *read_context(CONTEXT), NONE, 12.0, 100.0, 1.25),
        HotContext(1, *read_context(CONTEXT), 2, 9.0, 80.0, 0.5),
    )
    model = replace(PhaseErrorModel.nominal(), contexts=contexts)
    model.save(tmp_path / "model.tsv")
    loaded = PhaseErrorModel.load(tmp_path / "model.tsv")
    assert loaded.contexts == contexts
    loaded.save(tmp_path / "again.tsv")
    assert (tmp_path / "again.tsv").read_bytes() == (tmp_path / "model.tsv").read_bytes()
