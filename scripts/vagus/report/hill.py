"""Hill numbers with coverage, by level, and what other rarefaction depths would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import Absent, Chooser, Column, Details, Plot, Prose, Section, Table
from vagus.report.figure import FULL_WIDTH_IN, FigureFolder, new_figure, place_grid, shorten
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import is_missing
from vagus.report.palette import MISSING, MUTED, choose_mark
from vagus.report.sentences import write
from vagus.report.study_samples import count_samples, take_samples
from vagus.report.variables import list_groupings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ORDERS = {
    "hill_0": "richness (q = 0)",
    "hill_1": "common (q = 1, exp Shannon)",
    "hill_2": "dominant (q = 2, inverse Simpson)",
    "coverage": "coverage",
}
PLURALS = {"asv": "ASVs", "species": "species", "genus": "genera", "family": "families",
           "order": "orders", "class": "classes", "phylum": "phyla"}  # fmt: skip
_CONTROL = "(control sample)"
_NO_RARE = 1e-6


def list_levels(inputs: ReportInputs) -> list[str]:
    """Levels of the study, ASVs first."""
    return ["asv", *(x for x in inputs.config["diversity"].get("levels", []) if x != "asv")]


def place_of(level: str) -> str:
    """Folder of a level's tables within the results."""
    return "diversity" if level == "asv" else f"diversity/{level}"


