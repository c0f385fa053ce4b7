from __future__ import annotations

import pytest

from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.starter import ReferenceRecord
from vagus.taxonomy.call import Call, call_names, find_nearest
from vagus.taxonomy.evidence import Evidence, Hit
from vagus.taxonomy.ranks import GENUS, SPECIES, format_taxon
from vagus.taxonomy.settings import Thresholds

TOP = ("Bacteria", "Phylum", "Class", "Order")
LINEAGES = {
    "eco": (*TOP, "Entero", "Escherichia", "Escherichia coli"),
    "eco2": (*TOP, "Entero", "Escherichia", "Escherichia coli"),
    "alb": (*TOP, "Entero", "Escherichia", "Escherichia albertii"),
    "shi": (*TOP, "Entero", "Shigella", "Shigella flexneri"),
    "two": (*TOP, "Entero", "Shigella", "Shigella boydii/Shigella sonnei"),
    "vib": (*TOP, "Vibrio fam", "Vibrio", "Vibrio cholerae"),
    "bare": (*TOP, "Entero", "Escherichia", ""),
    "nog": (*TOP, "Entero", "", ""),
    "mit": ("Bacteria", "Phylum", "Class", "Order", "Mitochondria", "", ""),
    "chl": ("Bacteria", "Cyano", "Cyanophyceae", "Chloroplast", "", "", ""),
    "euk": ("Eukaryota", "", "", "", "", "", ""),
    "rdp": ("Bacteria", "Cyanobacteria/Chloroplast", "Cyano", "", "", "Nostoc", ""),
    "odd": (
        "Bacteria",
        "Phylum",
        "Elsewhere",
        "Order",
        "Entero",
        "Escherichia",
        "Escherichia coli",
    ),
    "hole": (*TOP, "", "Plesiomonas", "Plesiomonas shigelloides"),
}


@pytest.fixture(scope="module")
def small() -> ReferenceIndex:
    return build_index(
        [
            ReferenceRecord(name, "ACGTTGCAAC" * 2 + "ACGT"[number % 4] * (number + 1), lineage)
            for number, (name, lineage) in enumerate(LINEAGES.items())
        ],
        "small",
    )


def decide(
    index: ReferenceIndex,
    hits: dict[str, float],
    votes: dict[str, float],
    support: dict[str, float] | None = None,
    coverage: float = 1.0,
    thresholds: Thresholds | None = None,
) -> Call:
    """Call from identities by accession and class votes by the accession of a member."""
    row_of = {accession: row for row, accession in enumerate(index.accessions)}
    class_votes: dict[int, float] = {}
    for name, share in votes.items():
        label = int(index.class_of[row_of[name]])
        class_votes[label] = class_votes.get(label, 0.0) + share
    best = max(class_votes, key=lambda label: class_votes[label])
    found = tuple(
        Hit(row_of[name], identity, coverage)
        for name, identity in sorted(hits.items(), key=lambda item: -item[1])
    )
    evidence = Evidence(best, class_votes, support or {}, found)
    return call_names(index, evidence, thresholds or Thresholds())


def test_clear_case(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 0.998, "shi": 0.99}, {"eco": 0.97, "shi": 0.03},
                  {"Escherichia coli": 0.8, "Shigella flexneri": 0.2})  # fmt: skip
    assert call.names == [*TOP, "Entero", "Escherichia", "Escherichia coli"]
    assert call.confidences == pytest.approx([1, 1, 1, 1, 1, 0.97, 0.8])
    assert call.confidence == pytest.approx(0.8)
    assert call.notes == []


def test_tie_between_genera_of_a_family_is_joined(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 1.0, "shi": 1.0}, {"eco": 0.55, "shi": 0.45},
                  {"Escherichia coli": 0.5, "Shigella flexneri": 0.5})  # fmt: skip
    assert call.names[GENUS] == "Escherichia/Shigella"
    assert call.names[SPECIES] == "Escherichia coli/Shigella flexneri"
    assert call.confidences[GENUS] == pytest.approx(1.0)
    assert call.notes == ["tied species of several genera"]
    assert call.tied_species == ["Escherichia coli", "Shigella flexneri"]


