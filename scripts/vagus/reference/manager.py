"""Get and add references: from a publisher's file to an installed index."""

from __future__ import annotations

import datetime
import json
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from vagus.errors import ReferenceFileError
from vagus.files import check_regular, digest_file, open_whole
from vagus.reference.catalogue import CATALOGUE, CataloguedReference, list_references
from vagus.reference.checksums import FirstSeen, complete
from vagus.reference.containers import split_kinds, unpack
from vagus.reference.contents import count_records
from vagus.reference.download import Patience, Progress, Source, fetch
from vagus.reference.installed import (
    CATALOGUED,
    OWN,
    PROVENANCE,
    SCRATCH,
    Installed,
    check_name,
    choose_folder,
    explain_disk,
    find_installed,
    prepare,
    require_folder,
)
from vagus.reference.lineage import PREFIXES
from vagus.reference.parse import MIN_LENGTH_BP, SequenceFilter, read_sources
from vagus.reference.starter import ReferenceRecord

log = logging.getLogger(__name__)

INCOMPLETE, COPIES = "with unnamed ranks above the last name", "left out: same names and sequence"
SHARED, KEPT = "sequences under more than one lineage", "installed"


@dataclass(frozen=True)
class Origin:
    """Where a reference comes from, as written to its provenance."""

    name: str
    version: str = ""
    licence: str = ""
    sources: Sequence[dict[str, Any]] = ()
    kind: str = OWN


@dataclass(frozen=True)
class Fetching:
    """How downloads behave: the table of known references, progress, retries.

    ``accept_changed`` takes a file that is not the one first downloaded.
    """

    table: Path = CATALOGUE
    accept_changed: bool = False
    progress: Progress = field(default=lambda done, total: None)
    patience: Patience = field(default_factory=Patience)


def get_reference(name: str, fetching: Fetching | None = None, force: bool = False) -> Installed:
    """Download, convert, index and install a catalogued reference, unless it is installed.

    Downloads are kept until the reference is installed, so that a later call goes on where
    this one stopped; one that cannot be converted is removed. Raises ReferenceFileError for
    an unknown name, a dead link, a wrong checksum, a damaged file, a full disk.
    """
    fetching = fetching or Fetching()
    row = _find_row(name, fetching.table)
    present = find_installed(name)
    if present and not force and present.provenance.get("version") == row.version:
        return refresh_index(present)
    folder = require_folder() / ".downloads" / name
    with explain_disk(folder):
        files = _fetch_all(row, folder, fetching)
        sources = [
            {"url": url, **describe_file(file)} for url, file in zip(row.urls, files, strict=True)
        ]
        first_seen = FirstSeen.load(choose_folder())
        try:
            if not fetching.accept_changed:
                first_seen.check(row.version, sources)
            origin = Origin(name, row.version, row.licence, sources, CATALOGUED)
            reference = install(files, origin)
        except ReferenceFileError as error:
            if error.file is None or folder in Path(error.file).parents:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        first_seen.add(row.version, sources)
    shutil.rmtree(folder, ignore_errors=True)
    return reference


def _find_row(name: str, table: Path) -> CataloguedReference:
    rows = {row.name: row for row in list_references(table)}
    if name not in rows or not rows[name].urls:
        known = ", ".join(row.name for row in rows.values() if row.urls)
        what = "comes with the program" if name in rows else "is not in the table of references"
        raise ReferenceFileError(
            f"'{name}' {what}",
            fix=f"Get one of {known}, or use 'vagus reference add FILE' for a file of your own",
        )
    return rows[name]


def _list_sources(row: CataloguedReference) -> list[Source]:
    """Addresses with their checksums; a column of checksums is empty or has one for each."""
    md5 = row.md5.split(" ") if row.md5 else [""] * len(row.urls)
    sha256 = row.sha256.split(" ") if row.sha256 else [""] * len(row.urls)
    if not len(md5) == len(sha256) == len(row.checksums) == len(row.urls):
        raise ReferenceFileError(
            f"'{row.name}' has {len(row.urls)} addresses but another number of checksums",
            fix="Give one checksum for each address, separated by blanks, '-' for none",
        )
    return [
        Source(url, "" if m == "-" else m, "" if s == "-" else s)
        for url, m, s in zip(row.urls, md5, sha256, strict=True)
    ]


def _fetch_all(row: CataloguedReference, folder: Path, fetching: Fetching) -> list[Path]:
    files = []

    def read(url: str) -> str:
        target = folder / "checksums"
        target.unlink(missing_ok=True)
        patience = Patience(2, fetching.patience.first_wait_s, fetching.patience.timeout_s)
        return fetch(Source(url), target, patience=patience).read_text(encoding="utf-8")

    for number, (source, list_url) in enumerate(
        zip(_list_sources(row), row.checksums, strict=True)
    ):
        source = complete(source, list_url, read)
        base = PurePosixPath(source.url.split("?")[0].rstrip("/")).name or "file"
        log.info("%s: fetching %s", row.name, source.url)
        files.append(
            fetch(source, folder / f"{number}-{base}", fetching.progress, fetching.patience)
        )
    return files


