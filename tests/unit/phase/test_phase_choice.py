from __future__ import annotations

import pytest

from vagus.phase.choice import choose_engine
from vagus.reads.uniques import Uniques


def make_uniques(n_equal: int, n_single: int, platform: str) -> Uniques:
    sequences = ["A" * 20] * n_equal + ["C" * (i + 1) for i in range(n_single)]
    return Uniques.from_reads(sequences, [[40] * len(s) for s in sequences], platform=platform)


@pytest.mark.parametrize(
    ("n_equal", "n_single", "platform", "engine"),
    [(10, 0, "ont", "phase"), (10, 1, "hifi", "dada"), (5, 5, "hifi", "phase")],
)
def test_engine_by_platform_and_unique_share(
    n_equal: int, n_single: int, platform: str, engine: str
) -> None:
    choice = choose_engine(make_uniques(n_equal, n_single, platform))
    assert choice.engine == engine
    assert choice.unique_share == pytest.approx((1 + n_single) / (n_equal + n_single), abs=0.11)
    assert f"{100 * choice.unique_share:.0f} % of the reads are unique" in choice.reason


def test_sample_without_reads_has_an_engine() -> None:
    assert choose_engine(Uniques.empty()).engine == "dada"
