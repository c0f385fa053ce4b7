"""What every export is made from: counts, names, sequences and the sample sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.reference.lineage import RANKS
from vagus.study.numbers import is_number
from vagus.study.samples import OWN_COLUMNS, Sample, read_sheet
from vagus.tables.wide import iterate_wide
from vagus.taxonomy.result_tables import KEY, read_taxonomy

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

COLUMNS = ("Taxon", "Confidence", *RANKS)
"""Columns of taxonomy.tsv that exports write."""


@dataclass(frozen=True)
class ExportContent:
    """Tables of one study in one order.

    Attributes:
        asvs: ids, in the order of the ASV table.
        samples: the samples of the ASV table, in its order, with what is in the sheet about them.
        counts: int64 (n_asvs, n_samples), reads.
        taxonomy: one row an ASV, indexed by its id: the columns of taxonomy.tsv.
        categorical: metadata columns that contain names even when they look like numbers.
    """

    asvs: tuple[str, ...]
    samples: tuple[Sample, ...]
    counts: csr_matrix
    taxonomy: pd.DataFrame
    categorical: tuple[str, ...] = ()

    @cached_property
    def metadata_columns(self) -> list[str]:
        """The sheet's own columns, in its order; names and numbers."""
        return list(self.samples[0].metadata) if self.samples else []

    def list_lineage(self, asv: str) -> list[str]:
        """Seven names from the domain down, empty where there is none."""
        row = self.taxonomy.loc[asv]
        return [str(row[rank]) if is_given(row[rank]) else "" for rank in RANKS]

    def list_values(self, column: str) -> list[str]:
        """A metadata column, one value a sample; empty where it is missing."""
        return [sample.value(column) for sample in self.samples]

    def is_numeric(self, column: str) -> bool:
        """Whether a metadata column contains numbers and is not named as one of names."""
        given = [value for value in self.list_values(column) if value]
        return (
            bool(given)
            and column not in self.categorical
            and all(is_number(value) for value in given)
        )


def load_content(
    asv_table: str | PathLike[str],
    taxonomy: str | PathLike[str],
    samples: str | Path,
    categorical: Sequence[str] = (),
) -> ExportContent:
    """Read the ASV table, taxonomy.tsv and the sample sheet.

    Raises VagusError when a sample of the table is missing from the sheet, or an ASV from
    taxonomy.tsv.
    """
    asvs, names, counts = _read_counts(asv_table)
    sheet = {sample.name: sample for sample in read_sheet(samples)}
    for name in names:
        if name not in sheet:
            raise VagusError(
                "the sample of the ASV table is not in the sample sheet", file=samples,
                sample=name, fix="Give the sheet with which the table was made",
            )  # fmt: skip
    return ExportContent(
        tuple(asvs), tuple(sheet[name] for name in names), counts,
        read_taxonomy(taxonomy, COLUMNS, asvs).set_index(KEY).loc[asvs], tuple(categorical),
    )  # fmt: skip


def _read_counts(path: str | PathLike[str]) -> tuple[list[str], list[str], csr_matrix]:
    """In blocks of rows, so that memory follows the counts that are not zero."""
    from scipy.sparse import csr_matrix, vstack

    asvs: list[str] = []
    samples: list[str] = []
    parts: list[csr_matrix] = []
    for block in iterate_wide(path):
        asvs += block.index.tolist()
        samples = block.columns.tolist()
        parts.append(csr_matrix(block.to_numpy("int64")))
    return asvs, samples, vstack(parts, format="csr")


def name_metadata(
    content: ExportContent, taken: Sequence[str] = (), *, slash: str = "/"
) -> dict[str, str]:
    """Name of each metadata column in an export; one that is taken gets '_' at its end.

    So does '.', which HDF5 takes for a place; ``slash`` is what is written instead of '/'.
    """
    used = {*taken, *OWN_COLUMNS}
    names = {}
    for column in content.metadata_columns:
        name = column.replace("/", slash)
        while name in used or name in (".", ".."):
            name += "_"
        used.add(name)
        names[column] = name
    return names


def is_given(value: object) -> bool:
    """Whether there is a value: neither None, NaN nor empty text."""
    return (
        value is not None and value != "" and not (isinstance(value, float) and math.isnan(value))
    )
