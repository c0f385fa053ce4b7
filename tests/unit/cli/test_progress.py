"""The narrator: one line for a finished step, and what failed with its reason."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vagus.cli.progress import Narrator
from vagus.cli.run import list_failed
from vagus.cli.supervision import follow
from vagus.cli.time_left import TimeLeft
from vagus.cli.usage import collect_usage, render_usage

SNAKEFILE = """
shell.prefix("set -eu; ")

rule all:
    input: "a.txt", "b.txt", "late.txt"

rule copy:
    output: "{name}.txt"
    log: "{name}.log"
    wildcard_constraints: name="[ab]"
    shell: "echo 'INFO first' > {log}; echo 'WARNING odd' >> {log}; "
           "echo 'INFO 90 of 100 reads kept' >> {log}; touch {output}"

checkpoint plan:
    output: "plan.txt"
    shell: "echo 3 > {output}"

def list_shards(wildcards):
    with open(checkpoints.plan.get().output[0]) as stream:
        return expand("shard{n}.part", n=range(int(stream.read())))

rule cut:
    output: "shard{n}.part"
    shell: "touch {output}"

rule gather:
    input: list_shards
    output: "late.txt"
    shell: "touch {output}"

rule refuse:
    output: "never_{name}.txt"
    log: "{name}.log"
    shell: "echo 'INFO reading' > {log}; echo 'error: b.fastq, line 7: too short' >> {log}; exit 2"

rule vanish:
    output: "gone.txt"
    log: "gone.log"
    shell: "kill -KILL $$"

rule forget:
    output: "forgotten.txt"
    shell: "true"
"""


def narrate(folder: Path, *words: str) -> tuple[int, list[str], Narrator]:
    """Exit code of Snakemake, what is shown, and the narrator."""
    (folder / "Snakefile").write_text(SNAKEFILE, encoding="utf-8")
    narrator = Narrator()
    lines: list[str] = []

    def take(line: str) -> None:
        text = narrator.take(line)
        lines.extend([] if text is None else [text])

    command = [sys.executable, "-m", "vagus.cli.snakemake_process", "--directory", str(folder),
               "--snakefile", str(folder / "Snakefile"), "--workflow-profile", "none",
               "--cores", "1", "--latency-wait", "0", *words]  # fmt: skip
    with open(folder / "printed.txt", "wb") as output:
        code = follow(command, (), take, output)
    return code, lines, narrator


def test_each_finished_step_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what its log reports last; steps that a checkpoint adds are counted."""
    monkeypatch.chdir(tmp_path)  # as for `vagus run`, logs are seen from the study folder
    code, lines, narrator = narrate(tmp_path)
    assert code == 0, (tmp_path / "printed.txt").read_text()
    told = {line.split("]  ")[1] for line in lines}
    report = "90 of 100 reads kept; warning: odd"
    copies = {f"copy  name={name}: {report}" for name in "ab"}
    assert told == copies | {"plan", "gather", "all", *(f"cut  n={n}" for n in range(3))}
    # two copies, plan, gather and all are known at first, and three more once the plan is there
    counts = [line[1:].split()[0] for line in lines]
    assert (counts[0].split("/")[1], counts[-1]) == ("5", "8/8")
    assert narrator.has_started
    assert not narrator.has_error
    code, lines, narrator = narrate(tmp_path)
    assert (code, lines, narrator.has_started) == (0, [], False)


def test_what_failed_is_reported_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, lines, narrator = narrate(tmp_path, "--keep-going", "never_x.txt", "gone.txt", "a.txt")
    assert code == 1
    assert any("copy  name=a" in line for line in lines)  # the others go on
    errors = sorted(line for line in lines if line.startswith("error: "))
    assert errors[0] == (
        "error: refuse  name=x failed: b.fastq, line 7: too short\n"
        "    The end of its log, x.log:\n"
        "    | INFO reading\n    | error: b.fastq, line 7: too short"
    )
    assert errors[1].startswith("error: vanish failed: ")
    assert "SIGKILL" in errors[1]
    assert errors[1].endswith("Its log is empty: gone.log")
    assert len(errors) == 2
    assert sorted(failed.split(":")[0] for failed in narrator.failed) == [
        "refuse  name=x",
        "vanish",
    ]


def test_a_missing_output_and_a_wrong_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, lines, narrator = narrate(tmp_path, "forgotten.txt")
    assert code == 1
    assert narrator.has_error
    assert any("forgotten.txt" in line for line in lines if line.startswith("error: "))
    code, lines, narrator = narrate(tmp_path, "taxonomi")
    assert code == 1
    assert narrator.has_no_target
    assert "Stages that can be named: reads, denoise, taxonomy, " in "\n".join(lines)


def test_steps_beyond_the_plan_are_counted() -> None:
    time_left = TimeLeft(0.0)
    time_left.plan("total", 1)
    time_left.finish("a", 1.0)
    time_left.finish("a", 1.0)
    assert time_left.describe(2.0).startswith("2/2 ")


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


def test_the_rest_is_estimated_from_the_times_of_each_rule() -> None:
    time_left = TimeLeft(100.0)
    for rule, n in (("short", 4), ("long", 3), ("all", 1), ("total", 8)):
        time_left.plan(rule, n)
    assert time_left.estimate_left_s(101.0) is None
    for rule, seconds in (("short", 2.0), ("short", 4.0), ("long", 30.0)):
        time_left.finish(rule, seconds)
    # 36 s of work in 18 s: two at a time; 2 x 3 s and 2 x 30 s are left
    assert time_left.estimate_left_s(118.0) == pytest.approx((2 * 3 + 2 * 30) / 2)
    assert time_left.describe(118.0) == "3/8  0:00:18, about 0:00:33 left"


def test_a_rule_that_has_not_run_counts_as_the_mean_of_all() -> None:
    time_left = TimeLeft(0.0)
    time_left.plan("a", 3)
    time_left.plan("b", 2)
    time_left.plan("total", 5)
    for seconds in (1.0, 2.0, 3.0):
        time_left.finish("a", seconds)
    assert time_left.estimate_left_s(6.0) == pytest.approx(2 * 2.0)


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
