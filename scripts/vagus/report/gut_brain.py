"""Gut-brain view: reads of taxa with a documented capacity, with its limits beside every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from vagus.gut_brain.knowledge import Knowledge, read_knowledge
from vagus.report.blocks import (
    Absent,
    Chooser,
    Column,
    Details,
    Notice,
    Notices,
    Plot,
    Prose,
    Section,
    Table,
)
from vagus.report.cohort_models import ASSOCIATION
from vagus.report.figure import FULL_WIDTH_IN, FigureFolder, new_figure, place_grid, shorten
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_percent, format_value, is_missing
from vagus.report.palette import MARKER_AREAS, choose_mark
from vagus.report.sentences import write
from vagus.report.study_samples import take_samples
from vagus.report.variables import Variable, list_groupings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TITLE = "Gut-brain view"
SHORT_LIMITS = write("gut_brain.short_limits")
LIMITS = write("gut_brain.limits", short_limits=SHORT_LIMITS)
_N_COLUMNS = 3
_MIN_FOR_QUARTILES = 3
MIN_SHARED, MIN_CORRELATION = 0.1, 0.7


def is_enabled(inputs: ReportInputs) -> bool:
    """Whether the config asks for the view."""
    return bool(inputs.config.get("gut_brain", {}).get("enabled"))


def build_gut_brain(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """Limits, coverage, a figure and a table by group, and the sources; None when not asked for."""
    if not is_enabled(inputs):
        return None
    samples = inputs.table("gut_brain/samples")
    coverage = inputs.table("gut_brain/coverage")
    own = None if samples is None else take_samples(inputs, samples)
    if samples is None or own is None or coverage is None or not own["reads"].sum():
        return Section("gut-brain", TITLE, [Absent(write("gut_brain.none"))])
    knowledge = read_knowledge()
    explained = describe_coverage(take_samples(inputs, coverage))
    blocks: list[object] = [Notices([Notice("note", LIMITS)]), Prose(explained)]
    groupings = list_groupings(inputs) or [_group_everyone(inputs)]
    panels = [
        ((variable.name,), [draw_shares(samples, knowledge, variable, figures)])
        for variable in groupings
    ]
    blocks += panels[0][1] if len(panels) == 1 else [Chooser(("Group by",), panels)]
    groups = inputs.table("gut_brain/groups")
    if groups is not None:
        blocks.append(make_group_table(groups, knowledge))
    blocks += describe_models(inputs, knowledge)
    blocks.append(Details("Taxa and sources", list_sources(knowledge)))
    return Section("gut-brain", TITLE, blocks)


def describe_coverage(coverage: pd.DataFrame) -> str:
    """How much of the reads the tables can speak of."""
    known = coverage[coverage["reads"] > 0]
    columns = ("share_species", "share_genus", "share_listed")
    return write("gut_brain.coverage", **{name: known[name].median() for name in columns})


def _group_everyone(inputs: ReportInputs) -> Variable:
    names = [sample.name for sample in inputs.samples if not sample.control]
    return Variable("all", dict.fromkeys(names, "all samples"), False)


def draw_shares(
    samples: pd.DataFrame, knowledge: Knowledge, variable: Variable, figures: FigureFolder
) -> Plot:
    """A panel for each capacity that occurs: every sample a point, median and quartiles."""
    shown = samples[samples["sample"].isin(variable.values)].dropna(subset=["share"])
    present = [c for c in knowledge.capacities if shown.loc[shown["capacity"] == c, "reads"].sum()]
    n_rows = -(-len(present) // _N_COLUMNS)
    figure = new_figure(FULL_WIDTH_IN, 0.8 + 2.3 * n_rows)
    grid = place_grid(figure, n_rows, _N_COLUMNS, left=0.6, gap=0.6)
    tips: dict[str, list[str]] = {}
    for axes, capacity in zip(grid, present, strict=False):
        part = shown[shown["capacity"] == capacity]
        axes.set_title(knowledge.capacities[capacity])
        axes.set_ylabel("reads (%)")
        for position, level in enumerate(variable.levels):
            own = part[[variable.values[name] == level for name in part["sample"]]]
            gid = f"points-{capacity}-{position}"
            tips[gid] = [
                f"{row['sample']}\n{knowledge.capacities[capacity]}: {format_percent(row['share'])}"
                for row in own.to_dict("records")
            ]
            _draw_points(axes, position, own["share"], gid)
        axes.set_xlim(-0.6, len(variable.levels) - 0.4)
        axes.set_ylim(bottom=0)
        axes.grid(False, axis="x")
        labels = [shorten(level, 14) for level in variable.levels]
        axes.set_xticks(range(len(labels)), labels)
    for axes in grid[len(present) :]:
        axes.set_visible(False)
    return _save_shares(figures, figure, shown, variable, tips)


def _save_shares(
    figures: FigureFolder, figure: object, shown: pd.DataFrame, variable: Variable,
    tips: dict[str, list[str]],
) -> Plot:  # fmt: skip
    names = list(dict.fromkeys(shown["sample"]))
    levels = [variable.values[name] for name in names]
    counts = ", ".join(f"{level}: {levels.count(level)}" for level in variable.levels)
    return figures.save(
        figure,  # type: ignore[arg-type]
        f"gut_brain_{variable.file_name}",
        shown.assign(**{f"by_{variable.name}": [variable.values[n] for n in shown["sample"]]}),
        tips=tips,
        label=f"Shares of reads of taxa with a documented capacity, by {variable.name}",
        caption=write(
            "gut_brain.figure", short_limits=SHORT_LIMITS, variable=variable.name, counts=counts
        ),
    )


def _draw_points(axes: Axes, position: int, shares: pd.Series, gid: str) -> None:
    import numpy as np

    colour, marker = choose_mark(position)
    heights = 100 * shares.to_numpy(dtype=float)
    if not len(heights):
        return
    ranks = np.argsort(np.argsort(heights, kind="stable"), kind="stable")
    places = position + ((ranks * 0.6180339887) % 1 - 0.5) * 0.42
    if len(heights) >= _MIN_FOR_QUARTILES:
        low, middle, high = np.quantile(heights, [0.25, 0.5, 0.75])
        axes.bar(position, high - low, bottom=low, width=0.6, color=colour, alpha=0.16, lw=0)
        axes.plot([position - 0.3, position + 0.3], [middle, middle], color=colour, lw=1.8)
    axes.scatter(
        places, heights, s=MARKER_AREAS[marker] / 2, color=colour, marker=marker, alpha=0.85,
        lw=0.4, edgecolors="white", gid=gid, zorder=3,
    )  # fmt: skip


def make_group_table(groups: pd.DataFrame, knowledge: Knowledge) -> Table:
    """One row a variable, level and substance."""
    columns = [
        Column("variable"), Column("level"), Column("substance"), Column("n", "count"),
        Column("median, %", "percent"), Column("lower quartile, %", "percent"),
        Column("upper quartile, %", "percent"),
    ]  # fmt: skip
    rows = [
        [row["variable"], row["level"], knowledge.capacities.get(row["capacity"], row["capacity"]),
         row["n"], row["median"], row["lower_quartile"], row["upper_quartile"]]
        for row in groups.to_dict("records")
    ]  # fmt: skip
    caption = write("gut_brain.groups", short_limits=SHORT_LIMITS)
    return Table(columns, rows, caption, search=True)


def describe_models(inputs: ReportInputs, knowledge: Knowledge) -> list[object]:
    """Tables of the models and of what two capacities share, where there are some."""
    models, overlap = inputs.table("gut_brain/models"), inputs.table("gut_brain/overlap")
    blocks: list[object] = []
    if models is not None and inputs.groups:
        blocks.append(make_model_table(models, knowledge))
    if overlap is not None:
        alike = (overlap["share_shared"] >= MIN_SHARED) | (
            overlap["rank_correlation"].abs() >= MIN_CORRELATION
        )
        if alike.any():
            blocks.append(make_overlap_table(overlap[alike], knowledge))
    return blocks


def make_model_table(models: pd.DataFrame, knowledge: Knowledge) -> Table:
    """One row a contrast: folds of the share with interval, p and q."""
    columns = [
        Column("variable"), Column("substance"), Column("contrast"), Column("n"),
        Column("fold of the share", "value"), Column("95 % interval", "short"), Column("p", "p"),
        Column("q", "p", "p corrected over all capacities (Benjamini-Hochberg)"),
        Column("model"), Column("note", "long"),
    ]  # fmt: skip
    rows = []
    for row in models.to_dict("records"):
        interval = ""
        if not is_missing(row["low"]):
            interval = f"{format_value(2.0 ** row['low'])} to {format_value(2.0 ** row['high'])}"
        rows.append([
            row["variable"], knowledge.capacities.get(row["capacity"], row["capacity"]),
            row["contrast"], str(row["n"] or "").replace(":", " ").replace(";", ", "),
            2.0 ** row["estimate"], interval, row["p_value"], row["q_value"], row["model"],
            row["note"],
        ])  # fmt: skip
    caption = write("gut_brain.models", short_limits=SHORT_LIMITS, association=ASSOCIATION)
    return Table(columns, rows, caption, search=True)


def make_overlap_table(overlap: pd.DataFrame, knowledge: Knowledge) -> Table:
    """One row a pair of capacities."""
    columns = [
        Column("substance"), Column("and"), Column("reads with both, %", "percent"),
        Column("rank correlation", "value"),
    ]  # fmt: skip
    rows = [
        [knowledge.capacities.get(row["capacity"], row["capacity"]),
         knowledge.capacities.get(row["other"], row["other"]), row["share_shared"],
         row["rank_correlation"]]
        for row in overlap.to_dict("records")
    ]  # fmt: skip
    return Table(columns, rows, write("gut_brain.overlap"))


def list_sources(knowledge: Knowledge) -> list[object]:
    """The table of taxa with evidence and source."""
    rows: list[list[object]] = []
    for claim in knowledge.all_claims:
        source = knowledge.sources[claim.source]
        link = Markup('{}. {}. {}. <a href="https://doi.org/{}">doi:{}</a>').format(
            source["citation"], source["title"], source["journal"], source["doi"], source["doi"]
        )
        name = claim.taxon if claim.rank == "species" else f"{claim.taxon} (members of the genus)"
        rows.append([knowledge.capacities[claim.capacity], name, claim.evidence, link])
    columns = [Column("substance"), Column("taxon"), Column("evidence"), Column("source", "long")]
    about = Markup("; ").join(
        Markup("<b>{}</b>: {}").format(title, knowledge.about[capacity])
        for capacity, title in knowledge.capacities.items()
    )
    n_taxa = len({claim.taxon for claim in knowledge.all_claims})
    caption = write("gut_brain.sources", n=n_taxa)
    return [Prose(about), Table(columns, rows, caption, search=True)]
