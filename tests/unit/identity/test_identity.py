"""Identity: tables made by hand, in which each person has ASVs of their own and all share some."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import check_identity
from vagus.identity.check import check_identity as check
from vagus.identity.evidence import measure_shares, weigh_asvs
from vagus.identity.settings import IdentitySettings
from vagus.study.samples import Sample
from vagus.tables import read_table
from vagus.tables.counts import CountTable
from vagus.tables.stages.identity import IDENTITY_FINDINGS, IDENTITY_SAMPLES

SETTINGS = IdentitySettings()
PEOPLE = "ABCDEFGH"
SHARED = [f"all{i}" for i in range(20)]


def own_asvs(person: str, visit: int) -> set[str]:
    """Of 20 ASVs of a person, 15 at each visit; two visits have at least 10 in common."""
    return {f"{person}{i}" for i in range(20) if (i + 5 * visit) % 20 >= 5}


def make_cohort(visits: int = 3) -> dict[str, tuple[str, set[str]]]:
    """Subject and ASVs of each sample."""
    return {
        f"{person}-{visit}": (person, own_asvs(person, visit) | set(SHARED))
        for person in PEOPLE
        for visit in range(visits)
    }


def run(
    cohort: Mapping[str, tuple[str, set[str]]], controls: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of a cohort with 20 reads of each ASV; samples by name."""
    asvs = sorted(set().union(*(found for _, found in cohort.values()))) if cohort else []
    counts = np.array([[20 * (a in found) for a in asvs] for _, found in cohort.values()])
    table = CountTable.from_counts(list(cohort), asvs, counts.astype(np.int64))
    samples = [
        Sample(name, name, (), control="negative" if name in controls else "",
               metadata={"who": subject})
        for name, (subject, _) in cohort.items()
    ]  # fmt: skip
    rows, findings = check(table, samples, "who", SETTINGS)
    return rows.set_index("sample", drop=False), findings


def exchange(cohort: dict[str, tuple[str, set[str]]], first: str, second: str) -> None:
    """Exchange the content of two tubes."""
    a, b = cohort[first], cohort[second]
    cohort[first], cohort[second] = (a[0], b[1]), (b[0], a[1])


def test_an_asv_of_all_says_nothing_and_a_personal_one_ln_of_the_people() -> None:
    from scipy.sparse import csr_matrix

    # four people, two samples of the first; ASVs: of all, of the first, of the second
    present = csr_matrix(
        np.array([[1, 1, 0], [1, 1, 1], [1, 0, 1], [1, 0, 0], [1, 0, 0]], dtype=float)
    )
    shares = measure_shares(present, np.array([0, 0, 1, 2, 3]), 4)
    # 0 and 1: the whole weight of sample 0 is in common
    assert shares[0, 1] == pytest.approx(1.0)
    # 1 and 2: the third ASV, in none of the further people; it is all that sample 2 has
    assert shares[1, 2] == pytest.approx(1.0)
    # only the ASV of all
    assert shares[0, 2] == shares[3, 4] == 0
    weights = weigh_asvs(present, np.array([0, 0, 1, 2, 3]), 4).toarray()
    # ln(3.5 / 0.5) of four people; without sample 2 there are three: ln(2.5 / 0.5)
    assert weights[1] == pytest.approx([0, math.log(7), math.log(7)])
    assert weights[2] == pytest.approx([0, 0, math.log(5)])


def test_no_findings_where_all_labels_are_right() -> None:
    rows, findings = run(make_cohort())
    assert set(rows["status"]) == {"fits its subject"}
    assert (rows["probability"] > 0.99).all()
    assert findings.empty


def test_a_swap_is_one_finding_and_the_other_samples_fit() -> None:
    cohort = make_cohort()
    exchange(cohort, "A-1", "F-2")
    rows, findings = run(cohort)
    assert findings[["finding", "sample", "other_sample"]].values.tolist() == [
        ["swap", "A-1", "F-2"]
    ]
    assert rows.loc["A-1", "best_other"] == "F"
    assert set(rows["status"].drop(["A-1", "F-2"])) == {"fits its subject"}
    assert rows.loc["A-1", "probability"] < 0.05


