"""Diversity between samples: ordinations, coloured by what is known of the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vagus.report.blocks import Absent, Chooser, Plot, Prose, Section
from vagus.report.figure import FigureFolder, new_figure, place_axes, shorten
from vagus.report.inputs import ReportInputs
from vagus.report.palette import MARKER_AREAS, MISSING, choose_mark
from vagus.report.sentences import write, write_markup
from vagus.report.variables import Variable, list_variables
from vagus.study.numbers import parse_number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METRICS = {
    "braycurtis": "Bray-Curtis",
    "jaccard": "Jaccard",
    "weighted_unifrac": "weighted UniFrac",
    "unweighted_unifrac": "unweighted UniFrac",
    "aitchison": "Aitchison",
    "robust_aitchison": "robust Aitchison",
}
_WIDTH_IN = 7.2
_HOLLOW: dict[str, Any] = {
    "facecolors": "white",
    "edgecolors": MISSING,
    "lw": 0.9,
    "marker": "o",
    "s": 38,
}


def name_distance(metric: str) -> str:
    """Name of a distance for readers."""
    return METRICS.get(metric, metric.replace("_", " "))


def build_ordination(inputs: ReportInputs, figures: FigureFolder) -> Section:
    """A figure for every metric and variable."""
    title = "Diversity between samples"
    tables = {
        m: inputs.table(f"diversity/ordination_{m}") for m in inputs.config["diversity"]["metrics"]
    }
    drawn = {m: t for m, t in tables.items() if t is not None and {"PC1", "PC2"} <= set(t.columns)}
    if not drawn:
        return Section("ordination", title, [Absent(write("diversity.too_few"))])
    variables = list_variables(inputs)
    panels = []
    for metric, table in drawn.items():
        present = [v for v in variables if len({v.values.get(s) for s in table["sample"]}) > 1]
        choices: list[Variable | None] = [*present]
        for variable in choices or [None]:
            plot = draw_ordination(inputs, metric, table, variable, figures)
            choice = (name_distance(metric), variable.name if variable else "nothing")
            panels.append((choice, [plot]))
    blocks = [
        Prose(write_markup("diversity.ordination")),
        Chooser(("Distance", "Colour by"), panels),
    ]
    return Section("ordination", title, blocks)


def draw_ordination(
    inputs: ReportInputs,
    metric: str,
    table: pd.DataFrame,
    variable: Variable | None,
    figures: FigureFolder,
) -> Plot:
    """First two axes; colour and marker by the variable; lines join samples of one subject."""
    explained = _explained(inputs, metric)
    figure = new_figure(_WIDTH_IN, 4.5)
    axes = place_axes(figure, 0.7, 0.5, 2.0, 0.15)
    is_joined = _join_subjects(inputs, table, axes)
    if variable is None:
        tips = _draw_levels(axes, table, Variable("", dict.fromkeys(table["sample"], ""), False))
    elif variable.is_numeric:
        tips = _draw_numbers(figure, axes, table, variable)
    else:
        tips = _draw_levels(axes, table, variable)
    for axis, label in (("PC1", axes.set_xlabel), ("PC2", axes.set_ylabel)):
        label(f"{axis} ({100 * explained[axis]:.1f} %)" if axis in explained else axis)
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(True)
    data = table.copy()
    name = f"ordination_{metric}"
    if variable is not None:
        name += f"_{variable.file_name}"
        column = variable.name_column(data.columns)
        data[column] = [variable.values.get(sample, "") for sample in table["sample"]]
    coloured = f", coloured by {variable.name}" if variable else ""
    return figures.save(
        figure,
        name,
        data,
        tips=tips,
        label=f"Ordination of {name_distance(metric)} distances{coloured}",
        caption=write(
            "diversity.ordination_figure",
            distance=name_distance(metric),
            n=len(table),
            variable=variable.name if variable else "",
            subject=inputs.subject if is_joined else "",
            n_hollow=sum(s not in variable.values for s in table["sample"]) if variable else 0,
        ),
    )  # fmt: skip


def _explained(inputs: ReportInputs, metric: str) -> dict[str, float]:
    table = inputs.table("diversity/ordination_explained")
    if table is None:
        return {}
    part = table[table["metric"] == metric]
    return dict(zip(part["axis"], part["proportion"].astype(float), strict=True))


def _join_subjects(inputs: ReportInputs, table: pd.DataFrame, axes: Axes) -> bool:
    """Thin lines between the samples of one subject, in the order of time; whether any."""
    subject, time = inputs.subject, inputs.time
    if not subject:
        return False
    places = {row["sample"]: (row["PC1"], row["PC2"]) for row in table.to_dict("records")}
    order = inputs.times.order if inputs.times else ()
    paths: dict[str, list[tuple[int, str]]] = {}
    for sample in inputs.samples:
        person = sample.value(subject)
        if sample.name in places and person and not sample.control:
            moment = sample.value(time) if time else ""
            place = order.index(moment) if moment in order else len(order)
            paths.setdefault(person, []).append((place, sample.name))
    repeated = [sorted(path) for path in paths.values() if len(path) > 1]
    for path in repeated:
        points = [places[name] for _, name in path]
        axes.plot(*zip(*points, strict=True), color="#C3CAD0", lw=0.8, zorder=1)
    return bool(repeated)


def _draw_levels(axes: Axes, table: pd.DataFrame, variable: Variable) -> dict[str, list[str]]:
    groups = [variable.values.get(sample) for sample in table["sample"]]
    tips: dict[str, list[str]] = {}
    levels: list[str | None] = [level for level in variable.levels if level in groups]
    for position, level in enumerate([*levels, None]):
        part = table[[group == level for group in groups]]
        if not len(part):
            continue
        words = "(no value)" if level is None else level
        colour, marker = choose_mark(position)
        look: dict[str, Any] = {
            "facecolors": colour,
            "edgecolors": "white",
            "lw": 0.6,
            "marker": marker,
            "s": MARKER_AREAS[marker],
        }
        axes.scatter(
            part["PC1"], part["PC2"], zorder=3, gid=f"level{position}",
            label=shorten(words, 22), **(look if level is not None else _HOLLOW),
        )  # fmt: skip
        tips[f"level{position}"] = [_write_tip(name, variable, words) for name in part["sample"]]
    if variable.name:
        axes.legend(
            title=shorten(variable.name, 22),
            loc="upper left",
            bbox_to_anchor=(1.02, 1),
            borderaxespad=0,
            alignment="left",
            handletextpad=0.3,
            labelspacing=0.45,
        )
    return tips


def _draw_numbers(
    figure: Figure, axes: Axes, table: pd.DataFrame, variable: Variable
) -> dict[str, list[str]]:
    values = [parse_number(variable.values.get(sample, "")) for sample in table["sample"]]
    known = table[[value is not None for value in values]]
    numbers = [value for value in values if value is not None]
    missing = table[[value is None for value in values]]
    tips = {}
    if len(missing):
        axes.scatter(
            missing["PC1"], missing["PC2"], zorder=3, gid="missing", **_HOLLOW,
        )  # fmt: skip
        tips["missing"] = [_write_tip(name, variable, "(no value)") for name in missing["sample"]]
    drawn = axes.scatter(
        known["PC1"], known["PC2"], c=numbers, cmap="viridis", s=38, lw=0.6, edgecolors="white",
        zorder=3, gid="known",
    )  # fmt: skip
    tips["known"] = [_write_tip(name, variable, variable.values[name]) for name in known["sample"]]
    width, height = figure.get_size_inches()
    scale = place_axes(figure, width - 1.75, height - 2.4, 1.6, 0.45)
    figure.colorbar(drawn, cax=scale)
    scale.set_title(shorten(variable.name, 22))
    return tips


def _write_tip(sample: str, variable: Variable, words: str) -> str:
    return f"{sample}\n{variable.name}: {words}" if variable.name else sample
