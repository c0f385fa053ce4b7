from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.primer_search import find_primer
from vagus.reads.primers import PrimerPair
from vagus.reads.sources import Read
from vagus.reads.trimming import Match, PrimerFinder, PrimerTrimmer
from vagus.sequences import reverse_complement

from .conftest import EXACT_REVERSE, FORWARD, make_amplicon, make_insert

F, R = "AGRGTTYGATYMTGGCTCAG", "RGYTACCTTGTTACGACTT"
PAIR = PrimerPair("27F_1492R", F, R)
INSERT = make_insert(1)


def trim(sequence: str, pair: PrimerPair | None = PAIR) -> tuple[str, str, int]:
    read = Read("r", sequence, np.zeros(len(sequence), np.uint8))
    trimmed = PrimerTrimmer([pair] if pair else [], 0.2).trim(read)
    return trimmed.sequence, trimmed.strand, trimmed.n_primers


# Each row: what is at the 5' end before the insert, and the errors that were put in.
FORWARD_CASES = {
    "exact": FORWARD,
    "other letters of the IUPAC codes": "AGGGTTTGATTCTGGCTCAG",
    "barcode before it": "ACGTTGCATCAGTCAA" + FORWARD,
    "first base missing": FORWARD[1:],
    "first two bases missing": FORWARD[2:],
    "deletion inside": FORWARD[:9] + FORWARD[10:],
    "two deletions": FORWARD[:4] + FORWARD[5:12] + FORWARD[13:],
    "insertion inside": FORWARD[:7] + "C" + FORWARD[7:],
    "substitution inside": FORWARD[:6] + "G" + FORWARD[7:],
    "deletion and substitution": FORWARD[:3] + FORWARD[4:10] + "A" + FORWARD[11:],
}


@pytest.mark.parametrize("case", FORWARD_CASES)
@pytest.mark.parametrize("sense", [True, False])
def test_primers_with_indels_are_cut_at_the_right_base(case: str, sense: bool) -> None:
    read = FORWARD_CASES[case] + INSERT + reverse_complement(EXACT_REVERSE)
    expected = (INSERT, "+" if sense else "-", 2)
    assert trim(read if sense else reverse_complement(read)) == expected


@pytest.mark.parametrize(
    "reverse",
    [
        EXACT_REVERSE,
        "GGCTACCTTGTTACGACTT",
        EXACT_REVERSE[1:],
        EXACT_REVERSE[:3] + EXACT_REVERSE[4:],
        EXACT_REVERSE[:10] + "G" + EXACT_REVERSE[10:],
        "CATGCAG" + EXACT_REVERSE,
    ],
)
def test_reverse_primer_with_indels(reverse: str) -> None:
    read = FORWARD + INSERT + reverse_complement(reverse)
    assert trim(read) == (INSERT, "+", 2)
    assert trim(reverse_complement(read)) == (INSERT, "-", 2)


def test_qualities_turn_with_the_read() -> None:
    insert = make_insert(2, 200)
    amplicon = make_amplicon(insert)
    quality = np.arange(len(amplicon), dtype=np.uint8) % 90
    trimmer = PrimerTrimmer([PAIR], 0.2)
    sense = trimmer.trim(Read("r", amplicon, quality))
    antisense = trimmer.trim(Read("r", reverse_complement(amplicon), quality[::-1]))
    assert sense.quality.tolist() == quality[20:220].tolist()
    assert antisense.quality.tolist() == sense.quality.tolist()
    assert antisense.sequence == sense.sequence == insert


def test_too_many_errors_are_no_primer() -> None:
    # floor(0.2 * 20) = 4 errors are allowed
    finder = PrimerFinder(F, 0.2)
    assert finder.find("CCCC" + FORWARD[4:]) == Match(4, 20)
    assert finder.find("CCCCC" + FORWARD[5:]) is None


