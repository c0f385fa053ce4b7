"""Diversity within samples: rarefaction curves and alpha values by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import (
    Absent,
    Chooser,
    Column,
    Link,
    Notice,
    Notices,
    Plot,
    Prose,
    Section,
    Table,
)
from vagus.report.figure import (
    FULL_WIDTH_IN,
    FigureFolder,
    new_figure,
    place_axes,
    place_grid,
    shorten,
)
from vagus.report.hill import list_depth_choices
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_value, separate_thousands
from vagus.report.palette import INK, MARKER_AREAS, MISSING, MUTED, choose_mark
from vagus.report.sentences import write
from vagus.report.study_samples import count_samples
from vagus.report.variables import Variable, list_groupings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

METRICS = {
    "observed": ("observed ASVs", "number of different ASVs"),
    "chao1": ("Chao1", "estimate of the number of ASVs, seen and unseen (bias-corrected)"),
    "shannon": ("Shannon", "entropy of the ASV shares; higher for more ASVs of more equal shares"),
    "simpson": ("Simpson", "chance that two reads are of different ASVs (0 to 1)"),
    "hill_1": ("Hill, q = 1", "effective number of ASVs: exponential of Shannon"),
    "hill_2": ("Hill, q = 2", "effective number of ASVs, of the abundant: inverse Simpson"),
    "pielou": ("Pielou", "evenness: Shannon over its maximum (0 to 1)"),
    "faith_pd": ("Faith PD", "branch length of the tree that the sample's ASVs span"),
}
_MIN_FOR_BOX = 3
_EVERYONE = "all samples"
_CONTROL, _BLANK = "(control sample)", "(no value)"


def name_metric(metric: str) -> str:
    """Name of an alpha metric for readers."""
    return METRICS[metric][0] if metric in METRICS else metric.replace("_", " ")


def build_alpha(inputs: ReportInputs, figures: FigureFolder) -> Section:
    """Rarefaction curves, values by group and the table of values."""
    alpha = inputs.alpha
    if alpha is None:
        absent = Absent(write("diversity.none"))
        return Section("alpha", "Diversity within samples", [absent, *_list_excluded(inputs)])
    blocks: list[object] = [
        Prose(_describe_depth(inputs, alpha)),
        *_list_excluded(inputs),
        *list_depth_choices(inputs),
    ]
    rarefaction = inputs.table("diversity/rarefaction")
    if rarefaction is not None:
        blocks.append(draw_rarefactions(inputs, rarefaction, alpha, figures))
    panels = [
        ((variable.name,), [draw_alpha(alpha, variable, figures)])
        for variable in list_groupings(inputs) or [_group_everyone(inputs, alpha)]
    ]
    blocks += panels[0][1] if len(panels) == 1 else [Chooser(("Group by",), panels)]
    blocks.append(make_alpha_table(inputs, alpha))
    return Section("alpha", "Diversity within samples", blocks)


def _describe_depth(inputs: ReportInputs, alpha: pd.DataFrame) -> str:
    plan = inputs.read_json("diversity/rarefaction_plan.json")
    if plan and plan.get("explanation"):
        return separate_thousands(str(plan["explanation"]))
    depths = sorted(set(alpha["depth"]))
    return write("diversity.depth", n=len(alpha), depth=depths[-1])


def _list_excluded(inputs: ReportInputs) -> list[object]:
    excluded = inputs.table("diversity/excluded")
    if excluded is None:
        return []
    pairs = [
        f"{row['sample']} ({separate_thousands(str(row['reason']))})"
        for row in excluded.to_dict("records")
    ]
    level = "note" if set(excluded["sample"]) <= set(inputs.controls) else "warning"
    return [Notices([Notice(level, write("diversity.left_out", samples=pairs))])]


def _group_everyone(inputs: ReportInputs, alpha: pd.DataFrame) -> Variable:
    values = {name: _EVERYONE for name in alpha["sample"] if name not in inputs.controls}
    return Variable("all", values or dict.fromkeys(alpha["sample"], _EVERYONE), False)


def draw_rarefactions(
    inputs: ReportInputs, table: pd.DataFrame, alpha: pd.DataFrame, figures: FigureFolder
) -> object:
    """One figure a metric, in the order of the metrics."""
    present = list(dict.fromkeys(table["metric"]))
    order = [m for m in METRICS if m in present] + [m for m in present if m not in METRICS]
    panels = [
        ((name_metric(metric),), [draw_rarefaction(inputs, table, alpha, metric, figures)])
        for metric in order
    ]
    return panels[0][1][0] if len(panels) == 1 else Chooser(("Rarefaction of",), panels)


def draw_rarefaction(
    inputs: ReportInputs,
    table: pd.DataFrame,
    alpha: pd.DataFrame,
    metric: str,
    figures: FigureFolder,
) -> Plot:
    """A line a sample, coloured by the first grouping."""
    groupings = list_groupings(inputs)
    part = table[table["metric"] == metric]
    figure = new_figure(FULL_WIDTH_IN, 3.9)
    axes = place_axes(figure, 0.7, 0.5, 1.9, 0.2)
    marks = _choose_line_marks(inputs, groupings)
    tips = _draw_curves(axes, part, marks)
    depth = int(alpha["depth"].max())
    if depth > 0:
        axes.axvline(depth, color=INK, lw=0.8, ls=(0, (4, 3)))
    axes.set(xlim=(0, None), ylim=(0, None), xlabel="reads drawn", ylabel=name_metric(metric))
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    _add_line_legend(axes, marks, groupings)
    return figures.save(
        figure,
        f"rarefaction_{metric}",
        part,
        tips=tips,
        label=f"Rarefaction curves: {name_metric(metric)}",
        caption=write(
            "diversity.rarefaction", samples=count_samples(inputs, set(part["sample"])), depth=depth
        ),
    )


def _draw_curves(
    axes: Axes, part: pd.DataFrame, marks: dict[str, tuple[str, str]]
) -> dict[str, str]:
    """A line a sample. Returns the tool tips by gid."""
    tips = {}
    for number, (name, curve) in enumerate(part.groupby("sample", sort=True)):
        level, colour = marks.get(str(name), ("", MUTED))
        ordered = curve.sort_values("depth")
        gid = f"curve{number}"
        axes.plot(ordered["depth"], ordered["mean"], color=colour, lw=1.1, alpha=0.85, gid=gid)
        tips[gid] = f"{name} ({level})" if level else str(name)
    return tips


def _choose_line_marks(
    inputs: ReportInputs, groupings: list[Variable]
) -> dict[str, tuple[str, str]]:
    """Level and colour of each sample's line."""
    if not groupings:
        first, control = choose_mark(0)[0], MISSING
        return {
            s.name: (_CONTROL, control) if s.control else ("sample", first) for s in inputs.samples
        }
    colours = {level: choose_mark(i)[0] for i, level in enumerate(groupings[0].levels)}
    marks = {}
    for sample in inputs.samples:
        level = groupings[0].values.get(sample.name)
        if sample.control:
            marks[sample.name] = (_CONTROL, MISSING)
        else:
            marks[sample.name] = (level, colours[level]) if level else (_BLANK, MUTED)
    return marks


