"""Ordinations of ASVs, species and genera: PCoA with ellipses and arrows of taxa, beside NMDS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vagus.diversity.ellipses import MIN_POINTS, trace_ellipse
from vagus.reference.lineage import LEVELS
from vagus.report.blocks import Chooser, Plot, Prose, Section
from vagus.report.figure import (
    FULL_WIDTH_IN,
    FigureFolder,
    measure_text,
    new_figure,
    place_axes,
    shorten,
)
from vagus.report.hill import PLURALS, list_levels, place_of
from vagus.report.inputs import ReportInputs
from vagus.report.palette import INK, MARKER_AREAS, choose_mark
from vagus.report.sentences import write
from vagus.report.variables import Variable, list_groupings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

N_ARROWS = 7
SHOWN = ("braycurtis", "robust_aitchison")
_ARROW_SHARE = 0.85
_LABEL_LENGTH, _LABEL_PT = 24, 7.0
# Width of a panel in the layout for phones.
NARROW_PANEL_IN = 3.4
_POOR_STRESS = 0.2


def build_level_ordination(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """A figure for each level and shown distance; None where nothing was ordinated."""
    metrics = inputs.config["diversity"]["metrics"]
    wanted = [m for m in SHOWN if m in metrics] or metrics[:1]
    groupings = list_groupings(inputs)
    panels = []
    for level in list_levels(inputs):
        for metric in wanted:
            tables = {
                kind: inputs.table(f"{place_of(level)}/{kind}_{metric}")
                for kind in ("ordination", "nmds", "biplot")
            }
            axes, nmds = tables["ordination"], tables["nmds"]
            if axes is None or nmds is None or not {"PC1", "PC2"} <= set(axes.columns):
                continue
            choice = (PLURALS[level], name_metric(metric))
            variable = groupings[0] if groupings else None
            panels.append((choice, [draw_level(inputs, level, metric, variable, figures)]))
    if not panels:
        return None
    chosen = [Chooser(("Level", "Distance"), panels)] if len(panels) > 1 else panels[0][1]
    return Section(
        "levels", "Samples and taxa by level", [Prose(write("diversity.levels")), *chosen]
    )


def name_metric(metric: str) -> str:
    """Name of a distance for readers."""
    from vagus.report.ordination import name_distance

    return name_distance(metric)


def draw_level(
    inputs: ReportInputs,
    level: str,
    metric: str,
    variable: Variable | None,
    figures: FigureFolder,
) -> Plot:
    """PCoA with arrows beside NMDS, coloured by the variable."""
    place = place_of(level)
    axes_table, nmds = (
        inputs.table(f"{place}/ordination_{metric}"),
        inputs.table(f"{place}/nmds_{metric}"),
    )
    assert axes_table is not None
    assert nmds is not None
    figure = new_figure(FULL_WIDTH_IN, 4.9)
    half = FULL_WIDTH_IN / 2
    left = place_axes(figure, 0.7, 0.5, half + 0.15, 0.65)
    right = place_axes(figure, half + 0.55, 0.5, 0.1, 0.65)
    people, ellipses = _name_people(inputs, list(axes_table["sample"]))
    tips = draw_groups(left, axes_table, ("PC1", "PC2"), variable, "pcoa", people)
    tips |= draw_groups(right, nmds, ("NMDS1", "NMDS2"), variable, "nmds", people)
    explained = _explained(inputs, place, metric)
    left.set(xlabel=f"PC1{explained['PC1']}", ylabel=f"PC2{explained['PC2']}", title="PCoA")
    stress = _stress_of(inputs, place, metric)
    right.set(xlabel="NMDS1", ylabel="NMDS2", title=f"NMDS, stress {stress:.3f}")
    labels = name_taxa(inputs, level)
    draw_arrows(left, inputs.table(f"{place}/biplot_{metric}"), labels)
    if variable is not None:
        handles, words = left.get_legend_handles_labels()
        figure.legend(handles, words, loc="upper left", ncols=6, title=None, handletextpad=0.3)
    data = axes_table.merge(nmds, on="sample")
    if variable is not None:
        column = variable.name_column(data.columns)
        data[column] = [variable.values.get(s, "") for s in data["sample"]]
    return figures.save(
        figure, f"levels_{level}_{metric}", data, tips=tips,
        label=f"PCoA and NMDS of {name_metric(metric)} distances of {PLURALS[level]}",
        caption=write(
            "diversity.levels_figure", distance=name_metric(metric), taxa=PLURALS[level],
            n=len(axes_table), variable=variable.name if variable else "", n_arrows=N_ARROWS,
            ellipses=ellipses, is_poor=stress > _POOR_STRESS,
        ),
    )  # fmt: skip


def _name_people(inputs: ReportInputs, samples: list[str]) -> tuple[dict[str, str], str]:
    """Who gave each sample, where people gave several, and what the ellipses are drawn of."""
    subject = inputs.subject
    known = {s.name: s.value(subject or "") for s in inputs.samples}
    people = {name: known.get(name, "") for name in samples}
    people = {name: person for name, person in people.items() if person}
    if len(set(people.values())) == len(people):
        return {}, write("diversity.ellipses", n=MIN_POINTS, subject="")
    return people, write("diversity.ellipses", n=MIN_POINTS, subject=subject)


def draw_groups(
    axes: Axes,
    table: pd.DataFrame,
    names: tuple[str, str],
    variable: Variable | None,
    gid: str,
    people: dict[str, str],
) -> dict[str, list[str]]:
    """Points with their ellipses, one point a person (``people``). Returns tool tips by gid."""
    groups = [variable.values.get(s) if variable else "" for s in table["sample"]]
    levels: list[str | None] = [*variable.levels] if variable else [""]
    tips = {}
    for position, level in enumerate([*levels, None]):
        part = table[[group == level for group in groups]]
        if not len(part):
            continue
        colour, marker = choose_mark(position)
        look: dict[str, Any] = {"facecolors": colour, "edgecolors": "white", "lw": 0.6,
                                "marker": marker, "s": MARKER_AREAS[marker]}  # fmt: skip
        if level is None:
            look |= {"facecolors": "white", "edgecolors": "#9AA3AB", "marker": "o"}
        words = "(no value)" if level is None else level
        own = f"{gid}{position}"
        axes.scatter(
            part[names[0]], part[names[1]], zorder=3, gid=own, label=shorten(words, 22), **look
        )
        tips[own] = [f"{s}\n{words}".strip() for s in part["sample"]]
        persons = [people.get(sample, sample) for sample in part["sample"]]
        centres = part[list(names)].astype(float).groupby(persons).mean()
        outline = trace_ellipse(centres.to_numpy())
        if outline is not None and level is not None:
            axes.plot(outline[:, 0], outline[:, 1], color=colour, lw=1.0, alpha=0.7, zorder=2)
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(True)
    return tips


def draw_arrows(axes: Axes, table: pd.DataFrame | None, labels: dict[str, str]) -> None:
    """The longest arrows, all on one scale so that the longest fills the panel."""
    if table is None or not len(table):
        return
    shown = table.head(N_ARROWS)
    arrows = shown[["PC1", "PC2"]].to_numpy(dtype=float)
    low, high = np.array([axes.get_xlim(), axes.get_ylim()]).T
    room = np.minimum(np.abs(low), np.abs(high))
    scale = float(np.min(room / np.maximum(np.abs(arrows).max(axis=0), 1e-12))) * _ARROW_SHARE
    taken: list[tuple[float, float]] = []
    for (x, y), taxon in zip(arrows * scale, shown["taxon"], strict=True):
        axes.annotate(
            "", (x, y), (0, 0), arrowprops={"arrowstyle": "->", "color": INK, "lw": 0.8}, zorder=4
        )
        at = _avoid(x, y, taken, float(high[1] - low[1]))
        taken.append(at)
        words = shorten(labels.get(str(taxon), str(taxon)), _LABEL_LENGTH)
        spot, side = _keep_inside(axes, at, words, x >= 0)
        axes.text(
            *spot, words, fontsize=_LABEL_PT, color=INK, ha=side, va="center", zorder=5,
            bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip


def _keep_inside(
    axes: Axes, at: tuple[float, float], words: str, rightwards: bool
) -> tuple[tuple[float, float], str]:
    """Where a label is, and its alignment, so that it is within the panel also when narrow.

    It starts at the arrow's head, pointing away from the middle; where there is no room, it ends
    at the border. Labels of heads near the upper or lower border move inwards.
    """
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    wide, high = right - left, top - bottom
    length = wide * measure_text(words, _LABEL_PT) / NARROW_PANEL_IN
    y = min(max(at[1], bottom + 0.03 * high), top - 0.03 * high)
    pad = 0.01 * wide
    if rightwards:
        return (max(left + pad, min(at[0], right - pad - length)), y), "left"
    return (min(right - pad, max(at[0], left + pad + length)), y), "right"


def _avoid(
    x: float, y: float, taken: list[tuple[float, float]], height: float
) -> tuple[float, float]:
    """A place for a label near an arrow's head, moved away from those that are taken."""
    line = 0.045 * height
    spot = (x * 1.04, y * 1.04)
    for _ in range(12):
        near = [other for other in taken if abs(other[1] - spot[1]) < line]
        if not any((other[0] >= 0) == (x >= 0) for other in near):
            break
        spot = (spot[0], spot[1] + (line if y >= 0 else -line))
    return spot


