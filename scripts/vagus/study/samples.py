"""The sample sheet: one row a sample, a few columns with a meaning, the rest metadata."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vagus.errors import ConfigError
from vagus.files import read_input
from vagus.study.missing import is_missing
from vagus.study.schema import load_schema, suggest_name

_PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_SHEET_BYTES, MAX_COLUMNS = 50_000_000, 5_000
MAX_NAME_LETTERS, MAX_CELL_LETTERS = 200, 30_000
OWN_COLUMNS = ("sample", "reads", "barcode", "platform", "run", "control")
DEFAULT_RUN = "run1"


@dataclass(frozen=True)
class Sample:
    """One row of the sample sheet."""

    name: str
    key: str
    reads: tuple[str, ...]
    platform: str = "auto"
    run: str = DEFAULT_RUN
    control: str = ""
    barcodes: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    line: int = field(default=0, compare=False)

    @property
    def run_key(self) -> str:
        """Name of the run as it is in file names."""
        return derive_key(self.run)

    def value(self, column: str) -> str:
        """Value of a metadata column, or what was derived from it; empty when it is missing."""
        cell = self.derived.get(column, self.metadata.get(column, "")).strip()
        return "" if is_missing(cell) else cell

    def cell(self, column: str) -> str:
        """Text of a metadata column as it was typed, for tables that show the sheet itself."""
        return self.metadata.get(column, "")


def derive_key(name: str) -> str:
    """Name for files: ``name`` itself when it is plain ASCII, else a slug and 8 hex digits.

    The digits are the start of the MD5 of the name in UTF-8, so different names never meet.
    """
    if _PLAIN_KEY.fullmatch(name):
        return name
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", ascii_name).strip("-")[:40]
    digits = hashlib.md5(name.encode("utf-8")).hexdigest()[:8]
    return f"{slug}-{digits}" if slug else f"s-{digits}"


def read_sheet(path: str | Path) -> list[Sample]:
    """Read and check a sample sheet. Samples are sorted by name, whatever the order of rows.

    Raises ConfigError with file, line and sample for a sheet that is not consistent.
    """
    path = Path(path)
    header, rows = _read_rows(path)
    _check_header(path, header)
    samples: dict[str, Sample] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        sample = _make_sample(path, line, header, row)
        if sample.name in samples:
            raise ConfigError(
                f"the sample is in the sheet twice (first in line {lines[sample.name]})",
                file=path, line=line, sample=sample.name,
                fix="Give each sample one row; files of one sample are joined by ';' in 'reads'",
            )  # fmt: skip
        samples[sample.name], lines[sample.name] = sample, line
    if not samples:
        raise ConfigError("has no sample", file=path, fix="Add one row for each sample")
    _check_keys(path, samples, lines)
    _check_shared_files(path, samples, lines)
    return [samples[name] for name in sorted(samples)]


def _read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    fix = "Write one with 'vagus init READS_DIR', or correct 'samples' in the config"
    missing = ("there is no such sample sheet", fix)
    text = read_input(path, ConfigError, missing, "utf-8-sig", MAX_SHEET_BYTES)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = [
        (number, [cell.strip() for cell in line.split("\t")])
        for number, line in enumerate(lines, 1)
    ]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise ConfigError("is empty", file=path, fix="Write a header and one row for each sample")
    return rows[0][1], rows[1:]


def _check_header(path: Path, header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise ConfigError(
            f"has {len(header):,} columns", file=path, line=1,
            fix=f"Leave out what is not needed: a sheet has at most {MAX_COLUMNS:,}",
        )  # fmt: skip
    for column in ("sample", "reads"):
        if column not in header:
            hint = suggest_name(column, header)
            if len(header) == 1:
                hint = "Columns are separated by tabs"
            raise ConfigError(f"has no column '{column}'", file=path, line=1, fix=hint)
    n_of = Counter(header)
    for number, column in enumerate(header, 1):
        if not column:
            raise ConfigError(
                f"column {number} has no name", file=path, line=1, fix="Name it or remove it"
            )
        _refuse_unusable(path, 1, f"the name of column {number}", column, MAX_NAME_LETTERS)
        if n_of[column] > 1:
            raise ConfigError(
                f"has the column '{column}' twice", file=path, line=1, fix="Rename one of them"
            )


def _make_sample(path: Path, line: int, header: list[str], row: list[str]) -> Sample:
    if len(row) > len(header):
        raise ConfigError(
            f"has {len(row)} fields where the header has {len(header)}", file=path, line=line,
            fix="Separate the columns by single tabs",
        )  # fmt: skip
    cells = dict(zip(header, row + [""] * (len(header) - len(row)), strict=True))
    for column, value in cells.items():
        _refuse_unusable(path, line, f"'{column}'", value, MAX_CELL_LETTERS)
    _check_cells(path, line, cells)
    reads = tuple(str(path.parent / part) for part in _split(cells["reads"]))
    if len(set(map(_identify_file, reads))) < len(reads):
        raise ConfigError(
            "names the same reads file twice", file=path, line=line, sample=cells["sample"],
            fix="Remove one of the two",
        )  # fmt: skip
    return Sample(
        name=cells["sample"],
        key=derive_key(cells["sample"]),
        reads=reads,
        platform=cells.get("platform") or "auto",
        run=cells.get("run") or DEFAULT_RUN,
        control=cells.get("control", ""),
        barcodes=_split(cells.get("barcode", "")),
        metadata={column: cells[column] for column in header if column not in OWN_COLUMNS},
        line=line,
    )


def _split(cell: str) -> tuple[str, ...]:
    """The parts of a cell that several values share, joined by ``;``."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _refuse_unusable(path: Path, line: int, what: str, value: str, most: int) -> None:
    """Refuse cells that are too long, have control characters, or that spreadsheets compute."""
    if len(value) > most:
        raise ConfigError(
            f"{what} has {len(value):,} characters", file=path, line=line,
            fix=f"Shorten it: at most {most:,} are allowed",
        )  # fmt: skip
    if _UNPRINTABLE.search(value):
        raise ConfigError(
            f"{what} has a control character", file=path, line=line,
            fix="Type the cell again, as plain text",
        )  # fmt: skip
    if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        raise ConfigError(
            f"{what} is {value!r}, which a spreadsheet would take for a formula", file=path,
            line=line, fix="Begin it with a letter or a digit",
        )  # fmt: skip


