"""Metadata of another table, joined to samples by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vagus.errors import ConfigError
from vagus.study.samples import OWN_COLUMNS, Sample
from vagus.study.sheet_files import Grid, read_grid
from vagus.study.sheet_headers import fold, name_control, rename_columns

_BARCODE = re.compile(r"(?:barcode|bc|nb|rb)?0*(\d+)", re.IGNORECASE)
_FOLDED_BARCODES = ("barcode", "barcodeid", "index", "nativebarcode")


@dataclass
class Joined:
    """Samples with their metadata.

    Attributes:
        samples: with metadata columns; empty cells where no row is theirs.
        matched: name of the reads and name in the metadata, where these differ too.
        without_row: samples that no row is for.
        without_reads: names in the metadata that no reads are for.
    """

    samples: list[Sample] = field(default_factory=list)
    matched: list[tuple[str, str]] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)
    without_reads: list[str] = field(default_factory=list)


def join_metadata(samples: Sequence[Sample], path: Path) -> Joined:
    """Give samples the rows of a table; a sample takes the name that its row has.

    Names match as they are, else without case and signs, else by their number where both are
    barcodes, else where the name in the table is a whole part of the name of the reads. A match
    must be the only one. Raises ConfigError when nothing matches.
    """
    grid = read_grid(path, ("there is no such metadata file", "Name a table of the samples"))
    header = rename_columns(grid.header)
    rows = _index_rows(path, grid, header)
    keys = _choose_keys(samples, header, rows)
    pairs = _match_samples(samples, list(keys))
    if not pairs:
        shown = ", ".join(list(keys)[:4])
        raise ConfigError(
            f"no name in it ({shown}, ...) is that of reads ({samples[0].name}, ...)", file=path,
            fix="Give the table a column 'sample' with the names of the files, or a column "
            "'barcode'",
        )  # fmt: skip
    joined = Joined()
    kept = [n for n, name in enumerate(header) if name not in ("sample", "reads", "platform")]
    for sample in samples:
        key = pairs.get(sample.name)
        cells = rows[keys[key]] if key is not None else {}
        joined.samples.append(_fill(sample, cells, [header[n] for n in kept]))
        if key is None:
            joined.without_row.append(sample.name)
        else:
            joined.matched.append((sample.name, joined.samples[-1].name))
    used = {keys[key] for key in pairs.values()}
    joined.without_reads = [name for name in rows if name not in used]
    joined.samples.sort(key=lambda sample: sample.name)
    return joined


def _match_samples(samples: Sequence[Sample], names: Sequence[str]) -> dict[str, str]:
    """The name in the table of each sample that has one: by its name, else by that of its file."""
    pairs = match_names([sample.name for sample in samples], names)
    files = {Path(s.reads[0]).name: s.name for s in samples if len(s.reads) == 1}
    files = {file: name for file, name in files.items() if name not in pairs}
    left = [name for name in names if name not in pairs.values()]
    return pairs | {files[file]: name for file, name in match_names(list(files), left).items()}


def _index_rows(path: Path, grid: Grid, header: list[str]) -> dict[str, dict[str, str]]:
    """Rows by the name of their sample, or by their first cell where no column names samples."""
    place = header.index("sample") if "sample" in header else 0
    rows: dict[str, dict[str, str]] = {}
    for line, row in grid.rows:
        name = row[place] if place < len(row) else ""
        if not name or name in rows:
            what = f"has the sample '{name}' twice" if name else "has no name of a sample"
            raise ConfigError(what, file=path, line=line, fix="Give each sample one row and a name")
        rows[name] = dict(zip(header, [*row, *[""] * len(header)], strict=False))
    return rows


def _choose_keys(
    samples: Sequence[Sample], header: Sequence[str], rows: Mapping[str, dict[str, str]]
) -> dict[str, str]:
    """What is matched with the reads: names, or cells of the column of barcodes if more match."""
    choices = [{name: name for name in rows}]
    for column in header:
        if fold(column) in _FOLDED_BARCODES:
            cells = {row[column]: name for name, row in rows.items() if row[column]}
            choices.append(cells if len(cells) == len(rows) else {})
    return max(choices, key=lambda keys: len(_match_samples(samples, list(keys))))


def match_names(reads: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The name of each of the reads that has one; see ``join_metadata``."""
    pairs: dict[str, str] = {}
    for way in (_keep, fold, _number_barcode):
        left = [name for name in names if name not in pairs.values()]
        pairs |= _match_equal([r for r in reads if r not in pairs], left, way)
    left = [name for name in names if name not in pairs.values()]
    for read in [r for r in reads if r not in pairs]:
        found = [name for name in left if _is_part(name, read)]
        longest = [n for n in found if all(len(n) > len(o) for o in found if o != n)]
        if len(longest) == 1 and sum(_is_part(longest[0], r) for r in reads) == 1:
            pairs[read] = longest[0]
    return pairs


def _match_equal(reads: Sequence[str], names: Sequence[str], way: object) -> dict[str, str]:
    """Pairs that are equal after ``way``, where neither side has another such name."""
    keys: dict[str, list[str]] = {}
    for name in names:
        keys.setdefault(way(name), []).append(name)  # type: ignore[operator]
    owners: dict[str, list[str]] = {}
    for read in reads:
        owners.setdefault(way(read), []).append(read)  # type: ignore[operator]
    return {
        found[0]: keys[key][0]
        for key, found in owners.items()
        if key and len(found) == 1 and len(keys.get(key, ())) == 1
    }


def _keep(name: str) -> str:
    return name


def _number_barcode(name: str) -> str:
    match = _BARCODE.fullmatch(name.strip())
    return match[1] if match else ""


def _is_part(name: str, read: str) -> bool:
    """Whether the words of a name are in the name of reads, one behind the other."""
    words, others = (_split(text) for text in (name, read))
    starts = range(len(others) - len(words) + 1)
    return bool(words) and any(others[n : n + len(words)] == words for n in starts)


def _split(name: str) -> list[str]:
    """Letters and digits between signs, without case."""
    return [word for word in re.split(r"[\W_]+", name.casefold()) if word]


def _fill(sample: Sample, cells: Mapping[str, str], columns: Sequence[str]) -> Sample:
    """The sample with the cells of its row, and the name, run and control that the row gives."""
    control = name_control(cells.get("control", "")) or sample.control
    metadata = {c: cells.get(c, "") for c in columns if c not in OWN_COLUMNS}
    return replace(
        sample, name=cells.get("sample") or sample.name, run=cells.get("run") or sample.run,
        control=control, metadata=metadata,
    )  # fmt: skip
