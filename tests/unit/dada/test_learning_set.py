"""Which samples a run is learned from, and what the model says of them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from naive.denoise_community import make_community, make_sequence
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.learning import learn_rates
from vagus.dada.learning_set import MIXED, choose_samples, learn_run
from vagus.dada.settings import DadaSettings, LearningSettings
from vagus.errors import ReadsError
from vagus.reads.sample_sizes import SampleSize, read_size
from vagus.reads.uniques import Uniques

SETTINGS = DadaSettings()


def size(name: str, n_bases: int = 100) -> SampleSize:
    return SampleSize(name, name, n_bases, n_bases, "full")


def test_samples_are_spread_over_the_run_until_there_are_enough_bases() -> None:
    sizes = [size(f"s{i}") for i in range(8)]
    # bit-reversed 0..7: 0, 4, 2, 6, ...
    assert [s.sample for s in choose_samples(sizes, 250)] == ["s0", "s2", "s4"]
    assert [s.sample for s in choose_samples(sizes[::-1], 250)] == ["s0", "s2", "s4"]
    assert len(choose_samples(sizes, 10_000)) == 8
    assert choose_samples([size("a", 0), size("b")], 10) == [size("b")]


def test_size_is_that_of_the_whole_file(tmp_path: Path) -> None:
    uniques = Uniques.from_reads(["ACGT"] * 3 + ["ACGTA"], [[30] * 4] * 3 + [[30] * 5], sample="é")
    uniques.save(tmp_path / "u.npz")
    found = read_size(tmp_path / "u.npz")
    assert (found.sample, found.n_reads, found.n_bases) == ("é", 4, 17)
    (tmp_path / "bad.npz").write_bytes(b"PK no")
    with pytest.raises(ReadsError, match="whole file"):
        read_size(tmp_path / "bad.npz")


def save_samples(folder: Path, n: int) -> list[Path]:
    paths = []
    for seed in range(n):
        uniques, _ = make_community(seed, n_variants=4, n_reads=150)
        paths.append(folder / f"{seed}.npz")
        Uniques(**{**vars(uniques), "sample": f"s{seed}"}).save(paths[-1])
    return paths


def remove_bases(path: Path) -> None:
    """Leave out the bases of a sample's file: its size can be read, but not its reads."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    del members["packed_bases.npy"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_samples_that_are_not_chosen_are_not_loaded(tmp_path: Path) -> None:
    def learn(paths: list[Path]) -> ErrorModel:
        plan = LearningSettings(learn_bases=30_000, max_learn_rounds=2)
        return learn_run(paths, SETTINGS, plan, min_bases=1000)

    paths = save_samples(tmp_path, 4)
    for other in (paths[1], paths[3]):
        remove_bases(other)
        with pytest.raises(ReadsError):
            Uniques.load(other)
    model = learn(paths)
    assert model.samples == ("s0", "s2")
    again = learn(paths[::-1])
    assert np.array_equal(model.observed, again.observed)
    remove_bases(paths[2])
    with pytest.raises(ReadsError):
        learn(paths)


def test_samples_of_two_schemes_make_a_mixed_run(tmp_path: Path) -> None:
    uniques, _ = make_community(1)
    for name in ("full", "binned7"):
        fields = {**vars(uniques), "sample": name, "quality_scheme": name}
        Uniques(**fields).save(tmp_path / f"{name}.npz")
    model = learn_run([tmp_path / "full.npz", tmp_path / "binned7.npz"], SETTINGS)
    assert model.scheme == MIXED


def test_errors_in_reads_without_an_explanation_are_told(tmp_path: Path) -> None:
    plain, _ = make_community(2, n_variants=3, n_reads=600, error_rate=0.001)
    sequences = [plain.sequence(i) for i in range(plain.n_uniques)]
    reads = [s for s, n in zip(sequences, plain.counts, strict=True) for _ in range(n)]
    rng = np.random.default_rng(3)
    rare = [make_sequence(rng, 150) for _ in range(60)]
    shares = []
    for own in (reads, reads + rare):
        uniques = Uniques.from_reads(own, [[35] * len(read) for read in own])
        model = learn_rates([Comparisons(uniques, SETTINGS)], "full", SETTINGS).model
        shares.append(model.unexplained_share)
        model.save(tmp_path / "m.tsv", tmp_path / "m.json")
        about = json.loads((tmp_path / "m.json").read_text())
        assert about["unexplained_share"] == pytest.approx(shares[-1], abs=1e-6)
    assert shares[0] < 0.2
    assert shares[1] > 0.8
