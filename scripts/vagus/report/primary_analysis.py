"""The primary analysis: one measure and one model for each question, answered from its tables.

| question | measure | table |
|---|---|---|
| diversity | effective number of ASVs (Hill, q = 1), else Shannon, else the first | alpha_models.tsv |
| composition | the first distance of ``diversity.metrics`` | beta_models.tsv |
| taxa | genus, else the deepest other rank of ``cohort.ranks``; the method that decides | differential_*.tsv |
| change over time by group | the measures of diversity and of composition | longitudinal_tests.tsv |

All other measures, ranks and methods are further ways of asking the same, and are below on the page.
The q-values are those of the tables, which are corrected for all that was asked.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vagus.report.answer_taxa import describe_taxa
from vagus.report.answer_words import (
    describe_difference,
    describe_explained,
    describe_heading,
    explain_untested,
)
from vagus.report.answers import Answer, Topic
from vagus.report.inputs import ReportInputs
from vagus.study.test_names import CHANGE_ALPHA, CHANGE_BETA, PAIRED

if TYPE_CHECKING:
    import pandas as pd

_ALPHA = ("hill_1", "shannon")
_RANKS = ("genus", "species", "family", "order", "class", "phylum", "asv")
Rows = list[dict[str, object]]


def list_topics(inputs: ReportInputs) -> list[Topic]:
    """The answers for every variable of the design; empty when nothing is compared."""
    return [
        Topic(describe_heading(inputs, name, _find_covariates(inputs, name)), answers)
        for name in list_variables(inputs)
        if (answers := _answer(inputs, name))
    ]


def list_variables(inputs: ReportInputs) -> list[str]:
    """Groups, then the time where it was tested too."""
    names = list(inputs.groups)
    table = inputs.table("cohort/alpha_models")
    tested = set() if table is None else set(table["variable"])
    if inputs.time and inputs.time not in names and inputs.time in tested:
        names.append(inputs.time)
    return list(dict.fromkeys(names))


def _answer(inputs: ReportInputs, variable: str) -> tuple[Answer, ...]:
    asked: tuple[Callable[[ReportInputs, str], Answer | None], ...] = (
        answer_diversity, answer_composition, answer_taxa, answer_change, answer_trajectory,
    )  # fmt: skip
    answers = [ask(inputs, variable) for ask in asked]
    return tuple(answer for answer in answers if answer is not None)


def answer_diversity(inputs: ReportInputs, variable: str) -> Answer:
    """Whether the primary measure of diversity differs."""
    rows = _take(inputs, "alpha_models", variable)
    metric = _choose_alpha(rows)
    rows = [row for row in rows if row["metric"] == metric and row["model"] != PAIRED]
    rows = [row for row in rows if row["model"] == rows[0]["model"]]
    return describe_difference(inputs, "Diversity", variable, metric, rows)


def answer_change(inputs: ReportInputs, variable: str) -> Answer | None:
    """Whether diversity changes differently in the groups; None when nobody was followed."""
    rows = [
        r for r in _take(inputs, "longitudinal_tests", variable) if r["question"] == CHANGE_ALPHA
    ]
    metric = _choose_alpha(rows)
    rows = [row for row in rows if row["metric"] == metric]
    if not rows:
        return None
    return describe_difference(inputs, "Change of diversity", variable, metric, rows)


def answer_composition(inputs: ReportInputs, variable: str) -> Answer:
    """Whether composition differs, by the primary distance."""
    rows = [r for r in _take(inputs, "beta_models", variable) if r["term"] == variable]
    return _answer_distance(inputs, "Composition", variable, rows)


def answer_trajectory(inputs: ReportInputs, variable: str) -> Answer | None:
    """Whether composition changes differently in the groups; None when nobody was followed."""
    rows = [
        r for r in _take(inputs, "longitudinal_tests", variable) if r["question"] == CHANGE_BETA
    ]
    return _answer_distance(inputs, "Change of composition", variable, rows) if rows else None


def _answer_distance(inputs: ReportInputs, subject: str, variable: str, rows: Rows) -> Answer:
    known = [str(row["metric"]) for row in rows]
    metric = next((m for m in inputs.config["diversity"]["metrics"] if m in known), "")
    chosen = next((row for row in rows if row["metric"] == metric), None)
    if chosen is None:
        return explain_untested(subject, [])
    return describe_explained(inputs, subject, variable, chosen)


def answer_taxa(inputs: ReportInputs, variable: str) -> Answer | None:
    """Which taxa differ at the primary rank; None when no rank is compared."""
    ranks = [rank for rank in _RANKS if rank in inputs.config["cohort"].get("ranks", ())]
    if not ranks:
        return None
    rank = next(
        (r for r in ranks if inputs.table(f"cohort/differential_{r}") is not None), ranks[0]
    )
    rows = _take(inputs, f"differential_{rank}", variable)
    methods = [row["method"] for row in rows]
    return describe_taxa(inputs, rank, variable, [r for r in rows if r["method"] == methods[0]])


def _choose_alpha(rows: Rows) -> str:
    known = list(dict.fromkeys(str(row["metric"]) for row in rows))
    return next((metric for metric in (*_ALPHA, *known) if metric in known), "")


def _take(inputs: ReportInputs, table: str, variable: str) -> Rows:
    """Rows of a table of the cohort stage that are about a variable."""
    found: pd.DataFrame | None = inputs.table(f"cohort/{table}")
    return [] if found is None else found[found["variable"] == variable].to_dict("records")


def _find_covariates(inputs: ReportInputs, variable: str) -> str:
    """What the models of diversity are adjusted for, 'age;sex'."""
    for row in _take(inputs, "alpha_models", variable):
        if isinstance(row["covariates"], str) and row["model"] != PAIRED:
            return row["covariates"]
    return ""
