"""The sample sheet: one row a sample, a few columns with a meaning, the rest metadata."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vagus.errors import ConfigError, VagusError, combine_errors
from vagus.study.missing import is_missing
from vagus.study.schema import load_schema, suggest_name
from vagus.study.sheet_files import Grid, read_grid
from vagus.study.sheet_headers import list_mates, name_control, name_platform, rename_columns

_PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FORMULA = ("=", "+", "-", "@")
# signed numbers, with words behind them ('-7 days', '+2 weeks')
_HARMLESS = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?( ?[^\W\d_]+)*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_NAME_LETTERS, MAX_CELL_LETTERS = 200, 30_000
OWN_COLUMNS = ("sample", "reads", "barcode", "platform", "run", "control")
DEFAULT_RUN = "run1"
_CONTROL_FIX = (
    "Leave it empty for a study sample; else write negative (or NTC, blank, water), or "
    "positive:NAME with the name of the mock community"
)
_PAIRS_FIX = (
    "Vagus is for full-length 16S reads of PacBio or Nanopore, which have no pairs; Illumina reads "
    "are for other programs"
)


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


@dataclass(frozen=True)
class SheetFile:
    """What a sheet says: samples by name, and columns that its '#q2:types' calls categorical."""

    samples: tuple[Sample, ...]
    categorical: tuple[str, ...] = ()


def read_sheet(path: str | Path) -> list[Sample]:
    """The samples of a sheet, sorted by name; errors as those of ``read_sheet_file``."""
    return list(read_sheet_file(path).samples)


def read_sheet_file(path: str | Path) -> SheetFile:
    """Read and check a sample sheet of any of the forms of ``sheet_files``.

    Raises one ConfigError that lists all mistakes with file, line and sample.
    """
    sheet, mistakes = examine_sheet(path)
    _raise_all(mistakes)
    return sheet


def examine_sheet(path: str | Path) -> tuple[SheetFile, list[VagusError]]:
    """The rows of a sheet without mistakes, and the mistakes of the others.

    Raises ConfigError where no row can be read, as the header is wrong.
    """
    path = Path(path)
    fix = "Write one with 'vagus init READS_DIR', or correct 'samples' in the config"
    grid = read_grid(path, ("there is no such sample sheet", fix))
    mates = list_mates(grid.header, (row for _, row in grid.rows))
    header = rename_columns(grid.header)
    _raise_all(_list_header_mistakes(path, grid, header))
    mistakes: list[VagusError] = []
    samples: list[Sample] = []
    for line, row in grid.rows:
        wrong = list(_list_row_mistakes(path, line, header, row, mates))
        mistakes += wrong
        if not wrong:
            samples.append(_make_sample(path, line, header, row, mates))
    if not grid.rows:
        raise ConfigError("has no sample", file=path, fix="Add one row for each sample")
    mistakes += _list_repeats(path, samples)
    wrong_lines = {mistake.line for mistake in mistakes}
    sound = sorted((s for s in samples if s.line not in wrong_lines), key=lambda s: s.name)
    return SheetFile(tuple(sound), grid.categorical), mistakes


def _raise_all(mistakes: Iterable[VagusError]) -> None:
    found = list(mistakes)
    if found:
        raise combine_errors(found)


def _list_header_mistakes(path: Path, grid: Grid, header: list[str]) -> Iterator[ConfigError]:
    for column in ("sample", "reads"):
        if column not in header:
            hint = suggest_name(column, [name for name in header if name])
            if column in {row[0].casefold() for _, row in grid.rows if row}:
                hint = "Turn the sheet: each sample is a row, and its values are columns"
            if len(header) == 1:
                hint = "Columns are separated by tabs, commas or semicolons"
            yield ConfigError(f"has no column '{column}'", file=path, line=grid.line, fix=hint)
    n_of = Counter(header)
    for number, column in enumerate(header, 1):
        if not column:
            yield ConfigError(
                f"column {number} has no name, but it has cells (as in line "
                f"{_find_line(grid, number - 1)})", file=path, line=grid.line,
                fix="Name it or remove it",
            )  # fmt: skip
        what = f"the name of column {number}"
        yield from _list_unusable(path, grid.line, what, column, MAX_NAME_LETTERS)
        if column and n_of[column] > 1 and header.index(column) == number - 1:
            yield ConfigError(
                f"has the column '{column}' twice", file=path, line=grid.line,
                fix="Rename one of them",
            )  # fmt: skip


def _find_line(grid: Grid, column: int) -> int:
    """First line with a cell in a column."""
    return next((line for line, row in grid.rows if column < len(row) and row[column]), grid.line)


def _list_row_mistakes(
    path: Path, line: int, header: list[str], row: list[str], mates: Sequence[int]
) -> Iterator[ConfigError]:
    """Everything wrong in one row."""
    if len(row) > len(header):
        yield ConfigError(
            f"has {len(row)} fields where the header has {len(header)}", file=path, line=line,
            fix="Separate the columns by single tabs, or put cells with the separator in quotes",
        )  # fmt: skip
        return
    cells = dict(zip(header, row + [""] * (len(header) - len(row)), strict=True))
    for column, value in cells.items():
        yield from _list_unusable(path, line, f"'{column}'", value, MAX_CELL_LETTERS)
    sample = cells["sample"] or None
    if name_control(cells.get("control", "")) is None:
        yield ConfigError(
            f"'control' is {cells['control']!r}, which is not allowed", file=path, line=line,
            sample=sample, fix=_CONTROL_FIX,
        )  # fmt: skip
    yield from _check_cells(path, line, _understand(cells))
    for cell in (row[place] for place in mates if place < len(row) and row[place]):
        yield ConfigError(
            f"has second reads of pairs ('{cell}')", file=path, line=line, sample=sample,
            fix=_PAIRS_FIX,
        )  # fmt: skip
    reads = _list_reads(path, cells["reads"])
    if len(set(map(_identify_file, reads))) < len(reads):
        yield ConfigError(
            "names the same reads file twice", file=path, line=line, sample=sample,
            fix="Remove one of the two",
        )  # fmt: skip


def _understand(cells: dict[str, str]) -> dict[str, str]:
    """Cells with platform and control in the words of Vagus."""
    known = dict(cells)
    if "platform" in known:
        known["platform"] = name_platform(known["platform"])
    if "control" in known:
        known["control"] = name_control(known["control"]) or ""
    return known


def _list_reads(path: Path, cell: str) -> tuple[str, ...]:
    return tuple(str(path.parent / _expand(part)) for part in _split(cell))


def _expand(part: str) -> str:
    """A path as the shell and QIIME 2 would take it: the present folder, the home, file://."""
    for begin in ("$PWD/", "${PWD}/"):
        if part.startswith(begin):
            return os.path.join(os.getcwd(), part.removeprefix(begin))
    if part.startswith("~/"):
        return os.path.expanduser(part)
    return part.removeprefix("file://")


