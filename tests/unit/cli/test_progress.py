"""The narrator: one line for a finished step, and errors passed on whole."""

from __future__ import annotations

from vagus.cli.progress import Narrator

JOB = """\
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
    narrator = Narrator()
    return [told for line in text.splitlines() if (told := narrator.tell(line)) is not None]


def test_a_finished_step_is_one_line() -> None:
    (line,) = _narrate(JOB)
    assert line.startswith("[ 1/12  0:00:0")
    assert line.endswith("prepare_reads  key=A")


def test_an_error_is_passed_on_until_the_next_job() -> None:
    lines = _narrate(ERROR)
    assert lines[0] == "Error in rule prepare_reads:"
    assert "error: b.fastq, line 7: the quality is shorter than the sequence" in lines
    assert not any("other" in line for line in lines)