def _check_cells(path: Path, line: int, cells: dict[str, str]) -> None:
    properties: dict[str, dict[str, Any]] = load_schema("samples")["properties"]
    for column, schema in properties.items():
        value = cells.get(column, "")
        known = schema.get("enum")
        good = value in known if known else re.search(schema.get("pattern", ""), value) is not None
        if (column in ("sample", "reads") and not value) or not good:
            fix = suggest_name(value, [v for v in known if v]) if known else schema["description"]
            raise ConfigError(
                f"'{column}' is {value!r}, which is not allowed", file=path, line=line,
                sample=cells["sample"] or None, fix=fix,
            )  # fmt: skip
        if len(value) > schema.get("maxLength", len(value)):
            raise ConfigError(
                f"'{column}' is longer than {schema['maxLength']} characters", file=path,
                line=line, fix="Shorten it",
            )  # fmt: skip


def _check_keys(path: Path, samples: dict[str, Sample], lines: dict[str, int]) -> None:
    """Names that differ only by upper and lower case would share a file on some disks."""
    seen: dict[str, str] = {}
    for name in sorted(samples):
        folded = samples[name].key.casefold()
        if folded in seen:
            raise ConfigError(
                f"the name differs from '{seen[folded]}' only by upper and lower case",
                file=path, line=lines[name], sample=name, fix="Rename one of the two",
            )  # fmt: skip
        seen[folded] = name


def _check_shared_files(path: Path, samples: dict[str, Sample], lines: dict[str, int]) -> None:
    """A file belongs to one sample, or to several of which each has barcodes of its own."""
    owners: dict[object, list[Sample]] = {}
    for name in sorted(samples, key=lines.__getitem__):
        sample = samples[name]
        for reads in sample.reads:
            others = owners.setdefault(_identify_file(reads), [])
            for other in others:
                if _share_barcodes(sample, other):
                    raise ConfigError(
                        f"has the same reads file as sample '{other.name}': {reads}",
                        file=path, line=lines[name], sample=name,
                        fix="Correct the path of one of the two, or give each barcodes of its own",
                    )  # fmt: skip
            others.append(sample)


def _share_barcodes(one: Sample, other: Sample) -> bool:
    """Whether a read of a file of both could belong to both."""
    both = {*one.barcodes, *other.barcodes}
    is_any = not one.barcodes or not other.barcodes or "all" in both
    return is_any or len(both) < len(one.barcodes) + len(other.barcodes)


def _identify_file(path: str) -> object:
    """The file itself, by whatever path or link; the path where there is no file."""
    try:
        state = os.stat(path)
    except (OSError, ValueError):
        return os.path.normpath(path)
    return state.st_dev, state.st_ino
