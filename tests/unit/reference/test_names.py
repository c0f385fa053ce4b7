"""Names as SILVA, Greengenes2, GTDB and NCBI write them, and groups of inseparable species."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.gut_brain.knowledge import read_knowledge
from vagus.reference.inseparable import group_records
from vagus.reference.lineage import RANKS, parse_lineage
from vagus.reference.lineage_forms import read_lineage, read_silva
from vagus.reference.names import RESOURCES, Names, plain_name, read_names
from vagus.reference.starter import ReferenceRecord, read_starter
from vagus.taxonomy.copy_numbers import find_number, read_copy_numbers

PHYLUM, ORDER, GENUS, SPECIES = map(RANKS.index, ("phylum", "order", "genus", "species"))
SILVA = "Bacteria;Bacillota;Clostridia;Lachnospirales;Lachnospiraceae;"
GREENGENES = "d__Bacteria; p__P; c__C; o__O; f__F; "


@pytest.fixture(scope="module")
def names() -> Names:
    return read_names()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("s__Blautia_A obeum", "Blautia obeum"),
        ("Faecalibacterium prausnitzii_C", "Faecalibacterium prausnitzii"),
        ("g__Phocaeicola_A_858004", "Phocaeicola"),
        ("s__Phocaeicola_A_858004 vulgatus", "Phocaeicola vulgatus"),
        ("Escherichia_710834", "Escherichia"),
        ("[Ruminococcus] gnavus", "Ruminococcus gnavus"),
        ("Clostridium sensu stricto 1", "Clostridium"),
        ("Prevotella_9", "Prevotella"),
        ("Prevotella 9", "Prevotella"),
        ("Bifidobacterium longum subsp. infantis ATCC 15697", "Bifidobacterium longum"),
        ("Candidatus Phytoplasma ulmi", "Phytoplasma ulmi"),
        ("UBA1234_B sp900", "UBA1234 sp900"),
        ("Lachnospiraceae NK4A136 group", "Lachnospiraceae NK4A136 group"),
    ],
)
def test_names_lose_what_a_database_adds(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("label", "genera"),
    [
        ("[Eubacterium] hallii group", ["Anaerobutyricum"]),  # Shetty et al. 2018, IJSEM 68:3741
        ("[Ruminococcus] gnavus group", ["Mediterraneibacter"]),  # Togo et al. 2018
        ("Escherichia-Shigella", ["Escherichia", "Shigella"]),
        ("Escherichia/Shigella", ["Escherichia", "Shigella"]),
        ("Agathobacter_164117", ["Agathobacter"]),
        ("UBA-1234", ["UBA-1234"]),
        ("", []),
    ],
)
def test_genera_of_a_label(names: Names, label: str, genera: list[str]) -> None:
    assert names.list_genera(label) == genera


def test_species_of_a_label(names: Names) -> None:
    assert names.list_species("[Eubacterium] rectale") == ["Agathobacter rectalis"]
    assert names.list_species("Prevotella copri/Bacteroides_H fragilis") == [
        "Segatella copri", "Bacteroides fragilis",
    ]  # fmt: skip
    assert "Bacillus anthracis" in names.list_species("Bacillus cereus group")


@pytest.mark.parametrize(
    ("rank", "one", "other", "expected"),
    [
        (SPECIES, "Bacillus cereus group", "Bacillus_A thuringiensis", True),
        (SPECIES, "Bacillus cereus group", "Bacillus subtilis", False),
        (SPECIES, "Eubacterium hallii", "Anaerobutyricum hallii", True),
        (SPECIES, "Eubacterium hallii", "Anaerobutyricum soehngenii", False),
        (GENUS, "[Eubacterium] hallii group", "Anaerobutyricum", True),
        (GENUS, "Clostridium sensu stricto 1", "Clostridium_T", True),
        (GENUS, "Clostridium sensu stricto 1", "Roseburia", False),
        (GENUS, "Clostridium sensu stricto 1", "Clostridium", True),
        (GENUS, "Clostridium_P", "Clostridium", True),
        (GENUS, "Lactobacillus", "Limosilactobacillus", True),  # split by Zheng et al. 2020
        (GENUS, "Ligilactobacillus", "Limosilactobacillus", False),
        (GENUS, "Escherichia-Shigella", "Escherichia", True),
        (GENUS, "Escherichia/Shigella", "Shigella", True),
        (SPECIES, "Lactobacillus reuteri", "Limosilactobacillus reuteri", True),
        (SPECIES, "Lactobacillus reuteri", "Limosilactobacillus fermentum", False),
        (SPECIES, "Escherichia coli/Shigella sonnei", "Escherichia coli_D", True),
        (PHYLUM, "Firmicutes", "Bacillota", True),  # Oren & Garrity 2021
        (PHYLUM, "Bacillota_A", "Firmicutes", True),
        (PHYLUM, "Bacillota", "Bacteroidota", False),
        (ORDER, "Enterobacteriales", "Enterobacterales", True),
    ],
)
def test_names_agree(names: Names, rank: int, one: str, other: str, expected: bool) -> None:
    assert names.agree(rank, one, other) is expected
    assert names.agree(rank, other, one) is expected


@pytest.mark.parametrize(
    ("text", "species"),
    [
        ("[Eubacterium] hallii group;Anaerobutyricum hallii", "Anaerobutyricum hallii"),
        ("[Ruminococcus] gnavus group;[Ruminococcus] gnavus", "Ruminococcus gnavus"),
        ("Agathobacter;[Eubacterium] rectale", "Eubacterium rectale"),
        ("Clostridium sensu stricto 1;Clostridium sporogenes", "Clostridium sporogenes"),
        ("Escherichia-Shigella;Escherichia coli", "Escherichia coli"),
        ("Blautia;uncultured bacterium", ""),
        ("Blautia;Roseburia hominis", ""),
    ],
)
def test_silva_keeps_organisms_of_a_genus_in_another_form(text: str, species: str) -> None:
    assert read_silva(SILVA + text)[SPECIES] == species


@pytest.mark.parametrize(
    ("lineage", "genera", "species"),
    [
        (read_silva(f"{SILVA}{label}"), genera, species)
        for label, genera, species in (
            ("[Eubacterium] hallii group;Anaerobutyricum hallii", "Anaerobutyricum",
             "Anaerobutyricum hallii"),
            ("[Eubacterium] hallii group;uncultured bacterium", "Anaerobutyricum", ""),
            ("[Ruminococcus] gnavus group;[Ruminococcus] gnavus", "Mediterraneibacter",
             "Mediterraneibacter gnavus"),
            ("Clostridium sensu stricto 1;Clostridium sporogenes", "Clostridium",
             "Clostridium sporogenes"),
            ("Escherichia-Shigella;Escherichia coli", "Escherichia Shigella", "Escherichia coli"),
            ("Agathobacter;[Eubacterium] rectale", "Agathobacter", "Agathobacter rectalis"),
            ("Prevotella_9;Prevotella copri", "Prevotella", "Segatella copri"),
        )
    ]
    + [
        (read_lineage(f"{GREENGENES}g__{genus}; s__{species}"), plain, name)
        for genus, species, plain, name in (
            ("Phocaeicola_A_858004", "Phocaeicola_A_858004 vulgatus", "Phocaeicola",
             "Phocaeicola vulgatus"),
            ("Bacteroides_H", "Bacteroides_H fragilis", "Bacteroides", "Bacteroides fragilis"),
            ("Agathobacter_164117", "Agathobacter_164117 rectalis", "Agathobacter",
             "Agathobacter rectalis"),
            ("Escherichia_710834", "Escherichia coli", "Escherichia", "Escherichia coli"),
            ("Bifidobacterium_388775", "Bifidobacterium_388775 longum", "Bifidobacterium",
             "Bifidobacterium longum"),
            ("Blautia_A", "Blautia_A obeum", "Blautia", "Blautia obeum"),  # GTDB
            ("Agathobacter", "Agathobacter rectalis_B", "Agathobacter", "Agathobacter rectalis"),
        )
    ],
)  # fmt: skip
def test_three_databases_mean_the_same_names(
    names: Names, lineage: tuple[str, ...], genera: str, species: str
) -> None:
    """SILVA's, Greengenes2's and GTDB's forms of a taxon lead to the name that LPSN has today."""
    assert " ".join(names.list_genera(lineage[GENUS])) == genera
    assert names.list_species(lineage[SPECIES]) == ([species] if species else [])


