"""The study's read ledger and QC tables, merged from the samples' ``qc.json`` files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Any

import pandas as pd

from vagus.errors import ReadsError
from vagus.records import NOTHING, is_count, is_number, read_object
from vagus.tables.stages.reads import LONG_TABLES, READ_LEDGER

Description = dict[str, Any]

STAGES = ("before", "after")
_FACTS = READ_LEDGER.texts
_SUMMARY = (
    "n_reads", "n_bases", "median_length_bp", "mean_expected_errors", "median_expected_errors",
    "median_accuracy", "median_passes",
)  # fmt: skip
_FORM = {
    **dict.fromkeys((*_FACTS, "accuracy_source"), str),
    "n_uniques": is_count,
    "steps": {str: is_count},
    "orientation": {str: is_count},
    "summary": dict.fromkeys(STAGES, dict.fromkeys(_SUMMARY, (is_number, NOTHING))),
    **{name: {stage: [[is_number]] for stage in STAGES} for name in LONG_TABLES},
}


def read_descriptions(paths: Iterable[str | PathLike[str]]) -> list[Description]:
    """Read the samples' ``qc.json`` files and sort them by the sample's name.

    Raises:
        VagusError: a file is not whole, or its reads do not add up.
    """
    descriptions = []
    for path in paths:
        description = read_object(path, "account of a sample's quality", _FORM, _is_sound)
        check_conservation(description["steps"], description["sample"])
        descriptions.append(description)
    return sorted(descriptions, key=lambda description: str(description["sample"]))


def _is_sound(description: Description) -> bool:
    """Whether the steps are those of a sample, and all histogram rows have their columns."""
    steps = description["steps"]
    is_known = all(name.startswith("lost_") or name in ("input", "kept") for name in steps)
    return (
        {"input", "kept"} <= steps.keys()
        and is_known
        and all(
            len(row) == len(table.names) - 2
            for name, table in LONG_TABLES.items()
            for stage in STAGES
            for row in description[name][stage]
        )
    )


def check_conservation(steps: dict[str, int], sample: str) -> None:
    """Refuse steps in which the reads that came in are not those lost and kept.

    Raises:
        ReadsError: the sum differs.
    """
    accounted = sum(n for name, n in steps.items() if name != "input")
    if accounted != steps["input"]:
        raise ReadsError(
            f"{steps['input']} reads came in but {accounted} are accounted for",
            fix="This is a fault of the program: please report it with the sample's qc.json",
            sample=sample,
        )


def make_ledger(descriptions: Sequence[Description]) -> pd.DataFrame:
    """One row a sample: facts, reads at each step, unique sequences."""
    return pd.DataFrame(
        [
            {
                **{fact: description[fact] for fact in _FACTS},
                **description["steps"],
                "n_uniques": description["n_uniques"],
            }
            for description in descriptions
        ]
    )


def make_qc_table(descriptions: Sequence[Description]) -> pd.DataFrame:
    """Two rows a sample, before and after: totals, accuracy source, strands, unique share."""
    return pd.DataFrame(
        [_describe_stage(description, stage) for description in descriptions for stage in STAGES]
    )


def _describe_stage(description: Description, stage: str) -> dict[str, Any]:
    kept = description["steps"]["kept"]
    share = description["n_uniques"] / kept if stage == "after" and kept else None
    strands = description["orientation"] if stage == "before" else {}
    return {
        "sample": description["sample"],
        "stage": stage,
        **description["summary"][stage],
        "accuracy_source": description["accuracy_source"],
        "unique_share": share,
        **{f"n_{word}": strands.get(word) for word in description["orientation"]},
    }


def make_long_table(descriptions: Sequence[Description], name: str) -> pd.DataFrame:
    """A histogram or profile of all samples: sample, stage, then its own columns."""
    rows = [
        (description["sample"], stage, *row)
        for description in descriptions
        for stage in STAGES
        for row in description[name][stage]
    ]
    return pd.DataFrame(rows, columns=LONG_TABLES[name].names)