def name_taxa(inputs: ReportInputs, level: str) -> dict[str, str]:
    """Labels of ASVs: the deepest name and the first digits of the id; other taxa keep theirs."""
    taxonomy = inputs.table("taxonomy/taxonomy") if level == "asv" else None
    if taxonomy is None:
        return {}
    labels = {}
    ranks = [r for r in LEVELS[1:] if r in taxonomy]
    for row in taxonomy.to_dict("records"):
        names = [row[r] for r in ranks if isinstance(row[r], str) and row[r]]
        labels[str(row["Feature ID"])] = f"{names[0] if names else '?'} {row['Feature ID'][:4]}"
    return labels


def _explained(inputs: ReportInputs, place: str, metric: str) -> dict[str, str]:
    table = inputs.table(f"{place}/ordination_explained")
    words = {"PC1": "", "PC2": ""}
    if table is None:
        return words
    for row in table[table["metric"] == metric].to_dict("records"):
        words[str(row["axis"])] = f" ({100 * float(row['proportion']):.1f} %)"
    return words


def _stress_of(inputs: ReportInputs, place: str, metric: str) -> float:
    table = inputs.table(f"{place}/nmds_stress")
    found = None if table is None else table.loc[table["metric"] == metric, "stress"]
    return float(found.iloc[0]) if found is not None and len(found) else float("nan")
