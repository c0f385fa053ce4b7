"""Organelles and eukaryotes are set apart under a reference of any form, bacteria are not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from vagus.reference.index import ReferenceIndex
from vagus.reference.index_places import IndexSource
from vagus.reference.lineage import PREFIXES, RANKS
from vagus.reference.starter import ReferenceRecord, read_off_target
from vagus.taxonomy.classify import Settings, classify
from vagus.taxonomy.origins import SET_APART, find_origin

PHYLUM = RANKS.index("phylum")
SILVA_MITOCHONDRIA = "Bacteria;Pseudomonadota;Alphaproteobacteria;Rickettsiales;Mitochondria;"
SILVA_CHLOROPLAST = "Bacteria;Cyanobacteriota;Cyanobacteriia;Chloroplast;"


def write_starter_form(record: ReferenceRecord) -> str:
    return f"{record.accession} {';'.join(record.lineage)}"


def write_silva_form(record: ReferenceRecord) -> str:
    return f"{record.accession}.1.1450 {';'.join(record.lineage)}"


def write_gtdb_form(record: ReferenceRecord) -> str:
    names = (prefix + name for prefix, name in zip(PREFIXES, record.lineage, strict=True))
    return f"RS_GCF_{record.accession}~contig {';'.join(names)} [locus_tag=x] [ssu_len=1450]"


def choose(origin: str) -> ReferenceRecord:
    """A complete sequence of an organelle or eukaryote that ships, the same at every run."""
    of_origin = [
        record for record in read_off_target()
        if find_origin(record.lineage) == origin and set(record.sequence) <= set("ACGT")
        and 1000 < len(record.sequence) < 2000
    ]  # fmt: skip
    return random.Random(1).choice(of_origin)


@pytest.fixture(scope="module", params=["starter", "silva", "gtdb"])
def index(
    request: pytest.FixtureRequest,
    starter: list[ReferenceRecord],
    tmp_path_factory: pytest.TempPathFactory,
) -> ReferenceIndex:
    """Every 60th sequence of the starter in the form of a database, SILVA's with organelles."""
    write: Callable[[ReferenceRecord], str] = {
        "starter": write_starter_form, "silva": write_silva_form, "gtdb": write_gtdb_form,
    }[request.param]  # fmt: skip
    records = [r for r in starter[::60] if all(r.lineage) and "/" not in r.lineage[6]]
    lines = [f">{write(record)}\n{record.sequence}\n" for record in records]
    if request.param == "silva":
        lines += [
            f">ZZ1.1.1500 {SILVA_MITOCHONDRIA}Zea mays\n{choose('mitochondria').sequence}\n",
            f">ZZ2.1.1500 {SILVA_CHLOROPLAST}Zea mays\n{choose('chloroplast').sequence}\n",
        ]
    fasta = tmp_path_factory.mktemp(request.param) / f"{request.param}.fasta"
    fasta.write_text("".join(lines), encoding="utf-8")
    return IndexSource(str(fasta)).build()


@pytest.mark.parametrize("origin", ["mitochondria", "chloroplast", "eukaryote"])
def test_set_apart_under_each_reference(
    index: ReferenceIndex, origin: str, change: Callable[[str, int, int], str]
) -> None:
    """20 substitutions, some 1.5 %, away from a sequence that ships."""
    query = change(choose(origin).sequence, 3, 20)
    call = classify(index, [("q", query)], Settings())[0].call
    assert [note for note in call.notes if note.startswith(SET_APART)] == [SET_APART + origin]
    assert call.names[1:] == [""] * 6


def test_bacteria_of_each_reference_have_their_phyla(
    index: ReferenceIndex, starter: list[ReferenceRecord], change: Callable[[str, int, int], str]
) -> None:
    records = [r for r in starter[::60] if all(r.lineage) and "/" not in r.lineage[6]][::40]
    assert len(records) >= 5
    queries = [(r.accession, change(r.sequence, 4, 5)) for r in records]
    for record, named in zip(records, classify(index, queries, Settings()), strict=True):
        assert named.call.names[: PHYLUM + 1] == list(record.lineage[: PHYLUM + 1])
        assert not any(note.startswith(SET_APART) for note in named.call.notes)
