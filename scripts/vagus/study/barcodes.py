"""Samples whose files have reads of several barcodes: a row for each barcode.

The reads of a file are counted by the barcode or sample that the file gives them. Pairs of barcodes
(``0--3``) of which each half is in a pair at least 100 times as frequent are impossible: no library
has them, they come from jumps between molecules, and their share is a number of quality.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from vagus.study.samples import Sample

PAIR = "--"
MIN_RATIO = 100


@dataclass(frozen=True)
class BarcodeCounts:
    """Reads of each barcode in the files of one sample.

    Attributes:
        sample: name of the sample that the files were taken for.
        counts: reads of each barcode that is kept, by its name.
        n_without: reads without a barcode.
        impossible: reads of pairs that no library has.
    """

    sample: str
    counts: dict[str, int]
    n_without: int
    impossible: dict[str, int]

    def describe(self) -> str:
        """One line for each barcode, and what was left out."""
        total = sum(self.counts.values()) + self.n_without + sum(self.impossible.values())
        lines = [f"{self.sample}: {total:,} reads of {len(self.counts)} barcodes or samples"]
        lines += [f"  {name}: {n:,}" for name, n in self.counts.items()]
        lines += [f"  without a barcode: {self.n_without:,}, left out"] if self.n_without else []
        if self.impossible:
            n_lost = sum(self.impossible.values())
            lines.append(
                f"  impossible pairs: {len(self.impossible)}, with {n_lost:,} reads "
                f"({n_lost / total:.2%}), left out"
            )
        return "\n".join(lines)


def count_barcodes(sample: str, labels: Iterable[str]) -> BarcodeCounts:
    """Reads by barcode, impossible pairs apart."""
    counts = Counter(labels)
    n_without = counts.pop("", 0)
    impossible = {name for name in counts if _is_impossible(name, counts)}
    return BarcodeCounts(
        sample,
        {name: counts[name] for name in sorted(counts) if name not in impossible},
        n_without,
        {name: counts[name] for name in sorted(impossible)},
    )


def _is_impossible(name: str, counts: Counter[str]) -> bool:
    """Whether both halves of a pair are in other pairs that are far more frequent."""
    halves = name.split(PAIR)
    if len(halves) != 2:
        return False
    others = [(other.split(PAIR), n) for other, n in counts.items() if other != name]
    most = [max((n for pair, n in others if half in pair), default=0) for half in halves]
    return min(most) >= MIN_RATIO * counts[name]


def split_samples(
    samples: Iterable[Sample],
    has_several: Callable[[str], bool],
    iterate_labels: Callable[[str], Iterator[str]],
) -> tuple[list[Sample], list[BarcodeCounts]]:
    """The samples, those with reads of several barcodes as one for each; and their counts.

    ``has_several`` says whether a file is worth to be read whole, ``iterate_labels`` gives the
    barcode of each of its reads.
    """
    rows: list[Sample] = []
    counted: list[BarcodeCounts] = []
    for sample in samples:
        tagged = [path for path in sample.reads if has_several(path)]
        found = count_barcodes(
            sample.name, (label for path in tagged for label in iterate_labels(path))
        )
        if len(found.counts) < 2:
            rows.append(sample)
            continue
        counted.append(found)
        rows += [
            replace(sample, name=_name_row(name, sample, found), barcodes=(name,))
            for name in found.counts
        ]
    return _make_unique(rows), counted


def _name_row(barcode: str, sample: Sample, found: BarcodeCounts) -> str:
    """A barcode's own name; a pair of numbers with that of its file, which alone says nothing."""
    is_bare = all(half.isdecimal() for half in barcode.split(PAIR))
    return f"{sample.name}_{barcode}" if is_bare else barcode


def _make_unique(rows: list[Sample]) -> list[Sample]:
    """Rows by name; a name that several files have gets that of its file in front."""
    n_rows = Counter(row.name for row in rows)
    named = [
        replace(row, name=f"{_stem(row)}_{row.name}")
        if row.barcodes and n_rows[row.name] > 1
        else row
        for row in rows
    ]
    return sorted(named, key=lambda row: row.name)


def _stem(row: Sample) -> str:
    return row.reads[0].rsplit("/", 1)[-1].split(".")[0]
