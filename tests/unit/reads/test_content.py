"""What `vagus check` says a file is: simulated reads of known amplicons."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vagus.reads.content import read_amplicons
from vagus.reads.preflight import inspect_sample
from vagus.reads.settings import ReadSettings
from vagus.sequences import reverse_complement

from .conftest import FIRST, format_fastq, make_amplicon, make_insert

Writer = Callable[..., str]


def spell(primer: str) -> str:
    """One of the sequences that match an IUPAC primer."""
    return primer.translate(str.maketrans("RYMWSKBDHVN", "GTATCTGTACA"))


def cut(seed: int, first: int, last: int) -> str:
    """Positions ``first`` to ``last`` of a simulated gene."""
    return make_insert(seed, 1464)[first - FIRST : last - FIRST + 1]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("27F_534R", 28, 515),
        ("341F_805R", 358, 784),
        ("515F_806R", 534, 786),
        ("515F_926R", 534, 906),
    ],
)
def test_short_amplicons_are_named(write_reads: Writer, name: str, first: int, last: int) -> None:
    pair, covers, _ = next(row for row in read_amplicons() if row[0].name == name)
    reads = [
        spell(pair.forward) + cut(i, first, last) + reverse_complement(spell(pair.reverse))
        for i in range(10)
    ]
    seen = inspect_sample([write_reads(reads)])
    assert any(covers in problem.message for problem in seen.problems)
    assert seen.share_kept == 0


@pytest.mark.parametrize(
    ("header", "instrument"),
    [
        ("m54119_170101_010101/{}/ccs", "PacBio Sequel, binned qualities"),
        ("m64012_230101_010203/{}/ccs", "PacBio Sequel II, binned qualities"),
        ("m84012_230101_010203_s1/{}/ccs", "PacBio Revio, binned qualities"),
        ("r{} model=dna_r10.4.1_e8.2_400bps_sup@v4.2.0", "dna_r10.4.1_e8.2_400bps_sup@v4.2.0"),
        ("SRR1.{}", ""),
    ],
)
def test_part_of_the_gene_and_instrument(write_reads: Writer, header: str, instrument: str) -> None:
    path = write_reads([])
    reads = [
        (header.format(i), make_amplicon(make_insert(i, 1464), sense=i % 2 == 0), "~}|" * 501)
        for i in range(10)
    ]
    with open(path, "w", encoding="ascii") as stream:
        stream.write(
            format_fastq((name, read, quality[: len(read)]) for name, read, quality in reads)
        )
    content = inspect_sample([path]).content
    assert content == "V1-V9 of 16S (positions 28 to 1491)" + (
        f", {instrument}" if instrument else ""
    )


def test_operons_are_named_and_kept_on_request(write_reads: Writer) -> None:
    pair = next(row[0] for row in read_amplicons() if row[0].name == "27F_2490R")
    operons = [make_insert(i, 1464) + make_insert(100 + i, 1500)[::-1] * 2 for i in range(10)]
    reads = [spell(pair.forward) + s + reverse_complement(spell(pair.reverse)) for s in operons]
    path = write_reads([s if i % 2 else reverse_complement(s) for i, s in enumerate(reads)])
    seen = inspect_sample([path])
    assert any("the operon from 16S to 23S" in problem.message for problem in seen.problems)
    settings = ReadSettings(primers=f"{pair.forward}/{pair.reverse}", max_length_bp=6000)
    seen = inspect_sample([path], settings=settings)
    assert (seen.share_kept, seen.problems) == (1.0, ())
    assert seen.content.startswith("V1-V9 of 16S and beyond it")