@pytest.mark.parametrize(
    ("text", "message"), [("genus\tA\tB\n", "3 columns"), ("clan\tA\tB\tx\n", "is not a rank")]
)
def test_damaged_tables_of_names(tmp_path: Path, text: str, message: str) -> None:
    for name in ("renamed_species.tsv", "phylum_names.tsv", "inseparable_species.tsv"):
        (tmp_path / name).write_bytes((RESOURCES / name).read_bytes())
    (tmp_path / "taxon_synonyms.tsv").write_text("rank\tolder\tnewer\tsource\n" + text)
    with pytest.raises(ReferenceFileError, match=message):
        Names.read(tmp_path)


@pytest.mark.parametrize(
    ("lineage", "capacity", "has_copies"),
    [
        (read_silva(SILVA + "[Eubacterium] hallii group;Anaerobutyricum hallii"), "butyrate", None),
        (read_silva(SILVA + "Agathobacter;[Eubacterium] rectale"), "butyrate", None),
        (read_silva(SILVA + "Escherichia-Shigella;Escherichia coli"), "indole", True),
        (
            read_lineage(GREENGENES + "g__Bacteroides_H; s__Bacteroides_H fragilis"), "gaba",
            True,
        ),
        (
            read_lineage(GREENGENES + "g__Bifidobacterium_38; s__Bifidobacterium_38 longum"),
            "gaba", True,
        ),
        (read_lineage(GREENGENES + "g__Blautia_A; s__Blautia_A obeum"), "propionate", None),
    ],
)  # fmt: skip
def test_views_know_names_of_every_database(
    lineage: tuple[str, ...], capacity: str, has_copies: bool | None
) -> None:
    claims = read_knowledge().find(lineage[SPECIES], lineage[GENUS])
    assert capacity in {claim.capacity for claim in claims}
    if has_copies:
        assert find_number(lineage[GENUS], read_copy_numbers()) is not None


