"""Gaps in lambda: classes against a naive twin, the equation, and what is distinguished."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from naive.denoise_alignment import GAP, align_naive
from naive.denoise_community import make_community, make_sequence, read_with_errors
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.indels import (
    ALLOWANCE,
    DEFAULT_RATES,
    GapCounts,
    IndelPairs,
    learn_gap_rates,
    partition_with_indels,
)
from vagus.dada.learning import learn_rates
from vagus.dada.partition import SamplePairs, partition_sample
from vagus.dada.settings import DadaSettings
from vagus.dada.variants import denoise_sample
from vagus.kernels.dada import gaps as gap_kernels
from vagus.reads.uniques import Uniques, encode_bases

REWARDS = np.array([5, -4, -8], np.int16)
SETTINGS = DadaSettings()
MODEL = replace(SETTINGS, indels="model")


def run_length(sequence: str, p: int) -> int:
    """Length of the run of equal bases that contains position ``p``, 8 at most."""
    start, stop = p, p + 1
    while start > 0 and sequence[start - 1] == sequence[p]:
        start -= 1
    while stop < len(sequence) and sequence[stop] == sequence[p]:
        stop += 1
    return min(stop - start, 8)


def classify_naively(centre: str, read: str, band: int) -> list[int]:
    """Gaps of each class, from the aligned letters of the naive aligner."""
    top, bottom = align_naive(centre, read, band_bp=band)
    found: Counter[int] = Counter()
    i = j = 0
    for true, base in zip(top, bottom, strict=True):
        if base == GAP and 0 < j < len(read):
            found[run_length(centre, i) - 1] += 1
        elif true == GAP and 0 < i < len(centre):
            if base == centre[i]:
                found[8 + run_length(centre, i) - 1] += 1
            elif base == centre[i - 1]:
                found[8 + run_length(centre, i - 1) - 1] += 1
            else:
                found[16] += 1
        i += true != GAP
        j += base != GAP
    return [found[k] for k in range(17)]


@pytest.mark.parametrize("alphabet", ["ACGT", "AC"])
@pytest.mark.parametrize("band", [32, 5])
def test_gaps_are_those_of_the_naive_alignment(alphabet: str, band: int) -> None:
    rng = np.random.default_rng([band, len(alphabet)])
    for _ in range(12):
        centre = "".join(rng.choice(list(alphabet), int(rng.integers(25, 60))))
        reads = [centre]
        for _ in range(20):
            letters = list(centre)
            for p in rng.integers(0, len(letters), int(rng.integers(1, 6))):
                letters[p] = str(rng.choice(["", letters[p] * 2, "A", letters[p] + "C"]))
            reads.append("".join(letters) or "A")
        offsets = np.concatenate([[0], np.cumsum([len(read) for read in reads])])
        bases = np.concatenate([encode_bases(read) for read in reads])
        members = np.arange(len(reads), dtype=np.int32)
        found = gap_kernels.count_gaps(encode_bases(centre), bases, offsets, members, band, REWARDS)
        for read, gaps in zip(reads, found.tolist(), strict=True):
            assert gaps == classify_naively(centre, read, band), (centre, read)


def test_places_are_runs_of_each_length_and_bases() -> None:
    places = gap_kernels.count_runs(encode_bases("AAACGGTTTTTTTTTTA"))
    # runs: AAA, C, GG, ten T (counted as 8), A
    assert places[:8].tolist() == [2, 1, 1, 0, 0, 0, 0, 1]
    assert places[8:16].tolist() == places[:8].tolist()
    assert places[16] == 17


def plain_model() -> ErrorModel:
    rates = np.full((16, 94), 1e-4)
    rates[[0, 5, 10, 15]] = 1 - 3e-4
    return ErrorModel(rates=rates)


def test_lambda_is_that_of_dada2_times_the_rates_of_the_gaps() -> None:
    uniques, _ = make_community(5, n_variants=6, n_reads=200)
    comparisons = Comparisons(uniques, SETTINGS)
    rates = np.linspace(0.001, 0.02, 17)
    gaps = GapCounts(comparisons)
    members = np.arange(uniques.n_uniques, dtype=np.int32)
    pairs = SamplePairs(comparisons, plain_model())
    plain = pairs.measure(0, members)
    own = IndelPairs(pairs, gaps, rates).measure(0, members)
    for i in members:
        counts = classify_naively(uniques.sequence(0), uniques.sequence(int(i)), 32)
        expected = plain[0][i] + sum(n * np.log(r) for n, r in zip(counts, rates, strict=True))
        assert own[0][i] == pytest.approx(expected, rel=1e-12)
        assert own[1][i] == plain[1][i] + sum(counts)


def make_sample(share: float, run: int, rng_seed: int = 3) -> tuple[Uniques, str, str]:
    """1,000 reads of a sequence, of which a share misses a base of a run of that length."""
    rng = np.random.default_rng(rng_seed)
    left, right = (make_sequence(rng, 120).rstrip("A").lstrip("A") for _ in range(2))
    first = left + "A" * run + right
    second = left + "A" * (run - 1) + right
    n = round(1000 * share)
    reads = [read_with_errors(rng, text, 0.0005) for text in [first] * (1000 - n) + [second] * n]
    return Uniques.from_reads([s for s, _ in reads], [q for _, q in reads]), first, second


def find_variants(uniques: Uniques, settings: DadaSettings) -> set[str]:
    model = learn_rates([Comparisons(uniques, SETTINGS)], "full", SETTINGS).model
    return set(denoise_sample(uniques, model, settings).variants["sequence"])


def test_a_variant_by_one_gap_is_told_apart_only_if_gaps_are_modelled() -> None:
    uniques, first, second = make_sample(0.2, run=2)
    assert find_variants(uniques, SETTINGS) == {first}
    assert find_variants(uniques, MODEL) == {first, second}


def test_frequent_errors_of_a_long_run_are_no_variant() -> None:
    uniques, first, _ = make_sample(0.03, run=8)
    assert find_variants(uniques, MODEL) == {first}


def test_learned_rates_are_gaps_over_places_with_the_default_as_prior() -> None:
    uniques, _, _ = make_sample(0.05, run=8)
    comparisons = Comparisons(uniques, SETTINGS)
    gaps = GapCounts(comparisons)
    result = partition_sample(comparisons, plain_model(), SETTINGS)
    assert len(result.births) == 1
    rates = learn_gap_rates(gaps, result)
    class_of_8 = gap_kernels.DELETED + 7
    # 50 reads miss a base; some more by their errors
    low = ALLOWANCE * (50 + 1000 * DEFAULT_RATES[class_of_8]) / 2000
    assert low <= rates[class_of_8] <= 1.2 * low


def test_without_gaps_both_ways_agree() -> None:
    rng = np.random.default_rng(12)
    first = make_sequence(rng, 200)
    second = first[:50] + ("A" if first[50] != "A" else "C") + first[51:]
    uniques = Uniques.from_reads([first] * 200 + [second] * 60, [[40] * 200] * 260)
    comparisons = Comparisons(uniques, SETTINGS)
    one = partition_sample(comparisons, plain_model(), SETTINGS)
    two = partition_with_indels(comparisons, plain_model(), MODEL)
    assert one.births[1:] == two.births[1:]
    assert np.array_equal(one.cluster, two.cluster)
    assert np.array_equal(one.log_p, two.log_p)
