"""One line for each finished step instead of Snakemake's full output.

What Snakemake says of errors is passed on as it is.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time

_JOB = re.compile(r"^(?:local)?(?:rule|checkpoint) (\w+):")
_FIELD = re.compile(r"^    (jobid|wildcards): (.*)$")
_FINISHED = re.compile(r"^Finished jobid: (\d+)")
_STEPS = re.compile(r"^(\d+) of (\d+) steps \(\d+%\) done")
_DATE = re.compile(r"^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\]")
_ERROR = re.compile(
    r"^(Error|error|ERROR|\w*Exception|\w*Error in|Traceback|Missing|Not all output|Failed|"
    r"Incomplete|warning|Warning|WARNING)"
)


_PATIENCE_S = 20.0


class Narrator:
    """Turns Snakemake's lines into lines for a person.

    Kept are the count of finished steps, with what each was, and everything from the first
    line of an error to the next job or date. The rest is in Snakemake's own log.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._steps: dict[str, str] = {}
        self._rule = ""
        self._jobid = ""
        self._finished = ""
        self._in_error = False

    @property
    def has_started(self) -> bool:
        """Whether any step was begun."""
        return bool(self._steps)

    def tell(self, line: str) -> str | None:
        """What to show for a line of Snakemake's, or None for nothing."""
        if match := _JOB.match(line):
            self._rule, self._jobid, self._in_error = match[1], "", False
        elif match := _FINISHED.match(line):
            self._finished, self._in_error = self._steps.get(match[1], ""), False
        elif match := _STEPS.match(line):
            return self._count(match[1], match[2])
        elif _DATE.match(line):
            self._in_error = False
        elif _ERROR.match(line):
            self._in_error = True
        elif not self._in_error and (match := _FIELD.match(line)):
            self._note(match[1], match[2])
        return line if self._in_error else None

    def _note(self, field: str, value: str) -> None:
        if field == "jobid":
            self._jobid = value
            self._steps[value] = self._rule
        elif self._jobid:
            self._steps[self._jobid] = f"{self._rule}  {value}"

    def _count(self, done: str, total: str) -> str:
        elapsed = int(time.monotonic() - self._start)
        clock = f"{elapsed // 3600}:{elapsed // 60 % 60:02d}:{elapsed % 60:02d}"
        return f"[{done:>{len(total)}}/{total}  {clock}]  {self._finished}"


def follow(command: list[str], lock: int, narrator: Narrator) -> int:
    """Run a Snakemake command that shares the lock, narrate its output, return its exit code.

    When interrupted, it returns only after Snakemake and its jobs have ended, so that the
    next run finds the folder free.
    """
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        errors="replace", pass_fds=(lock,),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            for line in process.stdout:
                text = narrator.tell(line.rstrip("\n"))
                if text is not None:
                    print(text, flush=True)
        except KeyboardInterrupt:
            print("Stopping ...", file=sys.stderr, flush=True)
            _end(process)
            raise
    return process.returncode


def _end(process: subprocess.Popen[str]) -> None:
    """Wait for a process that was interrupted, insisting where it does not end by itself."""
    for insist in (process.terminate, process.kill):
        try:
            process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            insist()
        else:
            return
    process.wait()
