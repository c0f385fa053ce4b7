"""The reader of every table of the registry, each with a made-up table of its columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from described import make_frame
from fuzz.target import Target, check
from vagus.tables import read_table, write_table
from vagus.tables.columns import TEXT, WHOLE
from vagus.tables.registry import list_tables
from vagus.tables.table import Table
from vagus.tables.tsv import find_empty, find_flaw
from vagus.tables.wide import iterate_wide

TABLES = {f"table: {table.files[0].path}": table for table in list_tables()}


def make_registry_targets(folder: Path) -> list[Target]:
    """A target for each table, its seed made in ``folder``."""
    return [
        Target(name, ".tsv", (_make_seed(table, folder / f"{number}.tsv"),), _make_reader(table))
        for number, (name, table) in enumerate(TABLES.items())
    ]


def _make_seed(table: Table, path: Path) -> bytes:
    """Two rows; a wide table has two samples."""
    first = table.columns[0]
    if table.cells is not None:
        path.write_text(f"{first.name}\ta\tNA\nx\t1\t0\ny\t2\t3\n", encoding="utf-8")
    else:
        keys = ["x", "y é"] if first.kind == TEXT else [0, 1]
        name = first.name.replace("*", "1")
        write_table(make_frame(table, {name: keys}), path, table)
    return path.read_bytes()


def _make_reader(table: Table) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        """What is read is as the registry says."""
        if table.cells is not None:
            if table.cells.kind == WHOLE:
                list(iterate_wide(path, [column.name for column in table.columns]))
            return
        frame = read_table(path, table)
        check(set(table.names) <= set(frame.columns), "columns")
        for name in frame.columns:
            column = table.find(name)
            if column is not None:
                check(find_flaw(frame[name], column)[1] == "", f"type of {name}")
                check(find_empty(frame[name], column) is None, f"empty entries of {name}")

    return read
