"""Group tests: tables with effect sizes, and sentences that claim no more than they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from vagus.report.blocks import (
    Absent,
    Column,
    Definitions,
    Details,
    Notice,
    Notices,
    Prose,
    Section,
    Table,
)
from vagus.report.diversity import name_metric
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun, format_count, format_p, format_value, is_missing
from vagus.report.ordination import name_distance
from vagus.report.sentences import write, write_markup
from vagus.study.test_names import MAX_Q

if TYPE_CHECKING:
    import pandas as pd

_UNTESTED = "not tested: "
_N_PERMUTATIONS = re.compile(r"(?<=permutations: )\d+")
_PLURALS = {"test of alpha diversity": "tests of alpha diversity"}


def build_cohort(inputs: ReportInputs) -> Section:
    """Alpha tests, then beta tests."""
    title = "Group comparisons"
    if not inputs.groups:
        return Section("cohort", title, [Absent(write_markup("cohort.no_group"))])
    alpha, beta = inputs.table("cohort/alpha_tests"), inputs.table("cohort/beta_tests")
    if alpha is None and beta is None:
        return Section("cohort", title, [Absent(write("cohort.too_few"))])
    given = [table for table in (alpha, beta) if table is not None]
    if not any(table["p_value"].notna().any() for table in given):
        return Section("cohort", title, [Absent(explain_untested(given))])
    blocks: list[object] = [Notices([Notice("note", write("cohort.limits"))])]
    repeated = _warn_repeats(inputs)
    if repeated is not None:
        blocks.append(repeated)
    if alpha is not None:
        blocks.append(Prose(summarise_tests(alpha, name_metric, "test of alpha diversity")))
        if alpha["p_value"].notna().any():
            blocks += list_tests(alpha, "Diversity within samples.", name_metric)
    if beta is not None:
        asked = beta[beta["test"] != "PERMDISP"]
        blocks.append(Prose(summarise_tests(asked, name_distance, "PERMANOVA test")))
        if beta["p_value"].notna().any():
            blocks += list_tests(beta, "Diversity between samples.", name_distance)
            blocks.append(_explain_beta())
    return Section("cohort", title, blocks)


def _warn_repeats(inputs: ReportInputs) -> Notices | None:
    """Say when people gave several samples, or when it is not known."""
    subject = inputs.subject
    if not subject:
        return None
    people = [s.value(subject) for s in inputs.samples if not s.control]
    given = [person for person in people if person]
    if len(given) == len(set(given)):
        return None
    text = write("cohort.repeats", n_subjects=len(set(given)), n_samples=len(given))
    return Notices([Notice("note", text)])


def summarise_tests(table: pd.DataFrame, name: Callable[[str], str], what: str) -> Markup:
    """One paragraph: which tests pass q < 0.05, with effects, and what that does not mean.

    ``what`` names one test.
    """
    tested = table[table["p_value"].notna()]
    if not len(tested):
        return write_markup("cohort.no_test", what=what, reasons=_list_reasons([table]))
    passed = tested[tested["q_value"] < MAX_Q]
    made = count_noun(len(tested), what, _PLURALS.get(what))
    if not len(passed):
        return write_markup("cohort.none_passes", tests=made, limit=MAX_Q)
    sentences = [
        write_markup("cohort.associated", variable=variable, measures=_list_measures(part, name))
        for variable, part in passed.groupby("variable", sort=False)
    ]
    return write_markup(
        "cohort.some_pass", tests=made, n=len(passed), limit=MAX_Q,
        associated=Markup("; ").join(sentences),
    )  # fmt: skip


def explain_untested(tables: Sequence[pd.DataFrame]) -> str:
    """One sentence in place of tables without a single p-value."""
    return write("cohort.no_test", what="group test", reasons=_list_reasons(tables))


def _list_reasons(tables: Sequence[pd.DataFrame]) -> list[str]:
    """'group (reason)', 'time (reason)' from the notes of tests that were not made."""
    reasons: dict[str, None] = {}
    for table in tables:
        for row in table.to_dict("records"):
            for note in _split_notes(row["note"]):
                if note.startswith(_UNTESTED):
                    reasons[f"{row['variable']} ({note.removeprefix(_UNTESTED)})"] = None
    return list(reasons)


def _list_measures(passed: pd.DataFrame, name: Callable[[str], str]) -> str:
    """'Shannon (R2 0.12, q = 0.01), ...'."""
    words = []
    for row in passed.to_dict("records"):
        effect = ""
        if not is_missing(row["effect"]):
            effect = f"{_name_effect(row) or 'effect'} {format_value(row['effect'])}, "
        words.append(f"{name(str(row['metric']))} ({effect}q {_relate(row['q_value'])})")
    return ", ".join(words)


def _name_effect(row: dict[str, object]) -> str:
    name = row["effect_name"]
    return "" if is_missing(name) else str(name).replace("R2", "R²")


def _relate(q_value: float) -> str:
    text = format_p(q_value)
    return text if text.startswith("<") else f"= {text}"


def list_tests(table: pd.DataFrame, caption: str, name: Callable[[str], str]) -> list[object]:
    """One row a test; notes that all rows of a variable and test share are below the table."""
    shared = find_shared_notes(table)
    columns = [
        Column("variable"),
        Column("measure"),
        Column("test"),
        Column("n"),
        Column("statistic", "value"),
        Column("p", "p"),
        Column("q", "p", "p corrected for multiple tests (Benjamini-Hochberg)"),
        Column("effect", "value"),
        Column("effect is"),
    ]
    rows = []
    own_notes = []
    for row in table.to_dict("records"):
        common = shared[row["variable"], row["test"]]
        own_notes.append("; ".join(n for n in _split_notes(row["note"]) if n not in common))
        numbers = [row[c] for c in ("statistic", "p_value", "q_value", "effect")]
        words = [row["variable"], name(row["metric"]), row["test"], _write_n(row)]
        rows.append([*words, *numbers, _name_effect(row)])
    if any(own_notes):
        columns.append(Column("note", "long"))
        rows = [[*row, note] for row, note in zip(rows, own_notes, strict=True)]
    items = [(f"{v}, {test}", "; ".join(notes)) for (v, test), notes in shared.items() if notes]
    return [Table(columns, rows, caption), *([Definitions(items)] if items else [])]


def find_shared_notes(table: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Parts of the notes that every row of a variable and test has, in their order."""
    shared: dict[tuple[str, str], list[str]] = {}
    for row in table.to_dict("records"):
        key, notes = (row["variable"], row["test"]), _split_notes(row["note"])
        shared[key] = [note for note in shared.get(key, notes) if note in notes]
    return shared


def _split_notes(note: object) -> list[str]:
    if is_missing(note):
        return []
    text = _N_PERMUTATIONS.sub(lambda found: format_count(int(found[0])), str(note))
    return text.split("; ")


def _write_n(row: dict[str, object]) -> str:
    """'case:6;control:6' -> 'case 6, control 6'; a plain number stays."""
    text = str(row["n"])
    parts = [part.rpartition(":") for part in text.split(";")]
    return ", ".join(f"{group}\u00a0{n}" if group else n for group, _, n in parts)


def _explain_beta() -> Details:
    return Details("How to read PERMANOVA and PERMDISP", [Prose(write("cohort.permanova"))])
