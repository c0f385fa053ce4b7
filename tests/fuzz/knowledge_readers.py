"""Readers of tables of knowledge: what is shipped, and what users give in its place."""

from __future__ import annotations

from pathlib import Path

from fuzz.target import Target, check
from vagus.controls.mocks import MOCK_FOLDER, read_mock
from vagus.demo.community import read_community
from vagus.gut_brain.knowledge import FOLDER, read_knowledge
from vagus.reads.primers import PRIMER_TABLE, read_primer_table
from vagus.reference.catalogue import CATALOGUE, list_references
from vagus.reference.checksums import RECORD, FirstSeen
from vagus.reference.installed import PROVENANCE, Installed
from vagus.reference.lineage_tables import LineageTables
from vagus.taxonomy.copy_numbers import SHIPPED_GENERA, SHIPPED_TABLE, read_copy_numbers

_INSTALLED = b'{"name": "r", "sha256": "00", "version": "1", "contents": {"sequences": 2}}'
RRNDB = (
    b"taxid\trank\tname\tchildcount\tmin\tmode\tmedian\tmax\tmean\tstddev\n"
    b"1\tgenus\tBlautia\t3\t4\t5\t5\t6\t5.1\t0.5\n2\tspecies\tB. obeum\t1\t5\t5\t5\t5\t5\t\n"
    b"3\tgenus\tMogibacterium\t1\t2\t2\t2\t2\t2\t\n"
)
COMMUNITY = b"# made up\ntaxon\tabundance\tcopies\nBacillus subtilis\t3\t8\nAB1\t0.5\t\n"
LINEAGES = (
    b"r1\tBacteria;P;C;O;F;G;G s\nr2\td__Bacteria; p__P\n",
    b"tax_id\tspecies\tgenus\tfamily\torder\tclass\tphylum\tsuperkingdom\n"
    b"562\tE. coli\tE\tF\tO\tC\tP\tBacteria\n",
    b"1*Bacteria*0*1*domain\n2*P*1*2*phylum\n",
    b"562\t|\tE. coli\t|\t\t|\tE\t|\tF\t|\tO\t|\tC\t|\tP\t|\t\t|\tBacteria\t|\n",
)


def make_knowledge_targets(folder: Path) -> list[Target]:
    """Their targets, seeds made in ``folder``."""
    brain = folder / "brain"
    brain.mkdir()
    for name in ("capacities.tsv", "sources.tsv", "taxa.tsv"):
        (brain / name).write_bytes(_head(FOLDER / name, 6 if name == "taxa.tsv" else 1000))
    home = folder / "reference"
    home.mkdir()
    return [
        Target("primers", ".tsv", (PRIMER_TABLE.read_bytes(),), read_pairs),
        Target("copy numbers", ".tsv",
               (_head(SHIPPED_TABLE, 6), _head(SHIPPED_GENERA, 6), RRNDB), read_copies),
        Target("mock community", ".tsv",
               tuple(_head(p, 9) for p in sorted(MOCK_FOLDER.glob("*.tsv"))[:2]), read_members),
        *(Target(f"gut-brain {name}", ".tsv", ((brain / name).read_bytes(),),
                 lambda path, name=name: read_beside(path, brain / name))  # type: ignore[misc]
          for name in ("capacities.tsv", "sources.tsv", "taxa.tsv")),
        Target("community", ".tsv", (COMMUNITY,), read_taxa),
        Target("list of references", ".tsv", (_head(CATALOGUE, 4),), list_references),
        Target("lineage table", ".tsv", LINEAGES, read_lineages),
        Target("installed reference", ".json", (_INSTALLED,),
               lambda path: read_installed(path, home)),
        Target("files seen first", ".tsv", (b"url\tversion\tsha256\tdate\na\t1\t00\t2026\n",),
               lambda path: read_seen(path, home)),
    ]  # fmt: skip


def read_pairs(path: Path) -> None:
    """Primers are IUPAC letters."""
    pairs = read_primer_table(path)
    check(all(pair.name and pair.forward.isalpha() for pair in pairs), "primers")


def read_copies(path: Path) -> None:
    """Numbers of copies are numbers."""
    for number in read_copy_numbers(path).values():
        check(0 < number.mean < 100 and number.n_genomes > 0, "copies")


def read_members(path: Path) -> None:
    """Shares sum to 1; genera can be read."""
    mock, _ = read_mock(path)
    for rank in ("species", "genus"):
        check(abs(sum(member.share for member in mock.expect(rank)) - 1) < 1e-6, "shares")


def read_beside(path: Path, place: Path) -> None:
    """All claims are of known capacities."""
    before = place.read_bytes()
    place.write_bytes(path.read_bytes())
    try:
        knowledge = read_knowledge(place.parent)
    finally:
        place.write_bytes(before)
    check(all(c.capacity in knowledge.capacities for c in knowledge.all_claims), "capacities")


def read_taxa(path: Path) -> None:
    """Abundances are positive."""
    check(all(member.abundance > 0 for member in read_community(path)), "abundances")


def read_lineages(path: Path) -> None:
    """Lineages have seven ranks."""
    tables = LineageTables()
    tables.read(path, lambda: {"E. coli"})
    check(all(len(lineage) == 7 for lineage in tables.by_accession.values()), "ranks")


def read_installed(path: Path, home: Path) -> None:
    """One object."""
    (home / PROVENANCE).write_bytes(path.read_bytes())
    check(isinstance(Installed("r", home).provenance, dict), "object")


def read_seen(path: Path, home: Path) -> None:
    """What is damaged is passed over."""
    (home / RECORD).write_bytes(path.read_bytes())
    FirstSeen.load(home)


def _head(path: Path, n_lines: int) -> bytes:
    return b"".join(path.read_bytes().splitlines(keepends=True)[:n_lines])