def test_strains_of_one_species_are_no_tie(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 1.0, "eco2": 1.0}, {"eco": 1.0}, {"Escherichia coli": 1.0})
    assert call.names[SPECIES] == "Escherichia coli"
    assert call.notes == []
    assert len(call.nearest) == 2


def test_names_joined_in_the_reference_stay_visible(small: ReferenceIndex) -> None:
    call = decide(small, {"two": 1.0}, {"two": 1.0}, {"Shigella boydii/Shigella sonnei": 1.0})
    assert call.names[SPECIES] == "Shigella boydii/Shigella sonnei"
    assert call.confidences[SPECIES] == 1.0
    assert call.notes == ["tied species"]


def test_tie_across_families_ends_above_them(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 0.99, "vib": 0.99}, {"eco": 0.5, "vib": 0.5})
    assert call.names == [*TOP, "", "", ""]
    assert call.notes == ["nearest references differ at family: Entero/Vibrio fam"]


@pytest.mark.parametrize(
    ("identity", "n_named"),
    [
        (0.986, 6),
        (0.945, 6),
        (0.901, 6),
        (0.899, 5),
        (0.864, 4),
        (0.819, 3),
        (0.784, 2),
        (0.749, 0),
    ],
)
def test_identity_thresholds_of_the_ranks(
    small: ReferenceIndex, identity: float, n_named: int
) -> None:
    call = decide(small, {"eco": identity}, {"eco": 1.0}, {"Escherichia coli": 1.0})
    assert sum(bool(name) for name in call.names) == n_named


def test_low_confidence_ends_the_call_below_the_species_threshold(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 0.97}, {"eco": 0.6, "shi": 0.4})
    assert call.names == [*TOP, "Entero", "", ""]
    assert call.notes == ["genus Escherichia not named: confidence 0.60"]


def test_alignment_names_where_bootstraps_are_undecided(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 1.0}, {"eco": 0.6, "shi": 0.4}, {"Escherichia coli": 0.9})
    assert call.names[GENUS:] == ["Escherichia", "Escherichia coli"]
    assert call.confidences[GENUS] == pytest.approx(0.6)
    assert call.notes == ["genus by alignment"]


def test_confident_naive_bayes_vetoes_the_alignment(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 0.99}, {"shi": 0.95, "eco": 0.05}, {"Escherichia coli": 1.0})
    assert call.names == [*TOP, "Entero", "", ""]
    assert call.notes == ["genus: nearest Escherichia, naive Bayes Shigella (0.95)"]


@pytest.mark.parametrize(
    ("nearest", "other", "genus"),
    [
        (1.0, 0.96, "Escherichia"),
        (0.99, 0.96, "Escherichia"),  # 4 % are four times 1 %
        (0.99, 0.962, ""),  # less than four times as far
        (1.0, 0.99, ""),  # as near as strains of one species: who is named wrongly is not known
    ],
)
def test_a_class_that_is_clearly_further_vetoes_nothing(
    small: ReferenceIndex, nearest: float, other: float, genus: str
) -> None:
    call = decide(small, {"eco": nearest, "shi": other}, {"shi": 0.95, "eco": 0.05})
    assert call.names[GENUS] == genus


def test_a_class_without_genus_vetoes_nothing(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 0.99}, {"nog": 0.95, "eco": 0.05}, {"Escherichia coli": 1.0})
    assert call.names[GENUS:] == ["Escherichia", "Escherichia coli"]
    assert call.notes == ["genus by alignment"]


def test_a_genus_placed_in_two_classes_vetoes_nothing(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 0.995}, {"odd": 0.9, "eco": 0.1})
    assert call.names == [*TOP, "Entero", "Escherichia", "Escherichia coli"]
    assert call.confidences[2] == pytest.approx(0.1)
    assert call.confidences[GENUS] == 1.0


