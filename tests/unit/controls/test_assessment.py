from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from vagus.controls.assessment import ControlStudy, assess
from vagus.controls.batches import BatchDesign, check_batches, cramers_v, omega_squared
from vagus.controls.checks import Findings, list_checks
from vagus.controls.mocks import list_mocks, read_mocks
from vagus.controls.replicates import compare_distances, group_replicates, intraclass_correlation
from vagus.controls.verdict import Limits
from vagus.diversity.distances import Distances
from vagus.study.samples import Sample
from vagus.tables.counts import CountTable

DESIGN = BatchDesign((), ("group",), None, 99, 1)


def sample(name: str, run: str = "r1", control: str = "", **metadata: str) -> Sample:
    return Sample(name, name, (), run=run, control=control, metadata=metadata)


def test_icc_by_hand() -> None:
    # Groups (1, 3) and (7, 9): means 2, 8; MSB = 2 * (9 + 9) / 1 = 36; MSW = (2 + 2) / 2 = 2.
    value = intraclass_correlation([np.array([1.0, 3]), np.array([7.0, 9])])
    assert value == pytest.approx((36 - 2) / (36 + 2))
    assert math.isnan(intraclass_correlation([np.array([1.0, 2])]))


def test_icc_of_unlike_sizes() -> None:
    groups = [np.array([1.0, 3, 2]), np.array([7.0, 9]), np.array([4.0, 4])]
    n, k = 7, 3
    grand = np.concatenate(groups).mean()
    between = sum(g.size * (g.mean() - grand) ** 2 for g in groups) / (k - 1)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / (n - k)
    size = (n - (9 + 4 + 4) / n) / (k - 1)
    expected = (between - within) / (between + (size - 1) * within)
    assert intraclass_correlation(groups) == pytest.approx(expected)


def test_distances_within_and_between() -> None:
    values = np.array([[0, 1, 5, 6], [1, 0, 7, 8], [5, 7, 0, 9], [6, 8, 9, 0]], dtype=float)
    distances = Distances(("a", "b", "c", "d"), values)
    rows, whole = compare_distances(distances, {"p": ["a", "b"]}, ["a", "b", "c", "d"])
    assert rows[0]["mean_distance"] == 1
    assert whole is not None
    assert whole["median_between"] == np.median([5, 6, 7, 8, 9])
    assert whole["ratio"] == pytest.approx(1 / 7)
    assert compare_distances(distances, {"p": ["a", "gone"]}, [])[1] is None


def test_replicates_are_named_by_a_column() -> None:
    sheet = [sample("a", origin="x"), sample("b", origin="x"), sample("c", origin="NA"),
             sample("d", origin="y")]  # fmt: skip
    assert group_replicates(sheet, "origin") == {"x": ["a", "b"]}


def test_cramers_v() -> None:
    assert cramers_v([("1", "a"), ("1", "a"), ("2", "b"), ("2", "b")]) == pytest.approx(1)
    assert cramers_v([("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")]) == pytest.approx(0)
    assert math.isnan(cramers_v([("1", "a"), ("1", "b")]))
    # [[3, 1], [1, 3]]: chi-squared 8 * (9 - 1)^2 / (4^4) = 2; V = sqrt(2 / 8).
    pairs = [("1", "a")] * 3 + [("1", "b"), ("2", "a")] + [("2", "b")] * 3
    assert cramers_v(pairs) == pytest.approx(0.5)


def test_omega_squared_by_its_definition() -> None:
    # SS_A 30, SS_W 60, 3 levels, 12 samples: MS_W = 60 / 9.
    ms = 60 / 9
    assert omega_squared(15 / ms, 2, 12) == pytest.approx((30 - 2 * ms) / (90 + ms))


