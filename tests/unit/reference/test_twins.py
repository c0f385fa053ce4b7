"""Species whose sequences are almost identical are found in a reference and named together."""

from __future__ import annotations

import random

import pytest

from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.starter import ReferenceRecord
from vagus.reference.twins import MOTIFS, find_twins
from vagus.taxonomy.call import TWINS
from vagus.taxonomy.classify import NamedSequence, Settings, classify
from vagus.taxonomy.ranks import GENUS, SPECIES

TOP = ("Bacteria", "P", "C", "O", "F")


def make_gene(seed: int) -> str:
    """1,443 random bases with the three motifs, 480 before the first one."""
    draw = random.Random(seed)
    first, second, third = MOTIFS
    parts = ["".join(draw.choices("ACGT", k=n)) for n in (480, 250, 590, 82)]
    return parts[0] + first + parts[1] + second + parts[2] + third + parts[3]


def change(sequence: str, *places: int) -> str:
    """The sequence with another base at each place."""
    bases = list(sequence)
    for place in places:
        bases[place] = "ACGT"["CGTA".index(bases[place])]
    return "".join(bases)


def record(name: str, sequence: str, species: str) -> ReferenceRecord:
    return ReferenceRecord(name, sequence, (*TOP, species.split(" ")[0], species))


GENE = make_gene(1)


@pytest.mark.parametrize(
    ("other", "are_twins"),
    [
        (GENE, True),
        (change(GENE, 20), True),  # left of the parts that are hashed
        (change(GENE, 300), True),
        (change(GENE, 600), True),
        (change(GENE, 1200), True),
        (change(GENE, 1440), True),
        (change(GENE, 20, 1440), False),  # 2 of 1,443 are 0.14 %
        (change(GENE, 300, 600), False),
        (GENE[60:-30], True),  # what both cover is equal
        (change(GENE[60:-30], 700), True),
        (GENE[:700] + GENE[701:], False),  # a gap
        (GENE[100:], False),  # 380 bases before the first motif are too few to compare
        (GENE.replace(MOTIFS[1], MOTIFS[1][::-1]), False),
    ],
)
def test_pairs_are_found_by_their_differences(other: str, are_twins: bool) -> None:
    rows = [record("a", GENE, "G one"), record("b", other, "G two")]
    assert find_twins(rows).tolist() == ([[0, 1]] if are_twins else [])


@pytest.mark.parametrize(
    ("one", "other"), [("G one", "G one"), ("G one/G two", "G two"), ("G one", ""), ("", "")]
)
def test_same_or_missing_species_are_no_twins(one: str, other: str) -> None:
    lineages = [(*TOP, "G", species) for species in (one, other)]
    rows = [ReferenceRecord(str(n), GENE, names) for n, names in enumerate(lineages)]  # type: ignore[arg-type]
    assert find_twins(rows).tolist() == []


def index_and_name(query: str, *rows: ReferenceRecord) -> tuple[ReferenceIndex, NamedSequence]:
    index = build_index([*rows, record("far", make_gene(2), "Z far")], "made")
    return index, classify(index, [("q", query)], Settings())[0]


def test_a_name_of_one_twin_is_a_name_of_both() -> None:
    """The query is G one's very sequence; G two has one other base, so the names are joined."""
    index, named = index_and_name(
        GENE, record("a", GENE, "G one"), record("b", change(GENE, 600), "G two"),
        record("c", change(GENE, *range(100, 130)), "G three"),
    )  # fmt: skip
    assert index.n_twin_species == 2
    assert named.call.names[SPECIES] == "G one/G two"
    assert named.call.tied_species == ["G one", "G two"]
    assert named.call.notes == [TWINS, "tied species"]
    assert named.call.nearest[0].identity == 1.0


def test_species_further_apart_keep_their_own_names() -> None:
    _, named = index_and_name(
        GENE, record("a", GENE, "G one"), record("b", change(GENE, 300, 600), "G two")
    )
    assert named.call.names[SPECIES] == "G one"
    assert named.call.notes == []


def test_twins_of_two_genera_have_no_species_name() -> None:
    _, named = index_and_name(
        GENE, record("a", GENE, "G one"), record("b", change(GENE, 600), "H two")
    )
    assert named.call.names[GENUS] == "G"
    assert named.call.names[SPECIES] == ""
    assert named.call.tied_species == ["G one", "H two"]
    assert named.call.notes == [TWINS]


def test_twins_are_kept_with_the_index(tmp_path: pytest.TempPathFactory) -> None:
    path = f"{tmp_path}/made.index"
    rows = [record("b", change(GENE, 600), "G two"), record("a", GENE, "G one")]
    build_index(rows, "made").save(path)
    index = ReferenceIndex.load(path)
    assert index.twins.tolist() == [[0, 1]]
    assert index.describe("made", "")["species_with_twins"] == 2
