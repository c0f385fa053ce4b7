"""Rescue: a second limit beside omega_c, counts that never mix, and the study's table."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from naive.denoise_community import make_community, substitute
from vagus.dada.error_model import ErrorModel
from vagus.dada.rescue import merge_rescued
from vagus.dada.settings import DadaSettings
from vagus.dada.variants import denoise_sample
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv
from vagus.tables import read_table
from vagus.tables.stages.denoise import RESCUED

SETTINGS = DadaSettings()
RNG = np.random.default_rng(12)
CENTRE, STRANGER = ("".join(RNG.choice(list("ACGT"), 300)) for _ in range(2))


def flat_model(rate: float = 1e-3) -> ErrorModel:
    """The same rate for every substitution at every quality."""
    rates = np.full((16, 94), rate)
    rates[[0, 5, 10, 15]] = 1 - 3 * rate
    return ErrorModel(rates=rates)


def make_sample(differences: list[int]) -> Uniques:
    """100 reads of one variant, and one read for each number of differences from it."""
    reads = [CENTRE] * 100 + [substitute(CENTRE, list(range(5, 5 + 9 * n, 9))) for n in differences]
    return Uniques.from_reads(reads, [[40] * 300] * len(reads), sample="s 1")


def test_reads_between_the_two_limits_are_rescued() -> None:
    """k differences: p is about 100 x 1e-3^k x 0.997^(300 - k), so k = 15 is 6e-44."""
    uniques = make_sample([3, 15, 20, 30])
    sample = denoise_sample(uniques, flat_model(), SETTINGS, omega_rescue=1e-60)
    assert sample.variants["reads"].tolist() == [101]
    assert sample.losses["lost_singleton"] == 3
    rows = sample.rescued.to_dict("records")
    assert len(rows) == 1
    assert list(rows[0]) == RESCUED.names
    assert (rows[0]["sample"], rows[0]["asv"]) == ("s 1", identify_asv(CENTRE))
    assert (rows[0]["reads"], rows[0]["uniques"], rows[0]["max_hamming"]) == (2, 2, 20)
    expected = np.log10(104) - 3 * 20 + 280 * np.log10(0.997)
    assert rows[0]["lowest_log10_p"] == pytest.approx(expected, abs=0.02)


def test_unrelated_reads_are_not_rescued() -> None:
    uniques = Uniques.from_reads([CENTRE] * 50 + [STRANGER], [[40] * 300] * 51)
    sample = denoise_sample(uniques, flat_model(), SETTINGS, omega_rescue=1e-80)
    assert sample.rescued.empty


@pytest.mark.parametrize("seed", range(8))
def test_assigned_and_rescued_are_what_a_smaller_omega_c_assigns(seed: int) -> None:
    uniques, _ = make_community(seed, n_variants=9, n_reads=300, length=200, error_rate=0.02)
    strict = replace(SETTINGS, omega_c=1e-8)
    sample = denoise_sample(uniques, flat_model(), strict, omega_rescue=1e-25)
    plain = denoise_sample(uniques, flat_model(), strict)
    loose = denoise_sample(uniques, flat_model(), replace(strict, omega_c=1e-25))
    assert plain.rescued.empty
    assert sample.variants.equals(plain.variants)
    assert sample.losses == plain.losses
    assert sample.rescued["reads"].sum() > 0
    rescued = sample.rescued.set_index("asv")["reads"]
    total = sample.variants.set_index("asv")["reads"].add(rescued, fill_value=0)
    assert total.sort_index().tolist() == (
        loose.variants.set_index("asv")["reads"].sort_index().tolist()
    )


def test_the_program_writes_the_table_only_when_asked(tmp_path) -> None:
    import denoise_sample as program

    make_sample([20]).save(tmp_path / "u.npz")
    flat_model().save(tmp_path / "model.tsv", tmp_path / "model.json")
    options = ["--uniques", str(tmp_path / "u.npz"), "--model", f"dada={tmp_path}/model.tsv",
        "--variants", str(tmp_path / "v.tsv"), "--losses", str(tmp_path / "l.json")]  # fmt: skip
    assert program.main(options) == 0
    before = (tmp_path / "v.tsv").read_bytes(), (tmp_path / "l.json").read_bytes()
    assert not (tmp_path / "r.tsv").exists()
    assert program.main([*options, "--rescued", str(tmp_path / "r.tsv")]) == 0
    assert before == ((tmp_path / "v.tsv").read_bytes(), (tmp_path / "l.json").read_bytes())
    assert read_table(tmp_path / "r.tsv")["reads"].tolist() == [1]
    assert json.loads(before[1])["lost_singleton"] == 1


def write_rescued(path, sample: str, reads: dict[str, int]):
    rows = [(sample, asv, n, 1, 5, -50.5) for asv, n in reads.items()]
    pd.DataFrame(rows, columns=RESCUED.names).to_csv(path, sep="\t", index=False)
    return path


def test_the_study_keeps_what_is_near_its_asvs(tmp_path) -> None:
    import merge_rescued as program

    tables = [
        write_rescued(tmp_path / "1.tsv", "b", {"x": 2, "chimera": 9, "y": 5}),
        write_rescued(tmp_path / "2.tsv", "a", {"y": 1, "x": 1}),
        write_rescued(tmp_path / "3.tsv", "blank", {}),
    ]
    asvs = tmp_path / "asvs.tsv"
    asvs.write_text("asv\treads\nx\t100\ny\t80\n", encoding="utf-8")
    merged = merge_rescued(tables, asvs)
    assert merged[["sample", "asv", "reads"]].to_numpy().tolist() == [
        ["a", "x", 1], ["a", "y", 1], ["b", "y", 5], ["b", "x", 2],
    ]  # fmt: skip
    assert merge_rescued(reversed(tables), asvs).equals(merged)
    assert merge_rescued(tables[2:], asvs).columns.tolist() == RESCUED.names
    out = tmp_path / "rescued.tsv"
    assert program.main([*map(str, tables), "--asvs", str(asvs), "--rescued", str(out)]) == 0
    assert read_table(out, dtype={"sample": str}).equals(merged)
