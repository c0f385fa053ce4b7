from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import fisher_exact

import find_contaminants
from vagus.controls.contaminant_tests import (
    combine,
    compare_shares,
    score_frequency,
    score_prevalence,
)
from vagus.controls.contaminants import find_contaminants as find
from vagus.controls.contaminants import gather_evidence
from vagus.errors import ConfigError
from vagus.study.samples import Sample
from vagus.tables import read_table
from vagus.tables.counts import CountTable

# R 4.2.2: prop.test(matrix(c(a, b, n_a - a, n_b - b), 2), alternative = "greater")$p.value
PROPORTIONS = [
    ((9, 12, 14, 40), 0.01719094155),
    ((20, 30, 25, 60), 0.02208567245),
    ((10, 20, 20, 40), 0.5),
]


@pytest.mark.parametrize(("table", "expected"), PROPORTIONS)
def test_large_tables_equal_r(table: tuple[int, int, int, int], expected: float) -> None:
    assert compare_shares(*table) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("table", [(3, 4, 2, 30), (1, 1, 1, 24), (0, 5, 4, 30), (4, 4, 29, 30)])
def test_small_tables_are_exact_with_half_the_observed(table: tuple[int, int, int, int]) -> None:
    a, n_a, b, n_b = table
    cells = [[a, n_a - a], [b, n_b - b]]
    greater = fisher_exact(cells, alternative="greater")[1]
    less = fisher_exact(cells, alternative="less")[1]
    assert compare_shares(*table) == pytest.approx(greater - (greater + less - 1) / 2)


def test_prevalence_edges() -> None:
    assert compare_shares(3, 3, 5, 5) == 0.5
    assert math.isnan(compare_shares(1, 3, 0, 5))
    present = np.ones((4, 2), dtype=bool)
    assert np.isnan(score_prevalence(present, np.zeros(4, dtype=bool))).all()


def test_frequency_by_hand() -> None:
    concentrations = np.array([1.0, 2, 4, 8])
    shares = np.column_stack(
        [0.08 / concentrations, [0.1] * 4, [0.01, 0, 0, 0], [0.1, 0.2, 0, 0.1]]
    )
    p = score_frequency(shares, concentrations)
    assert p[0] < 1e-30  # exactly 1 / concentration
    assert p[1] > 0.999  # exactly constant
    assert math.isnan(p[2])
    logs, x = np.log([0.1, 0.2, 0.1]), np.log([1, 2, 8])
    falling = ((logs + x - (logs + x).mean()) ** 2).sum()
    ratio = falling / ((logs - logs.mean()) ** 2).sum()
    # F(2, 2) has the distribution function x / (1 + x).
    assert p[3] == pytest.approx(ratio / (1 + ratio))


def test_fisher_combination() -> None:
    score = 0.05 * 0.2
    expected = score * (1 - math.log(score))  # chi-squared with 4 degrees of freedom
    assert combine(np.array([0.05]), np.array([0.2]))[0] == pytest.approx(expected)
    assert np.isnan(combine(np.array([np.nan]), np.array([0.2]))[0])


def sample(name: str, control: str = "", **metadata: str) -> Sample:
    return Sample(name, name, (), control=control, metadata=metadata)


def test_simulated_contaminants_are_found_and_others_are_not() -> None:
    random = np.random.default_rng(1)
    negatives, study = [f"n{i}" for i in range(8)], [f"s{i:02d}" for i in range(40)]
    biomass = random.uniform(1, 100, 40)
    real = random.lognormal(0, 1, 60) * (random.random((40, 60)) < 0.6)
    kit = np.full(10, 0.2)
    weights = [np.concatenate([b * r, kit]) for b, r in zip(biomass, real, strict=True)]
    weights += [np.concatenate([np.zeros(60), kit])] * 8
    counts = np.array([random.multinomial(3000, w / w.sum()) for w in weights])
    asvs = [f"r{i:02d}" for i in range(60)] + [f"k{i}" for i in range(10)]
    sheet = [sample(s, dna=str(b)) for s, b in zip(study, biomass, strict=True)]
    sheet += [sample(n, "negative", dna="") for n in negatives]
    table = CountTable.from_counts(study + negatives, asvs, counts)
    for column, method in ((None, "prevalence"), ("dna", "combined")):
        evidence = gather_evidence(sheet, table, column)
        assert evidence.method == method
        found = find(table, evidence, 0.1)
        called = set(found.loc[found["contaminant"] == "yes", "asv"])
        assert {asv for asv in called if asv[0] == "r"} == set()
        assert len(called) >= 8


def test_positive_and_empty_controls_have_no_say() -> None:
    sheet = [sample("a"), sample("b"), sample("m", "positive:x"), sample("n", "negative")]
    table = CountTable.from_counts(["a", "b", "m", "n"], ["x"], np.array([[3], [0], [9], [0]]))
    evidence = gather_evidence(sheet, table, None)
    assert evidence.negatives == ()
    assert evidence.samples == ("a",)
    assert evidence.positives == ("m",)
    assert evidence.method == "none"
    assert "no negative control has reads" in evidence.explain()


def test_few_negatives_are_said() -> None:
    table = CountTable.from_counts(["a", "n"], ["x"], np.array([[3], [4]]))
    text = gather_evidence([sample("a"), sample("n", "negative")], table, None).explain()
    assert "1 negative control is few" in text


def test_a_concentration_of_zero_is_refused() -> None:
    table = CountTable.from_counts(["a"], ["x"], np.array([[3]]))
    with pytest.raises(ConfigError, match="DNA concentration"):
        gather_evidence([sample("a", dna="0")], table, "dna")


def test_calls_and_reads_before_removal(tmp_path: Path) -> None:
    (tmp_path / "samples.tsv").write_text(
        "sample\treads\tcontrol\na\t1.fq\t\nb\t2.fq\t\nc\t3.fq\t\nn\t4.fq\tnegative\n"
        "o\t5.fq\tnegative\n"
    )
    (tmp_path / "table.tsv").write_text(
        "asv\ta\tb\tc\tn\to\nreal\t9\t8\t7\t0\t0\nkit\t1\t0\t0\t5\t6\nleaf\t3\t0\t0\t2\t4\n"
    )
    (tmp_path / "taxonomy.tsv").write_text(
        "Feature ID\tgenus\tspecies\tnote\nreal\tBlautia\t\t\n"
        "kit\tRalstonia\tRalstonia pickettii\t\nleaf\t\t\tset apart: chloroplast\n"
    )
    given = [f"--{name}={tmp_path}/{file}" for name, file in (
        ("samples", "samples.tsv"), ("asv-table", "table.tsv"), ("taxonomy", "taxonomy.tsv"),
        ("contaminants", "c.tsv"), ("ledger", "l.tsv"), ("explanation", "e.txt"))]  # fmt: skip
    # kit: in 2 of 2 and 1 of 3, P = 3 / 10 of the table, none beyond: 0.15.
    assert find_contaminants.main([*given, "--contaminant-threshold=0.2"]) == 0
    rows = read_table(tmp_path / "c.tsv").set_index("asv")
    assert set(rows.index) == {"real", "kit"}  # a chloroplast is not asked about
    assert rows.loc["kit", "p"] == pytest.approx(0.15)
    assert rows.loc["kit", "contaminant"] == "yes"
    assert rows.loc["kit", "seen_in_reagents"] == "yes"
    ledger = read_table(tmp_path / "l.tsv").set_index("sample")
    assert ledger["reads"].tolist() == [10, 8, 7, 5, 6]
    assert ledger["contaminant_reads"].tolist() == [1, 0, 0, 5, 6]
