"""The starter reference: the committed file and the conversion that made it."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.gold import (
    Corrections,
    SourceEntry,
    clean_sequence,
    convert,
    orient_sense,
    parse_name,
    parse_source,
)
from vagus.reference.lineage import (
    PhylumNames,
    format_lineage,
    merge_lineages,
    parse_lineage,
)
from vagus.reference.starter import ReferenceRecord, read_starter
from vagus.sequences import reverse_complement

SOURCE = Path("/usr/share/microbiomeutil-data/RESOURCES/rRNA16S.gold.fasta")
PHYLA = PhylumNames(
    [
        ("Firmicutes", "", "Bacillota", ""),
        ("Proteobacteria", "", "Pseudomonadota", ""),
        ("Proteobacteria", "Myxococcales", "Myxococcota", "Myxococcia"),
    ]
)
CORE = (  # E. coli positions around 515, 787 and 1083, with filler between them
    "GTGCCAGCAGCCGCGGTAATACGGAGGGTGCAAGC" + "ACGT" * 5 + "ATTAGATACCCTGGTAGTCCACGC"
    "CAGTC" * 4 + "ATGTTGGGTTAAGTCCCGCAACGAG"
)  # fmt: skip


@pytest.fixture(scope="module")
def records() -> list[ReferenceRecord]:
    return read_starter()


def entry(accession: str, name: str, lineage: str, sequence: str, **extra: object) -> SourceEntry:
    is_type = bool(extra.get("is_type", True))
    return SourceEntry(accession, "X1", name, is_type, tuple(lineage.split(";")), sequence)


def test_committed_file_is_complete(records: list[ReferenceRecord]) -> None:
    assert len(records) == 5181 - 6
    assert len({record.accession for record in records}) == len(records)
    assert len({record.sequence for record in records}) == len(records)
    assert {record.lineage[0] for record in records} == {"Bacteria", "Archaea"}
    assert all(record.lineage[1] for record in records)
    assert all(set(record.sequence) <= set("ACGTRYSWKMBDHVN") for record in records)
    assert all(len(record.sequence) >= 1200 for record in records)


def test_committed_names_are_current_and_clean(records: list[ReferenceRecord]) -> None:
    phyla = {record.lineage[1] for record in records}
    assert not phyla & {"Firmicutes", "Bacteroidetes", "Proteobacteria", "Actinobacteria"}
    assert {"Bacillota", "Bacteroidota", "Pseudomonadota", "Actinomycetota"} <= phyla
    names = {name.lower() for record in records for name in record.lineage}
    assert not any("incertae" in name or " sp." in name or name == "sp" for name in names)
    by_species = {name: record.lineage for record in records for name in record.species}
    assert by_species["Escherichia coli"][5] == "Escherichia"
    assert by_species["Faecalibacterium prausnitzii"][1:2] == ("Bacillota",)
    assert by_species["Myxococcus xanthus"][1] == "Myxococcota"
    assert by_species["Nostoc punctiforme"][1] == "Cyanobacteriota"


def test_committed_sequences_are_sense(records: list[ReferenceRecord]) -> None:
    assert not any(orient_sense(record.sequence)[1] for record in records[::20])


def load_program(root: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, root / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not SOURCE.is_file(), reason="the Debian package microbiomeutil-data is absent")
def test_conversion_reproduces_committed_files(root: Path, tmp_path: Path) -> None:
    program = load_program(root, "convert_starter_reference")
    fasta, companion = tmp_path / "a.fasta.gz", tmp_path / "a.tsv.gz"
    options = [str(SOURCE), "--fasta", str(fasta), "--companion", str(companion)]
    assert program.main(options) == 0
    # unpacked: zlib versions may pack equal text into different bytes
    for made, name in (
        (fasta, "starter_reference.fasta.gz"),
        (companion, "starter_reference.tsv.gz"),
    ):
        committed = gzip.decompress((root / "resources" / name).read_bytes())
        assert gzip.decompress(made.read_bytes()) == committed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Escherichia coli K12", ("Escherichia", "Escherichia coli")),
        ("Salmonella enterica subsp. arizonae", ("Salmonella", "Salmonella enterica")),
        ("Moraxella (Branhamella) ovis", ("Moraxella", "Moraxella ovis")),
        ("Candidatus Phytoplasma ulmi", ("Phytoplasma", "Candidatus Phytoplasma ulmi")),
        ("Bacteroides sp. D1", ("Bacteroides", "")),
        ("Wolbachia endosymbiont strain TRS of Brugia malayi", ("Wolbachia", "")),
        ("Mycobacterium tuberculosis EAS054", ("Mycobacterium", "Mycobacterium tuberculosis")),
        ("Clostridiales bacterium 1_7_47_FAA", ("", "")),
        ("Bacteroidetes bacterium KMM 3938", ("", "")),
        ("phototrophic bacterium", ("", "")),
        ("Onion yellows phytoplasma OY-M", ("", "")),
        (
            "Actinobacillus pleuropneumoniae serovar 1",
            ("Actinobacillus", "Actinobacillus pleuropneumoniae"),
        ),
    ],
)
def test_parse_name(name: str, expected: tuple[str, str]) -> None:
    assert parse_name(name) == expected


def test_parse_source_knows_both_headers() -> None:
    lineage = "Bacteria; Firmicutes; Bacilli; Bacillales; Bacillaceae; Bacillus a"
    headers = [
        (f"S1 Bacillus subtilis (T); DSM 10; AB1 Bacillus subtilis\t{lineage}", "ACGT"),
        (f"700 \tBacillus pumilus SAFR-032 \t700|16s\t{lineage}".replace("700 ", "700"), "ACGT"),
    ]
    first, second = parse_source(headers)
    assert (first.accession, first.insdc, first.name, first.is_type) == (
        "S1", "AB1", "Bacillus subtilis", True,
    )  # fmt: skip
    assert (second.accession, second.name, second.is_type) == (
        "700", "Bacillus pumilus SAFR-032", False,
    )  # fmt: skip
    assert first.lineage[5] == "Bacillus a"
    with pytest.raises(ReferenceFileError, match="six-rank"):
        list(parse_source([("S1 name\tBacteria; Firmicutes", "ACGT")]))


def test_sequences_are_cleaned_and_oriented() -> None:
    assert clean_sequence("ac-g.Un") == "ACGTN"
    assert orient_sense(CORE) == (CORE, False)
    assert orient_sense(reverse_complement(CORE)) == (CORE, True)


def test_convert_merges_names_and_keeps_accessions() -> None:
    family = "Bacteria;Proteobacteria;Gammaproteobacteria;Enterobacteriales;Enterobacteriaceae;"
    conversion = convert(
        [
            entry("S9", "Shigella sonnei", family + "Escherichia", CORE),
            entry("700", "Escherichia coli K12", family + "Escherichia", CORE, is_type=False),
            entry("S2", "Escherichia coli", family + "Escherichia", reverse_complement(CORE)),
            entry("S3", "Bacillus fakus", "Bacteria;Firmicutes;B;B;B;Bacillus a", CORE + "A"),
            entry("S4", "Wrong name", family + "Escherichia", CORE + "C"),
        ],
        Corrections(exclude={"S4": "mislabelled"}, spelling={"fakus": "falsus"}),
        PHYLA,
    )
    bacillus, coli = conversion.records
    assert bacillus.lineage == (
        "Bacteria",
        "Bacillota",
        "B",
        "B",
        "B",
        "Bacillus",
        "Bacillus falsus",
    )
    assert coli.accession == "S2"
    assert coli.lineage[1] == "Pseudomonadota"
    assert coli.lineage[5:] == ("Escherichia/Shigella", "Escherichia coli/Shigella sonnei")
    assert coli.species == ("Escherichia coli", "Shigella sonnei")
    assert conversion.counts["source records merged into another"] == 2
    assert conversion.counts["reverse-complemented"] == 1
    assert [row[:2] for row in conversion.companion] == [
        ("", "S4"), ("S2", "700"), ("S2", "S2"), ("S2", "S9"), ("S3", "S3"),
    ]  # fmt: skip


def test_convert_leaves_disputed_and_placeholder_names_empty() -> None:
    upper = "Bacteria;Proteobacteria;Gammaproteobacteria;"
    xantho = upper + "Xanthomonadales;Xanthomonadaceae;Stenotrophomonas"
    pseudo = upper + "Pseudomonadales;Pseudomonadaceae;Pseudomonas"
    group = "Bacteria;Firmicutes;Clostridia;Clostridiales;Incertae Sedis XI;Lachno Incertae Sedis"
    myxo = "Bacteria;Proteobacteria;Deltaproteobacteria;Myxococcales;Myxococcaceae;Myxococcus"
    conversion = convert(
        [
            entry("S1", "Pseudomonas putida", pseudo, CORE + "A"),
            entry("S2", "Pseudomonas hibiscicola", xantho, CORE + "C"),
            entry("S3", "Peptoniphilus harei", group, CORE + "G"),
            entry("S4", "Myxococcus xanthus", myxo, CORE + "T"),
            entry("S5", "Nostoc azollae", xantho, CORE + "AA"),
        ],
        Corrections(genus={"Nostoc": "Bacteria;Cyanobacteria;Cyanophyceae;;"}),
        PHYLA,
    )
    lineages = {record.accession: record.lineage for record in conversion.records}
    assert lineages["S1"][5:] == ("Pseudomonas", "Pseudomonas putida")
    assert lineages["S2"][4:] == ("Xanthomonadaceae", "", "Pseudomonas hibiscicola")
    assert lineages["S3"][3:] == ("Clostridiales", "", "Peptoniphilus", "Peptoniphilus harei")
    assert lineages["S4"][1:4] == ("Myxococcota", "Myxococcia", "Myxococcales")
    assert lineages["S5"][1:] == (
        "Cyanobacteria", "Cyanophyceae", "", "", "Nostoc", "Nostoc azollae",
    )  # fmt: skip


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
