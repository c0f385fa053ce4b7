"""Simulated reads: rates as asked for, truth that adds up, equal bytes for equal seeds."""

from __future__ import annotations

import gzip
import hashlib
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import edlib
import numpy as np
import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.demo.amplicon import IUPAC
from vagus.demo.chimeras import draw_chimeras, join
from vagus.demo.community import Copy, Strain
from vagus.demo.platforms import BIN_QUALITIES, BIN_TABLE, PLATFORMS, PlatformModel
from vagus.demo.reads import MoleculeSet, measure_runs, simulate_batches
from vagus.demo.sample import SampleDesign, SampleTruth, mix_variants, simulate_sample

FORWARD = "AGRGTTYGATYMTGGCTCAG"
REVERSE = "AAGTCGTAACAAGGTARCY"  # reverse complement of 1492R
EQUAL = [(code, base) for code, bases in IUPAC.items() for base in bases]
LINEAGE = ("Bacteria", "P", "C", "O", "F", "G", "G s")


def make_insert(seed: int, length: int = 1450) -> str:
    return "".join(np.array(list("ACGT"))[np.random.default_rng(seed).integers(0, 4, length)])


def make_strain(name: str, *sequences: str) -> Strain:
    return Strain(name, LINEAGE, tuple(Copy(text, 1, name) for text in sequences))


def mutate(text: str, seed: int, share: float) -> str:
    """Text with a share of its bases drawn anew: a relative of it."""
    drawn = make_insert(seed, len(text))
    where = np.random.default_rng([seed, 1]).random(len(text)) < share
    return "".join(
        new if change else old for old, new, change in zip(text, drawn, where, strict=True)
    )


INSERTS = [make_insert(1), mutate(make_insert(1), 2, 0.1), mutate(make_insert(1), 3, 0.2)]
STRAINS = [make_strain("A", INSERTS[0], INSERTS[2]), make_strain("B", INSERTS[1])]


def read_fastq(path: Path) -> list[tuple[str, str, str]]:
    lines = gzip.decompress(path.read_bytes()).decode("ascii").split("\n")
    return [(lines[i][1:], lines[i + 1], lines[i + 3]) for i in range(0, len(lines) - 1, 4)]


def simulate(
    tmp_path: Path, platform: str | PlatformModel, n_reads: int, **extra: float
) -> tuple[SampleTruth, list[tuple[str, str, str]]]:
    model = PLATFORMS[platform] if isinstance(platform, str) else platform
    design = SampleDesign("x", STRAINS, [1.0, 1.0], n_reads, **extra)  # type: ignore[arg-type]
    truth = simulate_sample(design, model, 7, tmp_path / "x.fastq.gz")
    return truth, read_fastq(tmp_path / "x.fastq.gz")


def flip(text: str) -> str:
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))


def trim(sense: str) -> str:
    """Naive trimming of a sense read: best primer matches in the first and last 30 bp."""
    head = edlib.align(FORWARD, sense[:30], "HW", "locations", additionalEqualities=EQUAL)
    tail = edlib.align(REVERSE, sense[-30:], "HW", "locations", additionalEqualities=EQUAL)
    assert head["editDistance"] <= 1
    assert tail["editDistance"] <= 1
    return sense[head["locations"][0][1] + 1 : len(sense) - 30 + tail["locations"][-1][0]]


def within(observed: float, share: float, n: int) -> bool:
    return abs(observed - share) < 5 * math.sqrt(share * (1 - share) / n)


def test_reads_without_errors_are_the_inserts_between_primers(tmp_path: Path) -> None:
    silent = replace(PLATFORMS["hifi"], median_errors=1e-9, pcr_error_rate=0.0)
    truth, reads = simulate(tmp_path, silent, 600)
    assert (truth.n_errors == 0).all()
    exact = 0
    for (_, letters, quality), molecule, is_reverse in zip(
        reads, truth.molecule, truth.is_reverse, strict=True
    ):
        sense = flip(letters) if is_reverse else letters
        assert len(letters) == len(quality)
        assert truth.sequences[molecule] in sense
        exact += hashlib.md5(trim(sense).encode()).hexdigest() == truth.asvs[molecule]
    assert exact == len(reads)


