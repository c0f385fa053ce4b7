"""Taxa of a sample that stand out against the other samples, with intervals.

A taxon stands out when the whole 95 % interval of its share is outside the range of the middle
90 % of the other samples. The interval is that of a proportion (Wilson): it covers the chance of
drawing reads, not differences between extractions or runs. The other samples are those with reads,
without controls and without samples of the same subject.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vagus.report.blocks import Absent, Chooser, Prose, Range, Ranges, Section
from vagus.report.composition import UNASSIGNED_LABEL, strip_prefix
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_percent
from vagus.report.place import estimate_interval, find_percentile
from vagus.report.rank_counts import RankCounts
from vagus.report.sentences import write
from vagus.study.samples import Sample

RANKS = ("genus", "species")
MIN_OTHERS = 10
MAX_SHOWN = 8
_LOW, _HIGH = 0.05, 0.95
_LEFT, _RIGHT = 16.0, 304.0
_TITLE = "Taxa that stand out against the other samples"


@dataclass(frozen=True)
class Notable:
    """A taxon: its share with interval, and the others' quantiles; all shares from 0 to 1."""

    taxon: str
    share: float
    low: float
    high: float
    others_low: float
    others_median: float
    others_high: float
    percentile: float
    percentile_low: float
    percentile_high: float
    n_others: int

    @property
    def is_high(self) -> bool:
        """Whether the share is above the others' range; below it otherwise."""
        return self.low > self.others_high


def build_notable(inputs: ReportInputs, sample: Sample) -> Section:
    """A panel for genus and species."""
    others = list_others(inputs, sample)
    if len(others) < MIN_OTHERS:
        reason = write("notable.too_few_others", least=MIN_OTHERS, n=len(others))
        return Section("notable", _TITLE, [Absent(reason)])
    panels = []
    for rank in RANKS:
        counts = inputs.count_rank(rank)
        if counts is None or not counts.has_reads(sample.name):
            continue
        found = find_notable(counts, sample.name, others)
        panels.append(((rank,), [_draw(found, rank, len(others))]))
    if not panels:
        return Section("notable", _TITLE, [Absent(write("notable.no_reads"))])
    text = write("notable.about", n=len(others), subject=inputs.subject)
    return Section("notable", _TITLE, [Prose(text), Chooser(("Rank",), panels, ("genus",))])


def list_others(inputs: ReportInputs, sample: Sample) -> list[str]:
    """Samples to compare with: with reads, no controls, not of the same subject."""
    subject = inputs.subject
    person = sample.value(subject) if subject else ""
    counts = inputs.count_rank("genus")
    if counts is None:
        return []
    return [
        other.name
        for other in inputs.samples
        if other.name != sample.name
        and not other.control
        and counts.has_reads(other.name)
        and not (subject and person and other.value(subject) == person)
    ]


def find_notable(counts: RankCounts, sample: str, others: Sequence[str]) -> list[Notable]:
    """Taxa that stand out, highest ratio to the others' range first, high ones before low ones.

    Ties go by name.
    """
    import numpy as np

    shares = counts.take_shares(others)
    ranges = np.quantile(shares, [_LOW, 0.5, _HIGH], axis=1).T.tolist()
    own = counts.counts[:, counts.places[sample]].tolist()
    n_reads = sum(own)
    found = []
    for i, (label, reads, (bottom, median, top)) in enumerate(
        zip(counts.labels, own, ranges, strict=True)
    ):
        low, high = estimate_interval(reads, n_reads)
        if label == UNASSIGNED_LABEL or (bottom <= high and low <= top):
            continue
        share, values = reads / n_reads, shares[i].tolist()
        place = find_percentile(share, values)
        bounds = estimate_interval(place * len(values), len(values))
        found.append(
            Notable(strip_prefix(label), share, low, high, bottom, median, top,
                    place, *bounds, len(values))
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.is_high, -_find_ratio(one), one.taxon))


def _find_ratio(one: Notable) -> float:
    """How far beyond the others' range: infinite when the others have none, or the sample."""
    part, whole = (one.share, one.others_high) if one.is_high else (one.others_low, one.share)
    return part / whole if whole else float("inf")


def _draw(found: list[Notable], rank: str, n_others: int) -> object:
    shown = [one for one in found if one.is_high][:MAX_SHOWN]
    shown += [one for one in found if not one.is_high][:MAX_SHOWN]
    if not shown:
        return Prose(write("notable.none", rank=rank))
    caption = write("notable.figure", n=n_others, n_more=len(found) - len(shown))
    return Ranges([_make_range(one) for one in shown], caption)


def _make_range(one: Notable) -> Range:
    top = float(max(one.high, one.others_high) ** 0.5) or 1.0

    def place(share: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * math.sqrt(share) / top

    words = write(
        "notable.place", side="above" if one.is_high else "below",
        low=format_percent(one.low), high=format_percent(one.high),
        others_low=format_percent(one.others_low), others_high=format_percent(one.others_high),
        others_median=format_percent(one.others_median),
        percentile=f"{100 * one.percentile:.0f}", percentile_low=f"{100 * one.percentile_low:.0f}",
        percentile_high=f"{100 * one.percentile_high:.0f}",
    )  # fmt: skip
    return Range(
        one.taxon, format_percent(one.share), place(one.share),
        (place(one.low), place(one.high)), (place(one.others_low), place(one.others_high)),
        place(one.others_median), format_percent(top**2), words,
    )  # fmt: skip
