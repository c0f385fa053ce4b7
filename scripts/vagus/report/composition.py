"""Composition bars: what taxa the reads of each sample belong to, at each rank."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vagus.reference.lineage import RANKS as LINEAGE
from vagus.reference.lineage import TIE_SEPARATOR
from vagus.report.bars import draw_legend, draw_stacks, new_bar_figure
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
from vagus.report.figure import FONT_PT, FigureFolder
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun, format_share
from vagus.report.palette import INK, OTHER, UNASSIGNED, choose_area
from vagus.report.sentences import write, write_markup
from vagus.report.study_samples import count_samples, list_selected, sum_taxa, take_asvs
from vagus.report.variables import Variable, list_groupings
from vagus.selection.set_apart import CONTAMINANT
from vagus.taxonomy.origins import NOT_A_REFERENCE

if TYPE_CHECKING:
    import pandas as pd

RANKS = LINEAGE[1:]
# Shown first: deep enough to distinguish samples, and mostly named.
FIRST_RANK = ("genus",)
UNASSIGNED_LABEL = "Unassigned"
OTHER_LABEL = "Other"
_MIN_SHARE_OF_CONTROL = 0.02
_PREFIX = re.compile(r"^[a-z]__")


@dataclass(frozen=True)
class Layout:
    """Order of the bars, their places, and the heading above each group of bars."""

    names: list[str]
    positions: list[float]
    headings: list[tuple[float, str]]


def strip_prefix(label: str) -> str:
    """``s__Bacteroides fragilis`` -> ``Bacteroides fragilis``."""
    return _PREFIX.sub("", label)


def build_composition(inputs: ReportInputs, figures: FigureFolder) -> Section:
    """Bars for every rank, and how much of the reads has a name at each."""
    panels = []
    for rank in RANKS:
        table = inputs.composition(rank)
        if table is not None and table.to_numpy().sum() > 0:
            panels.append(((rank,), [draw_composition(inputs, figures, rank, table)]))
    if not panels:
        return Section(
            "composition",
            "Composition",
            [
                Absent(write("composition.none")),
                *_note_set_apart(inputs),
            ],
        )
    blocks: list[object] = [
        Prose(write("composition.about")),
        Chooser(("Rank",), panels, FIRST_RANK),
        make_naming_table(inputs),
        *_note_set_apart(inputs),
    ]
    return Section("composition", "Composition", [*blocks, *_list_top_asvs(inputs)])


def _note_set_apart(inputs: ReportInputs) -> list[object]:
    """How many ASVs are not analysed, for each reason."""
    table = inputs.table("selection/set_apart")
    own = None if table is None else take_asvs(inputs, table)
    if own is None or not len(own):
        return []
    parts = [
        f"{_name_reason(str(reason))}: {count_noun(len(rows), 'ASV')} with "
        f"{count_noun(int(rows['reads'].sum()), 'read')}"
        for reason, rows in own.groupby("reason", sort=True)
    ]
    return [Notices([Notice("note", write("composition.set_apart", parts=parts))])]


def _name_reason(reason: str) -> str:
    """A reason of set_apart.tsv as a label: what the ASVs are, or look like."""
    if reason in (NOT_A_REFERENCE, CONTAMINANT):
        return reason
    return f"like {reason.replace(TIE_SEPARATOR, ' or ')}"


def draw_composition(
    inputs: ReportInputs, figures: FigureFolder, rank: str, table: pd.DataFrame
) -> Plot:
    """Stacked bars of one rank: the top taxa by mean share, the others together."""
    counts = table.copy()
    counts.index = [strip_prefix(str(label)) for label in counts.index]
    totals = counts.sum()
    layout = arrange_samples(inputs, [name for name in counts.columns if totals[name] > 0])
    n_top = inputs.config["report"]["top_taxa"]
    grouped = group_taxa(counts[layout.names], n_top, list(inputs.controls))
    shares = 100 * grouped / grouped.sum()
    labels = list(grouped.index)
    fills = choose_fills(labels)
    figure, axes = new_bar_figure(layout.names, labels, layout.positions)
    tips = [[_write_tip(grouped, label, sample) for label in labels] for sample in layout.names]
    shown = draw_stacks(axes, shares.T.to_numpy(), fills, tips, layout.positions)
    look = {"ha": "left", "va": "center", "weight": "bold", "size": FONT_PT, "color": INK}
    for place, heading in layout.headings:
        axes.text(0, place, heading, look)
    axes.set_xlim(0, 100)
    axes.set_xlabel("reads in ASVs (%)")
    draw_legend(figure, labels, fills)
    return figures.save(
        figure, f"composition_{rank}", grouped.rename_axis(rank), tips=shown,
        label=f"Stacked bars: composition of each sample by {rank}",
        caption=_write_caption(inputs, rank, layout.names, labels, n_top),
    )  # fmt: skip


def _write_tip(counts: pd.DataFrame, label: str, sample: str) -> str:
    n, total = int(counts.at[label, sample]), int(counts[sample].sum())
    return f"{sample}\n{label}: {format_share(n, total)} ({count_noun(n, 'read')})"


def _write_caption(
    inputs: ReportInputs, rank: str, names: list[str], labels: list[str], n_top: int
) -> str:
    n_named = len([label for label in labels if label not in (OTHER_LABEL, UNASSIGNED_LABEL)])
    n_top = min(n_named, n_top)
    n_study = len([name for name in names if name not in inputs.controls])
    return write(
        "composition.figure", rank=rank, samples=count_samples(inputs, names), n_top=n_top,
        has_controls=0 < n_study < len(names), n_more=n_named - n_top,
        other=OTHER_LABEL if OTHER_LABEL in labels else "",
        unassigned=UNASSIGNED_LABEL if UNASSIGNED_LABEL in labels else "",
        absent=sorted(set(inputs.ledger["sample"]) - set(names)),
    )  # fmt: skip


def group_taxa(counts: pd.DataFrame, n_top: int, controls: Collection[str] = ()) -> pd.DataFrame:
    """The ``n_top`` rows with the greatest mean share, 'Other' and 'Unassigned' (where not 0).

    ``counts``: taxa x samples, every sample with at least one read. Ties go by name. Where there
    are ``controls`` beside samples, means are those of the samples, and half as many taxa follow
    that make up most of a control.
    """
    import pandas as pd

    counts = counts.groupby(level=0, sort=False).sum()
    named = counts.drop(index=UNASSIGNED_LABEL, errors="ignore")
    shares = (counts / counts.sum()).loc[named.index]
    is_control = shares.columns.isin(list(controls))
    if is_control.all():
        is_control = ~is_control
    top = _choose_greatest(shares.loc[:, ~is_control].mean(axis=1), n_top, 0.0)
    if is_control.any():
        rest = shares.loc[:, is_control].drop(index=top).max(axis=1)
        top += _choose_greatest(rest, n_top // 2, _MIN_SHARE_OF_CONTROL)
    parts = [named.loc[top]]
    rest = named.drop(index=top).sum()
    if rest.sum() > 0:
        parts.append(pd.DataFrame([rest], index=[OTHER_LABEL]))
    if UNASSIGNED_LABEL in counts.index and counts.loc[UNASSIGNED_LABEL].sum() > 0:
        parts.append(counts.loc[[UNASSIGNED_LABEL]])
    return pd.concat(parts)


def _choose_greatest(shares: pd.Series, n: int, above: float) -> list[str]:
    kept = [str(label) for label in shares.index if shares[label] > above]
    return sorted(kept, key=lambda label: (-shares[label], label))[:n]


def choose_fills(labels: list[str]) -> list[tuple[str, str]]:
    """Colour and hatch of each taxon; greys for the two that are not taxa."""
    greys = {OTHER_LABEL: (OTHER, ""), UNASSIGNED_LABEL: (UNASSIGNED, "")}
    return [greys.get(label) or choose_area(i) for i, label in enumerate(labels)]


def arrange_samples(inputs: ReportInputs, names: list[str]) -> Layout:
    """Samples by the levels of the first grouping, then by name; controls last."""
    groupings = list_groupings(inputs)
    if not groupings and not inputs.controls:
        return Layout(names, [float(i) for i in range(len(names))], [])
    groups: dict[str, list[str]] = {}
    if groupings:
        groups = {f"{groupings[0].name}: {level}": [] for level in groupings[0].levels}
    for name in names:
        groups.setdefault(_head_group(inputs, groupings, name), []).append(name)
    return _place_groups(
        {key: groups[key] for key in sorted(groups, key=lambda k: k == "controls")}
    )


def _head_group(inputs: ReportInputs, groupings: list[Variable], sample: str) -> str:
    if sample in inputs.controls:
        return "controls"
    if not groupings:
        return "samples"
    level = groupings[0].values.get(sample)
    return f"{groupings[0].name}: {level}" if level else f"{groupings[0].name} not given"


def _place_groups(groups: dict[str, list[str]]) -> Layout:
    names: list[str] = []
    positions: list[float] = []
    headings: list[tuple[float, str]] = []
    place = 0.0
    for heading, members in groups.items():
        if not members:
            continue
        headings.append((place, f"{heading} (n = {len(members)})"))
        positions += [place + 1 + i for i in range(len(members))]
        names += members
        place += len(members) + 1.25
    return Layout(names, positions, headings)


def make_naming_table(inputs: ReportInputs) -> Table:
    """ASVs and reads of the samples that have a name, by rank."""
    rows: list[list[object]] = []
    named_asvs = _take_taxonomy(inputs)
    for rank in RANKS:
        counts = sum_taxa(inputs, rank)
        if counts is None:
            continue
        named = int(counts.drop(UNASSIGNED_LABEL, errors="ignore").sum())
        n_taxa = int((counts.drop(UNASSIGNED_LABEL, errors="ignore") > 0).sum())
        n_asvs = int(named_asvs[rank].notna().sum()) if named_asvs is not None else None
        share_asvs = (
            n_asvs / len(named_asvs) if named_asvs is not None and n_asvs is not None else None
        )
        rows.append([rank, n_taxa, n_asvs, share_asvs, named, named / max(1, int(counts.sum()))])
    columns = [
        Column("rank"), Column("taxa", "count"), Column("ASVs named", "count"),
        Column("ASVs named, %", "percent"), Column("reads named", "count"),
        Column("reads named, %", "percent"),
    ]  # fmt: skip
    return Table(columns, rows, write("composition.naming", has_controls=bool(inputs.controls)))


def _take_taxonomy(inputs: ReportInputs) -> pd.DataFrame | None:
    """Calls of the ASVs of samples; None when there are none."""
    taxonomy, asvs = inputs.table("taxonomy/taxonomy"), list_selected(inputs)
    if taxonomy is None or asvs is None:
        return None
    return taxonomy[taxonomy["Feature ID"].isin(asvs["asv"])]


_ASV_COLUMNS = (
    Column("ASV", help="first 8 of 32 digits of the sequence's MD5"),
    Column("name"),
    Column("reads", "count"),
    Column("reads, %", "percent"),
    Column("samples", "count"),
    Column("length (bp)", "count"),
    Column("confidence", "value", "bootstrap confidence of the deepest name"),
    Column("identity", "percent", "to the nearest reference"),
    Column("ties", help="species that share the best identity, where there are several"),
)


def _list_top_asvs(inputs: ReportInputs, n: int = 100) -> list[object]:
    asvs, taxonomy = list_selected(inputs), inputs.table("taxonomy/taxonomy")
    if asvs is None or taxonomy is None:
        return []
    total = int(asvs["reads"].sum())
    joined = asvs.merge(taxonomy, left_on="asv", right_on="Feature ID", suffixes=("", "_named"))
    last = ("n_samples", "length_bp", "Confidence", "identity")
    rows = [
        [row["asv"][:8], name_deepest(row), row["reads"], row["reads"] / max(1, total),
         *(row.get(column) for column in last), list_ties(row.get("ties"))]
        for row in joined.head(n).to_dict("records")
    ]  # fmt: skip
    caption = write_markup(
        "composition.asvs", n=len(rows), n_asvs=len(asvs),
        share=format_share(float(joined.head(n)["reads"].sum()), total),
    )  # fmt: skip
    return [Details("Most abundant ASVs", [Table(_ASV_COLUMNS, rows, caption, search=True)])]


def list_ties(ties: object) -> str:
    """Species that tie, 'A a / A b'; a single one ties with nothing and is not shown."""
    return ties.replace("/", " / ") if isinstance(ties, str) and "/" in ties else ""


def name_deepest(row: dict[str, object]) -> str:
    """Deepest name of a taxonomy row, with its rank when it is not a species."""
    for rank in reversed(("domain", *RANKS)):
        value = row.get(rank)
        if isinstance(value, str) and value:
            return strip_prefix(value) if rank == "species" else f"{strip_prefix(value)} ({rank})"
    return UNASSIGNED_LABEL
