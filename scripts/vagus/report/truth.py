"""Comparison with the truth of simulated reads: true and false variants, right and wrong names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import Card, Cards, Column, Details, Plot, Prose, Section, Table
from vagus.report.composition import strip_prefix
from vagus.report.figure import FigureFolder, new_figure, place_axes
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun, format_count, format_share, is_missing
from vagus.report.palette import KEPT, MUTED
from vagus.report.sentences import write

if TYPE_CHECKING:
    import pandas as pd

POOLED = "(pooled)"
# Depth classes in which a denoiser is expected to find nearly everything.
_DEEP = ("10-19", "20-49", "50+")


def build_truth(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """None when the study has no truth."""
    depth = inputs.truth_table("truth_by_depth")
    samples = inputs.truth_table("truth_by_sample")
    if depth is None or samples is None:
        return None
    classes = sum_classes(depth)
    false = inputs.truth_table("truth_false")
    names = inputs.truth_table("truth_taxonomy")
    blocks: list[object] = [
        Prose(write("truth.about")),
        Cards(_list_cards(classes, samples, names)),
        draw_recovery(classes, figures),
        _make_depth_table(classes),
        *_describe_false(false),
    ]
    if names is not None:
        blocks += [Prose(write("truth.names")), _make_names_table(names)]
    blocks.append(Details("By sample", [_make_sample_table(samples)]))
    return Section("truth", "Comparison with the truth", blocks)


def sum_classes(depth: pd.DataFrame) -> pd.DataFrame:
    """Variants put in and recovered by depth class: summed over samples, and pooled.

    Columns: depth, true_variants, recovered, pooled_true, pooled_recovered; the order of the
    classes is that of the table.
    """
    single = depth[depth["sample"] != POOLED]
    sums = single.groupby("depth", sort=False)[["true_variants", "recovered"]].sum()
    pooled = depth[depth["sample"] == POOLED].set_index("depth")
    sums["pooled_true"] = pooled["true_variants"]
    sums["pooled_recovered"] = pooled["recovered"]
    return sums.reset_index()


def _list_cards(
    classes: pd.DataFrame, samples: pd.DataFrame, names: pd.DataFrame | None
) -> list[Card]:
    deep = classes[classes["depth"].isin(_DEEP)]
    found, put = int(deep["recovered"].sum()), int(deep["true_variants"].sum())
    pooled = samples[samples["sample"] == POOLED].to_dict("records")[0]
    cards = [
        Card("recovered, ≥ 10 reads", format_share(found, put), f"{found:,} of {put:,} in samples"),
        Card("false variants", format_count(pooled["false_variants"]),
             f"of {count_noun(int(pooled['found_variants']), 'ASV')}; "
             f"{count_noun(int(pooled['false_reads']), 'read')}"),
    ]  # fmt: skip
    rows = {} if names is None else {row["rank"]: row for row in names.to_dict("records")}
    for rank in ("genus", "species"):
        if rank in rows and rows[rank]["reads"]:
            right, named = rows[rank]["reads_right"], rows[rank]["reads_named"]
            note = f"{format_share(right, named)} of named reads; names come from the reference"
            cards.append(Card(f"{rank} right", format_share(right, rows[rank]["reads"]), note))
    return cards


def draw_recovery(classes: pd.DataFrame, figures: FigureFolder) -> Plot:
    """Share of true variants recovered, by the reads that they had in the sample."""
    figure = new_figure(6.4, 2.9)
    axes = place_axes(figure, 0.7, 0.55, 0.15, 0.25)
    shares = (
        100 * classes["recovered"] / classes["true_variants"].where(classes["true_variants"] > 0)
    )
    tips = {}
    for position, (share, row) in enumerate(zip(shares, classes.to_dict("records"), strict=True)):
        n = f"{row['recovered']:,} of {row['true_variants']:,}"
        bar = axes.bar(position, 0.0 if share != share else share, width=0.7, color=KEPT)
        bar.patches[0].set_gid(f"class{position}")
        tips[f"class{position}"] = f"{row['depth']} reads: {n} variants recovered"
        axes.text(
            position, 3 if share != share else share + 2, n, ha="center", fontsize=7.5, color=MUTED
        )
    axes.set_ylim(0, 112)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_xticks(range(len(classes)), [str(d).replace("-", "–") for d in classes["depth"]])
    axes.set_xlabel("reads that a true variant has in a sample")
    axes.set_ylabel("recovered (%)")
    axes.grid(False, axis="x")
    return figures.save(
        figure,
        "truth_recovery",
        classes,
        tips=tips,
        label="True variants recovered by depth",
        caption=write("truth.figure"),
    )


def _make_depth_table(classes: pd.DataFrame) -> Table:
    columns = [
        Column("reads"), Column("true variants", "count", "summed over samples"),
        Column("recovered", "count"), Column("recovered, %", "percent"),
        Column("true variants, pooled", "count", "by their reads in all samples together"),
        Column("recovered, pooled", "count"), Column("recovered, pooled, %", "percent"),
    ]  # fmt: skip
    rows = [
        [
            row["depth"],
            row["true_variants"],
            row["recovered"],
            _divide(row["recovered"], row["true_variants"]),
            row["pooled_true"],
            row["pooled_recovered"],
            _divide(row["pooled_recovered"], row["pooled_true"]),
        ]
        for row in classes.to_dict("records")
    ]
    return Table(columns, rows, "True variants recovered, by depth.")


def _divide(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _describe_false(false: pd.DataFrame | None) -> list[object]:
    if false is None:
        return [Prose(write("truth.none_false"))]
    reasons = [f"{reason}: {n}" for reason, n in _count_reasons(false)]
    columns = [
        Column("ASV"),
        Column("reads", "count"),
        Column("samples", "count"),
        Column("nearest true species"),
        Column("edits", "count", "to the nearest true variant"),
        Column("probable reason"),
    ]
    rows = [
        [row["asv"][:8], row["reads"], row["n_samples"], _name_species(row["nearest_species"]),
         row["distance"], row["reason"]]
        for row in false.to_dict("records")
    ]  # fmt: skip
    text = write("truth.false_variants", n=len(false), reasons=reasons)
    return [Prose(text), Details("False variants", [Table(columns, rows)])]


def _name_species(label: object) -> str:
    return "" if is_missing(label) else strip_prefix(str(label))


def _count_reasons(false: pd.DataFrame) -> list[tuple[str, int]]:
    counts = false["reason"].value_counts()
    return sorted(
        ((str(k), int(n)) for k, n in counts.items()), key=lambda pair: (-pair[1], pair[0])
    )


def _make_names_table(names: pd.DataFrame) -> Table:
    columns = [
        Column("rank"), Column("ASVs", "count", "true variants that were found"),
        Column("named", "count"), Column("right", "count"),
        Column("reads named, %", "percent"), Column("reads right, %", "percent"),
        Column("right of named reads, %", "percent"),
    ]  # fmt: skip
    rows = [
        [row["rank"], row["asvs"], row["asvs_named"], row["asvs_right"], row["share_named"],
         row["share_right"], row["precision"]]
        for row in names.to_dict("records")
    ]  # fmt: skip
    return Table(columns, rows, write("truth.names_table"))


def _make_sample_table(samples: pd.DataFrame) -> Table:
    columns = [
        Column("sample"), Column("true variants", "count"), Column("found", "count"),
        Column("recovered", "count"), Column("false", "count"), Column("reads in false", "count"),
        Column("correlation", "value", "Pearson, of relative abundances"),
        Column("Bray-Curtis", "value", "distance between true and found relative abundances"),
    ]  # fmt: skip
    rows = [
        [
            row["sample"],
            row["true_variants"],
            row["found_variants"],
            row["recovered"],
            row["false_variants"],
            row["false_reads"],
            row["correlation"],
            row["bray_curtis"],
        ]
        for row in samples.to_dict("records")
    ]
    return Table(columns, rows)
