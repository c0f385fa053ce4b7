from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from vagus.controls.mock_scores import Calls, list_taxa, summarise, tally_reads
from vagus.controls.mocks import MOCK_FOLDER, list_mocks, normalise_name, read_mock, read_mocks
from vagus.errors import VagusError
from vagus.reference.names import Names

TABLE = """# name: two and one
# aliases: other pair
# source: a test
taxon\tpercent_16s\tsynonyms\tnote
Limosilactobacillus fermentum\t50\tLactobacillus fermentum\t
Staphylococcus aureus\t30\t\t
Staphylococcus epidermidis\t10\t\t
Escherichia coli\t10\t\t
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.tsv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def calls_of(names: dict[str, str]) -> Calls:
    species = {asv: name if " " in name else "" for asv, name in names.items()}
    genus = {asv: name.split()[0] if name else "" for asv, name in names.items()}
    return Calls(species, genus, Names.read())


def test_scores_by_hand(folder: Path) -> None:
    mock, _ = read_mock(folder / "mine.tsv")
    names = {"a": "Lactobacillus fermentum", "b": "Staphylococcus aureus", "c": "Staphylococcus",
             "d": "Ralstonia pickettii", "e": "", "f": "Blautia"}  # fmt: skip
    counts = {"a": 40, "b": 30, "c": 10, "d": 10, "e": 5, "f": 5}
    tally = tally_reads(counts, mock, "species", calls_of(names))
    assert tally.found == [40, 30, 0, 0]
    assert tally.foreign == {"Ralstonia pickettii": 10, "unnamed Blautia": 5}
    assert tally.unnamed == 15
    found = summarise(tally)
    assert (found["expected"], found["found"], found["missed"]) == (4, 2, 2)
    assert found["missed_taxa"] == "Escherichia coli; Staphylococcus epidermidis"
    assert found["foreign_percent"] == 15
    assert found["bray_curtis"] == pytest.approx((0.1 + 0 + 0.1 + 0.1 + 0.15 + 0.15) / 2)
    ratios = [math.log2(40 / 70 / 0.5), math.log2(30 / 70 / 0.3)]
    assert found["log2_error"] == pytest.approx(math.sqrt(sum(r * r for r in ratios) / 2))
    genus = tally_reads(counts, mock, "genus", calls_of(names))
    assert [m.names[0] for m in genus.members] == [
        "Limosilactobacillus", "Staphylococcus", "Escherichia",
    ]  # fmt: skip
    assert genus.found == [40, 40, 0]
    assert genus.unnamed == 5
    assert sum(int(str(row["reads"])) for row in list_taxa(genus)) == 100


def test_wrong_species_of_a_known_genus_are_told_apart(folder: Path) -> None:
    mock, _ = read_mock(folder / "mine.tsv")
    names = {"a": "Staphylococcus hominis", "b": "Ralstonia pickettii", "c": "Escherichia coli"}
    counts = {"a": 20, "b": 30, "c": 50}
    tally = tally_reads(counts, mock, "species", calls_of(names))
    assert tally.wrong == {"Staphylococcus hominis": 20}
    assert tally.foreign == {"Ralstonia pickettii": 30}
    found = summarise(tally)
    assert (found["wrong_species"], found["wrong_percent"], found["foreign_percent"]) == (1, 20, 30)
    parts = [found["found"], found["missed"], found["below_detection"]]
    assert parts == [1, 3, 0]
    assert sum(parts) == found["expected"]
    assert found["bray_curtis"] == pytest.approx((0.5 + 0.3 + 0.1 + 0.4 + 0.2 + 0.3) / 2)
    status = {row["taxon"]: row["status"] for row in list_taxa(tally)}
    assert status["Staphylococcus hominis"] == "wrong species"
    assert summarise(tally_reads(counts, mock, "genus", calls_of(names)))["wrong_species"] == 0


def test_few_expected_reads_are_no_miss(folder: Path) -> None:
    mock, _ = read_mock(folder / "mine.tsv")
    tally = tally_reads({"a": 60}, mock, "species", calls_of({"a": "Staphylococcus aureus"}))
    found = summarise(tally)
    assert (found["detectable"], found["missed"]) == (2, 1)
    status = {row["taxon"]: row["status"] for row in list_taxa(tally)}
    assert status["Escherichia coli"] == "below detection"
    assert status["Limosilactobacillus fermentum"] == "missed"


def test_names_of_products() -> None:
    for name in ("D6300", "zymo_d6300", "ZymoBIOMICS D6300", "d-6300"):
        assert normalise_name(name) == "d6300"
    assert normalise_name("ATCC MSA-1003") == normalise_name("msa1003")
    mocks = read_mocks(list_mocks())
    assert {"d6300", "d6305", "d6331", "msa1003", "msa2002", "msa1002", "demomock"} <= set(mocks)


def test_a_table_of_the_user_goes_first(folder: Path) -> None:
    (folder / "D6300.tsv").write_text(TABLE, encoding="utf-8")
    assert read_mocks([*list_mocks(), *list_mocks(folder)])["d6300"].name == "two and one"


@pytest.mark.parametrize(
    ("text", "message"),
    [("a\tb\n", "is not a table"), ("taxon\tpercent_16s\nA b\t-3\n", "the share of 'A b'")],
)
def test_bad_tables(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(VagusError, match=message):
        read_mock(tmp_path / "x.tsv")


@pytest.mark.parametrize("path", sorted(MOCK_FOLDER.glob("*.tsv")), ids=lambda p: p.stem)
def test_shipped_tables(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "# name: " in text
    assert "# source: " in text
    rows = list(csv.DictReader((x for x in text.splitlines() if x[0] != "#"), delimiter="\t"))
    assert sum(float(row["percent_16s"]) for row in rows) == pytest.approx(100, abs=0.1)
    mock, _ = read_mock(path)
    assert sum(member.share for member in mock.members) == pytest.approx(1)
    # where genomes and copies are given, the share is their product
    if "copies_16s" in rows[0]:
        products = [float(r["percent_genomes"]) * int(r["copies_16s"]) for r in rows]
        for row, product in zip(rows, products, strict=True):
            assert float(row["percent_16s"]) == pytest.approx(
                100 * product / sum(products), rel=1e-3
            )


def test_the_mock_of_the_demo_is_what_is_simulated(root: Path) -> None:
    text = (root / "resources" / "demo_mock.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader((x for x in text.splitlines() if x[0] != "#"), delimiter="\t"))
    copies = {row["taxon"]: float(row["abundance"]) * int(row["copies"]) for row in rows}
    mock, _ = read_mock(MOCK_FOLDER / "demo-mock.tsv")
    shares = {names: m.share for m in mock.members for names in m.names}
    for taxon, amount in copies.items():
        assert shares[taxon] == pytest.approx(amount / sum(copies.values()), rel=1e-4)
