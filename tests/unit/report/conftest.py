"""A made study and its pages, drawn once for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

import write_checksums
import write_report
import write_results_readme
import write_sample_reports
from unit.report.made_study import MadeStudy, make_cohort


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> MadeStudy:
    """Ten people at two times with controls, a failed sample and awkward names; all pages."""
    made = make_cohort(tmp_path_factory.mktemp("study"), n_people=5)
    write_pages(made, made.write_truth())
    return made


@pytest.fixture(scope="session")
def page(study: MadeStudy) -> str:
    """HTML of the study page."""
    return (study.results / "report" / "index.html").read_text(encoding="utf-8")


def write_pages(made: MadeStudy, truth: Path | None = None) -> None:
    """Run the programs of the stage as the workflow does."""
    known = ["--samples", str(made.sheet), "--provenance", str(made.provenance)]
    report = made.results / "report"
    pages = ["--page", str(report / "index.html"), "--figures", str(report / "figures")]
    with_truth = ["--with-truth"] if truth else []
    assert write_report.main([*known, *with_truth, *pages]) == 0
    assert write_sample_reports.main([*known, "--folder", str(report / "samples")]) == 0
    readme = ["--readme", str(made.results / "README.md")]
    given = ["--provenance", str(made.provenance)]
    assert write_results_readme.main([*given, *readme]) == 0
    sums = ["--checksums", str(made.results / "checksums.sha256")]
    assert write_checksums.main([*readme, *sums]) == 0
