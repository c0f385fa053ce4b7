"""The folder of installed references: where it is, what is in it, and how things get there.

``$VAGUS_REFERENCES``, else ``vagus/references`` in the user's data folder, contains one folder a
reference: ``<name>.fasta.gz`` (headers 'accession d__...;p__...;...;s__...'),
``<name>.index`` and ``provenance.json``. A reference is made in a hidden folder and
renamed, so that it is there whole or not at all.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from vagus.errors import ReferenceFileError
from vagus.files import digest_file
from vagus.locks import HeldError, hold
from vagus.records import Maybe, find_flaw, has_form, is_count

FOLDER_VARIABLE = "VAGUS_REFERENCES"
PROVENANCE = "provenance.json"
CATALOGUED, OWN = "catalogue", "own files"
_FORM = {
    "name": Maybe(str), "sha256": str, "version": Maybe(str), "licence": Maybe(str),
    "format": Maybe([str]), "sources": Maybe([dict]), "counts": Maybe({str: is_count}),
    "contents": Maybe({str: is_count}), "origin": Maybe(str), "installed": Maybe(str),
}  # fmt: skip
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_MAKING = re.compile(r"\.making-\d+-(.+)$")
SCRATCH = "unpacked-"  # folders within a reference that is being made


def choose_folder() -> Path:
    """The folder of installed references; it need not exist."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local/share")
    return Path(data) / "vagus" / "references"


def require_folder() -> Path:
    """The folder of installed references, to write to. Raises ReferenceFileError without one."""
    folder = choose_folder()
    if str(folder).startswith("~"):
        raise ReferenceFileError(
            "there is no home folder to install references in; nothing was installed",
            fix=f"Set {FOLDER_VARIABLE} to a folder that you may write",
        )
    return folder


@dataclass(frozen=True)
class Installed:
    """One installed reference: its files and what ``provenance.json`` says of it."""

    name: str
    folder: Path

    @property
    def fasta(self) -> Path:
        """Sequences with lineages in their headers."""
        return self.folder / f"{self.name}.fasta.gz"

    @property
    def index(self) -> Path:
        """Its index; it may be absent or of older code (vagus.reference.index_places)."""
        return self.folder / f"{self.name}.index"

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Version, licence, sources with checksums, counts, date of installation.

        Raises ReferenceFileError when the file is damaged.
        """
        return read_provenance(self.folder / PROVENANCE, self.name)

    @property
    def n_bytes(self) -> int:
        """Size of all its files."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())


def read_provenance(path: Path, name: str) -> dict[str, Any]:
    """``provenance.json`` of a reference; raises ReferenceFileError unless it is of its form."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not has_form(content, _FORM):
            raise ValueError(find_flaw(content, _FORM))
    except (OSError, ValueError, RecursionError) as error:
        raise ReferenceFileError(
            f"the reference '{name}' has no readable {PROVENANCE}: {error}",
            fix=f"Run 'vagus reference remove {name}' and install it again",
            file=path,
        ) from error
    return content


def find_installed(name: str) -> Installed | None:
    """The installed reference of this name, None when there is none."""
    found = Installed(name, choose_folder() / name)
    return found if _NAME.match(name) and found.fasta.is_file() else None


def list_installed() -> list[Installed]:
    """All installed references by name."""
    folder = choose_folder()
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [found for name in names if (found := find_installed(name)) is not None]


def check_name(name: str) -> str:
    """The name when it can name a reference. Raises ReferenceFileError otherwise."""
    if not _NAME.match(name) or name == "starter":
        raise ReferenceFileError(
            f"'{name}' cannot be the name of an installed reference",
            fix="Use letters, digits, '.', '_' and '-', not 'starter', with --name",
        )
    return name


@contextmanager
def prepare(name: str) -> Iterator[Installed]:
    """Yield a hidden empty reference; put it in the place of ``name`` on success.

    On an exception nothing is left of it and an older reference stays as it was. Only one
    process at a time installs. Raises ReferenceFileError when the disk is full.
    """
    root = require_folder()
    with explain_disk(root):
        root.mkdir(parents=True, exist_ok=True)
        with _lock(root):
            _sweep(root)
            _refuse_other_files(root / name)
            hidden = Installed(name, root / f".making-{os.getpid()}-{name}")
            hidden.folder.mkdir()
            try:
                yield hidden
                _replace(hidden.folder, root / name)
            finally:
                shutil.rmtree(hidden.folder, ignore_errors=True)


def remove_installed(names: Sequence[str]) -> dict[str, int]:
    """Remove installed references with what was downloaded for them; bytes freed by name.

    All names are checked before any is removed. A damaged reference can be removed as well.
    Results of studies stay, and so does the record of first downloads. Raises
    ReferenceFileError for the shipped reference and for names that are not installed.
    """
    root, freed = choose_folder(), {}
    for name in names:
        if name == "starter":
            raise ReferenceFileError(
                "'starter' comes with the program and cannot be removed",
                fix="Name the references to remove as 'vagus reference list' shows them",
            )
        if not _NAME.match(name) or not os.path.lexists(root / name):
            there = ", ".join(reference.name for reference in list_installed()) or "nothing"
            raise ReferenceFileError(
                f"the reference '{name}' is not installed",
                fix=f"Installed: {there}; see 'vagus reference list'",
                file=root,
            )
        _refuse_other_files(root / name)
    with explain_disk(root, "the reference cannot be removed"), _lock(root):
        for name in dict.fromkeys(names):
            freed[name] = Installed(name, root / name).n_bytes
            hidden = root / f".making-{os.getpid()}-{name}"  # swept by the next call if killed
            os.replace(root / name, hidden)
            shutil.rmtree(hidden)
            shutil.rmtree(root / ".downloads" / name, ignore_errors=True)
    return freed


def _refuse_other_files(folder: Path) -> None:
    """Raise ReferenceFileError for a folder that is not a reference, which may be anybody's."""
    if not os.path.lexists(folder) or _is_reference(folder, folder.name):
        return
    raise ReferenceFileError(
        "this is not an installed reference, and is left alone", file=folder,
        fix=f"Use another --name, or set {FOLDER_VARIABLE} to a folder for references alone",
    )  # fmt: skip


