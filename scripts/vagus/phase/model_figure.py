"""The phase engine's error model of a run: rates by quality, run length, strand and context."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from vagus.numerics.functions import power
from vagus.report.blocks import Plot
from vagus.report.figure import FULL_WIDTH_IN, FigureFolder, new_figure, place_grid
from vagus.report.palette import MISSING, OKABE_ITO
from vagus.report.sentences import write, write_markup

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CONTEXT = "context"
_KINDS = ("substitution", "deletion", "insertion")
_COLOURS = dict(zip(_KINDS, OKABE_ITO, strict=False))
_MARKS = {"sense": "o", "antisense": "s"}
_N_CONTEXTS = 8
_FEW_CHANCES = 50


def describe_model(run: str, about: dict[str, Any]) -> Markup:
    """How the model came about, from phase_error_model.json."""
    strands = "; ".join(
        f"{strand} strand: "
        + ", ".join(f"{name} {_percent(value)}" for name, value in rates.items())
        for strand, rates in about.get("rates", {}).items()
    )
    return write_markup(
        "phase.model", run=run, is_default=about.get("source") == "default",
        reason=about.get("reason"), n_bases=about.get("n_bases"),
        n_samples=len(about.get("samples", [])), strands=strands,
        rate=_percent(about["error_rate"]) if about.get("n_bases") else "",
    )  # fmt: skip


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f} %"


def draw_model(table: pd.DataFrame, run: str, figures: FigureFolder) -> Plot:
    """Panels: by quality, by length of the run, strands against each other, hot contexts."""
    rows = add_kinds(table)
    contexts = rows[rows["kind"] == CONTEXT]
    rows = rows[rows["kind"] != CONTEXT]
    panels: list[tuple[Callable[[Axes, pd.DataFrame], None], pd.DataFrame]]
    panels = [(_draw_quality, rows), (_draw_runs, rows), (_draw_bases, rows)]
    if len(contexts):
        panels.append((_draw_contexts, contexts))
    figure = new_figure(FULL_WIDTH_IN, 3.0)
    grid = place_grid(figure, 1, len(panels), left=0.65, gap=0.75)
    for axes, (draw, part) in zip(grid, panels, strict=True):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda y, _: f"1e{round(math.log10(y))}" if y > 0 else "")
        axes.yaxis.set_minor_formatter(lambda *_: "")
        draw(axes, part)
        _round_limits(axes)
    grid[0].set_ylabel("error rate")
    return figures.save(
        figure,
        f"phase_error_model_{run}",
        table,
        label=f"Error rates by quality, run length, base and strand, run {run}",
        caption=write("phase.figure", n_contexts=len(contexts)),
    )


def _round_limits(axes: Axes) -> None:
    """Whole powers of ten, so that each panel has two labels or more."""
    low, high = (math.log10(limit) for limit in axes.get_ylim())
    axes.set_ylim(10.0 ** math.floor(low + 0.05), 10.0 ** math.ceil(high - 0.05))


def add_kinds(table: pd.DataFrame) -> pd.DataFrame:
    """The model's rows with substitutions named as such: columns ``true`` and ``group``."""
    rows = table.copy()
    is_base = rows["kind"].isin(list("ACGT"))
    rows["true"] = rows["kind"].where(is_base, "")
    groups = rows["kind"].where(~is_base, "substitution")
    rows["group"] = groups.replace({"run_insertion": "insertion", "other_insertion": "insertion"})
    return rows


def sum_rates(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Observed, chances and rate by strand, group and the column ``by``.

    Every base is a chance of three substitutions and every place one of two kinds of insertion,
    and counts as one.
    """
    ways = rows["group"].map({"substitution": 3, "insertion": 2}).fillna(1)
    parts = rows.assign(chances=rows["chances"] / ways)
    joined = parts.groupby(["strand", "group", by], sort=True)[["observed", "chances"]].sum()
    joined = joined.reset_index()
    joined["rate"] = joined["observed"] / joined["chances"].clip(lower=1)
    return joined[(joined["chances"] >= _FEW_CHANCES) & (joined["observed"] > 0)]


def _draw_lines(axes: Axes, rates: pd.DataFrame, by: str) -> None:
    for (strand, group), part in rates.groupby(["strand", "group"], sort=True):
        part = part.sort_values(by)
        axes.plot(
            part[by], part["rate"], marker=_MARKS[str(strand)], ms=3.5, lw=1.1,
            color=_COLOURS[str(group)], ls="-" if strand == "sense" else (0, (3, 2)),
        )  # fmt: skip


def _draw_quality(axes: Axes, rows: pd.DataFrame) -> None:
    rates = sum_rates(rows, "quality_from")
    quality = np.arange(2, 46)
    axes.plot(quality, power(10.0, -quality / 10), color=MISSING, lw=0.9, ls=(0, (4, 3)))
    _draw_lines(axes, rates, "quality_from")
    axes.set_title("by quality")
    axes.set_xlabel("quality (Phred)")
    for place, kind in enumerate(_KINDS):
        axes.text(
            0.97, 0.97 - 0.09 * place, kind, color=_COLOURS[kind], ha="right", va="top",
            transform=axes.transAxes,
        )  # fmt: skip


def _draw_runs(axes: Axes, rows: pd.DataFrame) -> None:
    indels = rows[rows["group"] != "substitution"].copy()
    indels["run_bp"] = indels["to_or_run_bp"].astype(int)
    _draw_lines(axes, sum_rates(indels, "run_bp"), "run_bp")
    axes.set_title("by length of the run")
    axes.set_xlabel("equal bases in a row (bp)")
    axes.set_xticks([1, 2, 4, 6, 8], ["1", "2", "4", "6", "8+"])


def _draw_bases(axes: Axes, rows: pd.DataFrame) -> None:
    changes = rows[rows["group"] == "substitution"].copy()
    changes["change"] = changes["true"] + "→" + changes["to_or_run_bp"].astype(str)
    order = sorted(changes["change"].unique())
    place = {change: i for i, change in enumerate(order)}
    sums = changes.groupby(["strand", "change"], sort=True)[["observed", "chances"]].sum()
    for (strand, change), row in sums.iterrows():  # type: ignore[misc]
        if row["chances"] >= _FEW_CHANCES and row["observed"] > 0:
            axes.plot(
                place[change], row["observed"] / row["chances"], marker=_MARKS[strand], ms=4,
                ls="none", color=_COLOURS["substitution"],
                markerfacecolor="white" if strand == "antisense" else None,
            )  # fmt: skip
    axes.set_title("by bases")
    axes.set_xticks(range(len(order)), order, rotation=90)


def _draw_contexts(axes: Axes, rows: pd.DataFrame) -> None:
    top = rows.sort_values(["observed", "to_or_run_bp", "strand"], ascending=[False, True, True])
    top = top.head(_N_CONTEXTS).reset_index(drop=True)
    for i, row in top.iterrows():
        promised = row.get("expected", np.nan) / max(1.0, row["chances"])
        axes.plot(i, row["observed"] / max(1.0, row["chances"]), marker=_MARKS[row["strand"]],
                  ms=4, color=OKABE_ITO[3], ls="none")  # fmt: skip
        if promised > 0:
            axes.plot(i, promised, marker="_", ms=7, color=MISSING, ls="none")
    axes.set_title("hot contexts")
    axes.set_xticks(range(len(top)), list(top["to_or_run_bp"]), rotation=90)
