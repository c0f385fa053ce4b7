"""A run for a person: one line for each finished step, and what went wrong, once.

It is made from the events of Snakemake's logger (``vagus.cli.snakemake_events``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vagus.cli.stages import NO_TARGET, explain_error
from vagus.cli.time_left import TimeLeft

_LOG_TAIL_BYTES = 4096
_N_LOG_LINES = 10
_MOST_FAILED = 10
# of a job that failed, which has an event of its own
_OF_A_JOB = ("RuleException", "CalledProcessError")
# how Snakemake ends a run of which jobs failed
_OF_A_RUN = (
    "At least one job did not complete successfully",
    "Exiting because a job execution failed",
)


@dataclass
class _Step:
    """One job: its rule, its sample or run, its log and outputs, and when it was begun."""

    rule: str
    start_s: float
    wildcards: str = ""
    log: str = ""
    output: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.rule}  {self.wildcards}".rstrip()


class Narrator:
    """Turns events of Snakemake into lines for a person.

    ``note`` is called with the outputs of each finished step.

    Attributes:
        failed: what failed, each with its reason, without those that succeeded when tried again.
        has_error: whether any error was reported.
        has_no_target: whether a target was named that nothing makes.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        note: Callable[[tuple[str, ...]], None] = lambda outputs: None,
    ) -> None:
        self._now, self._note_outputs = now, note
        self._time_left = TimeLeft(now())
        self._steps: dict[int, _Step] = {}
        self._n_steps = 0
        self._exceptions: list[str] = []
        self._failed: dict[int, str] = {}
        self.has_error = self.has_no_target = False

    @property
    def has_started(self) -> bool:
        """Whether any step was begun."""
        return bool(self._steps)

    @property
    def failed(self) -> list[str]:
        """A line for each step that failed for good."""
        return list(self._failed.values())

    def take(self, line: str) -> str | None:
        """What to show for an event, given as a line of JSON, or None for nothing."""
        event = json.loads(line)
        kind = event["event"]
        if kind == "planned" and not self._steps:
            for rule, n in event["rules"].items():
                self._time_left.plan(rule, n)
        elif kind == "started":
            log = next(iter(event["log"]), "")
            self._steps[event["id"]] = _Step(
                event["rule"], self._now(), event["wildcards"], log, tuple(event["output"])
            )
        elif kind == "progress":
            # a checkpoint may have added steps; with --until Snakemake counts more than it runs
            self._time_left.add(event["total"] - (self._n_steps or event["total"]))
            self._n_steps = event["total"]
        elif kind == "finished":
            return self._finish(event["id"])
        elif kind in ("failed", "error", "message"):
            return self._report(kind, event)
        return None

    def _finish(self, number: int) -> str:
        step = self._steps.get(number, _Step("", self._now()))
        self._failed.pop(number, None)
        now = self._now()
        self._time_left.finish(step.rule, now - step.start_s)
        self._note_outputs(step.output)
        last = read_last_message(Path(step.log)) if step.log else ""
        return f"[{self._time_left.describe(now)}]  {step.name}{': ' if last else ''}{last}"

    def _report(self, kind: str, event: dict[str, Any]) -> str | None:
        if kind == "failed":
            self.has_error = True
            return self._fail(event)
        if kind == "error" and event["kind"] in _OF_A_JOB:
            self._exceptions.append(event["text"])
            return None
        if self._failed and any(words in event["text"] for words in _OF_A_RUN):
            return None
        text = explain_error(event.get("kind", ""), event["text"])
        if event.get("level") == "WARNING":
            return f"warning: {text}"
        self.has_error = True
        self.has_no_target |= event.get("kind") == NO_TARGET
        return f"error: {text}"

    def _fail(self, event: dict[str, Any]) -> str:
        """What failed and why: the last lines of its log, else what Snakemake reports."""
        step = _Step(event["rule"], 0.0, event["wildcards"])
        exceptions, self._exceptions = self._exceptions, []
        log = Path(next(iter(event["log"]), ""))
        lines = read_last_lines(log, _N_LOG_LINES)
        reported = [*filter(None, [event["message"]]), *(shorten(text) for text in exceptions)]
        reason = find_reason(lines) or next(iter(reported), "no reason is known")
        self._failed[event["id"]] = f"{step.name}: {reason}"
        head = f"error: {step.name} failed: {reason}"
        if not lines:
            return f"{head}\n    Its log is empty: {log}"
        return "\n".join([head, f"    The end of its log, {log}:", *(f"    | {x}" for x in lines)])


def find_reason(lines: Sequence[str]) -> str:
    """The last error of a program's log, or its last line; empty when it has none."""
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return errors[-1] if errors else next(iter(lines[-1:]), "")


def shorten(text: str, most: int = 300) -> str:
    """The last line of an exception, without the middle of a long command."""
    last = next(iter(text.strip().splitlines()[-1:]), "")
    return last if len(last) <= most else f"{last[: most // 3]} ... {last[-most // 2 :]}"


def list_most(lines: Sequence[str], most: int = _MOST_FAILED) -> list[str]:
    """The first of many lines, and how many more there are."""
    more = len(lines) - most
    return [*lines[:most], *([f"and {more} more"] if more > 0 else [])]


def read_last_lines(log: Path, n_lines: int) -> list[str]:
    """The last lines of a log that are not blank; none when it cannot be read."""
    try:
        with open(log, "rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _LOG_TAIL_BYTES))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [line.rstrip() for line in lines if line.strip()][-n_lines:]


def read_last_message(log: Path) -> str:
    """What a program's log reports last, and its last warning; empty when it has neither."""
    lines = read_last_lines(log, _LOG_TAIL_BYTES)
    told = [line.removeprefix("INFO ") for line in lines if line.startswith("INFO ")]
    warned = [line.removeprefix("WARNING ") for line in lines if line.startswith("WARNING ")]
    return "; ".join([*told[-1:], *(f"warning: {text}" for text in warned[-1:])])
