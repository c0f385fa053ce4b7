"""The forms in which lineages of references are written, read into seven ranks.

No name is invented: a rank that is absent, or whose name only says that nothing is known,
is empty. A species given as the bare epithet gets its genus in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vagus.reference.lineage import RANKS, Lineage
from vagus.reference.names import read_names
from vagus.reference.organisms import parse_name

_PREFIX = re.compile(r"^\s*([dkpcofgs]|sp|sk)__")
_RANK_OF_LETTER = {letter: rank for rank, letter in enumerate("dpcofgs")} | {
    "k": 0, "sk": 0, "sp": 6,
}  # fmt: skip
_RANK_OF_WORD = {rank: number for number, rank in enumerate(RANKS)} | {
    "superkingdom": 0, "kingdom": 0,
}  # fmt: skip
_EPITHET = re.compile(r"^(?:[a-z][a-z-]+|sp\. .+)$")
_NO_NAME = re.compile(
    r"^(?:uncultured|unclassified|unidentified|unassigned|unknown|metagenome|environmental|na$|"
    r"none$|incertae sedis)(?![a-z])|^[a-z ]*metagenome$|[ _-]incertae[ _]sedis|"
    r"[ _]unclassified$",
    re.IGNORECASE,
)
_SINTAX_FIELD = re.compile(r"^\s*([dkpcofgst]):(.*)$")
_BRACKETS = str.maketrans("", "", "[]")
_EUKARYOTES = frozenset({"Eukaryota", "Eukarya"})
DOMAINS = frozenset({"bacteria", "archaea", "eubacteria", "eukaryota", "eukarya", "viruses"})
"""First names, in lower case, of lineages whose ranks have no prefixes."""


class NamelessError(ValueError):
    """A lineage without a name at any rank."""


def clean_name(name: str) -> str:
    """A taxon's name without quotes and blanks around it; '' when it only says 'unknown'."""
    name = name.strip().strip('"').strip()
    return "" if _NO_NAME.search(name) else name


def finish(names: Sequence[str]) -> Lineage:
    """Seven clean names from at most seven; a bare epithet gets its genus in front.

    Raises ValueError for more than seven ranks, NamelessError for no name at all.
    """
    if len(names) > len(RANKS):
        raise ValueError(f"{len(names)} ranks where at most {len(RANKS)} are known")
    cleaned = [clean_name(name) for name in names]
    cleaned += [""] * (len(RANKS) - len(cleaned))
    if not any(cleaned):
        raise NamelessError("no name at any rank")
    genus, species = cleaned[-2:]
    if genus and "/" not in genus and _EPITHET.match(species):
        cleaned[-1] = f"{genus} {species}"
    return tuple(cleaned)  # type: ignore[return-value]


def read_lineage(text: str) -> Lineage:
    """Seven names from 'Bacteria;Bacillota;...', with or without 'd__' prefixes.

    With prefixes every name goes to the rank that its prefix says, so that ranks may be
    missing anywhere. Without, a name's place gives its rank, so that the first must be a domain
    or empty: 'Bacillota;Bacilli' or 'size=20' would get wrong ranks. Raises ValueError for
    another first name, more than seven ranks, a rank given twice, or no name at all.
    """
    fields = [field.strip() for field in text.strip().split(";")]
    while fields and not fields[-1]:
        fields.pop()
    if not fields or not _PREFIX.match(fields[0]):
        names = finish([_PREFIX.sub("", field) for field in fields])
        if names[0] and names[0].lower() not in DOMAINS:
            raise ValueError(f"'{names[0]}' is not a domain (Bacteria, Archaea, Eukaryota)")
        return names
    pairs = []
    for field in fields:
        match = _PREFIX.match(field)
        if match is None:
            raise ValueError(f"'{field}' has no rank prefix, others have")
        pairs.append((_RANK_OF_LETTER[match[1]], field[match.end() :]))
    return _place(pairs)


def read_sintax(text: str) -> Lineage:
    """Seven names from 'd:Bacteria,p:Bacillota,...,s:Genus_species', strains left out."""
    pairs = []
    for field in text.rstrip(";").split(","):
        match = _SINTAX_FIELD.match(field)
        if match is None:
            raise ValueError(f"'{field}' is not of the form 'g:Name'")
        if match[1] != "t":
            pairs.append((_RANK_OF_LETTER[match[1]], match[2]))
    return _place(pairs)


def _place(pairs: Sequence[tuple[int, str]]) -> Lineage:
    """Names at their ranks; a kingdom between domain and phylum has no rank of ours."""
    names = [""] * len(RANKS)
    for rank, name in pairs:
        if names[rank] and rank > 0 and name.strip():
            raise ValueError(f"two names at the rank {RANKS[rank]}")
        names[rank] = names[rank] or name.strip()
    if " " not in names[-1]:  # 'Escherichia_coli', but not GTDB's 'Escherichia coli_D'
        names[-1] = names[-1].replace("_", " ")
    return finish(names)


def read_silva(text: str) -> Lineage:
    """Seven names from SILVA's header: ranks, then the organism as the last field.

    Ranks go by position, as SILVA writes exactly six for bacteria and archaea; an organism
    becomes a species when it is a binomial of the lineage's genus, in whatever form that is
    written ('Escherichia-Shigella', '[Eubacterium] hallii group'). Lineages of eukaryotes have
    other ranks: only the domain is kept.
    """
    *ranks, organism = (field.strip() for field in text.strip().rstrip(";").split(";"))
    if not ranks:
        return finish([organism])
    if ranks[0] in _EUKARYOTES:
        return finish(["Eukaryota"])
    genus = ranks[5] if len(ranks) > 5 else ""
    _, species = parse_name(organism.translate(_BRACKETS))
    is_of_genus = bool(species) and read_names().belongs(species, genus)
    return finish([*ranks[:6], *[""] * (6 - len(ranks)), species if is_of_genus else ""])


def read_rdp(text: str, rank_of: Mapping[tuple[int, str], str] | None = None) -> Lineage:
    """Seven names from 'Root;Bacteria;...', ranks in between left out.

    Ranks are between the names ('Bacteria;domain;...'), or are looked up in ``rank_of`` by
    (depth, name); without either every name counts. Raises ValueError for a name that
    ``rank_of`` does not know.
    """
    fields = [field.strip().strip('"') for field in text.strip().rstrip(";").split(";")]
    fields = [field for field in fields[1:] if field != "rootrank"]
    if len(fields) > 1 and fields[1] in _RANK_OF_WORD:
        pairs = list(zip(fields[::2], fields[1::2], strict=False))
    elif rank_of:
        try:
            pairs = [(name, rank_of[depth, name]) for depth, name in enumerate(fields, 1)]
        except KeyError as error:
            raise ValueError(f"the table of ranks has no {error.args[0][1]!r}") from None
    else:
        return finish(fields)
    return _place([(_RANK_OF_WORD[rank], name) for name, rank in pairs if rank in _RANK_OF_WORD])


def read_organism(text: str) -> Lineage:
    """Genus and species of an organism's name, all other ranks empty.

    '[Clostridium] scindens' is a species that does not belong to the genus of its name: the
    genus is left empty.
    """
    is_misplaced = text.startswith("[")
    genus, species = parse_name(text.replace("[", "").replace("]", ""))
    return finish(["", "", "", "", "", "" if is_misplaced else genus, species])
