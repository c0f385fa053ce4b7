"""Partitions that were kept while the rates were learned: equal to those made anew, or not used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from naive.denoise_community import make_community
from vagus.dada.error_model import ErrorModel
from vagus.dada.known_partitions import find_partition
from vagus.dada.learning_set import learn_run
from vagus.dada.settings import DadaSettings, LearningSettings
from vagus.dada.variants import denoise_sample
from vagus.reads.uniques import Uniques

SETTINGS = DadaSettings()


def learn(folder: Path, partitions: str, plan: LearningSettings | None = None) -> ErrorModel:
    """The model of ``u.npz``, which is small: learned from 1,000 bases on."""
    return learn_run(
        [folder / "u.npz"], SETTINGS, plan, partitions=folder / partitions, min_bases=1000
    )


@pytest.fixture
def learned(tmp_path: Path) -> tuple[Path, ErrorModel, Uniques]:
    uniques, _ = make_community(31, n_variants=10, n_reads=500)
    uniques.save(tmp_path / "u.npz")
    model = learn(tmp_path, "p.npz")
    assert model.converged
    model.save(tmp_path / "m.tsv", tmp_path / "m.json")
    return tmp_path / "p.npz", ErrorModel.load(tmp_path / "m.tsv"), Uniques.load(tmp_path / "u.npz")


@pytest.mark.parametrize("omega_c", [1e-40, 1e-3, 0.0])
def test_a_kept_partition_is_the_one_that_would_be_made(learned: tuple, omega_c: float) -> None:
    path, model, uniques = learned
    settings = replace(SETTINGS, omega_c=omega_c)
    known = find_partition(path, uniques, model, settings)
    assert known is not None
    fresh = denoise_sample(uniques, model, settings, omega_rescue=omega_c / 10)
    kept = denoise_sample(uniques, model, settings, omega_rescue=omega_c / 10, known=known)
    assert kept.variants.equals(fresh.variants)
    assert kept.losses == fresh.losses
    assert kept.rescued.equals(fresh.rescued)


def test_other_reads_rates_or_settings_find_nothing(learned: tuple) -> None:
    path, model, uniques = learned
    assert find_partition(path, uniques, model, replace(SETTINGS, omega_a=1e-30)) is None
    other = replace(model, rates=model.rates * (1 - 1e-15))
    assert find_partition(path, uniques, other, SETTINGS) is None
    sums = uniques.quality_sums.copy()
    sums[0] -= 1
    assert find_partition(path, replace(uniques, quality_sums=sums), model, SETTINGS) is None


def test_rounds_that_did_not_come_to_rest_keep_nothing(tmp_path: Path) -> None:
    uniques, _ = make_community(31, n_variants=10, n_reads=500)
    uniques.save(tmp_path / "u.npz")
    model = learn(tmp_path, "p.npz", LearningSettings(max_learn_rounds=1))
    assert not model.converged
    assert find_partition(tmp_path / "p.npz", uniques, model, SETTINGS) is None


def test_equal_input_gives_equal_bytes(learned: tuple, tmp_path: Path) -> None:
    path, _, _ = learned
    learn(tmp_path, "again.npz")
    assert path.read_bytes() == (tmp_path / "again.npz").read_bytes()
    assert np.load(path)["description"].size
