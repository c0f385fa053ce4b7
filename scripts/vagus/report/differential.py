"""Differential abundance: which taxa go with the variables, and how far that is certain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vagus.reference.lineage import LEVELS
from vagus.report.blocks import Chooser, Column, Plot, Prose, Section, Table
from vagus.report.cohort_models import ASSOCIATION
from vagus.report.figure import FigureFolder, new_figure, place_axes, shorten
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_p, format_percent, format_value
from vagus.report.palette import MISSING, choose_mark
from vagus.report.sentences import write
from vagus.report.variables import make_variable
from vagus.study.test_names import MAX_Q

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TITLE = "Taxa and groups"
MAX_ROWS = 25
_WIDTH_IN = 7.2
_SURE, _FOUND, _NONE = "sure", "found", "none"
_FACES = {
    _SURE: "with the reference off by 0.5 as well",
    _FOUND: "with the reference as it is",
    _NONE: "not found",
}


def build_differential(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """A volcano plot and a table for each rank and comparison; None without tables."""
    if not inputs.groups:
        return None
    panels = []
    for rank in inputs.config["cohort"].get("ranks", []):
        table = inputs.table(f"cohort/differential_{rank}")
        if table is None or not table["p_value"].notna().any():
            continue
        names = _name_taxa(inputs, table, rank)
        made = table[table["p_value"].notna()]
        for (variable, contrast), part in made.groupby(["variable", "contrast"], sort=False):
            blocks = _show(inputs, rank, (str(variable), str(contrast)), part, names, figures)
            panels.append(((rank, f"{variable}: {contrast}"), blocks))
    if not panels:
        return None
    text = write("models.taxa", association=ASSOCIATION)
    return Section("differential", TITLE, [Prose(text), Chooser(("Rank", "Comparison"), panels)])


def _name_taxa(inputs: ReportInputs, table: pd.DataFrame, rank: str) -> dict[str, str]:
    """Names for readers: an ASV is the start of its id and its deepest name."""
    taxa = [str(taxon) for taxon in table["taxon"].dropna().unique()]
    taxonomy = inputs.table("taxonomy/taxonomy") if rank == "asv" else None
    if taxonomy is None:
        return {taxon: taxon for taxon in taxa}
    names: dict[str, str] = {}
    for row in taxonomy.to_dict("records"):
        for level in LEVELS[1:]:
            if isinstance(row.get(level), str) and row[level]:
                names[str(row["Feature ID"])] = str(row[level])
                break
    return {taxon: f"{taxon[:8]} {names.get(taxon, '')}".strip() for taxon in taxa}


def _show(
    inputs: ReportInputs,
    rank: str,
    key: tuple[str, str],
    part: pd.DataFrame,
    names: dict[str, str],
    figures: FigureFolder,
) -> list[object]:
    methods = list(dict.fromkeys(part["method"]))
    first = part[part["method"] == methods[0]].set_index("taxon")
    plot = _draw(inputs, rank, key, part[part["method"] == methods[0]], names, figures)
    q_values = {
        method: part[part["method"] == method].set_index("taxon")["q_value"] for method in methods
    }
    order = first.sort_values("p_value", kind="stable")
    joint = order["q_all_levels"].notna().any()
    columns = [
        Column("taxon"),
        Column("share, reference", "percent", "mean share of reads, reference level"),
        Column("share, level", "percent", "mean share of reads, other level"),
        Column("log2 fold", "value", write("models.fold", method=methods[0])),
        Column("95 % interval", "short"),
        Column("result"),
        Column(f"q, {methods[0]}", "p"),
        Column("q, off by 0.25", "p", "q that remains with the reference off by 0.25 log2"),
        Column("q, off by 0.5", "p", "q that remains with the reference off by 0.5 log2"),
        *([Column("q, all levels", "p")] if joint else []),
        *[Column(f"q, {method}", "p", "for comparison") for method in methods[1:]],
    ]
    rows = [
        [
            names.get(str(taxon), str(taxon)), row["share_reference"], row["share_level"],
            row["log2_fold"], f"{format_value(row['low'])} to {format_value(row['high'])}",
            row["result"], row["q_value"], row["q_shift_025"], row["q_shift_05"],
            *([row["q_all_levels"]] if joint else []),
            *[q_values[method].get(taxon, float("nan")) for method in methods[1:]],
        ]
        for taxon, row in order.head(MAX_ROWS).iterrows()
    ]  # fmt: skip
    caption = write(
        "models.taxa_table", variable=key[0], contrast=key[1], rank=rank, n=len(order),
        most=MAX_ROWS, note=str(part["note"].iloc[0]),
    )  # fmt: skip
    return [plot, Table(columns, rows, caption)]


def _draw(
    inputs: ReportInputs,
    rank: str,
    key: tuple[str, str],
    part: pd.DataFrame,
    names: dict[str, str],
    figures: FigureFolder,
) -> Plot:
    """Fold against p-value; colour by what depends on the reference."""
    variable, contrast = key
    figure = new_figure(_WIDTH_IN, 3.9)
    axes = place_axes(figure, 0.7, 0.5, 2.1, 0.2)
    tips = _draw_taxa(axes, part, names)
    axes.axvline(0, color="#8A949D", lw=0.7)
    axes.set(xlabel=f"log2 fold, {shorten(contrast, 40)}", ylabel="-log10 p")
    axes.set_ylim(0, None)
    axes.legend(
        title="q < 0.05", loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0,
        alignment="left",
    )  # fmt: skip
    n = str(part["n"].iloc[0]).replace(":", " ").replace(";", ", ")
    place = f"{make_variable(inputs, variable).file_name}_{_number(inputs, rank, key)}"
    return figures.save(
        figure,
        f"taxa_{rank}_{place}",
        part,
        tips=tips,
        label=f"Differential abundance, rank {rank}, {variable}: {contrast}",
        caption=write(
            "models.taxa_figure",
            n_taxa=len(part),
            rank=rank,
            variable=variable,
            contrast=contrast,
            n=n,
            method=part["method"].iloc[0],
            is_primary=part["role"].iloc[0] == "primary",
            association=ASSOCIATION,
        ),
    )  # fmt: skip


def _draw_taxa(axes: Axes, part: pd.DataFrame, names: dict[str, str]) -> dict[str, list[str]]:
    """A point a taxon; names beside those that were found. Returns tool tips by gid."""
    tips: dict[str, list[str]] = {}
    faces = [_find_face(row) for row in part.to_dict("records")]
    for number, (face, words) in enumerate(_FACES.items()):
        chosen = part[[own == face for own in faces]]
        if not len(chosen):
            continue
        colour, marker = choose_mark(number) if face != _NONE else (MISSING, "o")
        gid = f"taxa{number}"
        heights = [-math.log10(max(p, 1e-12)) for p in chosen["p_value"]]
        axes.scatter(
            chosen["log2_fold"], heights, s=26, color=colour, marker=marker, lw=0.4,
            edgecolors="white", gid=gid, zorder=3 if face != _NONE else 2, label=words,
        )  # fmt: skip
        tips[gid] = [_write_tip(row, names) for row in chosen.to_dict("records")]
        if face != _NONE:
            _label_points(axes, chosen, heights, names)
    return tips


def _number(inputs: ReportInputs, rank: str, key: tuple[str, str]) -> int:
    """Place of a contrast among those of its variable, from 1."""
    table = inputs.table(f"cohort/differential_{rank}")
    assert table is not None
    contrasts = table[table["variable"] == key[0]]["contrast"].dropna().unique().tolist()
    return 1 + [str(contrast) for contrast in contrasts].index(key[1])


def _find_face(row: dict[str, object]) -> str:
    if row["result"] not in ("higher", "lower"):
        return _NONE
    return _SURE if float(str(row["q_shift_05"])) < MAX_Q else _FOUND


def _write_tip(row: dict[str, object], names: dict[str, str]) -> str:
    name = names.get(str(row["taxon"]), str(row["taxon"]))
    return (
        f"{name}\nlog2 fold {format_value(row['log2_fold'])}, q {format_p(row['q_value'])}\n"  # type: ignore[arg-type]
        f"in {format_percent(row['prevalence'])} of the samples; {row['result']}"  # type: ignore[arg-type]
    )


def _label_points(
    axes: Axes, chosen: pd.DataFrame, heights: list[float], names: dict[str, str]
) -> None:
    """Names beside the found taxa, eight at most."""
    rows = sorted(zip(heights, chosen.to_dict("records"), strict=True), key=lambda pair: -pair[0])
    for height, row in rows[:8]:
        axes.annotate(
            shorten(names.get(str(row["taxon"]), str(row["taxon"])), 24),
            (row["log2_fold"], height), xytext=(4, 3), textcoords="offset points", fontsize=7,
        )  # fmt: skip
