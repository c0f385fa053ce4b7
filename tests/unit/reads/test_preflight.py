from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from vagus.reads.preflight import Preflight, inspect_sample
from vagus.reads.settings import ReadSettings
from vagus.sequences import reverse_complement

from .conftest import make_amplicon, make_insert

Writer = Callable[..., str]


def list_messages(preflight: Preflight, severity: str) -> str:
    return " | ".join(f"{p.message}. {p.fix}" for p in preflight.problems if p.severity == severity)


def make_amplicons(n: int = 10, length: int = 1450) -> list[str]:
    return [make_amplicon(make_insert(i, length), sense=i % 2 == 0) for i in range(n)]


def test_good_sample_has_no_problems(write_reads: Writer) -> None:
    seen = inspect_sample([write_reads(make_amplicons())])
    assert seen.problems == ()
    # the bases of these reads have three qualities
    assert (seen.formats, seen.platform, seen.quality_scheme) == (("FASTQ",), "hifi", "binned")
    assert (seen.n_reads, seen.median_length_bp) == (10, 1489)
    assert (seen.primers, seen.share_both, seen.share_any) == ("27F_1492R", 1.0, 1.0)
    assert (seen.share_like_16s, seen.share_kept) == (1.0, 1.0)
    assert seen.pair_shares[0] == ("27F_1492R", 1.0)


def test_no_more_reads_than_asked_are_read(write_reads: Writer) -> None:
    paths = [write_reads(make_amplicons(20)[i::2], name=f"{i}.fq") for i in range(2)]
    assert inspect_sample(paths, n_reads=6).n_reads == 6


def test_wrong_primers(write_reads: Writer) -> None:
    path = write_reads(make_amplicons())
    seen = inspect_sample([path], settings=ReadSettings(primers="63F_1387R"))
    assert "none of the first 10 reads carry both primers of 63F_1387R" in list_messages(
        seen, "error"
    )
    assert "100% carry 27F_1492R: set 'primers: 27F_1492R'" in list_messages(seen, "error")
    assert seen.share_kept == 0


def test_primers_asked_for_but_cut_off_before(write_reads: Writer) -> None:
    path = write_reads([make_insert(i) for i in range(5)])
    seen = inspect_sample([path], settings=ReadSettings(primers="27F_1492R"))
    assert "set 'primers: none' if they were cut off" in list_messages(seen, "error")
    auto = inspect_sample([path])
    assert "no known primer pair and are taken as trimmed" in list_messages(auto, "warning")
    assert auto.share_kept == 1
    assert inspect_sample([path], settings=ReadSettings(primers="none")).problems == ()


def test_own_primers(write_reads: Writer) -> None:
    forward, reverse = "CCATCCAGTTAGACCATGA", "GGACCTTAGCATTCAGACA"
    reads = [forward + make_insert(i) + reverse_complement(reverse) for i in range(5)]
    settings = ReadSettings(primers=f"{forward}/{reverse}")
    seen = inspect_sample([write_reads(reads)], settings=settings)
    assert (seen.primers, seen.share_both, seen.problems) == ("custom", 1.0, ())


def test_primers_left_on_though_none_are_named(write_reads: Writer) -> None:
    seen = inspect_sample([write_reads(make_amplicons())], settings=ReadSettings(primers="none"))
    assert "'primers: none', but 100% of the reads carry" in list_messages(seen, "warning")


def test_only_one_primer(write_reads: Writer) -> None:
    reads = [amplicon[:-40] for amplicon in make_amplicons()[::2]]
    path = write_reads(reads)
    seen = inspect_sample([path])
    assert "100% carry one: one is enough here" in list_messages(seen, "warning")
    assert (list_messages(seen, "error"), seen.share_kept) == ("", 1.0)
    strict = inspect_sample([path], settings=ReadSettings(require="both"))
    assert "none of the first 5 reads carry both" in list_messages(strict, "error")
    assert "'require: either'" in list_messages(strict, "error")
    assert inspect_sample([path], settings=ReadSettings(require="either")).problems == ()


@pytest.mark.parametrize(("length", "side"), [(500, "short"), (3000, "long")])
def test_reads_of_another_length(write_reads: Writer, length: int, side: str) -> None:
    seen = inspect_sample([write_reads(make_amplicons(length=length))])
    message = list_messages(seen, "error")
    assert "none of the first 10 reads are 1000 to 1600 bp long after trimming" in message
    assert f"the median, {length} bp, is too {side}" in message
    assert seen.share_like_16s == 1


def test_reads_that_are_not_16s(write_reads: Writer) -> None:
    source = random.Random(8)
    reads = ["".join(source.choices("ACGT", k=1450)) for _ in range(20)]
    seen = inspect_sample([write_reads(reads)])
    assert seen.share_like_16s == 0
    assert "none of the first 20 reads look like 16S" in list_messages(seen, "error")


