"""Findings about a design, each with its consequence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import check_design as program
from vagus.study.confounding import cramers_v
from vagus.study.design import StudyDesign
from vagus.study.design_checks import check_design
from vagus.study.design_findings import Finding, Sheet
from vagus.study.samples import Sample
from vagus.tables import read_table


def find(rows: list[dict[str, str]], design: StudyDesign, **options: object) -> list[Finding]:
    samples = [
        Sample(f"s{n:02d}", f"s{n:02d}", (), run=row.pop("run", "run1"), metadata=row)
        for n, row in enumerate(rows)
    ]
    depths = options.get("depths") or {sample.name: 1000.0 for sample in samples}
    batches = options.get("batches", ())
    return check_design(Sheet(samples, design, depths, 6, batches))  # type: ignore[arg-type]


def pick(found: list[Finding], check: str) -> list[tuple[str, str]]:
    return [(row.severity, row.finding) for row in found if row.check == check]


def two_groups(n: int = 8, **columns: object) -> list[dict[str, str]]:
    names = ["case" if index % 2 else "control" for index in range(2 * n)]
    return [{"group": name} for name in names]


def test_a_sound_design_has_no_findings() -> None:
    assert find(two_groups(), StudyDesign(("group",))) == []


def test_batches_that_hold_one_group() -> None:
    rows = [{**row, "run": row["group"]} for row in two_groups()]
    found = find(rows, StudyDesign(("group",)))
    assert pick(found, "confounding") == [
        ("error", "every sequencing run contains samples of one level only "
                  "(case: 8 case; control: 8 control)")
    ]  # fmt: skip
    rows = [{**row, "run": "r1" if n < 14 and row["group"] == "case" else "r2"}
            for n, row in enumerate(two_groups())]  # fmt: skip
    ((severity, text),) = pick(find(rows, StudyDesign(("group",))), "confounding")
    assert severity == "warning"
    # r1 is case alone, r2 is 1 of the 8 cases and all controls: by hand
    assert text.endswith("; r1: 7 case; r2: 1 case, 8 control)")
    assert text.startswith("goes with sequencing run (Cramér's V 0.")


def test_a_batch_of_numbers_is_levels_and_counted_by_subject() -> None:
    rows = [{"group": "case" if n < 8 else "control", "who": f"P{n // 2}",
             "plate": "1" if n < 8 else "2"} for n in range(16)]  # fmt: skip
    design = StudyDesign(("group",), "who")
    assert pick(find([dict(row) for row in rows], design), "confounding") == []
    found = find([dict(row) for row in rows], design, batches=("plate",))
    assert pick(found, "confounding") == [
        ("error", "every plate contains samples of one level only (1: 4 case; 2: 4 control)")
    ]


def test_almost_complete_confounding_names_what_is_left() -> None:
    rows = [{"group": "case" if n < 10 else "control", "run": "a" if n < 11 else "b"}
            for n in range(20)]  # fmt: skip
    (finding,) = find(rows, StudyDesign(("group",)))
    assert finding.severity == "warning"
    assert finding.finding.endswith("a: 10 case, 1 control; b: 9 control)")
    assert finding.consequence.startswith("only 1 of 20 samples distinguish the two; ")


def test_depth_and_covariates_that_go_with_the_group() -> None:
    rows = [{**row, "age": str(30 + n + 20 * (row["group"] == "case"))}
            for n, row in enumerate(two_groups())]  # fmt: skip
    depths = {f"s{n:02d}": 1000.0 + 3000 * (n % 2) + n for n in range(16)}
    found = find(rows, StudyDesign(("group",), covariates=("age",)), depths=depths)
    texts = [text for _, text in pick(found, "confounding")]
    assert len(texts) == 2
    assert texts[0].startswith("goes with age (epsilon squared")
    # cases 51, 53, ... 65, controls 30, 32, ... 44
    assert texts[0].endswith("; mean 58 in case, 37 in control)")
    assert texts[1].startswith("goes with read depth")
    assert "models are adjusted for age" in found[0].consequence


def test_repeated_subjects_named_and_not_named() -> None:
    rows = [{"group": "case" if n < 8 else "control", "patient": f"P{n // 2}"} for n in range(16)]
    (finding,) = find([dict(row) for row in rows], StudyDesign(("group",)))
    assert (finding.check, finding.severity) == ("repeated subjects", "error")
    assert "nothing is tested" in finding.consequence
    named = find([dict(row) for row in rows], StudyDesign(("group",), "patient"))
    assert pick(named, "repeated subjects") == [
        ("note", "16 samples of 8 subjects, 8 with several")
    ]
    none = find([dict(row) for row in rows], StudyDesign(("group",), "none"))
    assert pick(none, "repeated subjects") == [("note", "cohort.subject is 'none'")]


@pytest.mark.parametrize(
    ("n", "severity", "smallest"),
    # 2 of C(6, 3) = 20 and C(8, 4) = 70 splits; mid-p halves them; 0.05 / 6 measures = 0.0083
    [(3, "warning", "0.05"), (4, "warning", "0.014")],
)
def test_smallest_p_values(n: int, severity: str, smallest: str) -> None:
    found = pick(find(two_groups(n), StudyDesign(("group",))), "number of samples")
    assert found[0][0] == severity
    assert f"smallest attainable p-value is {smallest}" in found[0][1]


def test_two_samples_in_a_level_cannot_be_tested() -> None:
    rows = [{"group": "case"}, {"group": "case"}, {"group": "control"}]
    found = pick(find(rows, StudyDesign(("group",))), "number of samples")
    assert found == [("error", "2 with 'case', 1 with 'control'")]


def test_missing_values_name_the_samples() -> None:
    rows = [
        {**row, "bmi": "" if n in (2, 5) else str(20 + n)} for n, row in enumerate(two_groups())
    ]
    found = find(rows, StudyDesign(("group",), covariates=("bmi",)))
    assert pick(found, "missing values") == [("warning", "2 samples without bmi: s02, s05")]
    assert found[-1].consequence == "left out of the models"


def test_covariates_that_adjust_nothing() -> None:
    rows = [{**row, "site": "A", "twin": row["group"] + "!"} for row in two_groups()]
    found = find(rows, StudyDesign(("group",), covariates=("site", "twin")))
    texts = [finding.finding for finding in found if finding.check == "covariates"]
    assert "has one value only" in texts
    assert "group is confounded with twin" in texts


def test_unbalanced_times_and_crossover() -> None:
    rows = [{"drug": ("a", "b")[t], "who": f"P{p}", "time": str(t)}
            for p in range(8) for t in range(2) if (p, t) != (3, 1)]  # fmt: skip
    found = find(rows, StudyDesign(("drug",), "who", "time"))
    assert ("warning", "7 of 8 subjects have all 2 times") in pick(found, "times")
    within = pick(found, "within or between subjects")
    assert within[0] == ("warning", "changes within who: 7 of 8 have all levels")


def test_cramers_v() -> None:
    first = ["a"] * 20 + ["b"] * 20
    assert cramers_v(first, first) == pytest.approx(1.0)
    rng = np.random.default_rng(1)
    assert cramers_v(first, rng.choice(["x", "y"], 40).tolist()) < 0.3


def test_program(tmp_path: Path) -> None:
    rows = ["sample\treads\tgroup"] + [f"s{n}\ts{n}.fq\t{'ab'[n % 2]}" for n in range(8)]
    (tmp_path / "samples.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    alpha = ["sample\treads\tdepth\tobserved"] + [f"s{n}\t100\t50\t{n}" for n in range(8)]
    (tmp_path / "alpha.tsv").write_text("\n".join(alpha) + "\n", encoding="utf-8")
    options = ["--samples", f"{tmp_path}/samples.tsv", "--group=group"]
    options += ["--alpha", f"{tmp_path}/alpha.tsv", "--checks", f"{tmp_path}/design.tsv"]
    assert program.main(options) == 0
    table = read_table(tmp_path / "design.tsv")
    assert list(table.columns) == ["check", "variable", "finding", "severity", "consequence"]
    assert len(table) == 1
