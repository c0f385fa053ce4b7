"""The narrator: one line for a finished step, and errors passed on whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from vagus.cli.forecast import Forecast
from vagus.cli.progress import Narrator
from vagus.cli.run import list_failed
from vagus.cli.usage import collect_usage, render_usage

JOB = """\
Job stats:
job              count
-------------  -------
prepare_reads       11
all                  1
total               12

[Sun Nov 22 17:49:57 2026]
rule prepare_reads:
    input: a.fastq
    output: uniques.npz
    jobid: 3
    reason: Missing output files: uniques.npz
    wildcards: key=A
    resources: tmpdir=/tmp
[Sun Nov 22 17:49:58 2026]
Finished jobid: 3 (Rule: prepare_reads)
1 of 12 steps (8%) done
"""
ERROR = """\
[Sun Nov 22 17:49:58 2026]
Error in rule prepare_reads:
    message: None
    jobid: 4
    log: logs/prepare_reads.B.log (check log file(s) for error details)
Logfile logs/prepare_reads.B.log:
================================================================================
error: b.fastq, line 7: the quality is shorter than the sequence
================================================================================

[Sun Nov 22 17:49:59 2026]
rule other:
    jobid: 5
"""


def _narrate(text: str) -> list[str]:
    narrator = Narrator(now=lambda: 0.0)
    return [told for line in text.splitlines() if (told := narrator.tell(line)) is not None]


def test_a_finished_step_is_one_line() -> None:
    (line,) = _narrate(JOB)
    assert line == "[ 1/12  0:00:00]  prepare_reads  key=A"


def test_steps_that_a_checkpoint_adds_are_counted() -> None:
    ends = "".join(
        f"Finished jobid: 3 (Rule: prepare_reads)\n{n} of 14 steps (9%) done\n"
        for n in range(2, 14)
    )
    lines = _narrate(JOB + ends)
    assert [line.split()[1] for line in lines[:2]] == ["1/12", "2/12"]
    assert [line[1:6] for line in lines[2:]] == [f"{n:>2}/14" for n in range(3, 14)]
    # with --until, Snakemake counts all steps here
    until = JOB + "Finished jobid: 3 (Rule: prepare_reads)\n2 of 34 steps (9%) done\n"
    lines = _narrate(until.replace("1 of 12", "1 of 34"))
    assert [line.split()[1] for line in lines] == ["1/12", "2/12"]
    forecast = Forecast(0.0)
    forecast.plan("total", 1)
    forecast.finish("a", 1.0)
    forecast.finish("a", 1.0)
    assert forecast.describe(2.0).startswith("2/2 ")


def test_a_finished_step_says_what_its_log_says_last(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("INFO first\nINFO 90 of 100 reads kept\nwarning of a library\n")
    (line,) = _narrate(JOB.replace("    jobid: 3", f"    log: {log}\n    jobid: 3"))
    assert line.endswith("prepare_reads  key=A: 90 of 100 reads kept")


def test_a_warning_follows_what_was_done(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("WARNING the file is cut off after 516 reads\nINFO primers 27F_1492R\n")
    (line,) = _narrate(JOB.replace("    jobid: 3", f"    log: {log}\n    jobid: 3"))
    said = "primers 27F_1492R; warning: the file is cut off after 516 reads"
    assert line.endswith(f"prepare_reads  key=A: {said}")


def test_failed_samples_are_told_at_the_end(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.tsv"
    rows = "".join(f"s{n}\tfailed\tcut off\n" for n in range(12))
    ledger.write_text("sample\tstatus\treason\na\tok\t\nblank\tempty\tno read\n" + rows)
    told = list_failed(ledger)
    assert told[0] == "sample s0 failed: cut off"
    assert len(told) == 11
    assert told[-1] == f"2 more samples failed: see {ledger}"
    ledger.write_text("sample\tstatus\treason\na\tok\t\n")
    assert list_failed(ledger) == []
    assert list_failed(tmp_path / "none.tsv") == []


def test_each_member_of_a_group_is_a_line() -> None:
    group = "".join(
        f"    rule prepare_reads:\n        jobid: {n}\n        wildcards: key={n}\n" for n in "78"
    )
    ends = "".join(f"[Sun Nov 22 17:49:58 2026]\nFinished jobid: {n} (Rule: x)\n" for n in "87")
    stats = JOB[: JOB.index("[Sun")]
    first, second = _narrate(stats + "group reads:\n" + group + ends)
    assert first.startswith("[ 1/12 ")
    assert first.endswith("prepare_reads  key=8")
    assert second.startswith("[ 2/12 ")
    assert second.endswith("prepare_reads  key=7")


def test_the_rest_is_estimated_from_the_times_of_each_rule() -> None:
    forecast = Forecast(100.0)
    for rule, n in (("short", 4), ("long", 3), ("all", 1), ("total", 8)):
        forecast.plan(rule, n)
    assert forecast.estimate_left_s(101.0) is None
    for rule, seconds in (("short", 2.0), ("short", 4.0), ("long", 30.0)):
        forecast.finish(rule, seconds)
    # 36 s of work in 18 s: two at a time; 2 x 3 s and 2 x 30 s are left
    assert forecast.estimate_left_s(118.0) == pytest.approx((2 * 3 + 2 * 30) / 2)
    assert forecast.describe(118.0) == "3/8  0:00:18, about 0:00:33 left"


def test_a_rule_that_has_not_run_counts_as_the_mean_of_all() -> None:
    forecast = Forecast(0.0)
    forecast.plan("a", 3)
    forecast.plan("b", 2)
    forecast.plan("total", 5)
    for seconds in (1.0, 2.0, 3.0):
        forecast.finish("a", seconds)
    assert forecast.estimate_left_s(6.0) == pytest.approx(2 * 2.0)


def test_use_of_time_and_memory_is_summed(tmp_path: Path) -> None:
    folder = tmp_path / "benchmarks" / "reads"
    folder.mkdir(parents=True)
    header = "s\th:m:s\tmax_rss\tcpu_time\n"
    (folder / "prepare_reads.a.tsv").write_text(header + "2.5\t0:00:02\t120.5\t1.5\n")
    (folder / "prepare_reads.b.tsv").write_text(header + "1.5\t0:00:01\t80\tNA\n")
    (folder / "collect.tsv").write_text(header + "1\t0:00:01\t200\t0.5\n")
    reads, collect = collect_usage(tmp_path)
    assert (reads.program, reads.steps, reads.wall_s, reads.cpu_s, reads.peak_mb) == (
        "prepare_reads", 2, 4.0, 1.5, 120.5,
    )  # fmt: skip
    assert collect.program == "collect"
    lines = render_usage([reads, collect])
    assert lines[0].split() == ["step", "jobs", "time", "s", "CPU", "s", "peak", "MB"]
    assert lines[-1].split() == ["all", "3", "5", "2", "200"]
    assert collect_usage(tmp_path, since=2e12) == []


def test_an_error_is_passed_on_until_the_next_job() -> None:
    lines = _narrate(ERROR)
    assert lines[0] == "Error in rule prepare_reads:"
    assert "error: b.fastq, line 7: the quality is shorter than the sequence" in lines
    assert not any("other" in line for line in lines)
