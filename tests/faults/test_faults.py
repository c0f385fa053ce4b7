"""The short version of the fault harness: every harm once, a few kills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from faults.bench import Bench, prepare
from faults.harness import NEED_MOUNT, OTHERS, can_mount, kill_and_go_on

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return prepare(tmp_path_factory.mktemp("faults"), seed=1)


def test_killed_runs_end_in_the_same_bytes(bench: Bench) -> None:
    assert kill_and_go_on(bench, 4).total() >= 4


@pytest.mark.parametrize("harm", OTHERS)
def test_harm_is_put_right_by_the_next_run(
    harm: Callable[[Bench, int], object], bench: Bench
) -> None:
    if harm in NEED_MOUNT and not can_mount():
        pytest.skip("no file system can be mounted here")
    harm(bench, 1)


def test_the_bench_would_notice(bench: Bench, tmp_path: Path) -> None:
    study = bench.copy_finished("noticed")
    with pytest.raises(AssertionError, match="diversity"):
        bench.settle(study, bench.expected.replace("  diversity", "  Diversity"))
