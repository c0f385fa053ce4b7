"""Numbers of the study: those of its samples alone; controls have numbers of their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun

if TYPE_CHECKING:
    import pandas as pd


def take_samples(inputs: ReportInputs, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table with the column ``sample`` that are not of controls."""
    if not inputs.controls:
        return table
    return table[~table["sample"].isin(list(inputs.controls))]


def take_controls(inputs: ReportInputs, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table with the column ``sample`` that are of controls."""
    return table[table["sample"].isin(list(inputs.controls))]


def sum_taxa(inputs: ReportInputs, rank: str) -> pd.Series | None:
    """Reads of each taxon of a rank in the samples; None without a table of it."""
    table = inputs.composition(rank)
    if table is None:
        return None
    counts = table.drop(columns=list(inputs.controls), errors="ignore")
    return counts.sum(axis=1).astype("int64")


def list_asvs(inputs: ReportInputs) -> pd.DataFrame | None:
    """ASVs of the samples, most reads first; None when no sample has one."""
    asvs = inputs.table("denoise/asvs")
    own = None if asvs is None else take_asvs(inputs, asvs)
    return own if own is not None and len(own) else None


def list_selected(inputs: ReportInputs) -> pd.DataFrame | None:
    """Those of ``list_asvs`` that are analysed; None when there are none."""
    asvs, counts = list_asvs(inputs), inputs.table("selection/asv_table")
    if asvs is None or counts is None:
        return None
    own = asvs[asvs["asv"].isin(counts.index)].reset_index(drop=True)
    return own if len(own) else None


def take_asvs(inputs: ReportInputs, asvs: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of ASVs that samples have; ``reads``, ``n_samples`` are of samples alone."""
    table = inputs.table("denoise/asv_table")
    if not inputs.controls or table is None:
        return asvs
    counts = table.drop(columns=list(inputs.controls), errors="ignore")
    sums = {"reads": counts.sum(axis=1), "n_samples": (counts > 0).sum(axis=1)}
    own = asvs.assign(
        **{name: asvs["asv"].map(sums[name]) for name in sums if name in asvs.columns}
    )
    own = own[own["reads"] > 0].sort_values("reads", ascending=False, kind="stable")
    return own.reset_index(drop=True)


def count_samples(inputs: ReportInputs, names: Collection[object]) -> str:
    """'4 samples and 1 control', of these samples."""
    n_controls = sum(name in inputs.controls for name in names)
    n_samples = len(names) - n_controls
    parts = [count_noun(n_samples, "sample")] if n_samples or not n_controls else []
    return " and ".join([*parts, *([count_noun(n_controls, "control")] if n_controls else [])])
