"""Whether a downloaded file is the one it should be: the publisher's checksum, or the first seen.

1. A checksum in the table of references goes first.
2. Else the publisher's own list of checksums, where the table knows its address ('<hash>  <file>'
   lines, or one hash alone; the algorithm is recognised by its length). A list that cannot be
   fetched is reported and skipped.
3. Always, the SHA-256 of the first download of an address and version is kept in
   ``.checksums.tsv`` beside the installed references, and every later download must have it
   (trust on first use). References whose publisher replaces files under one address (version
   'current' or 'default') are reported instead.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from vagus.errors import ReferenceFileError
from vagus.files import open_whole
from vagus.reference.download import Source

log = logging.getLogger(__name__)

RECORD = ".checksums.tsv"
NOT_KNOWN = "-"
ROLLING = frozenset({"current", "default"})
_ALGORITHM_OF_LENGTH = {32: "md5", 64: "sha256"}
_LINE = re.compile(r"^([0-9a-fA-F]{32}|[0-9a-fA-F]{64})(?:\s+[*]?(\S.*))?$")
_COLUMNS = ("url", "version", "sha256", "first_seen")


def find_published(text: str, url: str) -> tuple[str, str]:
    """Algorithm and checksum of a file in its publisher's list, two empty strings if absent."""
    base = PurePosixPath(url.split("?")[0]).name
    lines = [match for line in text.splitlines() if (match := _LINE.match(line.strip()))]
    for match in lines:
        if match[2] and PurePosixPath(match[2].strip()).name == base:
            return _ALGORITHM_OF_LENGTH[len(match[1])], match[1].lower()
    if len(lines) == 1 and not lines[0][2]:
        return _ALGORITHM_OF_LENGTH[len(lines[0][1])], lines[0][1].lower()
    return "", ""


def complete(source: Source, list_url: str, read: Callable[[str], str]) -> Source:
    """The source with its publisher's checksum, where it has none and a list is known.

    ``read`` returns the text behind an address or raises ReferenceFileError.
    """
    if source.md5 or source.sha256 or list_url in ("", NOT_KNOWN):
        return source
    try:
        algorithm, value = find_published(read(list_url), source.url)
    except (ReferenceFileError, UnicodeDecodeError) as error:
        log.warning("the publisher's checksums cannot be read (%s); going on without", error)
        return source
    if not algorithm:
        log.warning("%s does not list %s; going on without", list_url, source.url)
        return source
    return replace(source, **{algorithm: value})


@dataclass
class FirstSeen:
    """The SHA-256 of the first download of every address and version."""

    path: Path
    rows: dict[tuple[str, str], tuple[str, str]]

    @classmethod
    def load(cls, folder: Path) -> FirstSeen:
        """Read the record of a folder of references; a line of another form is passed over."""
        path = folder / RECORD
        rows = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
                fields = line.split("\t")
                if len(fields) == len(_COLUMNS):
                    rows[fields[0], fields[1]] = (fields[2], fields[3])
        return cls(path, rows)

    def check(self, version: str, sources: Sequence[Mapping[str, Any]]) -> None:
        """Raise ReferenceFileError for a file that is not the one first downloaded."""
        for source in sources:
            known = self.rows.get((source["url"], version))
            if known is None or known[0] == source["sha256"]:
                continue
            what = (
                f"{source['url']}: its sha256 is {source['sha256']}, but that of version {version} "
                f"was {known[0]} when first downloaded on {known[1]}"
            )
            if version in ROLLING:
                log.warning("%s; its publisher replaces it from time to time", what)
                continue
            raise ReferenceFileError(
                what,
                fix="A published version should not change. Ask its publisher; if the new file is "
                "right, repeat the command with --accept-changed",
            )

    def add(self, version: str, sources: Sequence[Mapping[str, Any]]) -> None:
        """Keep what was downloaded; what is known already keeps its date."""
        today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
        for source in sources:
            key, known = (source["url"], version), self.rows.get((source["url"], version))
            if known is None or known[0] != source["sha256"]:
                self.rows[key] = (source["sha256"], today)
        with open_whole(self.path) as stream:
            stream.write("\t".join(_COLUMNS) + "\n")
            for key in sorted(self.rows):
                stream.write("\t".join((*key, *self.rows[key])) + "\n")
