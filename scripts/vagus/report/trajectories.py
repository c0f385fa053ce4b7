"""Trajectories over time: lines of subjects, how much they change, tests of time by group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vagus.cohort.trajectories import average_steps
from vagus.report.blocks import Absent, Chooser, Column, Plot, Prose, Section, Table
from vagus.report.cohort_models import ASSOCIATION
from vagus.report.diversity import name_metric
from vagus.report.figure import FigureFolder, new_figure, place_axes, shorten
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_value, is_missing
from vagus.report.ordination import name_distance
from vagus.report.palette import MARKER_AREAS, MUTED, choose_mark
from vagus.report.sentences import write
from vagus.report.variables import Variable, make_variable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TITLE = "Over time"
_WIDTH_IN = 7.2
_EVERYONE = "all"
_MAX_TIMES = 12


def build_trajectories(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """Trajectories, volatility and tests; None when nobody was seen twice."""
    table = inputs.table("cohort/trajectories")
    subject = inputs.subject
    if not inputs.groups or table is None or not subject:
        return None
    group = _choose_group(inputs, subject)
    panels = [
        ((_name_measure(str(measure)),), [_draw_trajectory(str(measure), part, group, figures)])
        for measure, part in table.groupby("measure", sort=False)
    ]
    text = write("trajectories.about", order=_describe_times(inputs), association=ASSOCIATION)
    blocks: list[object] = [Prose(text), Chooser(("Measure",), panels)]
    steps = inputs.table("cohort/volatility")
    if steps is not None:
        drawn = [
            ((name_distance(str(metric)),), [_draw_steps(str(metric), part, group, figures)])
            for metric, part in steps.groupby("metric", sort=False)
        ]
        blocks.append(Chooser(("Distance",), drawn))
    tests = inputs.table("cohort/longitudinal_tests")
    if tests is not None:
        blocks.append(_list_tests(tests))
    return Section("trajectories", TITLE, blocks)


def _describe_times(inputs: ReportInputs) -> str:
    """The order of the times that all results have, and how it was understood."""
    if inputs.times is None:
        return ""
    times = inputs.times
    return write(
        "trajectories.order", time=inputs.time, times=times.order[:_MAX_TIMES],
        n_more=len(times.order) - _MAX_TIMES, how=times.words,
    )  # fmt: skip


def _choose_group(inputs: ReportInputs, subject: str) -> Variable:
    """Level of each subject of the first group column that does not change within subjects."""
    for name in inputs.groups:
        variable = make_variable(inputs, name)
        levels: dict[str, set[str]] = {}
        for sample in inputs.samples:
            person = sample.value(subject)
            if person and sample.name in variable.values:
                levels.setdefault(person, set()).add(variable.values[sample.name])
        if levels and not variable.is_numeric and all(len(x) == 1 for x in levels.values()):
            return replace(variable, values={who: min(x) for who, x in levels.items()})
    people = {s.value(subject) for s in inputs.samples if not s.control}
    return Variable("", dict.fromkeys(sorted(people - {""}), _EVERYONE), False)


def _name_measure(measure: str) -> str:
    if measure.startswith("PC1 of "):
        return f"PC1 of {name_distance(measure.removeprefix('PC1 of '))}"
    return name_metric(measure)


def _file_name(measure: str) -> str:
    return measure.lower().replace(" ", "_")


def _draw_trajectory(
    measure: str, part: pd.DataFrame, group: Variable, figures: FigureFolder
) -> Plot:
    """A thin line a subject, a thick one for the mean of each level."""
    figure = new_figure(_WIDTH_IN, 3.7)
    axes = place_axes(figure, 0.75, 0.55, 1.9, 0.2)
    times = part.drop_duplicates("position").sort_values("position")
    tips: dict[str, str] = {}
    levels = group.levels
    for number, (who, line) in enumerate(part.groupby("subject", sort=True)):
        level = group.values.get(str(who))
        colour = choose_mark(levels.index(level))[0] if level in levels else MUTED
        mean = line.groupby("position")["value"].mean()
        gid = f"subject{number}"
        axes.plot(mean.index, mean, color=colour, lw=0.8, alpha=0.5, marker="o", ms=2.5, gid=gid)
        tips[gid] = f"{who}\n{level or '(no value)'}"
    for position, level in enumerate(levels):
        chosen = part[[group.values.get(str(who)) == level for who in part["subject"]]]
        mean = chosen.groupby("position")["value"].mean()
        colour, marker = choose_mark(position)
        axes.plot(
            mean.index, mean, color=colour, lw=2.6, marker=marker, ms=6,
            label=f"{shorten(level, 18)} (mean)",
        )  # fmt: skip
    times = times.iloc[:: -(-len(times) // _MAX_TIMES)]
    axes.set_xticks(times["position"], [shorten(str(time), 14) for time in times["time"]])
    axes.set_ylabel(_name_measure(measure))
    axes.margins(x=0.08)
    if group.name:
        axes.legend(
            title=shorten(group.name, 22), loc="upper left", bbox_to_anchor=(1.02, 1),
            borderaxespad=0, alignment="left",
        )  # fmt: skip
    return figures.save(
        figure,
        f"trajectory_{_file_name(measure)}",
        part,
        tips=tips,
        label=f"{_name_measure(measure)} over time",
        caption=write(
            "trajectories.figure",
            measure=_name_measure(measure),
            n_samples=len(part),
            n_subjects=part["subject"].nunique(),
        ),
    )  # fmt: skip


def _draw_steps(metric: str, part: pd.DataFrame, group: Variable, figures: FigureFolder) -> Plot:
    """A point a subject: how far it moves between consecutive times."""
    means = average_steps(part)
    words = "mean {} distance to the time before"
    if part["interval"].notna().all():
        words = "{} distance per unit of time"
    levels = group.levels
    figure = new_figure(_WIDTH_IN, 0.9 + 0.55 * len(levels))
    axes = place_axes(figure, 1.9, 0.5, 0.3, 0.15)
    tips: dict[str, list[str]] = {}
    counts = []
    for place, level in enumerate(levels):
        chosen = means[[group.values.get(str(who)) == level for who in means.index]]
        counts.append(f"{level} {len(chosen)}")
        _draw_row(axes, place, chosen, f"level{place}")
        tips[f"level{place}"] = [f"{who}\n{format_value(v)}" for who, v in chosen.items()]
    axes.set_yticks(range(len(levels)), [shorten(level, 22) for level in levels])
    axes.set_ylim(len(levels) - 0.5, -0.5)
    axes.grid(False, axis="y")
    axes.set_xlabel(f"volatility: {words.format(name_distance(metric))}")
    return figures.save(
        figure,
        f"volatility_{metric}",
        means.rename("distance").reset_index(),
        tips=tips,
        label=f"Volatility by {name_distance(metric)} distance",
        caption=write(
            "trajectories.volatility", n=len(means), counts=counts, distance=name_distance(metric)
        ),
    )


def _draw_row(axes: Axes, place: int, values: pd.Series, gid: str) -> None:
    colour, marker = choose_mark(place)
    if not len(values):
        return
    offsets = [((index * 0.6180339887) % 1 - 0.5) * 0.4 for index in range(len(values))]
    axes.scatter(
        values, [place + offset for offset in offsets], s=MARKER_AREAS[marker] * 0.7,
        color=colour, marker=marker, edgecolors="white", lw=0.4, gid=gid, zorder=3,
    )  # fmt: skip
    axes.plot([values.mean()] * 2, [place - 0.32, place + 0.32], color=colour, lw=2)


def _list_tests(tests: pd.DataFrame) -> Table | Absent:
    """A row a test; where none was made, one sentence with the reasons."""
    if tests["p_value"].isna().all():
        return Absent(write("trajectories.untested", reasons=_list_reasons(tests["note"])))
    columns = [
        Column("variable"), Column("question"), Column("measure"), Column("test"),
        Column("contrast"), Column("n"), Column("difference", "value"),
        Column("95 % interval", "short"), Column("statistic", "value"), Column("p", "p"),
        Column("q", "p", "p corrected for multiple tests (Benjamini-Hochberg)"),
        Column("note", "long"),
    ]  # fmt: skip
    rows = []
    for row in tests.to_dict("records"):
        is_alpha = row["question"] == "change of alpha"
        metric = "" if is_missing(row["metric"]) else str(row["metric"])
        interval = ""
        if not is_missing(row["low"]):
            interval = f"{format_value(row['low'])} to {format_value(row['high'])}"
        rows.append(
            [
                row["variable"], row["question"],
                name_metric(metric) if is_alpha else name_distance(metric), row["test"],
                row["contrast"], str(row["n"] or "").replace(":", " ").replace(";", ", "),
                row["estimate"], interval, row["statistic"], row["p_value"], row["q_value"],
                row["note"],
            ]
        )  # fmt: skip
    return Table(columns, rows, write("trajectories.tests", association=ASSOCIATION))


def _list_reasons(notes: pd.Series) -> list[str]:
    """Each reason once, without the words that all of them begin with."""
    texts = [str(note).removeprefix("not tested: ") for note in notes if not is_missing(note)]
    return list(dict.fromkeys(texts))
