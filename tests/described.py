"""Whether the tables of a results folder are those of the registry, and made-up ones of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from vagus.errors import VagusError
from vagus.tables import read_table
from vagus.tables.registry import find_entry
from vagus.tables.table import Table
from vagus.tables.tsv import read_header
from vagus.tables.wide import read_wide

# tables of other programs: Snakemake's measurements, and what MultiQC asks for
NOT_OURS = ("benchmarks/*/*.tsv", "exports/multiqc/*_mqc.tsv")


def list_faults(results: Path) -> list[str]:
    """Each table of a results folder that is not as the registry says, and why."""
    faults = []
    for path in sorted(results.rglob("*.tsv")):
        if path.name.startswith("."):
            continue
        name = path.relative_to(results).as_posix()
        entry = find_entry(name)
        if entry is None:
            faults.append(f"{name}: not in the registry")
        elif entry[2] is not None:
            fault = find_fault(path, entry[2])
            faults += [f"{name}: {fault}"] if fault else []
        elif entry[1].path not in NOT_OURS:
            faults.append(f"{name}: a file without columns")
    return faults


def find_fault(path: Path, table: Table) -> str:
    """What is not as a table of the registry says; '' where nothing is."""
    fault = table.find_fault(read_header(path))
    if fault:
        return fault
    try:
        if table.cells is None:
            read_table(path, table)
        elif table.cells.unit == "reads" and table.cells.lowest == 0:
            read_wide(path, [column.name for column in table.columns])
    except VagusError as error:
        return str(error)
    return ""


def make_frame(table: Table, columns: Mapping[str, Any]) -> pd.DataFrame:
    """A made-up table: some columns by name, the others as empty as the registry allows.

    Columns that can never be empty get an entry that says nothing: '-' or 0.
    """
    unknown = [name for name in columns if table.find(name) is None]
    assert not unknown, f"{table.name} has no column {unknown[0]}"
    frame = pd.DataFrame(dict(columns))
    for column in table.columns:
        if column.is_needed and column.name not in frame:
            filler: object = "-" if column.kind == "text" else 0
            frame[column.name] = None if column.empty else filler
    order = {column.name: place for place, column in enumerate(table.columns)}
    places = {name: order.get(name, len(order)) for name in frame.columns}
    return frame[sorted(frame.columns, key=lambda name: places[name])]