def _is_reference(folder: Path, name: str) -> bool:
    """Whether a folder, whole or damaged, has nothing but files that an installation writes."""
    reference = Installed(name, folder)
    index = reference.index.name  # whoever builds it again locks it
    known = {reference.fasta.name, index, f".lock-{index}", PROVENANCE}
    if folder.is_symlink() or not folder.is_dir():
        return False
    return all(
        path.name.startswith(SCRATCH)
        if path.is_dir()
        else path.name in known or path.name.startswith((".tmp", ".lock-"))
        for path in folder.iterdir()
    )


def _replace(new: Path, target: Path) -> None:
    """Put a folder where an older one may be; the older one is gone only afterwards."""
    old = target.with_name(f".old-{target.name}")
    if target.exists():
        os.replace(target, old)
    os.replace(new, target)
    shutil.rmtree(old, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove what killed processes left; bring back a reference that was being replaced."""
    for path in sorted(root.glob(".making-*")):
        match = _MAKING.match(path.name)
        if not match or not _is_reference(path, match[1]):
            continue
        shutil.rmtree(path, ignore_errors=True)
    for path in sorted(root.glob(".old-*")):
        target = root / path.name.removeprefix(".old-")
        if not _is_reference(path, target.name):
            continue
        if target.exists():
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.replace(path, target)


@contextmanager
def _lock(root: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(root / ".lock"))
        except HeldError as error:
            advice = f"; {error.advice}" if error.advice else ""
            raise ReferenceFileError(
                "another process is installing a reference",
                fix=f"Wait until it is done{advice}", file=root,
            ) from None  # fmt: skip
        yield


@contextmanager
def explain_disk(
    folder: Path, denied: str = "the file cannot be written; nothing was installed"
) -> Iterator[None]:
    """Say in one message which file could not be written when a disk is full or read-only."""
    try:
        yield
    except OSError as error:
        file = error.filename or folder
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            what = "the disk is full (or the quota is used up); nothing was installed"
            fix = f"Free space there, or set {FOLDER_VARIABLE} to a folder on another disk"
        elif error.errno == errno.EFBIG:
            what = "the file is larger than is allowed here (ulimit -f); nothing was installed"
            fix = f"Raise the limit, or set {FOLDER_VARIABLE} to a folder on another disk"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            what = denied
            fix = f"Set {FOLDER_VARIABLE} to a folder that you may write"
        else:
            raise
        raise ReferenceFileError(what, fix=fix, file=file) from error


def verify(reference: Installed) -> None:
    """Raise ReferenceFileError when the FASTA is not the one that was installed."""
    expected = reference.provenance.get("sha256")
    found = digest_file(reference.fasta, "sha256")
    if found != expected:
        raise ReferenceFileError(
            f"its sha256 is {found} where {expected} is expected",
            fix="The file was damaged or changed: fetch or copy it again",
            file=reference.fasta,
        )
