"""The references that ship: the committed files, and the reader of their form."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.lineage import (
    PhylumNames,
    format_lineage,
    merge_lineages,
    parse_lineage,
)
from vagus.reference.starter import ReferenceRecord, read_off_target, read_starter
from vagus.reference.strand import orient_sense
from vagus.sequences import reverse_complement

CORE = (  # E. coli positions around 515, 787 and 1083, with filler between them
    "GTGCCAGCAGCCGCGGTAATACGGAGGGTGCAAGC" + "ACGT" * 5 + "ATTAGATACCCTGGTAGTCCACGC"
    "CAGTC" * 4 + "ATGTTGGGTTAAGTCCCGCAACGAG"
)  # fmt: skip


@pytest.fixture(scope="module")
def records() -> list[ReferenceRecord]:
    return read_starter()


def test_committed_file_is_complete(records: list[ReferenceRecord]) -> None:
    """The promise of the reference: 25,000 sequences, archaea, all distinct and named."""
    assert len(records) >= 25_000
    assert len({record.accession for record in records}) == len(records)
    assert len({record.sequence for record in records}) == len(records)
    domains = Counter(record.lineage[0] for record in records)
    assert set(domains) == {"Bacteria", "Archaea"}
    assert domains["Archaea"] >= 300
    assert all(record.species for record in records)
    assert all(set(record.sequence) <= set("ACGTRYSWKMBDHVN") for record in records)
    assert all(1200 <= len(record.sequence) <= 2500 for record in records)


def test_committed_names_are_those_of_today(records: list[ReferenceRecord]) -> None:
    """Validly published names: each with the paper that made it."""
    by_species = {name: record.lineage for record in records for name in record.species}
    for species in (
        "Segatella copri",  # Hitch et al. 2022, Syst. Appl. Microbiol. 45:126354
        "Phocaeicola vulgatus",  # Garcia-Lopez et al. 2019, Front. Microbiol. 10:2083
        "Limosilactobacillus reuteri",  # Zheng et al. 2020, IJSEM 70:2782
        "Clostridioides difficile",  # Lawson et al. 2016, Anaerobe 40:95
        "Anaerobutyricum soehngenii",  # Shetty et al. 2018, IJSEM 68:3741
        "Cutibacterium acnes",  # Scholz & Kilian 2016, IJSEM 66:4422
        "Methanobrevibacter smithii",
    ):
        assert by_species[species][5] == species.split()[0]
    assert not {"Prevotella copri", "Bacteroides vulgatus", "Lactobacillus reuteri"} & set(
        by_species
    )
    phyla = {record.lineage[1] for record in records}
    assert not phyla & {"Firmicutes", "Bacteroidetes", "Proteobacteria", "Euryarchaeota"}
    assert {"Bacillota", "Bacteroidota", "Pseudomonadota", "Methanobacteriota"} <= phyla
    names = {name for record in records for name in record.lineage}
    assert not any(" sp." in name or "[" in name or "'" in name for name in names)


def test_common_species_have_several_copies(records: list[ReferenceRecord]) -> None:
    """Genomes of these have copies that differ (Pei et al. 2010, AEM 76:3886)."""
    copies = Counter(name for record in records for name in record.species)
    for species in ("Escherichia coli", "Bacteroides fragilis", "Salmonella enterica"):
        assert copies[species] >= 4


def test_companion_table_has_every_record(records: list[ReferenceRecord], root: Path) -> None:
    path = root / "resources" / "starter_reference.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert {row["record"] for row in rows} == {record.accession for record in records}
    with open(root / "resources" / "starter_sources.tsv", encoding="utf-8") as stream:
        packages = {row["package"] for row in csv.DictReader(stream, delimiter="\t")}
    assert {row["package"] for row in rows} <= packages


def test_committed_sequences_are_sense(records: list[ReferenceRecord]) -> None:
    assert not any(orient_sense(record.sequence)[1] for record in records[::50])


def test_off_target_sequences_are_of_three_kinds() -> None:
    kinds = Counter(record.lineage[4] or record.lineage[0] for record in read_off_target())
    assert set(kinds) == {"Chloroplast", "Mitochondria", "Eukaryota"}
    assert all(n >= 100 for n in kinds.values())


@pytest.mark.skipif(
    "VAGUS_STARTER_PACKAGES" not in os.environ,
    reason="VAGUS_STARTER_PACKAGES does not name the folder of the input packages",
)
def test_recipe_reproduces_committed_files(root: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    program = str(root / "scripts" / "make_starter_reference.py")
    options = ["--packages", os.environ["VAGUS_STARTER_PACKAGES"], "--output", str(tmp_path)]
    subprocess.run([sys.executable, program, *options], check=True)
    for name in ("starter_reference.fasta.gz", "off_target.fasta.gz", "starter_reference.tsv.gz"):
        # unpacked: zlib versions may pack equal text into different bytes
        committed = gzip.decompress((root / "resources" / name).read_bytes())
        assert gzip.decompress((tmp_path / name).read_bytes()) == committed
    name = "renamed_species.tsv"
    assert (tmp_path / name).read_bytes() == (root / "resources" / name).read_bytes()


def test_sequences_are_oriented() -> None:
    assert orient_sense(CORE) == (CORE, False)
    assert orient_sense(reverse_complement(CORE)) == (CORE, True)


def test_lineage_round_trip_and_merge() -> None:
    text = "Bacteria;Bacillota;;;;Bacillus;Bacillus subtilis"
    assert format_lineage(parse_lineage(text)) == text
    with pytest.raises(ValueError, match="7 fields"):
        parse_lineage("Bacteria;Bacillota")
    one = parse_lineage("Bacteria;P;;O;F;G;G a")
    other = parse_lineage("Bacteria;P;C;O;F;H;H b/G a")
    assert merge_lineages([one, other]) == parse_lineage("Bacteria;P;C;O;F;G/H;G a/H b")


def test_read_starter_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match="missing"):
        read_starter(tmp_path / "none.fasta")
    path = tmp_path / "bad.fasta"
    path.write_text(">X1 Bacteria;Bacillota\nACGT\n", encoding="utf-8")
    with pytest.raises(ReferenceFileError, match="X1"):
        read_starter(path)
    (tmp_path / "phyla.tsv").write_text("a\tb\tc\td\te\nFirmicutes\tBacillota\n", encoding="utf-8")
    with pytest.raises(ReferenceFileError, match="line 2"):
        PhylumNames.read(tmp_path / "phyla.tsv")
