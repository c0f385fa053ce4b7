"""Newer releases of installed references, as the catalogue that comes with the program knows them.

A reference has a newer release when the catalogue has another version under its name, or says by
which entry it is followed ('silva-138.2' by 'silva'). References from own files have none. What
publishers replace under one address ('current') is fetched again only when it is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vagus.errors import ReferenceFileError
from vagus.reference.catalogue import CataloguedReference, list_references
from vagus.reference.checksums import ROLLING
from vagus.reference.installed import CATALOGUED, Installed, find_installed, list_installed
from vagus.reference.manager import Fetching, get_reference


@dataclass(frozen=True)
class Update:
    """An installed reference, its version, and its newer release (None: it is the newest)."""

    name: str
    version: str
    newer: Installed | None


def find_newer(
    reference: Installed, rows: Mapping[str, CataloguedReference]
) -> CataloguedReference | None:
    """The entry of the catalogue that is a newer release of an installed reference."""
    row = rows.get(reference.name)
    if row is None or reference.provenance.get("origin") != CATALOGUED:
        return None
    if row.followed_by:
        return rows[row.followed_by]
    return row if reference.provenance.get("version") != row.version else None


def update_references(names: Sequence[str], fetching: Fetching | None = None) -> list[Update]:
    """Install the newer releases of references, of all that have one when none is named.

    A release under the same name replaces the installed one when it is complete and verified;
    one under another name is installed beside it, since configs name the old one. Raises
    ReferenceFileError, before anything is fetched, for names that cannot be updated.
    """
    fetching = fetching or Fetching()
    rows = {row.name: row for row in list_references(fetching.table)}
    _check(names)
    done = []
    for reference in [found for name in names if (found := find_installed(name))] or _list_known():
        version = str(reference.provenance.get("version", ""))
        row = find_newer(reference, rows)
        if row is None and version in ROLLING and reference.name in names:
            row = rows[reference.name]
        is_forced = row is not None and row.version in ROLLING
        newer = get_reference(row.name, fetching, force=is_forced) if row else None
        done.append(Update(reference.name, version, newer))
    return done


def _list_known() -> list[Installed]:
    return [found for found in list_installed() if found.provenance.get("origin") == CATALOGUED]


def _check(names: Sequence[str]) -> None:
    """Raise ReferenceFileError with all names that are not installed from the catalogue."""
    faults = []
    for name in dict.fromkeys(names):
        found = find_installed(name)
        if name == "starter":
            faults.append("'starter' comes with the program and is updated with it")
        elif found is None:
            faults.append(f"'{name}' is not installed")
        elif found.provenance.get("origin") != CATALOGUED:
            faults.append(f"'{name}' is of own files: add the newer ones under its name")
    if faults:
        raise ReferenceFileError(
            "; ".join(faults), fix="Name references that 'vagus reference list' shows as installed"
        )
