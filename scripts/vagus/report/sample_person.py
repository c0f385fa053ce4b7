"""The same person's other samples on the page of a sample: how similar they are, by exact ASVs."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from vagus.report.blocks import Column, Link, Prose, Section, Table
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_value
from vagus.report.sentences import write
from vagus.study.samples import Sample

if TYPE_CHECKING:
    import pandas as pd

TITLE = "The same person's other samples"
_COLUMNS = (
    Column("sample"),
    Column("time", "short"),
    Column("ASVs in both", "count", "exact sequences that this sample and that one have"),
    Column("reads in these, %", "percent", "reads of this page's sample in ASVs of that one"),
    Column("Bray-Curtis", "value", "0: equal in composition, 1: no ASV in common"),
)


def build_same_person(inputs: ReportInputs, sample: Sample) -> Section | None:
    """A row for each other sample of the person; None where there is none with reads."""
    counts = inputs.table("selection/asv_table")
    person = _take(sample, inputs.subject)
    if counts is None or not person or sample.control or sample.name not in counts:
        return None
    own = [
        other
        for other in inputs.samples
        if _take(other, inputs.subject) == person
        and other.name != sample.name and not other.control and other.name in counts
    ]  # fmt: skip
    if not own or not counts[sample.name].sum():
        return None
    rows = [_compare(inputs, counts, sample, other) for other in own]
    return Section("person", TITLE, [Prose(_describe(inputs, sample, own)), Table(_COLUMNS, rows)])


def _take(sample: Sample, column: str | None) -> str:
    return sample.value(column) if column else ""


def _compare(
    inputs: ReportInputs, counts: pd.DataFrame, sample: Sample, other: Sample
) -> list[object]:
    here, there = counts[sample.name], counts[other.name]
    shared = (here > 0) & (there > 0)
    share = float(here[shared].sum() / here.sum())
    time = _take(other, inputs.time)
    distances = _find_distances(inputs, sample)
    return [
        Link(other.name, f"{other.key}.html"), time, int(shared.sum()), share,
        distances.get(other.name),
    ]  # fmt: skip


def _find_distances(inputs: ReportInputs, sample: Sample) -> dict[str, float]:
    """Distance to every other sample; none where the sample was left out of the diversity stage."""
    distances = inputs.distances
    if distances is None or sample.name not in distances.samples:
        return {}
    row = distances.values[distances.samples.index(sample.name)].tolist()
    return dict(zip(distances.samples, row, strict=True))


def _describe(inputs: ReportInputs, sample: Sample, own: list[Sample]) -> str:
    """How far the person's samples are, beside those of other people."""
    distances = _find_distances(inputs, sample)
    names = {other.name for other in own}
    skipped = {sample.name, *names, *inputs.controls}
    same = [value for name, value in distances.items() if name in names]
    others = [value for name, value in distances.items() if name not in skipped]
    return write(
        "ledger.same_person", n=len(own), n_others=len(others),
        same=format_value(statistics.median(same), 2) if same else "",
        others=format_value(statistics.median(others), 2) if others else "",
    )  # fmt: skip