@pytest.mark.parametrize(("platform", "share"), [("hifi", 0.75), ("revio-binned", 0.6)])
def test_error_free_share_is_as_asked(tmp_path: Path, platform: str, share: float) -> None:
    truth, reads = simulate(tmp_path, platform, 4000)
    assert within(float((truth.n_errors == 0).mean()), share, 4000)
    assert within(float(truth.is_reverse.mean()), 0.5, 4000)
    # what the truth calls free of errors is exact in the reads, and the other way round
    for i in range(300):
        sense = flip(reads[i][1]) if truth.is_reverse[i] else reads[i][1]
        if truth.n_errors[i] == 0:
            assert truth.sequences[truth.molecule[i]] in sense
    is_exact = [
        truth.sequences[m] in (flip(read[1]) if r else read[1])
        for read, m, r in zip(reads, truth.molecule, truth.is_reverse, strict=True)
    ]
    assert abs(float(np.mean(is_exact)) - float((truth.n_errors == 0).mean())) < 0.01


def test_qualities_agree_with_errors(tmp_path: Path) -> None:
    for platform in ("hifi", "ont"):
        truth, reads = simulate(tmp_path, replace(PLATFORMS[platform], hot_share=0.0), 3000)
        expected = [
            (10.0 ** (-(np.frombuffer(q.encode(), np.uint8) - 33.0) / 10)).sum()
            for _, _, q in reads
        ]
        # errors in the two primers (39 of about 1,489 bp) are not counted in the truth
        assert truth.n_errors.mean() / np.mean(expected) == pytest.approx(0.97, abs=0.1)
    assert 5 <= np.median(truth.n_errors) <= 10


def test_hifi_errors_are_mostly_homopolymer_indels() -> None:
    model = replace(PLATFORMS["hifi"], median_errors=3.0, spread=0.1, pcr_error_rate=0.0)
    molecules = MoleculeSet.build([INSERTS[0]], model)
    strands = np.zeros(1500, dtype=np.int64)
    (batch,) = simulate_batches(molecules, strands, model, np.random.default_rng(1))
    changed = np.diff(batch.offsets) != len(INSERTS[0]) + 39
    # one read of about three errors has equal length only if indels cancel or are absent
    assert changed.mean() > 0.7


def test_qualities_have_the_platform_range(tmp_path: Path) -> None:
    seen = {}
    for platform in PLATFORMS:
        _, reads = simulate(tmp_path, platform, 500)
        counts = Counter("".join(quality for _, _, quality in reads))
        seen[platform] = {ord(letter) - 33: n for letter, n in counts.items()}
    assert set(seen["revio-binned"]) == set(BIN_QUALITIES)
    assert max(seen["hifi"]) == 93
    assert min(seen["hifi"]) >= 0
    assert len(seen["hifi"]) > 60
    assert 0.7 < seen["hifi"][93] / sum(seen["hifi"].values()) < 0.9
    assert max(seen["ont"]) == 50
    assert min(seen["ont"]) >= 1


def test_bins_are_the_seven_of_revio() -> None:
    expected = {0: 3, 9: 3, 10: 10, 16: 10, 17: 17, 22: 22, 26: 22, 27: 27, 34: 27, 35: 35, 40: 40}
    assert {quality: int(BIN_TABLE[quality]) for quality in expected} == expected
    assert BIN_TABLE[93] == 40


def test_hifi_headers_carry_accuracy_and_no_truth(tmp_path: Path) -> None:
    _, reads = simulate(tmp_path, "revio-binned", 20)
    for i, (name, _, _) in enumerate(reads):
        first, tag = name.split(" ")
        assert first == f"m00000_000000_000000/{i}/ccs"
        assert tag.startswith("rq:f:")
        assert 0.5 < float(tag[5:]) <= 1


def test_bam_holds_the_same_reads_with_rq(tmp_path: Path) -> None:
    _, reads = simulate(tmp_path, "revio-binned", 30)
    design = SampleDesign("x", STRAINS, [1.0, 1.0], 30)
    for name in ("x.bam", "y.bam"):
        simulate_sample(design, PLATFORMS["revio-binned"], 7, tmp_path / name)
    assert (tmp_path / "x.bam").read_bytes() == (tmp_path / "y.bam").read_bytes()
    with pysam.AlignmentFile(str(tmp_path / "x.bam"), check_sq=False) as stream:
        for read, (header, letters, quality) in zip(
            stream.fetch(until_eof=True), reads, strict=True
        ):
            assert header.startswith(f"{read.query_name} ")
            assert (read.query_sequence, read.qual) == (letters, quality)
            assert read.is_unmapped
            assert read.get_tag("rq") == pytest.approx(float(header.split("rq:f:")[1]), abs=1e-6)


