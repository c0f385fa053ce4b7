from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.phase_columns import list_states, maximise_mixture, sum_log_likelihoods
from vagus.kernels.phase import columns, mixture
from vagus.kernels.phase.alignment import align_reads
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.read_set import BIN_TOPS, QUALITY_BINS
from vagus.phase.settings import PhaseSettings

TABLES = PhaseErrorModel.nominal().make_tables(PhaseSettings()).rates
ERRORS = (TABLES, np.zeros(2, np.int32), np.zeros((1, 2, 4, 5)))


def fill(read: list[int], quality: list[int], backbone: list[int]) -> tuple[list[int], np.ndarray]:
    codes, target = np.array(read, np.uint8), np.array(backbone, np.uint8)
    offsets = np.array([0, len(read)])
    mappings, _ = align_reads(codes, offsets, np.array([0]), target, 4, np.array([60]))
    states, packed = columns.fill_pileup(
        codes, np.array(quality, np.uint8), offsets, np.array([0]), mappings, target,
        np.arange(256).astype(np.uint8),
    )  # fmt: skip
    return states[:, 0].tolist(), packed[:, 0]


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 4))
def test_states_are_those_of_a_plain_walk(seed: int, n_edits: int) -> None:
    source = np.random.default_rng(seed)
    backbone = source.integers(0, 4, 40).astype(np.uint8)
    read = backbone.tolist()
    for _ in range(n_edits):
        place = int(source.integers(len(read)))
        kind = source.integers(3)
        if kind == 0:
            read.insert(place, int(source.integers(4)))
        elif kind == 1:
            del read[place]
        else:
            read[place] = int(source.integers(4))
    codes = np.array(read, np.uint8)
    offsets = np.array([0, len(read)])
    mappings, edits = align_reads(codes, offsets, np.array([0]), backbone, 4, np.array([60]))
    assert edits[0] >= 0
    states, _ = columns.fill_pileup(
        codes, np.full(len(read), 9, np.uint8), offsets, np.array([0]), mappings, backbone,
        QUALITY_BINS,
    )  # fmt: skip
    assert states[:, 0].tolist() == list_states(read, mappings[0].tolist())


def test_quality_of_an_indel_is_the_worst_of_run_and_neighbours() -> None:
    # ACT GGGG ACTCC; one G is missing and the uncertainty sits on the last G (quality 3)
    backbone = [0, 1, 3, 2, 2, 2, 2, 0, 1, 3, 1, 1]
    read = [0, 1, 3, 2, 2, 2, 0, 1, 3, 1, 1]
    states, packed = fill(read, [9, 9, 9, 9, 9, 3, 9, 9, 9, 9, 9], backbone)
    assert states[7] == columns.NONE
    assert packed[7] >> 4 == 3
    assert [q & 15 for q in packed[9:14:2]] == [9, 9, 3]
    assert [q >> 4 for q in packed[9:14:2]] == [3, 3, 3]
    # beside the run: the uncertainty of the base after it counts as well
    _, packed = fill(read, [9, 9, 9, 9, 9, 9, 2, 9, 9, 9, 9], backbone)
    assert packed[7] >> 4 == 2
    # two bases further it does not
    _, packed = fill(read, [9, 9, 9, 9, 9, 9, 9, 2, 9, 9, 9], backbone)
    assert packed[7] >> 4 == 9


def test_runs_are_classed_at_their_first_column() -> None:
    runs, next_bases = columns.describe_columns(np.array([0, 2, 2, 2, 1], np.uint8))
    assert runs.tolist() == [0, 0, 2, 2, 0, 0, 0, 0, 0, 0]
    assert next_bases.tolist() == [0, 0, 2, 2, 2, 2, 2, 2, 1, 1]


def test_binned_qualities_fall_into_different_bins() -> None:
    assert len(set(QUALITY_BINS[[3, 10, 17, 22, 27, 35, 40]].tolist())) == 7
    assert QUALITY_BINS.max() == len(BIN_TOPS) == 15
    assert (np.diff(QUALITY_BINS.astype(int)) >= 0).all()


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(0, 7))
def test_consensus_is_the_most_likely_state(seed: int, n: int, run: int) -> None:
    source = np.random.default_rng(seed)
    states = source.integers(0, 6, (1, n)).astype(np.uint8)
    packed = source.integers(0, 256, (1, n)).astype(np.uint8)
    strands = source.integers(0, 2, n).astype(np.uint8)
    weights = source.integers(1, 4, n).astype(float)
    calls, margins, counts = columns.call_consensus(
        states, packed, np.arange(n), strands, weights,
        np.array([run], np.uint8), np.array([2], np.uint8), ERRORS,
    )  # fmt: skip
    observations = [
        (int(s), int(q) & 15, int(q) >> 4, int(d), float(w))
        for s, q, d, w in zip(states[0], packed[0], strands, weights, strict=True)
    ]
    sums = sum_log_likelihoods(observations, run, 2, TABLES)
    reached = sum(o[4] for o in observations if o[0] != columns.ABSENT)
    ordered = sorted(sums)
    assert margins[0] == pytest.approx(ordered[-1] - ordered[-2], abs=1e-7)
    if reached * 2 >= weights.sum():
        assert sums[calls[0]] == pytest.approx(ordered[-1], abs=1e-9)
    else:
        assert calls[0] == columns.ABSENT
    for state in range(5):
        assert counts[0, state] == sum(o[4] for o in observations if o[0] == state)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(-12, 12), st.integers(1, 5)), min_size=1, max_size=30))
def test_mixture_reaches_the_maximum(pairs: list[tuple[float, int]]) -> None:
    ratios = np.array([ratio for ratio, _ in pairs])
    weights = np.array([float(weight) for _, weight in pairs])
    found, share = mixture.fit_mixture(ratios, weights)
    best = maximise_mixture(ratios.tolist(), weights.tolist())
    assert found <= best + 1e-6
    assert found >= best - 0.05 - 0.01 * best
    assert 0 <= share <= 0.999


def test_mixture_of_one_clear_half() -> None:
    # ten reads prefer the second by 20 nats, ten the first: T = 10 * 20 - 20 ln 2, nearly
    ratios = np.array([20.0] * 10 + [-20.0] * 10)
    found, share = mixture.fit_mixture(ratios, np.ones(20))
    assert found == pytest.approx(200 - 20 * np.log(2), abs=1e-3)
    assert share == pytest.approx(0.5, abs=1e-3)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_statistics_of_columns_are_those_of_single_reads(seed: int) -> None:
    source = np.random.default_rng(seed)
    n = 24
    states = np.where(source.random((1, n)) < 0.3, source.integers(0, 5), 1).astype(np.uint8)
    packed = (source.integers(8, 16, (1, n)) * 17).astype(np.uint8)
    strands = source.integers(0, 2, n).astype(np.uint8)
    weights = np.ones(n)
    rows = np.arange(n)
    describe = np.array([0], np.uint8), np.array([1], np.uint8)
    calls = np.array([1], np.uint8)
    _, alleles, statistics = mixture.test_columns(
        states, packed, rows, strands, weights, calls, *describe, ERRORS, np.array([2.0, 1.0])
    )
    for allele, statistic in zip(alleles, statistics, strict=True):
        ratios = columns.weigh_difference(
            states, packed, rows, strands, np.array([0]), np.array([allele], np.uint8), calls,
            *describe, ERRORS,
        )  # fmt: skip
        best = maximise_mixture(ratios.tolist(), weights.tolist())
        assert statistic == pytest.approx(best, rel=0.02, abs=0.05)