def test_a_sample_of_another_subject() -> None:
    cohort = make_cohort()
    cohort["C-0"] = ("C", own_asvs("D", 4) | set(SHARED))
    _, findings = run(cohort)
    assert findings[["finding", "sample", "other_subject"]].values.tolist() == [
        ["other subject", "C-0", "D"]
    ]
    # all 15 ASVs of D, which other visits of D have, and none of C
    assert findings[["n_only_own", "n_only_other"]].values.tolist() == [[0, 15]]


def test_one_person_under_two_names() -> None:
    cohort = make_cohort()
    for visit in range(3):
        cohort[f"X-{visit}"] = ("X", own_asvs("B", visit + 1) | set(SHARED))
    _, findings = run(cohort)
    assert findings[["finding", "subject", "other_subject"]].values.tolist() == [
        ["duplicate", "B", "X"]
    ]
    assert findings.loc[0, "n_common"] == 40
    assert findings.loc[0, "share_fitting"] == 1


def test_a_mixture_of_two_people() -> None:
    cohort = make_cohort()
    cohort["A-1"] = ("A", cohort["A-1"][1] | own_asvs("E", 3))
    rows, findings = run(cohort)
    assert findings[["finding", "sample"]].values.tolist() == [["mixture", "A-1"]]
    assert set(findings.loc[0, ["subject", "other_subject"]]) == {"A", "E"}
    assert set(rows["status"].drop("A-1")) == {"fits its subject"}


def test_one_sample_for_each_subject_cannot_be_judged() -> None:
    rows, findings = run(make_cohort(visits=1))
    assert set(rows["status"]) == {"cannot tell"}
    assert set(rows["reason"]) == {"no other sample of the subject to compare with"}
    assert findings.empty


def test_small_samples_and_samples_without_a_subject_are_rows_with_a_reason() -> None:
    cohort = make_cohort()
    cohort["A-0"] = ("A", {"A0", "A1"})
    cohort["B-0"] = ("", cohort["B-0"][1])
    cohort["C-0"] = ("C", set(sorted(cohort["C-0"][1])[:9]) | set())
    rows, findings = run(cohort)
    reasons = rows.loc[["A-0", "B-0", "C-0"], "reason"].tolist()
    assert reasons == [
        "40 reads in ASVs, fewer than 200", "no subject in the sheet",
        "180 reads in ASVs, fewer than 200",
    ]  # fmt: skip
    assert findings.empty


def test_controls_are_left_out() -> None:
    cohort = make_cohort()
    cohort["blank"] = ("A", own_asvs("B", 0))
    rows, findings = run(cohort, controls=("blank",))
    assert "blank" not in rows.index
    assert findings.empty


def test_a_table_without_asvs() -> None:
    rows, findings = run({name: (who, set()) for name, (who, _) in make_cohort().items()})
    assert set(rows["status"]) == {"cannot tell"}
    assert findings.empty


def test_the_order_of_samples_changes_nothing() -> None:
    cohort = make_cohort()
    exchange(cohort, "A-1", "F-2")
    names = list(cohort)
    random.Random(1).shuffle(names)
    for one, other in zip(run(cohort), run({n: cohort[n] for n in names}), strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_the_program_writes_both_tables(tmp_path: Path) -> None:
    cohort = make_cohort()
    exchange(cohort, "A-1", "F-2")
    asvs = sorted(set().union(*(found for _, found in cohort.values())))
    lines = ["\t".join(["asv", *cohort])]
    lines += ["\t".join([a, *(str(20 * (a in f)) for _, f in cohort.values())]) for a in asvs]
    (tmp_path / "table.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sheet = ["sample\treads\twho", *(f"{n}\t{n}.fastq\t{who}" for n, (who, _) in cohort.items())]
    (tmp_path / "sheet.tsv").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    words = ["--asv-table", "table.tsv", "--samples", "sheet.tsv"]
    words += ["--identities", "samples.tsv", "--findings", "findings.tsv"]
    paths = [str(tmp_path / word) if word.endswith(".tsv") else word for word in words]
    assert check_identity.main([*paths, "--subject", "who"]) == 0
    assert len(read_table(tmp_path / "samples.tsv", IDENTITY_SAMPLES)) == len(cohort)
    findings = read_table(tmp_path / "findings.tsv", IDENTITY_FINDINGS)
    assert findings["finding"].tolist() == ["swap"]
