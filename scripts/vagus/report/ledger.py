"""The read ledger: where the reads of each sample went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.bars import draw_legend, draw_stacks, new_bar_figure
from vagus.report.blocks import (
    Chooser,
    Column,
    Definitions,
    Details,
    Link,
    Plot,
    Prose,
    Section,
    Table,
)
from vagus.report.figure import FigureFolder
from vagus.report.inputs import ReportInputs
from vagus.report.losses import explain_loss, name_loss
from vagus.report.numbers import count_noun, format_share
from vagus.report.palette import KEPT, choose_loss
from vagus.report.sentences import write, write_markup
from vagus.report.study_samples import count_samples, take_controls, take_samples

if TYPE_CHECKING:
    import pandas as pd


def build_ledger(inputs: ReportInputs, figures: FigureFolder) -> Section:
    """Bars, the table of every loss, and what each loss means."""
    losses = [column for column in inputs.losses if inputs.ledger[column].sum() > 0]
    panels = [
        (("Percent of reads",), [draw_ledger(inputs, figures, losses, share=True)]),
        (("Reads",), [draw_ledger(inputs, figures, losses, share=False)]),
    ]
    blocks: list[object] = [
        Prose(_describe(inputs)),
        Chooser(("Scale",), panels),
        make_ledger_table(inputs),
        Details("What each loss means", [_define(inputs.losses)]),
    ]
    return Section("ledger", "Where the reads went", blocks)


def _describe(inputs: ReportInputs) -> str:
    """Reads in ASVs, of the samples and, separately, of the controls."""
    ledger = take_samples(inputs, inputs.ledger)
    text = [write("ledger.kept", **_count_kept(ledger)), *describe_singletons(ledger)]
    if inputs.controls:
        text.append(write("ledger.controls", **_count_kept(take_controls(inputs, inputs.ledger))))
    return " ".join(text)


def _count_kept(ledger: pd.DataFrame) -> dict[str, object]:
    """Reads, those in ASVs, and their share."""
    total, kept = int(ledger["input"].sum()), int(ledger["asv_reads"].sum())
    return {"n_reads": total, "n_kept": kept, "share": format_share(kept, total)}


def describe_singletons(ledger: pd.DataFrame) -> list[str]:
    """How many reads were lost as singletons, and that this is a consequence of depth."""
    if "lost_singleton" not in ledger or not ledger["lost_singleton"].sum():
        return []
    lost, total = int(ledger["lost_singleton"].sum()), int(ledger["input"].sum())
    median = float(ledger.loc[ledger["input"] > 0, "input"].median())
    return [write("ledger.singletons", n=lost, share=format_share(lost, total), median=median)]


def draw_ledger(
    inputs: ReportInputs, figures: FigureFolder, losses: list[str], *, share: bool
) -> Plot:
    """One stacked bar a sample: reads in ASVs, then every loss in the order of the steps."""
    ledger = inputs.ledger
    names = list(ledger["sample"])
    steps = ["asv_reads", *losses]
    values = ledger[steps].to_numpy(dtype=float)
    whole = ledger["input"].to_numpy(dtype=float)
    if share:
        values = 100 * values / whole.clip(min=1)[:, None]
    labels = ["in ASVs", *(name_loss(column) for column in losses)]
    fills = [(KEPT, ""), *((choose_loss(i), "") for i in range(len(losses)))]
    figure, axes = new_bar_figure(names, labels)
    shown = draw_stacks(axes, values, fills, _write_tips(ledger, steps, labels))
    axes.set_xlim(0, 100 if share else max(1.0, float(whole.max())) * 1.02)
    axes.set_xlabel("reads (%)" if share else "reads")
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    draw_legend(figure, labels, fills)
    return figures.save(
        figure,
        "ledger_percent" if share else "ledger_reads",
        ledger[["sample", "input", *steps]],
        tips=shown,
        label="Stacked bars: reads of each sample in ASVs and lost at each step",
        caption=write("ledger.figure", samples=count_samples(inputs, names), is_percent=share),
    )


def _write_tips(ledger: pd.DataFrame, steps: list[str], labels: list[str]) -> list[list[str]]:
    return [
        [
            f"{row['sample']}\n{label}: {count_noun(row[step], 'read')} "
            f"({format_share(row[step], row['input'])})"
            for step, label in zip(steps, labels, strict=True)
        ]
        for row in ledger.to_dict("records")
    ]


def make_ledger_table(inputs: ReportInputs) -> Table:
    """One row a sample with every loss, and the sums of the study."""
    ledger = inputs.ledger
    columns = [Column("sample"), Column("status"), Column("reads", "count")]
    shown = [column for column in inputs.losses if ledger[column].sum() > 0]
    none = [name_loss(column) for column in inputs.losses if column not in shown]
    columns += [Column(name_loss(c), "count", explain_loss(c)) for c in shown]
    columns += [
        Column("in ASVs", "count"),
        Column("in ASVs, %", "percent"),
        Column("ASVs", "count"),
    ]
    rows: list[list[object]] = []
    for row in ledger.to_dict("records"):
        share = row["asv_reads"] / row["input"] if row["input"] else None
        rows.append(
            [Link(row["sample"], f"samples/{inputs.keys.get(row['sample'], row['sample'])}.html"),
             row["status"], row["input"], *(row[c] for c in shown),
             row["asv_reads"], share, row["n_asvs"]]
        )  # fmt: skip
    caption = write_markup("ledger.table", losses=none)
    return Table(columns, rows, caption, search=True)


def _define(losses: list[str]) -> Definitions:
    return Definitions([(name_loss(column), explain_loss(column)) for column in losses])
