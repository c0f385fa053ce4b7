"""One table of the ASVs: names, confidence, counts of every sample, sequence."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from vagus.exports.content import is_given
from vagus.files import open_whole
from vagus.tables.stages.final import MERGED

if TYPE_CHECKING:
    from vagus.exports.content import ExportContent

Row = list[str | int | float]


def list_header(content: ExportContent) -> list[str]:
    """Columns of ``MERGED``, the samples last; one that is called like another column gets '_'."""
    fixed = [name for name in MERGED.names if "*" not in name]
    names = [sample.name for sample in content.samples]
    taken = {*fixed, *names}
    for index, name in enumerate(names):
        if name in fixed:
            while name in taken:
                name += "_"
            taken.add(name)
            names[index] = name
    return [*fixed, *names]


def iterate_rows(content: ExportContent, sequences: Mapping[str, str]) -> Iterator[Row]:
    """One row an ASV, in the order of the ASV table."""
    counts = content.counts.tocsr()
    for index, asv in enumerate(content.asvs):
        start, end = counts.indptr[index], counts.indptr[index + 1]
        reads = np.zeros(len(content.samples), dtype=np.int64)
        reads[counts.indices[start:end]] = counts.data[start:end]
        confidence = content.taxonomy.at[asv, "Confidence"]
        yield [
            asv, int(reads.sum()), int((reads > 0).sum()), *content.list_lineage(asv),
            float(confidence) if is_given(confidence) else "", sequences[asv], *reads.tolist(),
        ]  # fmt: skip


def write_merged(
    content: ExportContent, sequences: Mapping[str, str], path: str | PathLike[str]
) -> None:
    """Write the table, a row at a time."""
    with open_whole(path) as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(list_header(content))
        writer.writerows(iterate_rows(content, sequences))
