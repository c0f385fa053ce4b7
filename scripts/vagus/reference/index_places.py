"""Where the index of a reference is kept: once for all studies, found by what it is made of.

The first of these places that has it, or can be written: beside the installed reference; the
user's cache (for the starter and for FASTA files of the user); the folder of the study. An index
carries a key, the digest of the reference's content and of the code that indexes it, so that a
changed reference or program never meets an old index. One that is damaged is built again. Jobs
that start together build it once: the others wait.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.files import digest_file, read_text
from vagus.locks import wait_for
from vagus.programs import digest_modules
from vagus.reference.catalogue import digest_reference, find_reference, name_index
from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.inseparable import FILE as GROUPS
from vagus.reference.inseparable import RESOURCES, group_records
from vagus.reference.installed import find_installed
from vagus.reference.parse import MIN_LENGTH_BP, SequenceFilter, read_references
from vagus.reference.starter import OFF_TARGET_FASTA, ReferenceRecord, read_off_target
from vagus.user_cache import find_user_cache, is_own

log = logging.getLogger(__name__)

CACHE_PART = "indexes"
_OUR_TABLES = (
    OFF_TARGET_FASTA,
    *(RESOURCES / name for name in (GROUPS, "renamed_species.tsv", "taxon_synonyms.tsv")),
)
_UNUSED_S = 90 * 86400.0


@dataclass(frozen=True)
class IndexSource:
    """What an index is made of: a name or path, and how its FASTA is read."""

    reference: str
    taxonomy: Path | None = None
    min_length_bp: int = MIN_LENGTH_BP

    @cached_property
    def sha256(self) -> str:
        """Checksum of the FASTA."""
        return digest_reference(self.reference)

    @cached_property
    def name(self) -> str:
        """Name of the reference: that of its file."""
        return name_index(find_reference(self.reference))

    @cached_property
    def key(self) -> str:
        """Digest of all that decides on the bytes of the index."""
        lineages = digest_file(self.taxonomy, "sha256") if self.taxonomy else ""
        ours = [digest_file(path, "sha256") for path in _OUR_TABLES]
        parts = (self.sha256, lineages, str(self.min_length_bp), *ours, digest_index_code())
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]

    def read(self) -> list[ReferenceRecord]:
        """The records of the reference that are indexed."""
        keep = SequenceFilter(min_length_bp=self.min_length_bp)
        return read_references(find_reference(self.reference), self.taxonomy, keep)

    def build(self, name: str = "", records: list[ReferenceRecord] | None = None) -> ReferenceIndex:
        """Index the reference, or its records, which are used up, as ``read`` gave them.

        Organelles and eukaryotes are indexed with it, so that they are recognised by any
        reference (``vagus.taxonomy.origins``), and inseparable species have the name of their
        group (``vagus.reference.inseparable``).
        """
        name = name or self.name
        records = self.read() if records is None else records
        log.info("%s: indexing %d sequences, once for all studies", name, len(records))
        indexed = group_records(records) + read_off_target()
        records.clear()
        return build_index(indexed, name, key=self.key, consume=True)


@cache
def digest_index_code() -> str:
    """Digest of the code that reads references and indexes them."""
    return digest_modules(
        "vagus.reference.index", "vagus.reference.parse", "vagus.reference.inseparable"
    )


def load_index(source: IndexSource, fallback: Path) -> ReferenceIndex:
    """The index of a reference; it is built, and kept for all studies, where there is none.

    ``fallback`` is the folder of the study, for machines on which no other place can be written.
    """
    paths = list_places(source, fallback)
    for path in paths:
        index = _load(path, source)
        if index is not None:
            return index
    built: ReferenceIndex | None = None
    for path in paths:
        try:
            with _hold(path):
                index = _load(path, source)  # another job may have built it meanwhile
                if index is not None:
                    return index
                built = built or source.build()
                built.save(path)
        except OSError as error:
            log.info("the index cannot be kept in %s: %s", path.parent, error.strerror)
            continue
        log.info("index kept in %s", path)
        index = _load(path, source)
        if index is not None:
            _remove_unused(path)
            return index
    return built or source.build()


def load_recorded_index(reference: str, record: Path) -> ReferenceIndex:
    """The index that ``index_reference.py`` recorded, found again or built.

    Raises ReferenceFileError when the reference has changed since.
    """
    recorded = json.loads(read_text(record, "record of a reference"))
    index = load_index(IndexSource(reference), record.parent)
    if index.digest != recorded["index"]:
        raise ReferenceFileError(
            f"the reference '{reference}' has changed since it was indexed",
            file=record, fix="Run again: it is indexed anew",
        )  # fmt: skip
    return index


def list_places(source: IndexSource, fallback: Path) -> list[Path]:
    """Files that may be the index of a reference, in the order in which they are tried."""
    installed = find_installed(source.reference)
    is_plain = not source.taxonomy and source.min_length_bp == MIN_LENGTH_BP
    paths = [installed.index] if installed and is_plain else []
    cache_folder = find_user_cache(CACHE_PART)
    if cache_folder is not None:
        paths.append(cache_folder / f"{source.key}.index")
    return [*paths, fallback / f".reference.{source.key}.index"]


def _load(path: Path, source: IndexSource) -> ReferenceIndex | None:
    """The index in a file, when it is whole and of this reference and code."""
    try:
        if path.parent.name == CACHE_PART and not is_own(path.lstat()):
            log.warning("the index is not used, since others may have written it: %s", path)
            return None
        index = ReferenceIndex.load(path)
    except FileNotFoundError:
        return None
    except (ReferenceFileError, OSError) as error:
        log.warning("%s; it is built again", error)
        return None
    if index.key != source.key:
        return None
    with suppress(OSError):  # used now: see _remove_unused
        os.utime(path)
    return index


@contextmanager
def _hold(path: Path) -> Iterator[None]:
    """Wait until no other job builds this index; where files cannot be locked, do not wait.

    Raises OSError when the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    words = "another job builds the index of this reference: waiting for it"
    with wait_for(path.with_name(f".lock-{path.name}"), lambda: log.info(words)) as is_held:
        if not is_held:
            log.info("files cannot be locked in %s: jobs may build the index twice", path.parent)
        yield


def _remove_unused(written: Path) -> None:
    """Remove indexes from the user's cache that no run has used for three months."""
    if written.parent.name != CACHE_PART:
        return
    before_s = time.time() - _UNUSED_S
    for path in sorted(written.parent.glob("*.index")):
        with suppress(OSError):
            if path.stat().st_mtime < before_s:
                path.unlink()
                log.info("removed an index that was not used for 90 days: %s", path)
