from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vagus.diversity.rarefaction_plan import (
    RarefactionPlan,
    choose_depth,
    draw_reads,
    iterate_rarefied,
    make_plan,
)
from vagus.errors import VagusError
from vagus.tables.counts import CountTable


def table_of(reads: list[int]) -> CountTable:
    names = [f"s{index:03d}" for index in range(len(reads))]
    return CountTable.from_counts(names, ["a"], np.array(reads).reshape(-1, 1))


@pytest.mark.parametrize(
    ("reads", "depth"),
    [
        ([500, 700, 900], 500),  # all stay
        ([0, 500, 700], 500),  # no reads: no influence
        ([5, 8000, 9000, 10000], 8000),  # 5 < 1,000 and < a tenth of the median: failed
        ([1200, 90000, 95000, 99000], 1200),  # 1,200 reads are never called failed
        ([20, 150, 200], 20),  # exactly a tenth of 200 stays (median 150: floor 15)
        ([1000] + [3000] * 19, 3000),  # 5 % = 1 of 20 may go, and it trebles the depth
        ([2000] + [3000] * 19, 2000),  # the same, but the gain is less than twofold
        ([1000] + [3000] * 18, 1000),  # 19 samples: none may go
        ([1000, 1000] + [3000] * 18, 1000),  # two of 20 are more than 5 %
        ([7], 7),
        ([], 0),
        ([0, 0], 0),
    ],
)
def test_auto_depth(reads: list[int], depth: int) -> None:
    assert choose_depth(table_of(reads), "auto") == depth


def test_controls_have_no_say_unless_there_is_nothing_else() -> None:
    table = table_of([100, 5000, 6000])
    assert choose_depth(table, "auto", {"s000"}) == 5000
    assert choose_depth(table, "auto", {"s000", "s001", "s002"}) == 5000
    plan = make_plan(table, "auto", 2, 1, {"s000"})
    assert plan.kept == ["s001", "s002"]
    assert plan.excluded == {"s000": "100 reads, below the rarefaction depth 5000"}


def test_a_study_of_controls_only_is_called_that() -> None:
    plan = make_plan(table_of([40, 90]), "auto", 1, 1, {"s000", "s001"})
    assert "of 2 samples with reads (all are controls)" in plan.explanation
    plan = make_plan(table_of([40, 90]), "auto", 1, 1, {"s001"})
    assert "keeps 1 of 1 sample with reads, controls not counted" in plan.explanation


def test_a_set_depth_lists_what_it_costs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        plan = make_plan(table_of([0, 100, 300, 600]), "300", 2, 1)
    assert plan.excluded == {
        "s000": "no reads",
        "s001": "100 reads, below the rarefaction depth 300",
    }
    # 2 of 3 samples with reads stay; 2 x 300 of 1,000 reads are used.
    assert "keeps 2 of 3 samples with reads, controls not counted" in plan.explanation
    assert "60.0 % of their reads" in plan.explanation
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_none_keeps_every_sample_with_reads() -> None:
    table = table_of([0, 1, 9])
    plan = make_plan(table, "none", 5, 1)
    assert (plan.depth, plan.kept) == (0, ["s001", "s002"])
    drawn = list(iterate_rarefied(table, plan))
    assert len(drawn) == 1
    assert drawn[0].counts.tolist() == [[1], [9]]


@pytest.mark.parametrize("setting", ["0", "-5", "many", "1.5", ""])
def test_unknown_settings_are_refused(setting: str) -> None:
    with pytest.raises(VagusError, match="rarefaction depth is"):
        choose_depth(table_of([5]), setting)


def test_a_depth_that_no_sample_reaches_is_refused() -> None:
    with pytest.raises(VagusError, match=r"no sample has 500 reads.*the largest has 60"):
        choose_depth(table_of([50, 60]), "500")
    assert choose_depth(table_of([0]), "500") == 500


def test_plan_survives_its_file(tmp_path: Path) -> None:
    plan = make_plan(table_of([0, 4, 9]), "auto", 3, 7)
    plan.save(tmp_path / "plan.json")
    assert RarefactionPlan.load(tmp_path / "plan.json") == plan
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(VagusError, match="not a whole rarefaction plan"):
        RarefactionPlan.load(tmp_path / "bad.json")


@settings(max_examples=50)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 100))
def test_draws_have_the_depth_and_never_exceed_the_sample(counts: list[int], depth: int) -> None:
    vector = np.array(counts, dtype=np.int64)
    depth = min(depth, int(vector.sum()))
    drawn = draw_reads(vector, depth, 1, "s", 0)
    assert drawn.sum() == depth
    assert (drawn <= vector).all()
    assert np.array_equal(drawn, draw_reads(vector, depth, 1, "s", 0))


def test_a_samples_draws_do_not_depend_on_the_others() -> None:
    counts = np.random.default_rng(5).integers(0, 50, size=(4, 30))
    asvs = [f"a{index:02d}" for index in range(30)]
    whole = CountTable.from_counts(["a", "b", "c", "d"], asvs, counts)
    part = CountTable.from_counts(["d", "b"], asvs[::-1], counts[[3, 1]][:, ::-1])
    in_whole = list(iterate_rarefied(whole, make_plan(whole, "200", 3, 1)))
    in_part = list(iterate_rarefied(part, make_plan(part, "200", 3, 1)))
    for first, second in zip(in_whole, in_part, strict=True):
        assert np.array_equal(first.counts[[1, 3]], second.counts)
    assert not np.array_equal(in_whole[0].counts, in_whole[1].counts)
