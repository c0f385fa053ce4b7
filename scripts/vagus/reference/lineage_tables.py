"""Tables of lineages that come beside a FASTA, distinguished by content.

Known are: accession and lineage (QIIME 2, eHOMD, Greengenes2), one column a rank (Emu),
NCBI's ``rankedlineage.dmp`` (by organism name) and the ranks of the RDP training set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from os import PathLike

from vagus.errors import ReferenceFileError
from vagus.reference.lineage import RANKS, Lineage
from vagus.reference.lineage_forms import NamelessError, finish, read_lineage, read_rdp

NAMELESS: Lineage = ("", "", "", "", "", "", "")
_HEADER_NAMES = frozenset({"feature id", "featureid", "id", "accession", "seqid", "name"})
_DOMAINS = frozenset({"Bacteria", "Archaea", "Eukaryota", "Viruses"})
_RDP_LINE = re.compile(r"^(\d+)\*(.*)\*(-?\d+)\*(\d+)\*(\w+)\s*$")


@dataclass
class LineageTables:
    """What the tables beside a FASTA say, all of them together.

    by_accession   lineage of an accession; of the part before ':' where that is what it names
    by_organism    lineage of a species or genus name in the header, from NCBI
    rdp_ranks      rank of a (depth, name) of the RDP training set
    """

    by_accession: dict[str, Lineage] = field(default_factory=dict)
    by_organism: dict[str, Lineage] = field(default_factory=dict)
    rdp_ranks: dict[tuple[int, str], str] = field(default_factory=dict)

    def find(self, accession: str) -> Lineage | None:
        """Lineage of an accession ('562:emu_db:7' is of taxon 562), None when there is none."""
        found = self.by_accession.get(accession)
        return self.by_accession.get(accession.split(":")[0]) if found is None else found

    def read(self, path: str | PathLike[str], organisms: Callable[[], set[str]]) -> None:
        """Add a table, whatever its form; ``organisms`` lists the names that matter.

        Raises ReferenceFileError for a table that cannot be read.
        """
        lines = _read_lines(path)
        number, first = next(lines, (1, ""))
        if "\t|\t" in first:
            self._add_ncbi(path, _chain(number, first, lines), organisms())
        elif _RDP_LINE.match(first):
            self._add_rdp_ranks(path, _chain(number, first, lines))
        elif len(set(first.lower().split("\t")) & {*RANKS, "superkingdom", "kingdom"}) > 2:
            self._add_columns(path, first.lower().split("\t"), lines)
        else:
            self._add_pairs(path, _chain(number, first, lines))

    def _add_pairs(self, path: str | PathLike[str], lines: Iterator[tuple[int, str]]) -> None:
        for number, line in lines:
            fields = line.split("\t")
            if number == 1 and fields[0].strip().lower() in _HEADER_NAMES:
                continue
            if len(fields) < 2:
                raise ReferenceFileError(
                    "a taxonomy line without a tab",
                    fix="Give two columns: accession, then lineage with ';' between ranks.",
                    file=path, line=number,
                )  # fmt: skip
            try:
                lineage = read_lineage(fields[1])
            except NamelessError:
                lineage = NAMELESS
            except ValueError as error:
                raise ReferenceFileError(
                    f"the lineage of '{fields[0]}' cannot be read: {error}",
                    fix="Write domain;phylum;class;order;family;genus;species.",
                    file=path, line=number,
                ) from error  # fmt: skip
            self._add(fields[0].strip(), lineage, path, number)

    def _add_columns(
        self, path: str | PathLike[str], header: list[str], lines: Iterator[tuple[int, str]]
    ) -> None:
        key = header.index("tax_id") if "tax_id" in header else 0
        columns = [header.index(rank) if rank in header else -1 for rank in RANKS]
        for word in ("superkingdom", "kingdom"):
            if columns[0] < 0 and word in header:
                columns[0] = header.index(word)
        for number, line in lines:
            fields = [*line.split("\t"), ""]
            if len(fields) <= max(key, *columns):
                raise ReferenceFileError(
                    f"{len(fields) - 1} columns where {len(header)} are expected",
                    fix="Separate the columns by single tabs.", file=path, line=number,
                )  # fmt: skip
            try:
                lineage = finish([fields[column] for column in columns])
            except NamelessError:
                lineage = NAMELESS
            self._add(fields[key].strip(), lineage, path, number)

    def _add(
        self, accession: str, lineage: Lineage, path: str | PathLike[str], number: int
    ) -> None:
        if accession in self.by_accession:
            raise ReferenceFileError(
                f"accession '{accession}' has more than one lineage",
                fix="Keep one line for each accession.", file=path, line=number,
            )  # fmt: skip
        self.by_accession[accession] = lineage

    def _add_ncbi(
        self, path: str | PathLike[str], lines: Iterator[tuple[int, str]], organisms: set[str]
    ) -> None:
        for number, line in lines:
            _, name, *rest = (part.strip() for part in [*line.rstrip("|\t ").split("|"), ""])
            if not name:
                raise ReferenceFileError(
                    "a taxon without a name", fix="Fetch the dump of NCBI's taxonomy again.",
                    file=path, line=number,
                )  # fmt: skip
            if name not in organisms:
                continue
            species, genus, family, order, class_, phylum, *top = [*rest, *[""] * 6]
            domain = next((word for word in top if word in _DOMAINS), "")
            upper = [domain, phylum, class_, order, family]
            is_genus = " " not in name
            names = [*upper, name, ""] if is_genus else [*upper, genus, species or name]
            self.by_organism[name] = finish(names)

    def _add_rdp_ranks(self, path: str | PathLike[str], lines: Iterator[tuple[int, str]]) -> None:
        for number, line in lines:
            match = _RDP_LINE.match(line)
            if match is None:
                raise ReferenceFileError(
                    "not of the form taxid*name*parent*depth*rank",
                    fix="Fetch the training set again.", file=path, line=number,
                )  # fmt: skip
            self.rdp_ranks[int(match[4]), match[2].strip('"')] = match[5]

    def place(self, text: str) -> Lineage:
        """Lineage of an RDP header, with the ranks of the table."""
        return read_rdp(text, self.rdp_ranks)


def _read_lines(path: str | PathLike[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines, blank ones and remarks left out. A file that is no text is an error."""
    from xopen import xopen

    try:
        with xopen(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip() and not line.startswith("#"):
                    yield number, line.rstrip("\r\n")
    except (EOFError, UnicodeDecodeError) as error:
        raise ReferenceFileError(
            f"the table is truncated or not text ({error})", fix="Fetch it again.", file=path
        ) from error


def _chain(number: int, first: str, rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    if first:
        yield number, first
    yield from rest
