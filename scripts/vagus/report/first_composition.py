"""The figure of the first screen: what is in the samples, one bar a sample, drawn as SVG.

Taxa have the colours of the composition figure below it, of which this is the start: the same taxa
in the same order, fewer of them. Above ``MAX_BARS`` samples a bar is the mean of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from vagus.report.answer_taxa import PLURALS, name_taxon
from vagus.report.blocks import Key
from vagus.report.composition import (
    OTHER_LABEL,
    UNASSIGNED_LABEL,
    choose_fills,
    group_taxa,
    strip_prefix,
)
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun
from vagus.report.sentences import write_markup
from vagus.report.variables import list_groupings

if TYPE_CHECKING:
    import pandas as pd

RANKS = ("genus", "family", "phylum")
MAX_BARS = 200
MAX_TAXA = 8
HEIGHT = 100


@dataclass(frozen=True)
class Bars:
    """The bars of one group: its label, how many samples it has and the SVG."""

    label: str
    n_samples: int
    n_bars: int
    svg: Markup


@dataclass(frozen=True)
class Composition:
    """A sentence, bars by group, and the key with the mean share of each taxon."""

    sentence: Markup
    bars: Sequence[Bars] = ()
    keys: Sequence[tuple[Key, Markup, str]] = ()
    note: str = ""


def show_composition(inputs: ReportInputs) -> Composition:
    """Shares of the largest taxa of the first rank that has names."""
    for rank in RANKS:
        table = inputs.composition(rank)
        shares = None if table is None else _take_shares(inputs, table)
        if shares is not None:
            return _show(inputs, rank, shares)
    return Composition(write_markup("answers.no_composition"))


def _take_shares(inputs: ReportInputs, table: pd.DataFrame) -> pd.DataFrame | None:
    """Shares of the largest taxa and all others together, of samples with reads."""
    counts = table.copy()
    counts.index = [strip_prefix(str(label)) for label in counts.index]
    counts = counts.loc[:, counts.sum() > 0]
    own = [name for name in counts.columns if name not in inputs.controls]
    if not own or not counts.drop(UNASSIGNED_LABEL, errors="ignore")[own].to_numpy().sum():
        return None
    n_top = min(MAX_TAXA, inputs.config["report"]["top_taxa"])
    top = list(group_taxa(counts[own], n_top).index)
    top = [label for label in top if label not in (OTHER_LABEL, UNASSIGNED_LABEL)]
    shares = counts.groupby(level=0, sort=False).sum().loc[top, own] / counts[own].sum()
    shares.loc[OTHER_LABEL] = (1 - shares.sum()).clip(lower=0)
    return shares


def _show(inputs: ReportInputs, rank: str, shares: pd.DataFrame) -> Composition:
    fills = [colour for colour, _ in choose_fills(list(shares.index))]
    groups = _list_groups(inputs, [str(name) for name in shares.columns])
    n = len(shares.columns)
    is_means = n > MAX_BARS
    bars = []
    for label, names in groups:
        part = shares[names].mean(axis=1).to_frame() if is_means else shares[names]
        columns = [part[name].tolist() for name in part.columns]
        bars.append(Bars(label, len(names), len(columns), draw_bars(columns, fills, label)))
    means = shares.mean(axis=1)
    keys = [
        (Key(label, colour), _name(rank, label), _round(means[label]))
        for label, colour in zip(shares.index, fills, strict=True)
    ]
    note = write_markup("answers.means_only", n=n) if is_means else ""
    return Composition(_write_sentence(inputs, rank, means), bars, keys, note)


def _list_groups(inputs: ReportInputs, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Samples by the levels of the first grouping; all of them together without one."""
    groupings = list_groupings(inputs)
    if not groupings:
        return [(count_noun(len(names), "sample"), sorted(names))]
    first = groupings[0]
    levels = {level: [n for n in names if first.values.get(n) == level] for level in first.levels}
    rest = [name for name in names if name not in first.values]
    groups = [*levels.items(), (f"{first.name} not given", rest)]
    return [(label, sorted(members)) for label, members in groups if members]


def draw_bars(columns: Sequence[Sequence[float]], fills: Sequence[str], label: str) -> Markup:
    """Stacked bars, the first taxon at the bottom, one path a taxon; stretched to their place.

    ``columns``: for each bar the shares of all taxa, which add up to 1.
    """
    paths = []
    for taxon, fill in enumerate(fills):
        boxes = []
        for place, shares in enumerate(columns):
            below = sum(shares[:taxon])
            height = HEIGHT * shares[taxon]
            if height >= 0.05:
                top = HEIGHT * (1 - below) - height
                boxes.append(f"M{place * 10} {top:.2f}h9.4v{height:.2f}h-9.4z")
        if boxes:
            paths.append(Markup('<path d="{}" fill="{}"/>').format("".join(boxes), fill))
    label = f"Composition of each sample: {label}"
    box = Markup('<svg viewBox="0 0 {:.1f} {}" preserveAspectRatio="none"').format(
        10 * len(columns) - 0.6, HEIGHT
    )
    about = Markup(' role="img" aria-label="{}">{}</svg>').format(label, Markup().join(paths))
    return box + about


def _name(rank: str, label: str) -> Markup:
    return Markup("all others") if label == OTHER_LABEL else name_taxon(rank, label)


def _round(share: float) -> str:
    """A mean share in whole percent: '27 %', '< 1 %'."""
    return "< 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def _write_sentence(inputs: ReportInputs, rank: str, means: pd.Series) -> Markup:
    table = inputs.composition(rank)
    assert table is not None
    reads = table.drop(columns=list(inputs.controls), errors="ignore").sum(axis=1)
    n = int((reads.drop(UNASSIGNED_LABEL, errors="ignore") > 0).sum())
    named = [str(label) for label in means.index if label != OTHER_LABEL]
    words = {
        "first": name_taxon(rank, named[0]), "first_share": _round(means[named[0]]),
        "second": "", "second_share": "",
    }  # fmt: skip
    if len(named) > 1:
        words |= {"second": name_taxon(rank, named[1]), "second_share": _round(means[named[1]])}
    return write_markup("answers.largest", n=n, one=rank, many=PLURALS[rank], **words)
