"""Rates from all reads or from those that a variant explains, and when the latter are taken."""

from __future__ import annotations

import math

import numpy as np
import pytest

from naive.denoise_community import make_sequence, read_with_errors, substitute
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import SELF_ROWS
from vagus.dada.learning import Learned, learn_rates
from vagus.dada.settings import DadaSettings, LearningSettings
from vagus.reads.uniques import Uniques

SETTINGS = DadaSettings(sensitivity="high")
ERROR_RATE = 0.001


def make_diverse_sample(n_rare: int) -> Uniques:
    """Two abundant variants and single reads of ``n_rare`` relatives of them, 40 apart."""
    rng = np.random.default_rng(7)
    parents = [make_sequence(rng, 300) for _ in range(2)]
    rare = [substitute(parents[i % 2], rng.choice(300, 40, False).tolist()) for i in range(n_rare)]
    reads = [read_with_errors(rng, text, ERROR_RATE) for text in parents * 300 + rare]
    return Uniques.from_reads([s for s, _ in reads], [q for _, q in reads])


def learn(uniques: Uniques, plan: LearningSettings) -> Learned:
    return learn_rates([Comparisons(uniques, SETTINGS)], "full", SETTINGS, learning=plan)


def measure_rate(learned: Learned) -> float:
    """Substitutions per base behind the rates."""
    observed = learned.model.observed
    return 1 - observed[SELF_ROWS].sum() / observed.sum()


def test_reads_without_a_variant_inflate_the_rates_and_can_be_left_out() -> None:
    uniques = make_diverse_sample(60)
    everything = learn(uniques, LearningSettings(learn_from="all"))
    explained = learn(uniques, LearningSettings(learn_from="explained"))
    truth = 0.7 * ERROR_RATE  # the share of errors that are substitutions
    assert measure_rate(everything) > 5 * truth
    assert measure_rate(explained) == pytest.approx(truth, rel=0.35)
    assert (everything.model.learned_from, explained.model.learned_from) == ("all", "explained")
    share = everything.model.unexplained_share
    assert explained.model.unexplained_share == share
    expected = 1 - measure_rate(explained) / measure_rate(everything)
    assert share == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("limit", "learned_from"), [(3.0, "explained"), (math.inf, "all")])
def test_auto_leaves_them_out_beyond_the_limit(limit: float, learned_from: str) -> None:
    found = learn(make_diverse_sample(60), LearningSettings(max_rate_inflation=limit))
    assert found.model.learned_from == learned_from
    assert found.model.describe()["learned_from"] == learned_from


def test_auto_keeps_all_reads_of_a_plain_sample() -> None:
    uniques = make_diverse_sample(0)
    auto = learn(uniques, LearningSettings())
    everything = learn(uniques, LearningSettings(learn_from="all"))
    assert auto.model.learned_from == "all"
    assert np.array_equal(auto.model.rates, everything.model.rates)
