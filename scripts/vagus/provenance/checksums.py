"""Checksums of the results, in the form that ``sha256sum --check`` reads."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from vagus.engines import ENGINES
from vagus.errors import VagusError
from vagus.files import digest_file, open_whole

log = logging.getLogger(__name__)

NAME = "checksums.sha256"
# logs contain times and places; what Snakemake measures is never the same twice
NOT_RESULTS = ("logs", "benchmarks")
TEMPORARY = tuple(facts.pieces for facts in ENGINES.values())


def digest_results(results: Path) -> dict[str, str]:
    """SHA-256 of every result by its path below the results folder, sorted.

    Logs, measurements of time and memory, hidden files, files reached through links, pieces of
    pools (which a store may keep, although they are temporary) and the list of checksums itself
    are left out.
    """
    digests = {}
    for folder, folders, names in os.walk(results):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in TEMPORARY)
        if Path(folder) == results:
            folders[:] = [name for name in folders if name not in NOT_RESULTS]
        for name in names:
            path = Path(folder, name)
            relative = path.relative_to(results).as_posix()
            if not name.startswith(".") and relative != NAME and path.is_file():
                digests[relative] = digest_file(path, "sha256")
    return dict(sorted(digests.items()))


def write_checksums(results: Path, path: Path) -> None:
    """Write the checksums of all results, one a line."""
    digests = digest_results(results)
    with open_whole(path) as stream:
        stream.writelines(f"{digest}  {name}\n" for name, digest in digests.items())
    log.info("%d files", len(digests))


def read_checksums(path: Path) -> dict[str, str]:
    """What :func:`write_checksums` wrote. Raises VagusError for a line of another form."""
    digests = {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise VagusError(
            "is not text in UTF-8", file=path,
            fix="Restore the file, or remove it to rerun without comparing",
        ) from None  # fmt: skip
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        digest, separator, name = line.partition("  ")
        if not separator or len(digest) != 64 or not name:
            raise VagusError(
                "is not a checksum, two spaces and a name", file=path, line=number,
                fix="Restore the file, or remove it to rerun without comparing",
            )  # fmt: skip
        digests[name] = digest
    return digests
