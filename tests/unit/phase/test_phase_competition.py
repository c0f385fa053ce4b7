from __future__ import annotations

from math import log

import numpy as np
import pytest

from vagus.phase.competition import Competition
from vagus.phase.evidence import count_log_alternatives
from vagus.phase.families import Block
from vagus.phase.settings import PhaseSettings

SETTINGS = PhaseSettings()
LENGTH = 1000


def make_block(home: int, others: dict[int, list[float]], n: int, n_sites: int = 1) -> Block:
    """Reads of a home with their fits to other variants, ``n_sites`` columns away."""
    return Block(
        home=home,
        variants=np.array([home, *others]),
        fits=np.stack([np.zeros(n), *(np.array(fit) for fit in others.values())], axis=1),
        columns=[np.empty(0, np.int64), *(np.arange(n_sites) * 100 + 1 for _ in others)],
        members=np.arange(n) + 1000 * home,
        weights=np.ones(n),
        reverse=np.arange(n) % 2.0,
        edits=np.zeros(n, np.int64),
    )


def compete(blocks: list[Block], **options: int) -> Competition:
    return Competition(blocks, [LENGTH] * len(blocks), SETTINGS, has_strands=False, **options)


def test_reads_are_shared_as_by_hand() -> None:
    """Two variants; 3 undecided reads at the first follow the shares: x = 6 + 3 x / 11."""
    blocks = [
        make_block(0, {1: [-99.0] * 6 + [0.0] * 3}, 9),
        make_block(1, {0: [-99.0] * 2}, 2),
    ]
    competition = compete(blocks)
    competition.fit(500)
    assert competition.expected.tolist() == pytest.approx([8.25, 2.75], abs=0.05)
    assert competition.expected.sum() == pytest.approx(11)


def test_statistic_of_leaving_out_by_hand() -> None:
    """With: log(a / n) or log(b / n) a read; without, its b reads have fit -7 to the other."""
    a, b, fit = 30, 6, -7.0
    blocks = [make_block(0, {1: [-99.0] * a}, a), make_block(1, {0: [fit] * b}, b)]
    competition = compete(blocks)
    competition.fit()
    with_both = a * log(a) + b * log(b)
    without = (a + b) * log(a + b) + b * fit
    # the first variant's own reads gain from its greater share as well, but only those reads
    # that the second had are weighed: the gain of the others is left out, on the safe side
    own_gain = a * (log(a + b) - log(a))
    evidence = competition.weigh_evidence(1)
    assert evidence.statistic == pytest.approx(with_both - without + own_gain, rel=1e-3)
    assert evidence.neighbour == 0


@pytest.mark.parametrize(("fit", "stays"), [(-2.0, False), (-8.0, True)])
def test_variant_stays_if_its_reads_need_it(fit: float, stays: bool) -> None:
    blocks = [make_block(0, {1: [-99.0] * 30}, 30), make_block(1, {0: [fit] * 6}, 6)]
    competition = compete(blocks)
    competition.prune()
    assert competition.is_alive.tolist() == [True, stays]
    assert competition.assign(blocks[1]).tolist() == [1 if stays else 0] * 6


def test_threshold_counts_the_alternatives() -> None:
    """The same statistic is enough for one site but not for its being one of many sites."""
    statistic = 6 * (8.0 - log(36 / 6))
    assert statistic > count_log_alternatives(1, LENGTH) + SETTINGS.margin
    assert statistic < count_log_alternatives(6, LENGTH) + SETTINGS.margin
    for n_sites, stays in ((1, True), (6, False)):
        blocks = [
            make_block(0, {1: [-99.0] * 30}, 30, n_sites),
            make_block(1, {0: [-8.0] * 6}, 6, n_sites),
        ]
        competition = compete(blocks)
        competition.prune()
        assert bool(competition.is_alive[1]) is stays


def test_of_two_equal_explanations_one_stays() -> None:
    """Both third variants explain the same reads; dropping both would lose them."""
    zeros, far = [0.0] * 5, [-40.0] * 5
    blocks = [
        make_block(0, {1: [-99.0] * 40, 2: [-99.0] * 40}, 40),
        make_block(1, {0: far, 2: zeros}, 5),
        make_block(2, {0: far, 1: zeros}, 5),
    ]
    competition = compete(blocks)
    competition.prune()
    assert competition.is_alive.sum() == 2
    assert competition.is_alive[0]


def test_variant_without_neighbours_needs_only_its_reads() -> None:
    competition = compete([make_block(0, {}, 4), make_block(1, {}, 3)])
    competition.prune()
    assert competition.is_alive.tolist() == [True, False]
    assert competition.assign(competition.blocks[1]).tolist() == [-1, -1, -1]


def test_the_more_abundant_of_two_is_not_refused_for_the_others_strands() -> None:
    """The few reads of one strand are the error; their parent's strands are its own."""
    parent = make_block(0, {1: [-40.0] * 40}, 40)
    child = make_block(1, {0: [-40.0] * 12}, 12)
    child.reverse[:] = 1.0
    competition = Competition([parent, child], [LENGTH] * 2, SETTINGS, has_strands=True)
    competition.prune()
    assert competition.is_alive.tolist() == [True, False]