@pytest.mark.parametrize(
    ("identity", "confidence", "nearest", "genus"),
    [
        (0.961, 0.85, "eco", "Escherichia"),
        (0.959, 0.94, "eco", ""),
        (0.959, 0.96, "eco", "Escherichia"),
        (0.959, 0.96, "shi", "Escherichia"),
        (0.93, 0.96, "shi", ""),
        (0.93, 0.96, "eco", "Escherichia"),
        (0.93, 0.94, "eco", ""),
    ],
)
def test_genera_near_their_threshold_need_nearly_all_votes(
    small: ReferenceIndex, identity: float, confidence: float, nearest: str, genus: str
) -> None:
    call = decide(small, {nearest: identity}, {"eco": confidence, "shi": 1 - confidence})
    assert call.names[GENUS] == genus
    assert bool(call.notes) == (not genus or identity < 0.945)


@pytest.mark.parametrize(
    ("confidence", "nearest", "least", "family", "genus"),
    [
        (0.61, "eco", 0.8, "Entero", "Escherichia"),  # 0.75 times 0.8 where both agree
        (0.59, "eco", 0.8, "", ""),
        (0.61, "shi", 0.8, "Entero", ""),  # of one family, but another genus
        (0.61, "eco", 0.9, "", ""),
        (0.68, "eco", 0.9, "Entero", "Escherichia"),
    ],
)
def test_two_witnesses_that_agree_need_fewer_votes(
    small: ReferenceIndex, confidence: float, nearest: str, least: float, family: str, genus: str
) -> None:
    votes = {"eco": confidence, "vib": 1 - confidence}
    call = decide(small, {nearest: 0.98}, votes, thresholds=Thresholds(min_confidence=least))
    assert call.names[4:6] == [family, genus]


def test_the_next_species_must_be_clearly_further(small: ReferenceIndex) -> None:
    """0.5 % and 0.7 % apart: less than four times as far; an exact match is nearer."""
    close = decide(small, {"eco": 0.995, "eco2": 0.994, "alb": 0.993}, {"eco": 1.0})
    assert close.names[GENUS:] == ["Escherichia", ""]
    note = "species Escherichia coli not named: Escherichia albertii at 0.993 is near as well"
    assert close.notes == [note]
    clear = decide(small, {"eco": 0.995, "alb": 0.979}, {"eco": 1.0})
    assert clear.names[SPECIES] == "Escherichia coli"
    exact = decide(small, {"eco": 1.0, "alb": 0.999}, {"eco": 1.0})
    assert exact.names[SPECIES] == "Escherichia coli"
    lone = decide(small, {"eco": 0.988, "bare": 0.9879}, {"eco": 1.0})
    assert lone.names[SPECIES] == "Escherichia coli"
    # a nearer reference without a species name is no other species
    hidden = decide(small, {"bare": 0.999, "eco": 0.99, "alb": 0.95}, {"eco": 1.0})
    assert hidden.names[SPECIES] == "Escherichia coli"


def test_unnamed_references_do_not_hide_a_species(small: ReferenceIndex) -> None:
    call = decide(small, {"bare": 0.999, "eco": 0.99}, {"eco": 1.0}, {"Escherichia coli": 1.0})
    assert call.names[SPECIES] == "Escherichia coli"
    assert call.notes == ["nearer references have no species name; species at 0.990"]
    only = decide(small, {"bare": 0.999, "eco": 0.97}, {"eco": 1.0}, {"Escherichia coli": 1.0})
    assert only.names[GENUS:] == ["Escherichia", ""]
    assert only.notes == ["no nearest reference has a species name"]


def test_nameless_references_do_not_hide_a_genus(small: ReferenceIndex) -> None:
    call = decide(small, {"nog": 0.999, "eco": 0.99}, {"nog": 1.0})
    assert call.names[GENUS:] == ["Escherichia", "Escherichia coli"]
    below = decide(small, {"nog": 0.999, "eco": 0.98}, {"nog": 1.0})
    assert below.names[4:] == ["Entero", "", ""]
    across = decide(small, {"nog": 0.999, "vib": 0.99}, {"nog": 1.0})  # of another family
    assert across.names[4:] == ["", "", ""]