def test_groups_take_the_place_of_their_members() -> None:
    lineages = {
        "Bacteria;P;C;O;F;Bacillus_A;Bacillus_A anthracis": ("Bacillus_A", "Bacillus cereus group"),
        "Bacteria;P;C;O;F;Shigella;Shigella sonnei": (
            "Escherichia/Shigella", "Escherichia coli group",
        ),
        "Bacteria;P;C;O;F;Escherichia-Shigella;Escherichia coli": (
            "Escherichia-Shigella", "Escherichia coli group",
        ),
        "Bacteria;P;C;O;F;Bacillus;Bacillus badius/Bacillus cereus": (
            "Bacillus", "Bacillus badius/Bacillus cereus group",
        ),
        "Bacteria;P;C;O;F;Blautia;Blautia obeum": ("Blautia", "Blautia obeum"),
    }  # fmt: skip
    records = [ReferenceRecord(str(n), "A", parse_lineage(t)) for n, t in enumerate(lineages)]
    grouped = [record.lineage[GENUS:] for record in group_records(records)]
    assert grouped == list(lineages.values())


def test_table_of_groups(names: Names, root: Path) -> None:
    """Each species in one group, with names of today and a source."""
    with open(root / "resources" / "inseparable_species.tsv", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert all(row["source"] for row in rows)
    members = [name for row in rows for name in row["members"].split(";")]
    assert len(set(members)) == len(members)
    assert all(names.current_species(name) == name for name in members)
    in_starter = {name for record in read_starter() for name in record.species}
    assert all(any(m in in_starter for m in names.groups.members[row["group"]]) for row in rows)
