"""Mock communities: what is known to be in them, and how well a sample shows it.

Compositions are tables in ``resources/mocks`` (and in a folder of the user): lines ``# name:``,
``# aliases:`` and ``# source:``, then columns ``taxon`` (species), ``percent_16s`` (share of 16S
genes), ``synonyms`` (other names of the species, '/' joined) and ``note``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vagus.errors import VagusError
from vagus.files import read_text
from vagus.product import find_product

MOCK_FOLDER = find_product("resources", "mocks")
_MAKERS = re.compile(r"^(zymobiomics|zymo|atcc)")
_COLUMNS = ("taxon", "percent_16s")
POSITIVE = "positive:"


@dataclass(frozen=True)
class Member:
    """A species of a mock: its names (the present one first) and its share of 16S genes."""

    names: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Mock:
    """A mock community.

    Attributes:
        key: name of its table.
        name: product.
        source: where the composition is from.
        members: species; shares sum to 1.
    """

    key: str
    name: str
    source: str
    members: tuple[Member, ...]

    def expect(self, rank: str) -> list[Member]:
        """Taxa of a rank, 'species' or 'genus', the greatest share first."""
        if rank == "species":
            return sorted(self.members, key=lambda m: (-m.share, m.names))
        shares: dict[str, float] = {}
        others: dict[str, set[str]] = {}
        for member in self.members:
            genera = [name.split()[0] for name in member.names]
            shares[genera[0]] = shares.get(genera[0], 0.0) + member.share
            others.setdefault(genera[0], set()).update(genera[1:])
        found = [Member((g, *sorted(others[g] - {g})), share) for g, share in shares.items()]
        return sorted(found, key=lambda m: (-m.share, m.names))


def list_mocks(folder: Path = MOCK_FOLDER) -> list[Path]:
    """Tables of the mock communities in a folder, sorted; those that come with Vagus."""
    return sorted(folder.glob("*.tsv"))


def read_mocks(paths: Sequence[Path]) -> dict[str, Mock]:
    """Mocks by every name that finds them; later tables go before earlier ones.

    Raises VagusError for a table that is not in the form above.
    """
    mocks: dict[str, Mock] = {}
    for path in paths:
        mock, aliases = read_mock(path)
        mocks |= {normalise_name(name): mock for name in (mock.key, *aliases)}
    return mocks


def read_mock(path: Path) -> tuple[Mock, list[str]]:
    """One table, and the mock's other names."""
    lines = read_text(path, "table of a mock community").splitlines()
    about = dict(_split_remark(line) for line in lines if line.startswith("#") and ":" in line)
    reader = csv.DictReader((x for x in lines if x and not x.startswith("#")), delimiter="\t")
    if not set(_COLUMNS) <= set(reader.fieldnames or ()):
        raise VagusError(
            "is not a table of a mock community", file=path,
            fix="Give it the columns 'taxon' and 'percent_16s'",
        )  # fmt: skip
    members = list(_read_members(reader, path))
    if not members:
        raise VagusError("is a mock without members", file=path, fix="Give it a row a taxon")
    total = sum(member.share for member in members)
    members = [Member(member.names, member.share / total) for member in members]
    mock = Mock(path.stem, about.get("name", path.stem), about.get("source", ""), tuple(members))
    return mock, about.get("aliases", "").split()


def _split_remark(line: str) -> tuple[str, str]:
    key, _, value = line.lstrip("# ").partition(":")
    return key.strip(), value.strip()


def _read_members(reader: csv.DictReader[str], path: Path) -> Iterator[Member]:
    for row in reader:
        try:
            percent = float(row["percent_16s"])
        except (TypeError, ValueError):
            percent = -1.0
        if not 0 < percent < float("inf") or not (row["taxon"] or "").strip():
            raise VagusError(
                f"the share of '{row['taxon']}' is '{row['percent_16s']}'", file=path,
                fix="Give each taxon a percentage above 0",
            )  # fmt: skip
        others = (row.get("synonyms") or "").split("/")
        yield Member((row["taxon"], *(name for name in others if name)), percent)


def normalise_name(name: str) -> str:
    """'Zymo D6300' and 'd6300' are one name, and so are 'ATCC MSA-1003' and 'msa1003'."""
    plain = re.sub(r"[^a-z0-9]", "", name.casefold())
    return _MAKERS.sub("", plain) or plain