def test_primers_have_one_base_errors_now_and_then(tmp_path: Path) -> None:
    silent = replace(PLATFORMS["hifi"], median_errors=1e-9, pcr_error_rate=0.0)
    truth, reads = simulate(tmp_path, silent, 3000)
    full = 39 + np.array([len(truth.sequences[m]) for m in truth.molecule])
    missing = full - np.array([len(read[1]) for read in reads])
    assert set(missing.tolist()) <= {0, 1, 2}
    assert within(float(missing.mean()) / 2, 0.06, 6000)
    degenerate = Counter(
        r[1][2] for r, back in zip(reads, truth.is_reverse, strict=True) if not back
    )
    assert degenerate["A"] > 300
    assert degenerate["G"] > 300


def test_truth_adds_up(tmp_path: Path) -> None:
    truth, reads = simulate(tmp_path, "hifi", 2000, chimera_rate=0.1)
    assert truth.counts.sum() == len(reads) == 2000
    assert truth.counts[truth.n_variants :].tolist() == [c.n_reads for c in truth.chimeras]
    assert within(truth.counts[truth.n_variants :].sum() / 2000, 0.1, 2000)
    for chimera in truth.chimeras:
        left, right = truth.sequences[chimera.left], truth.sequences[chimera.right]
        assert chimera.sequence not in truth.sequences[: truth.n_variants]
        assert chimera.sequence.startswith(left[: chimera.breakpoint_bp])
        rest = chimera.sequence[chimera.breakpoint_bp :]
        assert right.endswith(rest)
        assert len(rest) >= 60


def test_shares_follow_cells_times_copies(tmp_path: Path) -> None:
    variants, shares = mix_variants(SampleDesign("x", STRAINS, [1.0, 2.0], 10))
    assert variants == [INSERTS[0], INSERTS[2], INSERTS[1]]
    assert shares.tolist() == [0.25, 0.25, 0.5]
    truth, _ = simulate(tmp_path, "hifi", 3000, chimera_rate=0.0)
    assert not truth.chimeras
    assert all(within(n / 3000, 1 / 3, 3000) for n in truth.counts)


def test_equal_seed_gives_equal_bytes(tmp_path: Path) -> None:
    digests = []
    for seed, name in ((7, "x"), (7, "x"), (8, "x"), (7, "y")):
        path = tmp_path / f"{len(digests)}.fastq.gz"
        design = SampleDesign(name, STRAINS, [1.0, 1.0], 50)
        simulate_sample(design, PLATFORMS["ont"], seed, path)
        digests.append(hashlib.md5(path.read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_ont_errs_by_strand() -> None:
    """Hot 11-mers belong to one strand: the places of one are not those of the other."""
    model = replace(PLATFORMS["ont"], hot_share=0.01)
    molecules = MoleculeSet.build([INSERTS[0]], model)
    length = len(INSERTS[0]) + 39
    sense = np.flatnonzero(molecules.hot_rates[:length])
    other = length - 1 - np.flatnonzero(molecules.hot_rates[length:])
    assert 3 <= len(sense) <= 40
    assert 3 <= len(other) <= 40
    assert set(sense.tolist()) != set(other.tolist())
    rates = molecules.hot_rates[molecules.hot_rates > 0]
    assert rates.min() >= 0.05
    assert rates.max() <= 0.19
    hot = np.flatnonzero(molecules.hot_rates)
    assert (molecules.hot_bases[hot] != molecules.bases[hot]).all()


@given(st.text("ACGT", min_size=1, max_size=60), st.text("ACGT", min_size=1, max_size=60))
def test_runs_equal_a_naive_count(one: str, other: str) -> None:
    codes = np.array(["ACGT".index(base) for base in one + other], dtype=np.uint8)
    offsets = np.array([0, len(one), len(one) + len(other)])
    expected = []
    for text in (one, other):
        for i, base in enumerate(text):
            left, right = i, i
            while left > 0 and text[left - 1] == base:
                left -= 1
            while right + 1 < len(text) and text[right + 1] == base:
                right += 1
            expected.append(min(8, right - left + 1))
    assert measure_runs(codes, offsets).tolist() == expected


def test_join_needs_a_common_stretch() -> None:
    unlike = make_insert(9)
    assert join(INSERTS[0], unlike, 0.5) is None
    assert join(INSERTS[0], INSERTS[0], 0.5) is None
    same_start = INSERTS[0][:700] + unlike[700:]
    assert join(INSERTS[0], same_start, 0.1) is None  # the product would be the second parent
    generator = np.random.default_rng(1)
    assert draw_chimeras([INSERTS[0], unlike], np.array([0.5, 0.5]), 5, generator) == []
    product, place = join(INSERTS[0], INSERTS[1], 0.5) or ("", 0)
    assert product == INSERTS[0][:place] + INSERTS[1][place:]
    assert INSERTS[0][place : place + 12] == INSERTS[1][place : place + 12]
