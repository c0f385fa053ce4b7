"""The first screen of the study page: did it work, what is there, the answers, what to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vagus.report.answer_figures import draw_answer
from vagus.report.answers import Answer, Topic
from vagus.report.blocks import Notice
from vagus.report.composition import UNASSIGNED_LABEL
from vagus.report.first_composition import RANKS, Composition, show_composition
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_share
from vagus.report.primary_analysis import list_topics
from vagus.report.sentences import write, write_markup
from vagus.report.study_samples import sum_taxa, take_samples
from vagus.report.summary import list_notices

MAX_CHECKS = 4
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Drawn:
    """An answer with its figure, wide and narrow."""

    answer: Answer
    wide: Markup
    narrow: Markup


@dataclass(frozen=True)
class FirstScreen:
    """What a reader sees without scrolling; ``n_more`` checks are further below."""

    ran: Markup
    composition: Composition
    topics: Sequence[tuple[Topic, Sequence[Drawn]]]
    no_question: Markup
    checks: Sequence[Notice]
    n_more: int
    marks: Markup
    all_well: str


def build_first_screen(inputs: ReportInputs) -> FirstScreen:
    """Everything that the first screen shows."""
    topics = [(topic, _draw(topic)) for topic in list_topics(inputs)]
    has_marks = any(drawn.wide for _, answers in topics for drawn in answers)
    checks = list_checks(inputs)
    return FirstScreen(
        describe_run(inputs),
        show_composition(inputs),
        topics,
        write_markup("answers.no_question") if not topics else Markup(),
        checks[:MAX_CHECKS],
        max(0, len(checks) - MAX_CHECKS),
        write_markup("answers.marks") if has_marks else Markup(),
        write("summary.all_well"),
    )


def _draw(topic: Topic) -> list[Drawn]:
    return [
        Drawn(answer, draw_answer(answer, is_wide=True), draw_answer(answer, is_wide=False))
        for answer in topic.answers
    ]


def describe_run(inputs: ReportInputs) -> Markup:
    """One sentence: how many samples have ASVs, with how many of their reads."""
    ledger = take_samples(inputs, inputs.ledger)
    n, n_good = len(ledger), int((ledger["asv_reads"] > 0).sum())
    if not n_good:
        return write_markup("answers.ran_empty", n=n)
    n_reads = int(ledger["input"].sum())
    rank, named = _find_named(inputs)
    words = {
        "n": n, "n_reads": n_reads, "rank": rank, "named": named,
        "share": format_share(int(ledger["asv_reads"].sum()), n_reads),
    }  # fmt: skip
    if n_good < n:
        return write_markup("answers.ran_partly", n_bad=n - n_good, **words)
    return write_markup("answers.ran_well", **words)


def _find_named(inputs: ReportInputs) -> tuple[str, str]:
    """A rank and the share of the analysed reads with a name there; empty without names."""
    counts = sum_taxa(inputs, RANKS[0])
    if counts is None or not counts.sum():
        return RANKS[0], ""
    named = counts.drop(UNASSIGNED_LABEL, errors="ignore").sum()
    return RANKS[0], format_share(float(named), float(counts.sum()))


def list_checks(inputs: ReportInputs) -> list[Notice]:
    """Findings of controls, samples and design, the gravest first; notes of the design are not."""
    notices = list_notices(inputs)
    design = inputs.table("cohort/design") if inputs.groups else None
    for row in [] if design is None else design.to_dict("records"):
        if row["severity"] != "note":
            text = write_markup(
                "answers.design", variable=row["variable"], finding=row["finding"],
                consequence=row["consequence"],
            )  # fmt: skip
            notices.append(Notice(str(row["severity"]), text))
    return sorted(notices, key=lambda notice: _ORDER.get(notice.level, len(_ORDER)))