def _add_line_legend(
    axes: Axes, marks: dict[str, tuple[str, str]], groupings: list[Variable]
) -> None:
    from matplotlib.lines import Line2D

    levels = groupings[0].levels if groupings else ["sample"]
    order = [*levels, _BLANK, _CONTROL]
    pairs = sorted(set(marks.values()), key=lambda p: order.index(p[0]))
    if len(pairs) > 1:
        axes.legend(
            handles=[Line2D([], [], color=c, lw=2, label=shorten(level, 22)) for level, c in pairs],
            title=shorten(groupings[0].name, 22) if groupings else None,
            loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0, alignment="left",
        )  # fmt: skip


def draw_alpha(alpha: pd.DataFrame, variable: Variable, figures: FigureFolder) -> Plot:
    """A panel a metric: every sample a point, median and quartiles as lines."""
    levels = variable.levels
    metrics = [metric for metric in METRICS if metric in alpha]
    figure = new_figure(FULL_WIDTH_IN, 5.4)
    n_columns = max(3, (len(metrics) + 1) // 2)
    grid = place_grid(figure, 2, n_columns, left=0.6, gap=0.6)
    shown = alpha[alpha["sample"].isin(variable.values)]
    tips: dict[str, list[str]] = {}
    for axes, metric in zip(grid, metrics, strict=False):
        axes.set_title(name_metric(metric))
        for position, level in enumerate(levels):
            members = [variable.values[name] == level for name in shown["sample"]]
            part = shown[members].dropna(subset=[metric])
            gid = f"points-{metric}-{position}"
            tips[gid] = [
                f"{row['sample']}\n{name_metric(metric)} {format_value(row[metric], 4)}"
                for row in part.to_dict("records")
            ]
            _draw_strip(axes, position, part[metric], gid)
        _label_levels(axes, levels, 100 // n_columns)
    for axes in grid[len(metrics) :]:
        axes.set_visible(False)
    counts = [
        f"{level}: {sum(v == level for v in _values_of(shown, variable))}" for level in levels
    ]
    data = shown.assign(**{f"by_{variable.name}": _values_of(shown, variable)})
    return figures.save(
        figure,
        f"alpha_{variable.file_name}",
        data,
        tips=tips,
        label=f"Alpha diversity by {variable.name}",
        caption=write("diversity.alpha", variable=variable.name, counts=counts, n_box=_MIN_FOR_BOX),
    )


def _values_of(shown: pd.DataFrame, variable: Variable) -> list[str]:
    return [variable.values[name] for name in shown["sample"]]


def _draw_strip(axes: Axes, position: int, values: pd.Series, gid: str) -> None:
    """Points side by side in the order of their values, so that the same data look the same."""
    import numpy as np

    colour, marker = choose_mark(position)
    heights = values.to_numpy(dtype=float)
    if not len(heights):
        return
    ranks = np.argsort(np.argsort(heights, kind="stable"), kind="stable")
    offsets = ((ranks * 0.6180339887) % 1 - 0.5) * 0.42
    if len(heights) >= _MIN_FOR_BOX:
        low, mid, high = np.quantile(heights, [0.25, 0.5, 0.75])
        axes.bar(position, high - low, bottom=low, width=0.6, color=colour, alpha=0.16, lw=0)
        axes.plot([position - 0.3, position + 0.3], [mid, mid], color=colour, lw=1.8)
    axes.scatter(
        position + offsets,
        heights,
        s=MARKER_AREAS[marker] / 2,
        color=colour,
        marker=marker,
        alpha=0.85,
        lw=0.4,
        edgecolors="white",
        gid=gid,
        zorder=3,
    )


def _label_levels(axes: Axes, levels: list[str], room: int) -> None:
    """``room``: characters that are side by side below a panel."""
    axes.grid(False, axis="x")
    axes.set_xlim(-0.6, len(levels) - 0.4)
    long = sum(len(level) + 2 for level in levels) > room
    axes.set_xticks(range(len(levels)), [shorten(level, 14 if long else 20) for level in levels])
    if long:
        axes.tick_params(axis="x", rotation=40, labelsize=7)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")


def make_alpha_table(inputs: ReportInputs, alpha: pd.DataFrame) -> Table:
    """One row a sample."""
    metrics = [metric for metric in METRICS if metric in alpha]
    columns = [
        Column("sample"),
        Column("reads", "count"),
        Column("depth", "count", "reads rarefied to; 0: not rarefied"),
    ]
    columns += [Column(name_metric(m), "value", METRICS[m][1]) for m in metrics]
    rows = [
        [Link(row["sample"], f"samples/{inputs.keys.get(row['sample'], row['sample'])}.html"),
         row["reads"], row["depth"], *(row[m] for m in metrics)]
        for row in alpha.sort_values("sample", kind="stable").to_dict("records")
    ]  # fmt: skip
    return Table(columns, rows, "Alpha diversity of each sample.", search=True)
