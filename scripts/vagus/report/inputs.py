"""What the pages are made from: the results folder's tables, the sample sheet, the provenance."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vagus.errors import VagusError
from vagus.records import read_object
from vagus.report.rank_counts import RankCounts
from vagus.selection.composition import join_unnamed
from vagus.study.people import name_person
from vagus.study.samples import Sample, read_sheet
from vagus.study.time_scale import TimeScale, TimeSettings, place_times, scale_times
from vagus.tables import read_table
from vagus.tables.registry import find_entry
from vagus.tables.table import Table
from vagus.tables.wide import FIRST_COLUMNS, read_wide

if TYPE_CHECKING:
    import pandas as pd

    from vagus.diversity.distances import Distances


@dataclass(frozen=True)
class ReportInputs:
    """Everything that a page may show. Tables that do not exist read as None.

    ``provenance`` is the content of provenance.json; its ``config`` decides which optional
    stages belong to the study, so that tables left over from an older config are not shown.
    """

    results: Path
    sheet: tuple[Sample, ...]
    provenance: dict[str, Any]
    truth: Path | None = None
    _tables: dict[str, pd.DataFrame | None] = field(default_factory=dict, repr=False)
    _ranks: dict[str, RankCounts | None] = field(default_factory=dict, repr=False)

    @property
    def config(self) -> dict[str, Any]:
        """The study's config with its defaults filled."""
        config: dict[str, Any] = self.provenance["config"]
        return config

    @property
    def groups(self) -> list[str]:
        """Columns whose levels are compared; may be empty."""
        group = self.config["cohort"]["group"]
        return [group] if isinstance(group, str) else list(group or [])

    @property
    def subject(self) -> str | None:
        """Column that names people; None when none is named, or 'none' is."""
        return name_person(self.config["cohort"].get("subject"))

    @property
    def time(self) -> str | None:
        """Column of the time points."""
        time: str | None = self.config["cohort"].get("time")
        return time

    @cached_property
    def times(self) -> TimeScale | None:
        """The times as they were understood; None when no column has them."""
        settings = _find_times(self.config)
        if settings is None:
            return None
        return scale_times([s for s in self.sheet if not s.control], settings)

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """The samples of the sheet, with their times as the tests take them."""
        settings = _find_times(self.config)
        return tuple(place_times(self.sheet, settings)) if settings else self.sheet

    @cached_property
    def keys(self) -> dict[str, str]:
        """Name in files of each sample."""
        return {sample.name: sample.key for sample in self.samples}

    @cached_property
    def controls(self) -> dict[str, str]:
        """Samples that are controls, with the kind of control."""
        return {sample.name: sample.control for sample in self.samples if sample.control}

    def table(self, name: str) -> pd.DataFrame | None:
        """The table ``results/<name>.tsv``, or None when there is none or it has no rows.

        A wide table has its first column as its index (see ``vagus.tables.wide``).
        """
        if name not in self._tables:
            path = f"{name}.tsv"
            self._tables[name] = _read_optional(self.results / path, find_table(path))
        return self._tables[name]

    def composition(self, rank: str) -> pd.DataFrame | None:
        """Reads by taxon of a rank (index) and sample (columns), or None without such a table.

        ASVs without a name at the rank are the last row, 'Unassigned', where there are any.
        """
        taxa = self.table(f"selection/composition_{rank}")
        return None if taxa is None else join_unnamed(taxa)

    def count_rank(self, rank: str) -> RankCounts | None:
        """Reads by taxon of a rank, or None without a table of it."""
        if rank not in self._ranks:
            table = self.composition(rank)
            self._ranks[rank] = None if table is None else RankCounts.from_table(table)
        return self._ranks[rank]

    def truth_table(self, name: str) -> pd.DataFrame | None:
        """A table of the comparison with the truth, or None when the study has no truth."""
        if self.truth is None:
            return None
        return _read_optional(self.truth / f"{name}.tsv", find_table(f"demo/{name}.tsv"))

    @cached_property
    def alpha(self) -> pd.DataFrame | None:
        """diversity/alpha.tsv without the samples that have no values, or None."""
        table = self.table("diversity/alpha")
        if table is None:
            return None
        known = table[table["observed"].notna()].reset_index(drop=True)
        return known if len(known) else None

    @cached_property
    def distances(self) -> Distances | None:
        """Bray-Curtis distances of the samples, or None where they were not measured."""
        from vagus.diversity.distances import read_distances

        path = self.results / "diversity" / "beta_braycurtis.tsv"
        is_asked = "braycurtis" in self.config["diversity"]["metrics"]
        return read_distances(path) if is_asked and path.is_file() else None

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The fullest ledger: one row a sample, counts as integers, text never missing."""
        table = self.table("denoise/ledger")
        if table is None:
            table = self.table("reads/ledger")
        if table is None:
            raise VagusError(
                "there is no read ledger",
                file=self.results / "denoise" / "ledger.tsv",
                fix="Run the reads and denoise stages first",
            )
        return _fill_ledger(table)

    @cached_property
    def losses(self) -> list[str]:
        """Ledger columns that count lost reads, in the order of the steps."""
        return [column for column in self.ledger.columns if column.startswith("lost_")]

    @cached_property
    def run_names(self) -> list[str]:
        """Runs that have an error model, sorted."""
        folders = (self.results / "denoise" / "runs").glob("*/error_model.tsv")
        expected = {sample.run_key for sample in self.samples}
        return sorted(path.parent.name for path in folders if path.parent.name in expected)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """The object in ``results/<name>``, or None when there is no such file."""
        path = self.results / name
        if not path.is_file():
            return None
        return read_object(path, "JSON file", {})


def load_inputs(
    results: str | Path,
    samples: str | Path,
    provenance: str | Path,
    truth: str | Path | None = None,
) -> ReportInputs:
    """Read sample sheet and provenance; tables are read when they are asked for."""
    path = Path(provenance)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content["config"]["cohort"]["group"]
    except (ValueError, KeyError, TypeError):
        raise VagusError(
            "is not a provenance file of this program",
            file=path,
            fix="Write it with write_provenance.py",
        ) from None
    folder = Path(results)
    if not folder.is_dir():
        raise VagusError("there is no such folder", file=folder, fix="Name the results folder")
    return ReportInputs(folder, tuple(read_sheet(samples)), content, Path(truth) if truth else None)


def _find_times(config: dict[str, Any]) -> TimeSettings | None:
    cohort = config["cohort"]
    if not cohort.get("time"):
        return None
    person, times = name_person(cohort.get("subject")), tuple(cohort.get("times", ()))
    return TimeSettings(cohort["time"], person, times, cohort.get("time_unit"))


def _read_optional(path: Path, table: Table) -> pd.DataFrame | None:
    """A table as the registry describes it, None where there is none or it has no rows."""
    if not path.is_file() or path.stat().st_size == 0:
        return None
    if table.cells is not None:
        found = read_wide(path, FIRST_COLUMNS)
    else:
        found = read_table(path, table, strict=False)  # a page shows what there is
    return found if len(found) else None


def find_table(path: str) -> Table:
    """What the registry says of a table, by its path within the results folder."""
    entry = find_entry(path)
    if entry is None or entry[2] is None:
        raise LookupError(f"no table of the registry is {path}")
    return entry[2]


def _fill_ledger(table: pd.DataFrame) -> pd.DataFrame:
    """Counts that a failed sample does not have are 0; text that it does not have is empty."""
    filled = table.copy()
    for column in filled.columns:
        if column == "input" or re.match(r"(lost_|kept$|n_|asv_reads$)", column):
            filled[column] = filled[column].fillna(0).astype("int64")
        else:
            filled[column] = filled[column].astype("object").where(filled[column].notna(), "")
    for column in ("asv_reads", "n_asvs"):
        if column not in filled:
            filled[column] = 0
    return filled.sort_values("sample", kind="stable", ignore_index=True)
