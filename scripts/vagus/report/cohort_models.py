"""Models of diversity with covariates: effects with intervals, and what they are adjusted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import Chooser, Column, Details, Prose, Section, Table
from vagus.report.diversity import name_metric
from vagus.report.figure import FigureFolder
from vagus.report.inputs import ReportInputs
from vagus.report.intervals import ForestWords, Interval, draw_intervals
from vagus.report.numbers import format_value, is_missing
from vagus.report.ordination import name_distance
from vagus.report.sentences import write
from vagus.report.variables import make_variable

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Effects with intervals"
_PARTIAL = "share of the variation that the other terms leave, corrected for chance"
ASSOCIATION = write("models.association")


def build_models(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """Forest plots and tables of the models; None when there are none."""
    if not inputs.groups:
        return None
    alpha, beta = inputs.table("cohort/alpha_models"), inputs.table("cohort/beta_models")
    blocks: list[object] = []
    if alpha is not None and alpha["p_value"].notna().any():
        blocks += _show_alpha(inputs, alpha, figures)
    if beta is not None and beta["p_value"].notna().any():
        blocks += _show_beta(beta)
    if not blocks:
        return None
    return Section("models", TITLE, blocks)


def _show_alpha(inputs: ReportInputs, alpha: pd.DataFrame, figures: FigureFolder) -> list[object]:
    panels = []
    for variable, rows in alpha.groupby("variable", sort=False):
        made = rows[rows["effect"].notna() & (rows["model"] != "paired t-test")]
        if len(made):
            panels.append(((str(variable),), [_draw_alpha(inputs, str(variable), made, figures)]))
    blocks: list[object] = [Prose(write("models.alpha"))]
    if panels:
        blocks += panels[0][1] if len(panels) == 1 else [Chooser(("Variable",), panels)]
    blocks.append(Details("All models of alpha diversity", [_list_alpha(alpha)]))
    return blocks


def _draw_alpha(
    inputs: ReportInputs, variable: str, made: pd.DataFrame, figures: FigureFolder
) -> object:
    rows = [
        Interval(
            name_metric(str(row["metric"])), str(row["contrast"]), row["effect"],
            row["effect_low"], row["effect_high"], row["q_value"],
        )
        for row in made.to_dict("records")
    ]  # fmt: skip
    first = made.iloc[0]
    contrasts = ", ".join(dict.fromkeys(made["contrast"].astype(str)))
    words = ForestWords(
        f"alpha_effects_{make_variable(inputs, variable).file_name}",
        f"{first['effect_name']} ({contrasts})" if made["contrast"].nunique() == 1
        else str(first["effect_name"]),
        f"Standardised effects of {variable} on alpha diversity",
        write(
            "models.alpha_figure", variable=variable, contrasts=contrasts, n=_write_n(first["n"]),
            model=", ".join(dict.fromkeys(made["model"].astype(str))), association=ASSOCIATION,
            covariates="" if is_missing(first["covariates"]) else first["covariates"],
        ),
    )  # fmt: skip
    return draw_intervals(rows, words, made, figures)


def _write_n(text: object) -> str:
    return str(text).replace(":", " ").replace(";", ", ")


def _list_alpha(alpha: pd.DataFrame) -> Table:
    columns = [
        Column("variable"), Column("measure"), Column("model"), Column("contrast"), Column("n"),
        Column("difference", "value", "in units of the measure"), Column("95 % interval", "short"),
        Column("p", "p"), Column("q", "p", "p corrected for multiple tests (Benjamini-Hochberg)"),
        Column("effect", "value", "standardised"), Column("its interval", "short"),
        Column("adjusted for"), Column("note", "long"),
    ]  # fmt: skip
    rows = [
        [
            row["variable"], name_metric(str(row["metric"])), row["model"], row["contrast"],
            _write_n(row["n"]), row["estimate"], _write_interval(row["low"], row["high"]),
            row["p_value"], row["q_value"], row["effect"],
            _write_interval(row["effect_low"], row["effect_high"]), row["covariates"], row["note"],
        ]
        for row in alpha.to_dict("records")
    ]  # fmt: skip
    return Table(columns, rows, "Models of alpha diversity.")


def _write_interval(low: float, high: float) -> str:
    if is_missing(low) or is_missing(high):
        return ""
    return f"{format_value(low)} to {format_value(high)}"


def _show_beta(beta: pd.DataFrame) -> list[object]:
    text = write("cohort.models")
    columns = [
        Column("variable"), Column("distance"), Column("term"), Column("order"), Column("unit"),
        Column("n"), Column("R²", "value"), Column("partial omega²", "value", _PARTIAL),
        Column("its 95 % interval", "short"), Column("pseudo-F", "value"), Column("p", "p"),
        Column("q", "p"), Column("note", "long"),
    ]  # fmt: skip
    rows = [
        [
            row["variable"], name_distance(str(row["metric"])), row["term"], row["order"],
            row["unit"], _write_n(row["n"]), row["r2"], row["omega2"],
            _write_interval(row["omega2_low"], row["omega2_high"]), row["pseudo_f"],
            row["p_value"], row["q_value"], row["note"],
        ]
        for row in beta.to_dict("records")
    ]  # fmt: skip
    return [Prose(text), Table(columns, rows, f"PERMANOVA by terms. {ASSOCIATION}")]
