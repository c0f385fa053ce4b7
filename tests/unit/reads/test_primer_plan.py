"""What is decided about primers by the first reads of a sample: simulated reads of known truth."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from vagus.errors import ConfigError
from vagus.reads.preflight import inspect_sample
from vagus.reads.preparation import Preparation, prepare_sample
from vagus.reads.primers import clean_primer, list_candidates, read_primer_table
from vagus.reads.settings import ReadSettings
from vagus.sequences import reverse_complement
from vagus.study.keys import write_value

from .conftest import EXACT_REVERSE, FORWARD, make_amplicon, make_insert

Writer = Callable[..., str]
F, R = "AGRGTTYGATYMTGGCTCAG", "RGYTACCTTGTTACGACTT"
ARCHAEAL_FORWARD = "TTCCGGTTGATCCTGCCGGA"


def sequences_of(done: Preparation) -> set[str]:
    return {done.uniques.sequence(i) for i in range(done.uniques.n_uniques)}


def prepare(path: str, **settings: object) -> Preparation:
    return prepare_sample("s", [path], ReadSettings(**settings))  # type: ignore[arg-type]


def on_both_strands(sequences: Iterable[str]) -> list[str]:
    return [s if i % 2 else reverse_complement(s) for i, s in enumerate(sequences)]


def random_bases(seed: int, n: int) -> str:
    return "".join(random.Random(seed).choices("ACGT", k=n))


@pytest.mark.parametrize("n_bp", [0, 60, 79, 82, 85, 100, 120, 200, 350])
def test_adapters_of_any_length_are_cut_off_with_the_primers(
    write_reads: Writer, n_bp: int
) -> None:
    inserts = [make_insert(seed) for seed in range(8)]
    reads = [
        random_bases(i, n_bp) + make_amplicon(insert) + random_bases(100 + i, n_bp)
        for i, insert in enumerate(inserts)
    ]
    path = write_reads(on_both_strands(reads))
    done = prepare(path)
    assert (done.primers, done.n_kept) == ("27F_1492R", 8)
    assert sequences_of(done) == set(inserts)
    assert inspect_sample([path]).problems == ()


@pytest.mark.parametrize("is_exchanged", [False, True])
@pytest.mark.parametrize("is_reverse_turned", [False, True])
@pytest.mark.parametrize("is_forward_turned", [False, True])
def test_a_pair_in_any_form_gives_the_same_reads(
    write_reads: Writer, is_exchanged: bool, is_forward_turned: bool, is_reverse_turned: bool
) -> None:
    forward = reverse_complement(F) if is_forward_turned else F
    reverse = reverse_complement(R) if is_reverse_turned else R
    if is_exchanged:
        forward, reverse = reverse, forward
    inserts = [make_insert(seed) for seed in range(8)]
    path = write_reads(on_both_strands(map(make_amplicon, inserts)))
    choice = f"{forward}/{reverse}"
    assert sequences_of(prepare(path, primers=choice)) == set(inserts)
    messages = [
        p.message for p in inspect_sample([path], 20, ReadSettings(primers=choice)).problems
    ]
    is_right = not (is_exchanged or is_forward_turned or is_reverse_turned)
    assert (messages == []) == is_right
    if not is_right:
        assert ("exchanged" in messages[0]) == is_exchanged
        assert ("forward primer is written" in messages[0]) == is_forward_turned
        assert ("reverse primer is written" in messages[0]) == is_reverse_turned


@pytest.mark.parametrize(
    "written",
    [
        "agrgttygatymtggctcag", "AGRGTTYGAT YMTGGCTCAG", "5'-AGRGTTYGATYMTGGCTCAG-3'",
        "5´ AGRGTTYGATYMTGGCTCAG 3´", "5\u2032-AGR GTT YGA TYM TGG CTC AG-3\u2032",
        "AGRGUUYGAUYMUGGCUCAG", "5'AGRGTTYGATYMTGGCTCAG3'",
    ],
)  # fmt: skip
def test_primers_as_people_write_them(written: str) -> None:
    assert clean_primer(written) == F


def test_inosine_matches_every_base() -> None:
    assert clean_primer("AGAGTTTGATIITGGCTCAG") == "AGAGTTTGATNNTGGCTCAG"


@pytest.mark.parametrize("name", ["27F/1492R", "27f-1492r", " 27F_1492R "])
def test_names_of_pairs_as_people_write_them(name: str) -> None:
    assert [pair.name for pair in list_candidates(name)] == ["27F_1492R"]


def test_pairs_of_a_list() -> None:
    own = {"forward": "ACGTACGTAA", "reverse": "TTTTACGTRR"}
    pairs = list_candidates(write_value(["27F_1492R", own, "21F-arch_1492R"]))
    assert [pair.name for pair in pairs] == ["27F_1492R", "custom", "21F-arch_1492R"]
    assert [p.name for p in list_candidates("ACGTACGTAA/TTTTACGTRR+GGGTACGTAA/CCTTACGTRR")] == [
        "custom1", "custom2",
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="no primer pair called '28F_1492R'"):
        list_candidates("27F_1492R+28F_1492R")


@pytest.mark.parametrize("primers", ["auto", "27F_1492R+21F-arch_1492R"])
def test_pairs_used_in_one_library_are_all_cut_off(write_reads: Writer, primers: str) -> None:
    bacteria = [make_insert(seed) for seed in range(7)]
    archaea = [make_insert(seed) for seed in range(50, 53)]
    reads = [make_amplicon(insert) for insert in bacteria]
    reads += [ARCHAEAL_FORWARD + insert + reverse_complement(EXACT_REVERSE) for insert in archaea]
    path = write_reads(on_both_strands(reads))
    done = prepare(path, primers=primers)
    assert sequences_of(done) == {*bacteria, *archaea}
    assert done.primers == "27F_1492R+21F-arch_1492R"
    seen = inspect_sample([path], 20, ReadSettings(primers=primers))
    (problem,) = seen.problems
    assert "70% 27F_1492R, 30% 21F-arch_1492R" in problem.message
    assert seen.share_kept == 1


def test_one_pair_of_two_loses_the_reads_of_the_other(write_reads: Writer) -> None:
    archaea = make_insert(50)
    reads = [make_amplicon(make_insert(seed)) for seed in range(7)]
    reads += [ARCHAEAL_FORWARD + archaea + reverse_complement(EXACT_REVERSE)] * 3
    done = prepare(write_reads(reads), primers="27F_1492R")
    assert (done.n_kept, done.losses["primers"]) == (7, 3)


@pytest.mark.parametrize("sides", ["start", "end", "both"])
def test_unknown_primers_are_not_taken_for_trimmed_reads(write_reads: Writer, sides: str) -> None:
    before = "GGATACCTTGACCATTAGGCAACT" * (sides != "end")
    behind = "CCTTAGATTCGAGGACATACTTGC" * (sides != "start")
    reads = on_both_strands(before + make_insert(seed) + behind for seed in range(12))
    path = write_reads(reads)
    seen = inspect_sample([path])
    (problem, *_) = seen.problems
    assert (problem.severity, seen.share_kept) == ("error", 0)
    assert ("bp before" in problem.message) == (sides != "end")
    assert ("bp behind" in problem.message) == (sides != "start")
    done = prepare(path)
    assert (done.status, done.losses["primers"]) == ("empty", 12)
    assert prepare(path, require="none").n_kept == 12
    assert prepare(path, primers="none").n_kept == 12


def test_trimmed_reads_are_kept_whole(write_reads: Writer) -> None:
    inserts = [make_insert(seed) for seed in range(12)]
    done = prepare(write_reads(on_both_strands(inserts)))
    assert (done.primers, sequences_of(done)) == ("none", set(inserts))


@pytest.mark.parametrize("n_untrimmed", [3, 15, 25])
def test_untrimmed_reads_among_trimmed_ones_are_trimmed(
    write_reads: Writer, n_untrimmed: int
) -> None:
    inserts = [make_insert(seed) for seed in range(30)]
    reads = [make_amplicon(s) if i < n_untrimmed else s for i, s in enumerate(inserts)]
    path = write_reads(on_both_strands(reads))
    done = prepare(path)
    assert (done.primers, sequences_of(done)) == ("27F_1492R", set(inserts))
    (problem,) = inspect_sample([path]).problems
    assert (
        f"{1 - n_untrimmed / 30:.0%} of the first 30 reads were trimmed before" in problem.message
    )
    assert prepare(path, require="both").n_kept == (n_untrimmed if n_untrimmed > 3 else 3)


@pytest.mark.parametrize("n_left", [0, 5, 12])
def test_reads_with_one_primer_end_alike_on_both_strands(write_reads: Writer, n_left: int) -> None:
    # the primer at the end of each read was cut off, except for n_left of its inner bases
    insert = make_insert(1)
    sense = FORWARD + insert + reverse_complement(EXACT_REVERSE)[:n_left]
    antisense = reverse_complement(FORWARD[len(FORWARD) - n_left :] + insert) if n_left else (
        reverse_complement(insert)
    )  # fmt: skip
    antisense = EXACT_REVERSE + antisense
    done = prepare(write_reads([sense, antisense] * 10))
    assert sequences_of(done) == {insert}
    assert (done.n_kept, done.primers) == (20, "27F_1492R")


def test_reads_cut_short_at_random_get_a_common_end(write_reads: Writer) -> None:
    # all reads are of one molecule; they end 0 to 75 bases before its end, behind the last motif
    insert = make_insert(1)
    source = random.Random(4)
    reads = [FORWARD + insert[: len(insert) - source.randrange(75)] for _ in range(40)]
    done = prepare(write_reads(reads))
    (sequence,) = sequences_of(done)
    assert insert.startswith(sequence)
    assert sequence.endswith("ACACACCGCCCGT")
    assert done.n_kept == 40


def test_inner_pair_that_the_user_names_is_found_behind_adapters(write_reads: Writer) -> None:
    pair = next(pair for pair in read_primer_table() if pair.name == "27F_1391R")
    reverse = "GACGGGCGGTGTGTACA"
    inserts = [make_insert(seed)[:1350] for seed in range(8)]
    reads = [
        random_bases(i, 110) + FORWARD + s + reverse_complement(reverse) + random_bases(50 + i, 90)
        for i, s in enumerate(inserts)
    ]
    done = prepare(write_reads(on_both_strands(reads)), primers=pair.name)
    assert sequences_of(done) == set(inserts)
