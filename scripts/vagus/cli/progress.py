"""One line for each finished step instead of Snakemake's full output.

What Snakemake says of errors is passed on as it is.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vagus.cli.forecast import Forecast

_JOB = re.compile(r"^\s*(?:local)?(?:rule|checkpoint) (\w+):")
_FIELD = re.compile(r"^\s+(jobid|wildcards|log|output): (.*)$")
_FINISHED = re.compile(r"^Finished jobid: (\d+)")
_TOTAL = re.compile(r"^(\w+) +(\d+)$")
_STEPS = re.compile(r"^\d+ of (\d+) steps ")
_DATE = re.compile(r"^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\]")
_ERROR = re.compile(
    r"^(Error|error|ERROR|\w*Exception|\w*Error in|Traceback|Missing|Not all output|Failed|"
    r"Incomplete|warning|Warning|WARNING)"
)
_LOG_TAIL_BYTES = 4096


@dataclass
class _Step:
    """One job: its rule, its sample or run, its log and outputs, and when it was begun."""

    rule: str
    start_s: float
    wildcards: str = ""
    log: str = ""
    output: tuple[str, ...] = ()


class Narrator:
    """Turns Snakemake's lines into lines for a person.

    Kept are the finished steps, each with what its log says last, and everything from the
    first line of an error to the next job or date. The rest is in Snakemake's own log.
    ``note`` is called with the outputs of each finished step, which are in ``results``.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        note: Callable[[tuple[str, ...]], None] = lambda outputs: None,
        results: Path = Path("results"),
    ) -> None:
        # a path may have a comma, too
        self._between = re.compile(rf", (?={re.escape(f'{results}/')})")
        self._now = now
        self._note_outputs = note
        self._forecast = Forecast(now())
        self._steps: dict[str, _Step] = {}
        self._step = _Step("", 0.0)
        self._in_error = False
        self._n_steps = 0

    @property
    def has_started(self) -> bool:
        """Whether any step was begun."""
        return bool(self._steps)

    def tell(self, line: str) -> str | None:
        """What to show for a line of Snakemake's, or None for nothing."""
        if match := _JOB.match(line):
            self._step, self._in_error = _Step(match[1], self._now()), False
        elif match := _FINISHED.match(line):
            self._in_error = False
            return self._finish(match[1])
        elif match := _STEPS.match(line):
            # a checkpoint may have added steps; with --until Snakemake counts more than it runs
            n_steps = int(match[1])
            self._forecast.add(n_steps - (self._n_steps or n_steps))
            self._n_steps = n_steps
        elif _DATE.match(line):
            self._in_error = False
        elif _ERROR.match(line):
            self._in_error = True
        elif not self._in_error and (match := _FIELD.match(line)):
            self._note(match[1], match[2])
        elif not self._steps and (match := _TOTAL.match(line)):
            self._forecast.plan(match[1], int(match[2]))
        return line if self._in_error else None

    def _note(self, field: str, value: str) -> None:
        if field == "jobid":
            self._steps[value] = self._step
        elif field == "wildcards":
            self._step.wildcards = value
        elif field == "output":
            self._step.output = tuple(self._between.split(value))
        else:
            self._step.log = value.removesuffix(" (check log file(s) for error details)")

    def _finish(self, jobid: str) -> str:
        step = self._steps.get(jobid, _Step("", self._now()))
        now = self._now()
        self._forecast.finish(step.rule, now - step.start_s)
        self._note_outputs(step.output)
        name = f"{step.rule}  {step.wildcards}".rstrip()
        last = read_last_message(Path(step.log)) if step.log else ""
        return f"[{self._forecast.describe(now)}]  {name}{': ' if last else ''}{last}"


def read_last_message(log: Path) -> str:
    """The last thing a program's log says it did, or warns of; empty when it says nothing."""
    try:
        with open(log, "rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _LOG_TAIL_BYTES))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    told = [line.removeprefix("INFO ") for line in lines if line.startswith("INFO ")]
    warned = [line.removeprefix("WARNING ") for line in lines if line.startswith("WARNING ")]
    return "; ".join([*told[-1:], *(f"warning: {text}" for text in warned[-1:])])