def test_runs_that_differ_and_go_with_the_group() -> None:
    random = np.random.default_rng(3)
    points = np.vstack([random.normal(0, 1, (8, 3)), random.normal(4, 1, (8, 3))])
    values = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    names = [f"s{i:02d}" for i in range(16)]
    sheet = [
        sample(s, "r1" if i < 8 else "r2", group="case" if i < 8 else "control")
        for i, s in enumerate(names)
    ]
    (row,) = check_batches(sheet, Distances(tuple(names), values), "euclidean", DESIGN)
    assert row["p_value"] == 0.01
    assert float(str(row["omega2"])) > 0.4
    assert row["confounded_with"] == "group (completely)"
    assert check_batches(sheet[:8], Distances(tuple(names), values), "euclidean", DESIGN) == []


def test_limits() -> None:
    limits = Limits(0.1, 0.5)
    assert [limits.judge(x) for x in (0.05, 0.1, 0.5, math.nan)] == [
        "pass", "caution", "fail", "not checked",
    ]  # fmt: skip


def make_study(foreign: int, blank: bool) -> ControlStudy:
    sheet = [sample("s1"), sample("s2"), sample("m", control="positive:D6300")]
    reads = [[900, 0, 0], [800, 0, 0], [0, 1000 - foreign, foreign]]
    if blank:
        sheet.append(sample("n", control="negative"))
        reads.append([0, 0, 2])
    names = [s.name for s in sheet]
    table = CountTable.from_counts(names, ["gut", "mock", "kit"], np.array(reads))
    taxonomy = pd.DataFrame(
        {
            "Feature ID": ["gut", "mock", "kit"],
            "genus": ["Blautia", "Bacillus", "Ralstonia"],
            "species": ["", "Bacillus subtilis", ""],
        }
    )
    ledger = pd.DataFrame({"sample": table.samples, "reads": table.reads, "share": 0.0})
    alpha = pd.DataFrame({"sample": ["s1", "s2"], "observed": [1.0, 2], "shannon": [0.5, 0.6]})
    distances = Distances(("s1", "s2"), np.array([[0, 0.5], [0.5, 0]]))
    method = "prevalence" if blank else "none"
    return ControlStudy(sheet, table, taxonomy, method, ledger, alpha, {"braycurtis": distances})


def test_verdict_names_the_gravest_first() -> None:
    tables = assess(make_study(100, blank=False), read_mocks(list_mocks()), None, DESIGN)
    verdict = tables["verdict"].iloc[0]
    assert verdict["verdict"] == "fail"
    assert verdict["reasons"].index("10 % foreign reads") < verdict["reasons"].index(
        "no negative control"
    )
    checks = tables["checks"].set_index("check")
    assert checks.loc["negative controls", "outcome"] == "caution"
    assert checks.loc["contaminants in samples", "outcome"] == "not checked"
    assert checks.loc["samples lost", "outcome"] == "pass"
    # Seven of the eight genera of the standard are missed.
    assert tables["mocks"].set_index("rank").loc["genus", "missed"] == 7


def test_unknown_mock_is_not_scored_but_said() -> None:
    tables = assess(make_study(0, blank=True), {}, None, DESIGN)
    row = tables["checks"].set_index("check").loc["mock community"]
    assert row["outcome"] == "not checked"
    assert "composition of 'D6300' is not known" in row["reason"]
    assert tables["verdict"]["verdict"].tolist() == ["pass"]
    assert tables["mock_taxa"].empty


def test_samples_that_are_in_no_table_are_lost_and_clean_blanks_are_controls() -> None:
    """The table of ASVs has no column for a sample without a read in an ASV; the sheet has."""
    reads = pd.DataFrame({"sample": ["a"], "reads": [90], "contaminant_reads": [0], "share": [0.0]})
    samples = (sample("a"), sample("b"), sample("blank", control="negative"))
    findings = Findings(samples, reads, "none", tabulate_mocks(), [], [])
    checks = {check.check: check for check in list_checks(findings)}
    assert checks["samples lost"].reason == "1 of 2 samples have no reads in ASVs."
    assert (checks["samples lost"].value, checks["samples lost"].outcome) == (0.5, "fail")
    assert (checks["negative controls"].value, checks["negative controls"].outcome) == (0, "pass")


def tabulate_mocks() -> pd.DataFrame:
    return pd.DataFrame({"run": [], "rank": [], "bray_curtis": [], "note": []})
