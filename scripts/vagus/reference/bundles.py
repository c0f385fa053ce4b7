"""Bundles: installed references as one tar file, for machines without network.

A bundle has ``NAME/NAME.fasta.gz`` and ``NAME/provenance.json`` for each reference and nothing
else, so that no member can be written anywhere but into the folder of its reference.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.files import check_regular, write_whole
from vagus.reference.containers import check_expansion
from vagus.reference.installed import (
    PROVENANCE,
    Installed,
    check_name,
    choose_folder,
    explain_disk,
    find_installed,
    prepare,
    read_provenance,
    verify,
)
from vagus.reference.manager import build_index, write_provenance

_FIX = "Write it again with 'vagus reference export' and copy all of it"
MAX_MEMBERS = 1000
MAX_PROVENANCE_BYTES = 1_000_000


def export_references(names: Sequence[str], bundle: Path) -> None:
    """Write installed references to one tar file for machines without network.

    Equal references give equal bytes except for the date of their installation. Raises
    ReferenceFileError for a name that is not installed or a file that changed since.
    """
    chosen = []
    for name in dict.fromkeys(names):
        reference = find_installed(name)
        if reference is None:
            raise ReferenceFileError(
                f"the reference '{name}' is not installed", fix=f"vagus reference get {name}"
            )
        verify(reference)
        chosen.append(reference)
    with explain_disk(bundle.parent), write_whole(bundle) as path, tarfile.open(path, "w") as tar:
        for reference in chosen:
            for file in (reference.fasta, reference.folder / PROVENANCE):
                entry = tarfile.TarInfo(f"{reference.name}/{file.name}")
                entry.size = file.stat().st_size
                with open(file, "rb") as stream:
                    tar.addfile(entry, stream)


def import_references(bundle: Path) -> list[Installed]:
    """Install all references of a bundle, each checked, counted and indexed.

    Names and members are checked before anything is installed; each reference is whole or not at
    all. Raises ReferenceFileError when the bundle is none, truncated, or a checksum differs.
    """
    if not bundle.exists():
        raise ReferenceFileError("there is no such file", fix="Check the path", file=bundle)
    check_regular(bundle, ReferenceFileError)
    try:
        with tarfile.open(bundle, "r:") as tar:
            members = _list_members(tar, bundle)
            names = sorted({path.partition("/")[0] for path in members})
            return [_import_one(tar, members, name, bundle) for name in names]
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise ReferenceFileError(
            f"not a whole bundle of references ({error})", fix=_FIX, file=bundle
        ) from error


def _list_members(tar: tarfile.TarFile, bundle: Path) -> dict[str, tarfile.TarInfo]:
    """Members by name: the two files of each reference, and no other."""
    members: dict[str, tarfile.TarInfo] = {}
    for entry in tar:
        name = entry.name.partition("/")[0]
        is_plain = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse()
        wanted = (f"{name}/{name}.fasta.gz", f"{name}/{PROVENANCE}")
        if not is_plain or entry.name not in wanted or entry.name in members:
            raise ReferenceFileError(
                f"has the member '{entry.name}', which is not of a bundle or is there twice",
                fix="Give a file that 'vagus reference export' wrote", file=bundle,
            )  # fmt: skip
        check_name(name)
        members[entry.name] = entry
        if len(members) > MAX_MEMBERS:
            raise ReferenceFileError("has too many members", fix=_FIX, file=bundle)
    if not members:
        raise ReferenceFileError("has no reference in it", fix=_FIX, file=bundle)
    for name in sorted({path.partition("/")[0] for path in members}):
        for file in (f"{name}.fasta.gz", PROVENANCE):
            if f"{name}/{file}" not in members:
                raise ReferenceFileError(f"'{name}/{file}' is missing", fix=_FIX, file=bundle)
    return members


def _import_one(
    tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo], name: str, bundle: Path
) -> Installed:
    with prepare(name) as hidden:
        for file in (hidden.fasta, hidden.folder / PROVENANCE):
            entry = members[f"{name}/{file.name}"]
            stream = tar.extractfile(entry)
            if stream is None:
                raise ReferenceFileError(f"'{entry.name}' is not a file", fix=_FIX, file=bundle)
            if file.name == PROVENANCE and entry.size > MAX_PROVENANCE_BYTES:
                raise ReferenceFileError(f"'{entry.name}' is too large", fix=_FIX, file=bundle)
            with stream, open(file, "wb") as out:
                shutil.copyfileobj(stream, out, 1 << 20)
        try:
            content = read_provenance(hidden.folder / PROVENANCE, name)
            verify(hidden)
            check_expansion(hidden.fasta)
            contents = build_index(hidden)
        except ReferenceFileError as error:
            what = f"'{name}' cannot be installed: {error.what}"
            raise ReferenceFileError(what, fix=_FIX, file=bundle) from error
        write_provenance(hidden, content | {"name": name}, contents)
    return Installed(name, choose_folder() / name)