def add_reference(
    files: Sequence[Path], name: str, version: str = "", min_length_bp: int = MIN_LENGTH_BP
) -> Installed:
    """Convert, index and install files of the user: FASTA, tables, archives or a folder.

    Raises ReferenceFileError with the reason when they cannot be used.
    """
    for path in files:
        if not path.exists():
            raise ReferenceFileError("there is no such file", fix="Check the path", file=path)
        if not path.is_dir():
            check_regular(path, ReferenceFileError)
    sources = [{"file": path.name, **describe_file(path)} for path in files if path.is_file()]
    origin = Origin(check_name(name), version, "", sources)
    return install(files, origin, SequenceFilter(min_length_bp=min_length_bp))


def install(files: Sequence[Path], origin: Origin, keep: SequenceFilter | None = None) -> Installed:
    """Convert, index and install: all of it, or nothing."""
    with prepare(origin.name) as hidden:
        with tempfile.TemporaryDirectory(dir=hidden.folder, prefix=SCRATCH) as scratch:
            fastas, tables = split_kinds(_unpack_all(files, Path(scratch)))
            if not fastas:
                raise ReferenceFileError(
                    "the reference contains no FASTA records",
                    fix="Give a FASTA, with a table of lineages if its headers have none",
                    file=files[0],
                )
            try:
                reader = read_sources(fastas, tables, keep)
            except ReferenceFileError as error:
                raise _name_original(error, files, Path(scratch)) from error
        counts, forms = reader.counts, sorted(set(reader.forms))
        _write_records(_merge_copies(reader.records, counts), hidden.fasta)
        del reader  # the index is built from what was written
        contents = build_index(hidden)
        content = {
            "name": origin.name, "version": origin.version, "licence": origin.licence,
            "format": forms, "sources": list(origin.sources), "counts": dict(counts),
            "origin": origin.kind,
        }  # fmt: skip
        write_provenance(hidden, content, contents)
    return Installed(origin.name, choose_folder() / origin.name)


def _unpack_all(files: Sequence[Path], scratch: Path) -> list[Path]:
    unpacked = []
    for number, path in enumerate(files):
        folder = scratch / str(number)
        folder.mkdir()
        unpacked += unpack(path, folder)
    return unpacked


def _name_original(
    error: ReferenceFileError, files: Sequence[Path], scratch: Path
) -> ReferenceFileError:
    """The error with the file that the user knows instead of an unpacked copy."""
    file = Path(error.file) if error.file is not None else files[0]
    if scratch not in file.parents:
        return error
    original = files[int(file.relative_to(scratch).parts[0])]
    return ReferenceFileError(error.what, fix=error.fix, file=original, line=error.line)


def _merge_copies(
    records: Sequence[ReferenceRecord], counts: Counter[str]
) -> list[ReferenceRecord]:
    """Records by lineage, sequence and accession, equal ones once, with counts of all kinds."""
    ordered = sorted(records, key=lambda r: (r.lineage, r.sequence, r.accession))
    kept: list[ReferenceRecord] = []
    for record in ordered:
        if kept and (kept[-1].lineage, kept[-1].sequence) == (record.lineage, record.sequence):
            counts[COPIES] += 1
        else:
            kept.append(record)
    n_sequences = len({record.sequence for record in kept})
    counts[SHARED] = len(kept) - n_sequences
    counts[INCOMPLETE] = sum("" in _cut_tail(record.lineage) for record in kept)
    counts[KEPT] = len(kept)
    return kept


def _cut_tail(names: Sequence[str]) -> Sequence[str]:
    n_named = max(rank + 1 for rank, name in enumerate(names) if name)
    return names[:n_named]


def _write_records(records: Sequence[ReferenceRecord], path: Path) -> None:
    with open_whole(path) as stream:
        for record in records:
            accession = record.accession.replace(";", "_")
            pairs = zip(PREFIXES, record.lineage, strict=True)
            lineage = ";".join(prefix + name for prefix, name in pairs)
            stream.write(f">{accession} {lineage}\n{record.sequence}\n")


def build_index(reference: Installed) -> dict[str, int]:
    """Index the FASTA of a reference; returns what is in it, as ``count_records`` does."""
    from vagus.reference.index_places import IndexSource

    source = IndexSource(str(reference.fasta))
    records = source.read()
    contents = count_records(records)
    source.build(reference.name, records).save(reference.index)
    return contents


def write_provenance(
    reference: Installed, content: dict[str, Any], contents: dict[str, int]
) -> None:
    """Write ``content`` with what is in the reference and the date, which is nowhere else."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = content | {
        "contents": contents,
        "sha256": digest_file(reference.fasta, "sha256"),
        "installed": now,
    }
    with open_whole(reference.folder / PROVENANCE) as stream:
        json.dump(content, stream, indent=2, ensure_ascii=False)
        stream.write("\n")


def describe_file(path: Path) -> dict[str, Any]:
    """Size and checksum of a source file."""
    return {"bytes": path.stat().st_size, "sha256": digest_file(path, "sha256")}


def refresh_index(reference: Installed) -> Installed:
    """Build the index again when the program has changed since, or it is damaged."""
    from vagus.reference.index_places import IndexSource, load_index

    with explain_disk(reference.folder):
        load_index(IndexSource(reference.name), reference.folder)
    return reference
