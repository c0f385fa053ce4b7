"""Taxonomy references: list, get, update, add, remove, export and import them.

Installed references are kept in $VAGUS_REFERENCES, or vagus/references in the user's data
folder (~/.local/share), and are named in the config as 'taxonomy: reference: NAME'.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

_MAX_LETTERS = 40

if TYPE_CHECKING:
    from vagus.reference.catalogue import CataloguedReference
    from vagus.reference.installed import Installed
    from vagus.reference.manager import Fetching


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus reference``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="known and installed references")
    get = actions.add_parser("get", help="download, convert, index and install a known reference")
    get.add_argument("name", metavar="NAME", help="a name that 'list' shows")
    get.add_argument("--force", action="store_true", help="also when it is installed already")
    update = actions.add_parser("update", help="install the newer releases of installed references")
    update.add_argument("names", nargs="*", metavar="NAME", help="installed references (all)")
    for action in (get, update):
        action.add_argument(
            "--accept-changed", action="store_true",
            help="also when the publisher's file is not the one first downloaded",
        )  # fmt: skip
    for action in (listing, get, update):
        action.add_argument("--table", type=Path, help="another table of known references (TSV)")
    add = actions.add_parser(
        "add", help="install files of your own: FASTA with lineages, .qza, archives, folders"
    )
    add.add_argument("files", nargs="+", type=Path, metavar="FILE", help="FASTA or archive")
    add.add_argument("--taxonomy", type=Path, help="table of lineages, when headers have none")
    add.add_argument("--name", help="name to install it under (default: the file's)")
    add.add_argument("--release", default="", help="its version, for the record")
    add.add_argument(
        "--min-length-bp", type=int, default=900, help="leave shorter ones out (default: 900)"
    )
    remove = actions.add_parser("remove", help="remove installed references, without a question")
    remove.add_argument("names", nargs="+", metavar="NAME", help="installed references")
    export = actions.add_parser("export", help="write installed references to one file")
    export.add_argument("names", nargs="+", metavar="NAME", help="installed references")
    export.add_argument("--output", "-o", required=True, type=Path, help="bundle to write (.tar)")
    bundle = actions.add_parser("import", help="install the references of a bundle")
    bundle.add_argument("bundle", type=Path, metavar="FILE", help="what 'export' wrote")


def execute(arguments: argparse.Namespace) -> int:
    """Do the action; progress and log go to standard error."""
    from vagus.reference.catalogue import CATALOGUE

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    table = getattr(arguments, "table", None) or CATALOGUE
    if arguments.action == "list":
        _list(table)
        return 0
    from vagus.reference import bundles, manager

    if arguments.action == "get":
        fetching = manager.Fetching(table, arguments.accept_changed, Meter().show)
        _report(manager.get_reference(arguments.name, fetching, arguments.force))
    elif arguments.action == "update":
        _update(arguments.names, manager.Fetching(table, arguments.accept_changed, Meter().show))
    elif arguments.action == "add":
        from vagus.reference.catalogue import name_index

        files = [*arguments.files, *([arguments.taxonomy] if arguments.taxonomy else [])]
        name = arguments.name or name_index(files[0])
        _report(manager.add_reference(files, name, arguments.release, arguments.min_length_bp))
    elif arguments.action == "remove":
        _remove(arguments.names)
    elif arguments.action == "export":
        bundles.export_references(arguments.names, arguments.output)
        print(f"{arguments.output}: {', '.join(arguments.names)}")
    else:
        for reference in bundles.import_references(arguments.bundle):
            _report(reference)
    return 0


class Meter:
    """Progress of a download: one line that is rewritten, or one a tenth where there is none."""

    def __init__(self) -> None:
        self._shown = -1

    def show(self, done: int, total: int) -> None:
        """Show the bytes so far; called often, writes seldom."""
        step = 100 if sys.stderr.isatty() else 10
        share = done * step // total if total else done // 10_000_000
        if share == self._shown:
            return
        self._shown = share
        text = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB" if total else f"{done / 1e6:.1f} MB"
        if not sys.stderr.isatty():
            print(f"  {text}", file=sys.stderr)
        else:
            print(f"\r  {text} ", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _report(reference: Installed) -> None:
    for what, number in reference.provenance.get("counts", {}).items():
        if number:
            print(f"{number:>10,}  {what}")
    print(f"installed: {reference.name}. In the config: 'taxonomy: reference: {reference.name}'")


def _update(names: Sequence[str], fetching: Fetching) -> None:
    from vagus.reference.updates import update_references

    done = update_references(names, fetching)
    for update in done:
        newer = update.newer
        if newer is None:
            print(f"{update.name}: {update.version} is the newest release known")
        elif newer.name == update.name:
            print(f"{update.name}: {update.version} -> {newer.provenance['version']}")
        else:
            print(
                f"{update.name}: {update.version} stays; its newer release is installed as "
                f"{newer.name} ({newer.provenance['version']}): name it in the config"
            )
    if not done:
        print("no reference of the catalogue is installed")


def _remove(names: Sequence[str]) -> None:
    from vagus.reference.installed import choose_folder, remove_installed

    for name, n_bytes in remove_installed(names).items():
        print(f"removed: {name} with its index ({n_bytes / 1e6:.1f} MB) from {choose_folder()}")


def _list(table: Path) -> None:
    """Known references, then those of the user, as aligned columns.

    What is said of an installed reference was counted when it was installed; what its publisher
    says is shown of those that are not installed.
    """
    from vagus.reference.catalogue import list_references
    from vagus.reference.installed import list_installed

    present = {reference.name: reference for reference in list_installed()}
    known = {row.name: row for row in list_references(table)}
    rows = [("name", "version", "released", "sequences", "installed", "newer release", "size",
             "date", "licence", "description")]  # fmt: skip
    for row in known.values():
        reference = present.pop(row.name, None)
        if reference is not None:
            rows.append(_describe(reference, known))
            continue
        state = "shipped" if row.installed else "no"
        words = row.description if row.installed else f"published: {row.description}"
        newer = known[row.followed_by] if row.followed_by else None
        rows.append((row.name, row.version, row.released, _count(row.sequences), state,
                     _name_release(newer), "", "", row.licence, words))  # fmt: skip
    rows += [_describe(reference, known) for reference in present.values()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for cells in rows:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        print("  ".join(padded).rstrip())


def _count(number: str | int) -> str:
    return f"{int(number):,}" if number else ""


def _name_release(row: CataloguedReference | None) -> str:
    return f"{row.name} {row.version}" if row else ""


def _describe(
    reference: Installed, known: Mapping[str, CataloguedReference]
) -> tuple[str, str, str, str, str, str, str, str, str, str]:
    from vagus.errors import VagusError, put_in_one_line
    from vagus.reference.contents import SEQUENCES, describe_contents
    from vagus.reference.installed import CATALOGUED
    from vagus.reference.updates import find_newer

    size = f"{reference.n_bytes / 1e6:.0f} MB"
    try:
        provenance = reference.provenance
    except VagusError as error:
        return (reference.name, "", "", "", "damaged", "", size, "", "", str(error))
    version, licence = (
        put_in_one_line(provenance.get(key, ""), _MAX_LETTERS) for key in ("version", "licence")
    )
    newer, row = find_newer(reference, known), known.get(reference.name)
    is_this = row is not None and provenance.get("origin") == CATALOGUED and row.version == version
    released = row.released if row and is_this else ""
    date = provenance.get("installed", "")[:10]
    n_sequences = _count((provenance.get("contents") or {}).get(SEQUENCES, 0))
    return (reference.name, version, released, n_sequences, "yes", _name_release(newer), size, date,
            licence, describe_contents(provenance))  # fmt: skip
