"""The dada engine's error model of a run: observed and fitted rates of the 12 substitutions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from vagus.report.blocks import Plot
from vagus.report.figure import FULL_WIDTH_IN, FigureFolder, new_figure, place_grid
from vagus.report.numbers import separate_thousands
from vagus.report.palette import KEPT, MISSING, OKABE_ITO
from vagus.report.sentences import write, write_markup

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_BASES = "ACGT"


def describe_model(run: str, about: dict[str, Any]) -> Markup:
    """How the model came about, from its description (error_model.json)."""
    reason = ""
    if about.get("source") == "default":
        reason = separate_thousands(about.get("reason") or write("dada.too_few_reads"))
    text = write_markup(
        "dada.model", run=run, scheme=about.get("scheme"), reason=reason,
        n_reads=about.get("n_reads"), n_samples=len(about.get("samples", [])),
        n_rounds=about.get("rounds"), converged=about.get("converged"),
    )  # fmt: skip
    return Markup(" ").join([text, *_describe_unexplained(about)])


def _describe_unexplained(about: dict[str, Any]) -> list[Markup]:
    """How many of the errors are in reads of no variant, and whether these were left out."""
    share = about.get("unexplained_share")
    if share is None or about.get("source") == "default":
        return []
    left_out = about.get("learned_from") == "explained"
    return [write_markup("dada.unexplained", share=share, left_out=left_out)]


def draw_model(table: pd.DataFrame, run: str, figures: FigureFolder) -> Plot:
    """Twelve panels: error rate against quality, points observed, line fitted."""
    figure = new_figure(FULL_WIDTH_IN, 5.6)
    grid = place_grid(figure, 3, 4, left=0.65, gap=0.42)
    # columns are the true base, so that panels of one base are below each other
    for axes, (row, column) in zip(grid, [(r, c) for r in range(3) for c in range(4)], strict=True):
        true = _BASES[column]
        seen = [base for base in _BASES if base != true][row]
        part = table[table["transition"] == f"{true}2{seen}"].sort_values("quality")
        _draw_panel(axes, part, f"{true} → {seen}")
        axes.tick_params(labelbottom=row == 2, labelleft=column == 0)
        if row == 2:
            axes.set_xlabel("quality (Phred)")
        if column == 0:
            axes.set_ylabel("error rate")
    limits = _find_limits(table)
    for axes in grid:
        axes.set_ylim(*limits)
        axes.set_xlim(table["quality"].min() - 1, table["quality"].max() + 1)
    return figures.save(
        figure,
        f"error_model_{run}",
        table,
        label=f"Observed and fitted substitution rates against quality, run {run}",
        caption=write("dada.figure"),
    )


def _draw_panel(axes: Axes, part: pd.DataFrame, title: str) -> None:
    from vagus.numerics.functions import log10, power

    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda y, _: f"1e{round(math.log10(y))}" if y > 0 else "")
    quality = part["quality"].to_numpy(dtype=float)
    axes.plot(quality, power(10.0, -quality / 10) / 3, color=MISSING, lw=0.9, ls=(0, (4, 3)))
    seen = part[part["observed_errors"] > 0]
    sizes = 4 + 3.0 * log10(seen["total"].clip(lower=1).to_numpy(dtype=float))
    axes.scatter(
        seen["quality"], seen["observed_errors"] / seen["total"], s=sizes, color=OKABE_ITO[1],
        alpha=0.6, lw=0,
    )  # fmt: skip
    axes.plot(quality, part["fitted_rate"], color=KEPT, lw=1.4)
    axes.set_title(title)


def _find_limits(table: pd.DataFrame) -> tuple[float, float]:
    apart = table["transition"].str[0] != table["transition"].str[2]
    seen = table[apart & (table["observed_errors"] > 0)]
    rates = [*table.loc[apart, "fitted_rate"], *(seen["observed_errors"] / seen["total"])]
    positive = [rate for rate in rates if rate > 0]
    return min(positive, default=1e-7) / 2, min(1.0, max(positive, default=0.25) * 2)
