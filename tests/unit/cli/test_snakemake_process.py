"""What Snakemake is asked for: a stand-in takes the place of its engine."""

from __future__ import annotations

from typing import Any

import pytest
from snakemake import cli

from vagus.cli.snakemake_process import main


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []

    def execute(arguments: Any, parser: object) -> bool:
        seen.append(arguments)
        return "fail" not in arguments.targets

    monkeypatch.setattr(cli, "args_to_api", execute)
    return seen


def test_there_is_no_limit_unless_one_is_asked_for(asked: list[Any]) -> None:
    assert main(["--cores", "2", "all"]) == 0
    assert main(["--cores", "2", "--max-jobs-per-timespan", "7/1m"]) == 0
    first, second = asked
    assert (first.cores, first.max_jobs_per_timespan) == (2, None)
    limit = second.max_jobs_per_timespan
    assert (limit.max_jobs, limit.timespan) == (7, 60)


def test_exit_codes(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["--cores", "2", "fail"]) == 1
    monkeypatch.setattr(cli, "parse_args", None)
    assert main(["--cores", "2"]) == 1
