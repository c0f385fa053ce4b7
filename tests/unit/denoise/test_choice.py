from __future__ import annotations

import pytest

from vagus.denoise.choice import choose_engine
from vagus.reads.uniques import Uniques


def make_uniques(n_equal: int, n_single: int, platform: str, quality: int = 10) -> Uniques:
    sequences = ["A" * 20] * n_equal + ["C" * (i + 1) for i in range(n_single)]
    qualities = [[quality] * len(s) for s in sequences]
    return Uniques.from_reads(sequences, qualities, platform=platform)


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


def test_error_free_share_is_that_of_the_qualities() -> None:
    uniques = Uniques.from_reads(["AC", "AC", "GTT"], [[10, 20], [10, 20], [3, 3, 3]])
    one, other = 0.9 * 0.99, (1 - 10**-0.3) ** 3
    assert uniques.error_free_share == pytest.approx((2 * one + other) / 3, abs=5e-5)
    assert Uniques.empty().error_free_share == 0


def test_good_reads_that_are_unique_belong_to_rare_variants() -> None:
    assert choose_engine(make_uniques(5, 5, "hifi", quality=60)).engine == "dada"
    assert choose_engine(make_uniques(5, 5, "hifi", quality=15)).engine == "phase"
    assert choose_engine(make_uniques(5, 5, "ont", quality=60)).engine == "phase"