def test_one_primer_is_cut_and_motifs_tell_the_strand() -> None:
    read = FORWARD + INSERT
    assert trim(read) == (INSERT, "+", 1)
    assert trim(reverse_complement(read)) == (INSERT, "-", 1)


def test_motifs_outweigh_a_lone_primer_in_the_wrong_place() -> None:
    # a stray forward primer at the end of a sense read is not cut as if it were antisense
    read = INSERT + reverse_complement(FORWARD)
    assert trim(read) == (read, "+", 0)


def test_without_motifs_the_primer_tells_the_strand() -> None:
    plain = "ACGGTCATTC" * 20
    assert trim(FORWARD + plain) == (plain, "+", 1)
    assert trim(reverse_complement(FORWARD + plain)) == (plain, "-", 1)


@pytest.mark.parametrize("pair", [None, PAIR])
def test_without_primers_motifs_tell_the_strand(pair: PrimerPair | None) -> None:
    assert trim(INSERT, pair) == (INSERT, "+", 0)
    assert trim(reverse_complement(INSERT), pair) == (INSERT, "-", 0)
    assert trim("ACGGTCATTC" * 20, pair) == ("ACGGTCATTC" * 20, "?", 0)


@pytest.mark.parametrize("sequence", ["", "A", "N" * 30, FORWARD])
def test_reads_without_room_for_two_primers(sequence: str) -> None:
    trimmed, _, _ = trim(sequence)
    assert trimmed in ("", sequence)


def test_primer_dimer_leaves_nothing() -> None:
    assert trim(FORWARD + reverse_complement(EXACT_REVERSE)) == ("", "+", 2)


def test_ties_go_to_the_match_that_ends_furthest_in() -> None:
    # Seen in real reads: ...GGCTCGG for ...GGCTCAG. One error with the end before the last G
    # (A deleted, then G) or after it (A read as G).
    window = "AGAGTTTGATCCTGGCTCGGGATGAACGCTGG"
    assert PrimerFinder(F, 0.2).find(window) == Match(errors=1, stop=20)


def test_primer_written_twice_is_cut_twice() -> None:
    assert trim(FORWARD + FORWARD + INSERT + reverse_complement(EXACT_REVERSE))[0] == INSERT


def test_n_in_a_read_is_an_error_not_a_wildcard() -> None:
    assert PrimerFinder(F, 0.2).find("N" * 40) is None
    assert PrimerFinder(F, 0.2).find(FORWARD.replace("GGC", "GNC")) == Match(1, 20)


@settings(max_examples=300)
@given(
    primer=st.sampled_from([F, R, "GACGGGCGGTGWGTRCA"]),
    edits=st.lists(st.tuples(st.integers(0, 18), st.sampled_from("ACGT-+")), max_size=6),
    before=st.text("ACGT", max_size=30),
    after=st.text("ACGT", max_size=30),
)
def test_search_equals_its_naive_twin(
    primer: str, edits: list[tuple[int, str]], before: str, after: str
) -> None:
    letters = [{"R": "A", "Y": "C", "M": "A", "W": "T"}.get(c, c) for c in primer]
    for place, edit in edits:
        place = min(place, len(letters) - 1)
        letters[place] = {"-": "", "+": letters[place] + "C"}.get(edit, edit)
    window = before + "".join(letters) + after
    finder = PrimerFinder(primer, 0.2)
    expected = find_primer(primer, window, finder.max_errors)
    assert finder.find(window) == (None if expected is None else Match(*expected))


@settings(max_examples=60)
@given(st.text("ACGTN", max_size=250))
def test_both_strands_of_a_read_give_the_same(sequence: str) -> None:
    one, strand, n = trim(sequence)
    other, other_strand, other_n = trim(reverse_complement(sequence))
    assert n == other_n
    if strand == "?":
        assert other_strand == "?"
        assert other in (one, reverse_complement(sequence))
    elif {strand, other_strand} == {"+", "-"}:
        assert one == other