def build_hill(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """Curves of each level, then the values; None when the stage did not write them."""
    found = {
        level: (curves, values)
        for level in list_levels(inputs)
        if (curves := inputs.table(f"{place_of(level)}/hill_curves")) is not None
        and (values := inputs.table(f"{place_of(level)}/hill")) is not None
    }
    title = "Hill numbers and coverage"
    if not found:
        if inputs.table("diversity/hill") is None:
            return None
        return Section("hill", title, [Absent(write("hill.no_sample"))])
    panels: list[tuple[tuple[str, ...], list[object]]] = []
    for level, (curves, values) in found.items():
        plot = draw_hill(inputs, curves, level, figures)
        panels.append(((PLURALS[level],), [plot, tabulate_hill(values, level)]))
    values = take_samples(inputs, next(iter(found.values()))[1])
    blocks: list[object] = [Prose(explain_hill(values))] if len(values) else []
    blocks += panels[0][1] if len(panels) == 1 else [Chooser(("Level",), panels)]
    return Section("hill", title, blocks)


def explain_hill(values: pd.DataFrame) -> str:
    """What the numbers are, at which coverage, and how far they can be believed."""
    base = float(values["base_coverage"].iloc[0])
    text = write("hill.about", base=None if is_missing(base) else base)
    rare = float(values["singletons"].sum()) / max(float(values["hill_0"].sum()), 1.0)
    if base >= 1 - _NO_RARE or rare < 0.01:
        text += " " + write("hill.no_singletons")
    return text


def draw_hill(
    inputs: ReportInputs, curves: pd.DataFrame, level: str, figures: FigureFolder
) -> Plot:
    """Four panels: three orders and coverage against reads, a line a sample."""
    figure = new_figure(FULL_WIDTH_IN, 5.6)
    marks = _choose_marks(inputs)
    tips: dict[str, str] = {}
    for axes, (column, title) in zip(
        place_grid(figure, 2, 2, gap=0.75), ORDERS.items(), strict=True
    ):
        axes.set_title(title)
        _draw_lines(axes, curves, column, marks, tips)
        axes.set(xlim=(0, None), xlabel="reads")
        if column != "coverage":
            axes.set_ylim(0, None)
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    n = count_samples(inputs, set(curves["sample"]))
    return figures.save(
        figure, f"hill_{level}", curves, tips=tips,
        label=f"Hill numbers and coverage of {PLURALS[level]}",
        caption=" ".join(
            [write("hill.figure", taxa=PLURALS[level], samples=n), *_name_colours(inputs)]
        ),
    )  # fmt: skip


def _name_colours(inputs: ReportInputs) -> list[str]:
    groupings = list_groupings(inputs)
    parts = []
    if groupings:
        names = " and ".join(
            f"{_COLOUR_WORDS.get(choose_mark(i)[0], 'another colour')} {shorten(level, 22)}"
            for i, level in enumerate(groupings[0].levels[:4])
        )
        parts.append(write("hill.colours", name=groupings[0].name, levels=names))
    if inputs.controls:
        parts.append(write("hill.grey"))
    return parts


_COLOUR_WORDS = {
    "#0072B2": "blue",
    "#D55E00": "vermillion",
    "#009E73": "green",
    "#E69F00": "orange",
}


def _choose_marks(inputs: ReportInputs) -> dict[str, tuple[str, str]]:
    """Words and colour of each sample's lines."""
    groupings = list_groupings(inputs)
    marks = {}
    for sample in inputs.samples:
        if sample.control:
            marks[sample.name] = (_CONTROL, MISSING)
        elif not groupings:
            marks[sample.name] = ("", choose_mark(0)[0])
        else:
            level = groupings[0].values.get(sample.name)
            place = groupings[0].levels.index(level) if level else None
            colour = MUTED if place is None else choose_mark(place)[0]
            marks[sample.name] = (level or "(no value)", colour)
    return marks


def _draw_lines(
    axes: Axes,
    curves: pd.DataFrame,
    column: str,
    marks: dict[str, tuple[str, str]],
    tips: dict[str, str],
) -> None:
    """All curves up to the samples, then beyond them, then the samples: a run of marks of a kind
    takes less room in the page than one of each kind for every sample."""
    parts = []
    for number, (name, curve) in enumerate(curves.groupby("sample", sort=True)):
        words, colour = marks.get(str(name), ("", MUTED))
        ordered = curve.sort_values("reads")
        gid = f"{column}-{number}"
        tips[gid] = f"{name} ({words})" if words else str(name)
        parts.append((ordered, colour, gid))
    beyond = [(ordered[ordered["kind"] != "rarefied"], colour) for ordered, colour, _ in parts]
    for ordered, colour, gid in parts:
        seen = ordered[ordered["kind"] != "extrapolated"]
        axes.plot(seen["reads"], seen[column], color=colour, lw=1.1, alpha=0.85, gid=gid)
    for curve, colour in beyond:
        axes.plot(curve["reads"], curve[column], color=colour, lw=1.0, alpha=0.7, ls=(0, (4, 2)))
    for curve, colour in beyond:
        axes.plot(curve["reads"][:1], curve[column][:1], "o", color=colour, ms=2.6)


def tabulate_hill(values: pd.DataFrame, level: str) -> Table:
    """Observed, asymptotic and coverage-standardised values of each sample."""
    columns = [Column("sample"), Column("reads", "count"), Column("coverage", "exact")]
    names = ["reads", "coverage"]
    for title, stem, words in (
        ("", "hill", "observed"),
        ("asymptote ", "asymptote", "estimate for the whole community"),
        ("at base ", "standardised", "at the coverage that all samples reach"),
    ):
        for order in (0, 1, 2):
            columns.append(Column(f"{title}q = {order}", "value", words))
            names.append(f"{stem}_{order}")
    columns.append(Column("at base is"))
    rows = [
        [row["sample"], *(row[name] for name in names), row["kind"]]
        for row in values.sort_values("sample", kind="stable").to_dict("records")
    ]
    return Table(columns, rows, f"Hill numbers of {PLURALS[level]}.", search=True)


def list_depth_choices(inputs: ReportInputs) -> list[object]:
    """What other rarefaction depths would cost, to be opened."""
    table = inputs.table("diversity/rarefaction_choices")
    if table is None:
        return []
    columns = [
        Column("depth", "count", "reads rarefied to"),
        Column("used"),
        Column("samples kept", "count"),
        Column("samples dropped", "count"),
        Column("reads used", "count", "depth times samples kept"),
        Column("share of reads", "percent"),
        Column("mean coverage", "exact", "expected at that depth, of the samples kept"),
        Column("dropped", "long"),
    ]
    names = ["depth", "chosen", "samples_kept", "samples_dropped", "reads_used", "share_of_reads",
             "mean_coverage"]  # fmt: skip
    rows = [
        [*(row[name] for name in names), _shorten_list(row["dropped"])]
        for row in table.to_dict("records")
    ]
    chosen = table[table["chosen"] == "yes"]
    dropped = int(chosen["samples_dropped"].iloc[0]) if len(chosen) else None
    return [
        Details(
            write("hill.depths", n_dropped=dropped),
            [Table(columns, rows, "Controls do not count.")],
        )
    ]


def _shorten_list(names: object, most: int = 8) -> str:
    if not isinstance(names, str):
        return ""
    parts = names.split("; ")
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more
