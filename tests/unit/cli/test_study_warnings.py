"""Warnings of ``vagus check``: mocks that nobody knows, and the starter reference."""

from __future__ import annotations

from vagus.cli.study_warnings import list_reference_warnings
from vagus.cli.understood import list_mock_warnings
from vagus.reads.preflight import Preflight
from vagus.study.samples import Sample
from vagus.study.schema import fill_defaults
from vagus.study.study import Study


def _make(*controls: str) -> Study:
    samples = tuple(
        Sample(f"s{n}", f"s{n}", (f"{n}.fq",), control=control)
        for n, control in enumerate(controls)
    )
    return Study(fill_defaults({}), samples)


def test_an_unknown_mock_is_named_with_the_known_ones() -> None:
    study = _make("", "positive:D9999", "positive:Zymo D6331", "negative")
    (doubt,) = list_mock_warnings(study, [Preflight()] * 4)
    assert doubt.startswith("s1: ")
    assert "'D9999'" in doubt
    assert "D6300" in doubt
    assert "MSA-1003" in doubt


def test_known_mocks_raise_no_warning() -> None:
    study = _make("positive:D6300", "positive:msa2002", "negative")
    assert list(list_mock_warnings(study, [Preflight()] * 3)) == []


def test_starter_names_are_doubted_unless_the_study_is_simulated() -> None:
    study = _make("")
    assert study.config["taxonomy"]["reference"] == "starter"
    assert len(list(list_reference_warnings(study))) == 1
    study.config["truth"] = "truth.tsv"
    assert list(list_reference_warnings(study)) == []