def test_empty_ranks_inside_a_lineage_are_passed(small: ReferenceIndex) -> None:
    call = decide(small, {"hole": 1.0}, {"hole": 1.0}, {"Plesiomonas shigelloides": 1.0})
    assert call.names[4:] == ["", "Plesiomonas", "Plesiomonas shigelloides"]
    assert format_taxon(call.names).endswith("; f__; g__Plesiomonas; s__Plesiomonas shigelloides")


def test_hits_that_cover_too_little_do_not_count(small: ReferenceIndex) -> None:
    call = decide(small, {"eco": 1.0}, {"eco": 1.0}, coverage=0.5)
    assert not any(call.names)
    assert call.notes == ["not like any reference"]
    assert find_nearest([Hit(0, 1.0, 0.5), Hit(1, 0.9, 0.9)]) == (Hit(1, 0.9, 0.9),)


def test_reverse_strand_is_said(small: ReferenceIndex) -> None:
    call = call_names(small, Evidence(is_antisense=True), Thresholds())
    assert call.notes == ["not like any reference; its reverse complement is"]
    assert call.confidence == 0.0


def test_many_tied_species_are_counted_not_listed() -> None:
    records = [
        ReferenceRecord(f"r{n}", "ACGTTGCAAC" * 2 + "A" * n, (*TOP, "F", "G", f"G s{n}"))
        for n in range(5)
    ]
    index = build_index(records, "many")
    call = decide(index, {f"r{n}": 1.0 for n in range(5)}, {"r0": 1.0}, {"G s0": 1.0})
    assert call.names[GENUS:] == ["G", ""]
    assert call.notes == ["5 tied species"]
    assert len(call.tied_species) == 5


@pytest.mark.parametrize(
    ("names", "taxon"),
    [
        ((), "Unassigned"),
        (("Bacteria", "", "", "", "", "", ""), "d__Bacteria"),
        (("A", "B", "C", "D", "E", "F", "F g"), "d__A; p__B; c__C; o__D; f__E; g__F; s__F g"),
    ],
)
def test_taxon_strings(names: tuple[str, ...], taxon: str) -> None:
    assert format_taxon(names) == taxon


@pytest.mark.parametrize(
    ("nearest", "identity", "votes", "note", "domain"),
    [
        ("mit", 0.99, {"mit": 1.0}, "set apart: mitochondria", ""),
        ("mit", 0.80, {"mit": 0.6, "eco": 0.4}, "set apart: mitochondria", ""),
        ("mit", 0.90, {"eco": 1.0}, "set apart: mitochondria", ""),
        ("chl", 0.95, {"chl": 1.0}, "set apart: chloroplast", ""),
        ("euk", 0.95, {"euk": 1.0}, "set apart: eukaryote", "Eukaryota"),
        ("eco", 0.80, {"mit": 0.9, "eco": 0.1},
         "not named: like mitochondria and like bacteria or archaea", ""),
    ],
)  # fmt: skip
def test_organelles_and_eukaryotes_are_never_called_bacteria(
    small: ReferenceIndex,
    nearest: str,
    identity: float,
    votes: dict[str, float],
    note: str,
    domain: str,
) -> None:
    call = decide(small, {nearest: identity}, votes)
    assert call.notes == [note]
    assert call.names == [domain, "", "", "", "", "", ""]


def test_bacteria_beside_organelles_keep_their_names(small: ReferenceIndex) -> None:
    weak = decide(small, {"eco": 0.97, "mit": 0.8}, {"eco": 0.85, "mit": 0.15})
    assert weak.names[GENUS] == "Escherichia"
    cyano = decide(small, {"rdp": 0.97}, {"rdp": 1.0})
    assert cyano.names[1] == "Cyanobacteria/Chloroplast"
    both = decide(small, {"eco": 0.9, "mit": 0.9}, {"eco": 1.0})
    assert both.names == [""] * 7
    assert both.notes == ["not named: like mitochondria and like bacteria or archaea"]
