"""What the recipe adds to RefSeq's bacteria: copies of genomes, archaea, and off-target SSU."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from vagus.reference.lineage import Lineage
from vagus.reference.organisms import parse_name
from vagus.reference.strand import orient_sense
from vagus.starter_recipe.blast_database import BlastDatabase
from vagus.starter_recipe.ncbi_taxonomy import NcbiTaxonomy
from vagus.starter_recipe.packages import read_deb_member
from vagus.starter_recipe.refseq import GENOME, ISOLATE, MIN_LENGTH_BP, Entry
from vagus.starter_recipe.renamed import follow, measure_overlap, trim_ends

SSU = "./usr/share/ncbi/data/SSURef_93.fasta"
MIN_OF_SPECIES = 0.975
MAX_COPIES, MAX_ARCHAEA = 12, 3
MAX_LENGTH_BP = 2500
MAX_CODES = 5
_TITLE = re.compile(r"^gb\|([A-Z0-9]+)\| (.*?) ?\d+ bp ?$")
_GENOME = re.compile(r"complete genome", re.IGNORECASE)
_MITOCHONDRION = re.compile(r"mitochondri", re.IGNORECASE)
_PLASTID = re.compile(r"chloroplast|plastid", re.IGNORECASE)
_CYTOSOLIC = re.compile(r"\b18S\b|\bSSU rRNA\b|small subunit", re.IGNORECASE)
_ORGANELLE = re.compile(r"mitochondri|plastid|chloroplast|apicoplast|nucleomorph|pseudogene")
_MISLABELLED = frozenset(
    {
        "AM084273",  # called a chloroplast, 97.6 % identical to Prochlorococcus
        "AB234297",  # called a chloroplast, 97.0 % identical to Polaribacter
    }
)
MITOCHONDRIA, CHLOROPLAST, EUKARYOTA = "Mitochondria", "Chloroplast", "Eukaryota"

Titled = tuple[int, str, str]
"""Number in the database, accession, title."""


def read_ssu(deb: Path) -> tuple[BlastDatabase, list[Titled]]:
    """The SSU database of ncbi-rrna-data and its titles."""
    parts = [read_deb_member(deb, f"{SSU}.{ending}") for ending in ("nin", "nhr", "nsq")]
    database = BlastDatabase.read(*parts)
    titled = []
    for number, text in database.list_titles():
        match = _TITLE.match(text)
        if match:
            titled.append((number, match[1], match[2]))
    return database, titled


def list_genome_copies(database: BlastDatabase, titled: Iterable[Titled]) -> list[Entry]:
    """SSU genes of complete genomes of named species, lineages still empty."""
    found = []
    for number, accession, title in titled:
        if _GENOME.search(title) and not _ORGANELLE.search(title):
            sequence, _ = orient_sense(database.read_sequence(number))
            name = f"{accession}.{number}"
            found.append(Entry(name, title, GENOME, "ncbi-rrna-data", sequence, ("",) * 7))
    return found


def place_copies(
    copies: Iterable[Entry],
    known: Sequence[Entry],
    renamed: Mapping[str, str],
    counts: Counter[str],
) -> list[Entry]:
    """Copies of species that RefSeq has, of sequences at least 97.5 % identical to its own."""
    of_species: dict[str, list[Entry]] = defaultdict(list)
    for entry in known:
        of_species[entry.lineage[6]].append(entry)
    seen, taken = {entry.sequence for entry in known}, Counter[str]()
    placed = []
    for copy in sorted(copies, key=lambda c: (c.package, c.accession)):
        species = follow(parse_name(copy.organism)[1], renamed)
        same = of_species.get(species, ())
        if not same or copy.sequence in seen or not _is_whole(copy.sequence):
            continue
        inner = trim_ends(copy.sequence)
        if max(measure_overlap(inner, trim_ends(e.sequence)) for e in same) < MIN_OF_SPECIES:
            counts["genome copies: left out, unlike their species"] += 1
        elif taken[species] < MAX_COPIES:
            taken[species] += 1
            seen.add(copy.sequence)
            placed.append(_move(copy, same[0].lineage))
    counts["genome copies"] = len(placed)
    return placed


def _move(entry: Entry, lineage: Lineage) -> Entry:
    return Entry(
        entry.accession, entry.organism, entry.kind, entry.package, entry.sequence, lineage
    )


def _is_whole(sequence: str) -> bool:
    n_codes = len(sequence) - sum(map(sequence.count, "ACGT"))
    return MIN_LENGTH_BP <= len(sequence) <= MAX_LENGTH_BP and n_codes <= MAX_CODES


def list_archaea(
    database: BlastDatabase, titled: Iterable[Titled], taxonomy: NcbiTaxonomy
) -> list[Entry]:
    """Up to three sequences of each species of archaea that NCBI Taxonomy knows, longest first."""
    of_species: dict[str, list[Entry]] = defaultdict(list)
    for number, accession, title in titled:
        species = parse_name(title)[1]
        taxon = taxonomy.find_number(species) if species else None
        lineage = taxonomy.find_lineage(taxon) if taxon else None
        if lineage is None or lineage[0] != "Archaea" or lineage[6] != species:
            continue
        sequence, _ = orient_sense(database.read_sequence(number))
        if _is_whole(sequence):
            name = f"{accession}.{number}"
            entry = Entry(name, title, ISOLATE, "ncbi-rrna-data", sequence, lineage)  # type: ignore[arg-type]
            of_species[species].append(entry)
    chosen = []
    for species in sorted(of_species):
        unique = {entry.sequence: entry for entry in reversed(of_species[species])}
        ordered = sorted(unique.values(), key=lambda e: (-len(e.sequence), e.accession))
        chosen += ordered[:MAX_ARCHAEA]
    return chosen


def list_off_target(
    database: BlastDatabase, titled: Iterable[Titled], taxonomy: NcbiTaxonomy
) -> list[Entry]:
    """SSU of organelles and eukaryotes: one of each family of organelles, of each class else.

    Families and classes are those of NCBI Taxonomy; what it does not know is left out.
    """
    chosen: dict[tuple[str, str], Entry] = {}
    for number, accession, title in titled:
        kind = _find_kind(title)
        lineage = _find_eukaryote(title, taxonomy) if kind else None
        if lineage is None or accession in _MISLABELLED:
            continue
        part = lineage[4] if kind != EUKARYOTA else _find_part(lineage)
        sequence, _ = orient_sense(database.read_sequence(number))
        held = chosen.get((kind, part))
        if part and _is_whole(sequence) and (held is None or len(sequence) > len(held.sequence)):
            family = "" if kind == EUKARYOTA else kind
            placed = (EUKARYOTA, "", "", "", family, "", "")
            name = f"{accession}.{number}"
            chosen[kind, part] = Entry(name, title, kind, "ncbi-rrna-data", sequence, placed)
    return [chosen[key] for key in sorted(chosen)]


_OFTEN_WITH_PEOPLE = frozenset(
    (
        "Homo", "Mus", "Sus", "Bos", "Gallus", "Ovis", "Oryctolagus", "Saccharomyces", "Candida",
        "Malassezia", "Aspergillus", "Penicillium", "Cladosporium", "Blastocystis",
        "Dientamoeba", "Entamoeba", "Giardia", "Cryptosporidium", "Trichomonas", "Oryza", "Zea",
        "Triticum", "Glycine", "Solanum", "Arabidopsis",
    )
)  # fmt: skip


def _find_part(lineage: Sequence[str]) -> str:
    """Genus of what is often with people, else class or phylum."""
    if lineage[5] in _OFTEN_WITH_PEOPLE:
        return lineage[5]
    return lineage[2] or lineage[1]


def _find_kind(title: str) -> str:
    if _MITOCHONDRION.search(title):
        return MITOCHONDRIA
    if _PLASTID.search(title):
        return CHLOROPLAST
    return EUKARYOTA if _CYTOSOLIC.search(title) else ""


def _find_eukaryote(title: str, taxonomy: NcbiTaxonomy) -> tuple[str, ...] | None:
    genus = parse_name(title)[0]
    number = taxonomy.find_number(genus) if genus else None
    lineage = taxonomy.find_lineage(number) if number else None
    return lineage if lineage and lineage[0] == "Eukaryota" else None