def _make_sample(
    path: Path, line: int, header: list[str], row: list[str], mates: Sequence[int]
) -> Sample:
    """The sample of a row without mistakes."""
    full = dict(zip(header, row + [""] * (len(header) - len(row)), strict=True))
    cells = _understand(full)
    dropped = {*OWN_COLUMNS, *(header[place] for place in mates)}
    return Sample(
        name=cells["sample"],
        key=derive_key(cells["sample"]),
        reads=_list_reads(path, cells["reads"]),
        platform=cells.get("platform") or "auto",
        run=cells.get("run") or DEFAULT_RUN,
        control=cells.get("control", ""),
        barcodes=_split(cells.get("barcode", "")),
        metadata={column: cells[column] for column in header if column not in dropped},
        line=line,
    )


def _split(cell: str) -> tuple[str, ...]:
    """The parts of a cell that several values share, joined by ``;``."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _list_repeats(path: Path, samples: Sequence[Sample]) -> Iterator[ConfigError]:
    """Samples that are there twice, or share a name on some disks, or a file."""
    first: dict[str, Sample] = {}
    for sample in samples:
        if sample.name in first:
            yield ConfigError(
                f"the sample is in the sheet twice (first in line {first[sample.name].line})",
                file=path, line=sample.line, sample=sample.name,
                fix="Give each sample one row; files of one sample are joined by ';' in 'reads'",
            )  # fmt: skip
        first.setdefault(sample.name, sample)
    alone = list(first.values())
    yield from _list_equal_keys(path, alone)
    yield from _list_shared_files(path, alone)


def _list_unusable(
    path: Path, line: int, what: str, value: str, most: int
) -> Iterator[ConfigError]:
    """Cells that are too long, have control characters, or that spreadsheets compute."""
    if len(value) > most:
        yield ConfigError(
            f"{what} has {len(value):,} characters", file=path, line=line,
            fix=f"Shorten it: at most {most:,} are allowed",
        )  # fmt: skip
    elif _UNPRINTABLE.search(value):
        yield ConfigError(
            f"{what} has a control character", file=path, line=line,
            fix="Type the cell again, as plain text",
        )  # fmt: skip
    elif value.startswith(_FORMULA) and not (_HARMLESS.fullmatch(value) or is_missing(value)):
        yield ConfigError(
            f"{what} is {value!r}, which a spreadsheet would take for a formula", file=path,
            line=line, fix="Begin it with a letter or a digit",
        )  # fmt: skip


def _check_cells(path: Path, line: int, cells: dict[str, str]) -> Iterator[ConfigError]:
    properties: dict[str, dict[str, Any]] = load_schema("samples")["properties"]
    for column, schema in properties.items():
        value = cells.get(column, "")
        known = schema.get("enum")
        good = value in known if known else re.search(schema.get("pattern", ""), value) is not None
        if (column in ("sample", "reads") and not value) or not good:
            fix = suggest_name(value, [v for v in known if v]) if known else schema["description"]
            yield ConfigError(
                f"'{column}' is {value!r}, which is not allowed", file=path, line=line,
                sample=cells["sample"] or None, fix=fix,
            )  # fmt: skip
        elif len(value) > schema.get("maxLength", len(value)):
            yield ConfigError(
                f"'{column}' is longer than {schema['maxLength']} characters", file=path,
                line=line, fix="Shorten it",
            )  # fmt: skip


def _list_equal_keys(path: Path, samples: Sequence[Sample]) -> Iterator[ConfigError]:
    """Names that differ only by upper and lower case would share a file on some disks."""
    seen: dict[str, str] = {}
    for sample in sorted(samples, key=lambda s: s.name):
        folded = sample.key.casefold()
        if folded in seen:
            yield ConfigError(
                f"the name differs from '{seen[folded]}' only by upper and lower case",
                file=path, line=sample.line, sample=sample.name, fix="Rename one of the two",
            )  # fmt: skip
        seen[folded] = sample.name


def _list_shared_files(path: Path, samples: Sequence[Sample]) -> Iterator[ConfigError]:
    """A file belongs to one sample, or to several of which each has barcodes of its own."""
    owners: dict[object, list[Sample]] = {}
    for sample in samples:
        for reads in sample.reads:
            others = owners.setdefault(_identify_file(reads), [])
            other = next((o for o in others if share_barcodes(sample, o)), None)
            if other is not None:
                yield ConfigError(
                    f"has the same reads file as sample '{other.name}': {reads}",
                    file=path, line=sample.line, sample=sample.name,
                    fix="Correct the path of one of the two, or give each barcodes of its own",
                )  # fmt: skip
            others.append(sample)


def share_barcodes(one: Sample, other: Sample) -> bool:
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
