"""A score at every visit in the models of diversity: both questions, and the level of the tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import model_diversity
from vagus.tables import read_table

VISITS = (2, 3, 5, 6)


def draw_study(folder: Path, slope: float) -> list[str]:
    """Twelve people; Shannon falls by ``slope`` with the own score, and rises between people."""
    rng = np.random.default_rng(12)
    sheet, alpha = ["sample\treads\tperson\tphq9"], ["sample\treads\tdepth\tshannon"]
    points = []
    for person in range(12):
        usual, level = rng.normal(10, 3), rng.normal(0, 0.2)
        for visit in range(VISITS[person % 4]):
            name, change = f"P{person:02d}-{visit}", rng.normal(0, 2)
            score = usual + change
            shannon = 3 + level + 0.1 * (usual - 10) - slope * change + rng.normal(0, 0.1)
            sheet.append(f"{name}\t{name}.fq\tP{person:02d}\t{score:.4f}")
            alpha.append(f"{name}\t1000\t1000\t{shannon:.6f}")
            points.append([shannon, level, change])
    (folder / "samples.tsv").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    (folder / "alpha.tsv").write_text("\n".join(alpha) + "\n", encoding="utf-8")
    table = np.array(points)
    names = [line.split("\t")[0] for line in sheet[1:]]
    distances = np.sqrt(((table[:, None] - table[None]) ** 2).sum(axis=2))
    frame = pd.DataFrame(distances, columns=names)
    frame.insert(0, "sample", names)
    frame.to_csv(folder / "beta.tsv", sep="\t", index=False)
    return [
        "--samples", f"{folder}/samples.tsv", "--group=phq9", "--subject=person",
        "--alpha", f"{folder}/alpha.tsv", f"--beta=braycurtis={folder}/beta.tsv",
        "--alpha-models", f"{folder}/am.tsv", "--beta-models", f"{folder}/bm.tsv",
    ]  # fmt: skip


def test_a_score_has_a_row_within_and_between_people(tmp_path: Path) -> None:
    assert model_diversity.main(draw_study(tmp_path, 0.08)) == 0
    alpha = read_table(tmp_path / "am.tsv").set_index("model")
    assert alpha.index.tolist() == ["within-subject model", "between-subject model"]
    within, between = alpha.iloc[0], alpha.iloc[1]
    assert within["contrast"] == "per unit of phq9, within subjects"
    assert between["contrast"] == "per unit of phq9, between subjects"
    assert within["low"] < -0.08 < within["high"] < 0
    assert between["low"] < 0.1 < between["high"]
    assert within["p_value"] < 0.001
    assert 2 < within["df"] < 12
    # the same by hand: least squares of what differs within people
    sheet, values = read_table(tmp_path / "samples.tsv"), read_table(tmp_path / "alpha.tsv")
    people = sheet["person"]
    x = sheet["phq9"] - sheet.groupby(people)["phq9"].transform("mean")
    y = values["shannon"] - values.groupby(people)["shannon"].transform("mean")
    assert within["estimate"] == pytest.approx((x * y).sum() / (x**2).sum(), rel=1e-6)
    assert between["n"] == within["n"] == 12


def test_whole_series_are_flipped_for_distances(tmp_path: Path) -> None:
    assert model_diversity.main(draw_study(tmp_path, 0.08)) == 0
    beta = read_table(tmp_path / "bm.tsv").set_index("term")
    assert beta.loc["phq9", "unit"] == "series of a subject"
    assert "signs of whole series of 12 subjects flipped" in beta.loc["phq9", "note"]
    # the third coordinate is the change of the score itself
    assert beta.loc["phq9", "p_value"] <= 0.002
