from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vagus.errors import VagusError
from vagus.phase.error_model import PRIOR_CHANCES, SHAPE, PhaseErrorModel, make_nominal_rates
from vagus.phase.learning import choose_teachers, learn_phase_errors
from vagus.phase.read_set import QUALITY_BINS
from vagus.phase.settings import PhaseSettings

from .conftest import make_sequence, substitute

SETTINGS = PhaseSettings()


def test_rates_by_hand() -> None:
    observed, chances = np.zeros(SHAPE), np.zeros(SHAPE)
    observed[0, 0, 2, 5], chances[0, 0, 2, 5] = 30, 1000
    model = PhaseErrorModel.from_counts(observed, chances)
    nominal = make_nominal_rates()[0, 2, 5]
    both = (30 + PRIOR_CHANCES * nominal) / (1000 + PRIOR_CHANCES)
    assert model.rates[0, 0, 2, 5] == pytest.approx(
        (30 + PRIOR_CHANCES * both) / (1000 + PRIOR_CHANCES)
    )
    assert model.rates[1, 0, 2, 5] == pytest.approx(both)


def test_tables_have_floors_and_sum_to_one() -> None:
    tables = PhaseErrorModel.nominal().make_tables(SETTINGS).rates
    assert np.exp(tables[:, :4, :4]).sum(axis=2) == pytest.approx(1.0)
    off = ~np.eye(4, dtype=bool)
    assert np.exp(tables[:, :4, :4][:, off]).min() >= SETTINGS.min_substitution_rate
    assert np.exp(tables[:, 4:6]).min() >= SETTINGS.min_indel_rate
    # any of three other bases
    assert np.exp(tables[:, 6]).min() >= SETTINGS.min_indel_rate / 3 * (1 - 1e-12)


def test_learned_rates_are_those_simulated(maker) -> None:
    made = maker(4)
    for seed in (10, 11):
        made.add(make_sequence(seed), 150, low_share=0.05)
    model = learn_phase_errors([made.finish()], SETTINGS)
    bin_low, bin_high = QUALITY_BINS[8], QUALITY_BINS[40]
    wrong = model.observed[:, :4, :4, bin_low].sum()
    chances = model.chances[:, :4, :4, bin_low].sum() / 3
    # a low base is substituted with probability 0.16 * 2/3 (0.112 of those that are not deleted)
    assert wrong / chances == pytest.approx(0.16 * 2 / 3 / (1 - 0.16 / 3), rel=0.1)
    assert model.observed[:, :4, :4, bin_high].sum() == 0
    assert model.measure_error_rate() == pytest.approx(0.05 * 0.16, rel=0.1)


def test_true_variants_are_not_learned_as_errors(maker) -> None:
    made = maker(5)
    sequence = make_sequence(20)
    made.add(sequence, 100, low_share=0.0)
    made.add(substitute(sequence, 100, 300), 30, low_share=0.0)
    made.add(substitute(sequence, 400), 6, low_share=0.0)
    model = learn_phase_errors([made.finish()], SETTINGS)
    assert model.measure_error_rate() == 0


def test_frequent_deletions_in_long_runs_are_learned(maker) -> None:
    """A fifth of the reads misses one of seven bases: no variant, though far above 8 %."""
    source = np.random.default_rng(3)
    sequence = make_sequence(25)[:300] + "GGGGGGG" + "A" + make_sequence(26)[:290]

    def slip(template: str, _: bool) -> str:
        return template[:302] + template[303:] if source.random() < 0.2 else template

    made = maker(7)
    made.add(sequence, 200, low_share=0.0, spoil=slip)
    # the qualities admit nothing, so only counted columns can show it
    model = learn_phase_errors([made.finish()], replace(SETTINGS, margin=1e6))
    run = len("GGGGGGG") - 1
    rate = model.observed[:, 4, run].sum() / model.chances[:, 4, run].sum()
    assert rate == pytest.approx(0.2, abs=0.07)


def test_table_is_read_back(tmp_path: Path, maker) -> None:
    made = maker(6)
    made.add(make_sequence(30), 60)
    model = learn_phase_errors([made.finish()], SETTINGS)
    model.save(tmp_path / "model.tsv")
    loaded = PhaseErrorModel.load(tmp_path / "model.tsv")
    for name in ("observed", "chances", "rates"):
        np.testing.assert_allclose(getattr(loaded, name), getattr(model, name), rtol=1e-9)
    loaded.save(tmp_path / "again.tsv")
    assert (tmp_path / "again.tsv").read_bytes() == (tmp_path / "model.tsv").read_bytes()


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.tsv"
    path.write_text("a\tb\n1\t2\n")
    with pytest.raises(VagusError, match=r"model\.tsv, line 1: .* error model of phase"):
        PhaseErrorModel.load(path)


def test_teachers_are_spread_evenly() -> None:
    names = [f"{i:03d}" for i in range(100)]
    chosen = choose_teachers(names[::-1])
    assert len(chosen) == 40
    assert chosen[:3] == ["000", "002", "005"]
    assert choose_teachers(names[:3]) == names[:3]
