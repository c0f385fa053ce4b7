"""Poisson tails and lambda against high-precision arithmetic."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from naive.denoise_partition import align_pair, measure_log_lambda
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.settings import DadaSettings
from vagus.kernels.dada import partition as partition_kernels
from vagus.kernels.dada.poisson import log_poisson_tail, log_presence
from vagus.reads.uniques import Uniques


@pytest.mark.parametrize("n", [1, 2, 3, 10, 57, 400, 5000])
@pytest.mark.parametrize("mu", [1e-280, 1e-30, 1e-7, 0.02, 0.9, 3.0, 11.0, 60.0, 390.0, 4900.0])
def test_tail_is_right_to_twelve_digits(n: int, mu: float) -> None:
    with mpmath.workdps(80):
        value = mpmath.mpf(mu)
        tail = mpmath.gammainc(n, 0, value, regularized=True)
        exact = float(mpmath.log(tail))
    found = log_poisson_tail(n, math.log(mu))
    assert found == pytest.approx(exact, rel=1e-11, abs=1e-13)


def test_tail_does_not_underflow() -> None:
    # mu = e^-2000: ln P(X >= 4) = -4 * 2000 - ln 4! to all digits
    assert log_poisson_tail(4, -2000.0) == pytest.approx(-8000 - math.log(24), rel=1e-15)
    assert log_presence(-2000.0) == -2000.0
    assert log_presence(math.log(0.5)) == pytest.approx(math.log(1 - math.exp(-0.5)), rel=1e-15)


def test_p_value_given_presence_by_hand() -> None:
    # mu = 0.1 * 10 = 1: P(X >= 2) = 1 - 2/e, P(X >= 1) = 1 - 1/e
    expected = math.log((1 - 2 / math.e) / (1 - 1 / math.e))
    assert partition_kernels.score_abundance(2, math.log(0.1), 10, True) == pytest.approx(expected)
    assert partition_kernels.rank_abundance(2, math.log(0.1), 10) == pytest.approx(
        math.exp(expected)
    )
    assert partition_kernels.rank_abundance(2, -800.0, 10) == 0.0


def test_lambda_is_the_product_over_the_bases_of_the_read() -> None:
    rng = np.random.default_rng(5)
    centre = "".join(rng.choice(list("ACGT"), 80))
    reads = [
        centre,
        centre,
        centre[:30] + ("A" if centre[30] != "A" else "C") + centre[31:],
        centre[:40] + "ACG" + centre[40:],
        centre[:40] + centre[42:],
        centre[4:] + "TT",
    ]
    qualities = [rng.integers(5, 60, len(read)).tolist() for read in reads]
    uniques = Uniques.from_reads(reads, qualities)
    rates = rng.uniform(0.001, 0.02, (16, 94))
    model = ErrorModel(rates=rates)
    comparisons = Comparisons(uniques, DadaSettings())
    log_self = partition_kernels.sum_log_self(
        comparisons.bases, comparisons.qualities, comparisons.offsets, model.log_rates()
    )
    members = np.arange(uniques.n_uniques, dtype=np.int32)
    block, rows = comparisons.compare(0, members)
    ratios = partition_kernels.sum_log_ratios(
        block.starts, block.n_substitutions, block.codes, rows, model.log_ratios()
    )
    for i in members:
        own = comparisons.qualities[comparisons.offsets[i] : comparisons.offsets[i + 1]].tolist()
        aligned = align_pair(uniques.sequence(0), uniques.sequence(int(i)))
        expected, hamming = measure_log_lambda(aligned, own, rates.tolist())
        assert log_self[i] + ratios[i] == pytest.approx(expected, rel=1e-12)
        assert block.n_substitutions[rows[i]] == hamming


@pytest.mark.parametrize("seed", range(5))
def test_lambda_holds_twelve_digits_over_a_whole_gene(seed: int) -> None:
    """Sums of 1,500 logarithms against a product in 60 digits, down to lambdas of 1e-400."""
    rng = np.random.default_rng(seed)
    centre = "".join(rng.choice(list("ACGT"), 1500))
    letters = list(centre)
    for p in rng.choice(1500, 10 * seed, replace=False):
        letters[p] = "ACGT"[("ACGT".index(letters[p]) + int(rng.integers(1, 4))) % 4]
    read = "".join(letters)
    rates = rng.uniform(1e-7, 1e-2, (16, 94))
    quality = rng.integers(0, 94, 1500).tolist()
    uniques = Uniques.from_reads([centre] * 2 + [read] * (seed > 0), [quality] * (2 + (seed > 0)))
    comparisons = Comparisons(uniques, DadaSettings())
    model = ErrorModel(rates=rates)
    log_self = partition_kernels.sum_log_self(
        comparisons.bases, comparisons.qualities, comparisons.offsets, model.log_rates()
    )
    last = uniques.n_uniques - 1
    block, rows = comparisons.compare(0, np.array([last], np.int32))
    ratios = partition_kernels.sum_log_ratios(
        block.starts, block.n_substitutions, block.codes, rows, model.log_ratios()
    )
    with mpmath.workdps(60):
        exact = mpmath.mpf(1)
        for true, base, q in zip(centre, read, quality, strict=True):
            exact *= mpmath.mpf(float(rates["ACGT".index(true) * 4 + "ACGT".index(base), q]))
        expected = float(mpmath.log(exact))
    assert log_self[last] + ratios[0] == pytest.approx(expected, rel=1e-12)