def test_inaccurate_reads(write_reads: Writer) -> None:
    path = write_reads(make_amplicons(), "6")  # Q21: 11 expected errors in 1,450 bases
    seen = inspect_sample([path], settings=ReadSettings(platform="hifi"))
    warnings = list_messages(seen, "warning")
    assert "100% of the reads of the right length have too many expected errors" in warnings
    assert "(median 11.5)" in warnings
    assert "set to hifi but the reads look like ont" in warnings


def mutate(sequence: str, rate: float, source: random.Random) -> str:
    return "".join(source.choice("ACGT") if source.random() < rate else c for c in sequence)


@pytest.mark.parametrize(("rate", "is_refused"), [(0.12, True), (0.01, False)])
@pytest.mark.parametrize("quality", ["?", "+"])
def test_errors_that_the_filters_let_pass_are_measured(
    write_reads: Writer, rate: float, is_refused: bool, quality: str
) -> None:
    # '?' is Q30 throughout, as in SRA Lite; '+' is Q10, and the limit is raised as if to keep them
    source = random.Random(3)
    genes = [make_amplicon(make_insert(i)) for i in range(4)]
    reads = [mutate(genes[i % 4], rate, source) for i in range(40)]
    qualities = [(quality * 7 + chr(ord(quality) + 1)) * 200 for _ in reads]
    lines = [line[: len(read)] for line, read in zip(qualities, reads, strict=True)]
    path = write_reads(reads, quality if quality == "?" else lines)
    settings = ReadSettings(max_expected_errors=None if quality == "?" else 300.0)
    seen = inspect_sample([path], settings=settings, max_error_rate=0.03)
    words = "of their bases were wrong, more than the 3.0% with which variants can be distinguished"
    assert (words in list_messages(seen, "error")) == is_refused
    assert words not in list_messages(inspect_sample([path]), "error")


@pytest.mark.parametrize(
    ("phred", "offset", "is_mistake"),
    [
        ((2, 20, 38, 40), 64, True),  # as Illumina 1.5 wrote; read as Q33 to Q71 it would be HiFi
        ((2, 20, 38, 40), 33, False),
        ((10, 30, 50, 90), 33, False),  # HiFi has lower and higher ones
        ((35, 40), 33, False),  # only the best bins of Revio
        ((30,), 33, False),
    ],
)
def test_qualities_of_offset_64_are_a_mistake(
    write_reads: Writer, phred: tuple[int, ...], offset: int, is_mistake: bool
) -> None:
    letters = "".join(chr(quality + offset) for quality in phred)
    found = inspect_sample([write_reads(make_amplicons(), letters)]).problems
    assert [p.is_mistake for p in found if "offset 64" in p.message] == [True] * is_mistake
    if is_mistake:
        assert "Q33 to Q71 instead of Q2 to Q40" in found[0].message


def test_primers_are_not_asked_of_reads_full_of_errors(write_reads: Writer) -> None:
    # Q10: a tenth of the bases is expected to be wrong
    reads = [amplicon[9:-9] if i % 3 else amplicon for i, amplicon in enumerate(make_amplicons())]
    settings = ReadSettings(primers="27F_1492R", require="both")
    seen = inspect_sample([write_reads(reads, "+,")], settings=settings)
    assert "primers cannot be recognised in such reads" in list_messages(seen, "warning")
    assert "require: either" not in list_messages(seen, "warning")


def test_binned_qualities_without_accuracy(write_reads: Writer) -> None:
    seen = inspect_sample([write_reads(make_amplicons(), "I<7")])
    assert seen.quality_scheme == "binned7"
    assert "qualities are binned and the reads have no 'rq'" in list_messages(seen, "warning")


def test_files_that_cannot_be_used(tmp_path: Path, write_reads: Writer) -> None:
    good = write_reads(make_amplicons(4))
    fasta = tmp_path / "a.fa"
    fasta.write_text(">a\nACGT\n")
    empty = tmp_path / "e.fq"
    empty.touch()
    seen = inspect_sample([good, str(fasta)])
    assert f"{fasta}: this is FASTA" in list_messages(seen, "error")
    assert "there is no such file" in list_messages(inspect_sample([str(tmp_path / "x")]), "error")
    alone = inspect_sample([str(empty)])
    assert (alone.formats, alone.n_reads) == (("empty",), 0)
    assert f"{empty}: the file is empty" in list_messages(alone, "warning")
    both = inspect_sample([good, str(empty)])
    assert (both.n_reads, len(both.problems)) == (4, 1)


def test_nanopore_reads_of_one_strand_are_told(write_reads: Writer) -> None:
    settings = ReadSettings(platform="ont")
    turned = [make_amplicon(make_insert(i % 5, 1200), sense=True) for i in range(60)]
    seen = inspect_sample([write_reads(turned, name="one.fq")], settings=settings)
    assert "all reads are of one strand" in list_messages(seen, "warning")
    both = [make_amplicon(make_insert(i % 5, 1200), sense=i % 2 == 0) for i in range(60)]
    seen = inspect_sample([write_reads(both, name="two.fq")], settings=settings)
    assert "one strand" not in list_messages(seen, "warning")
