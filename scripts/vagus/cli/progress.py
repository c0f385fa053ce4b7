"""One line for each finished step instead of Snakemake's full output.

What Snakemake says of errors is passed on as it is.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time

_RULE = re.compile(r"^(?:local)?(?:rule|checkpoint) (\w+):")
_FIELD = re.compile(r"^    (jobid|wildcards): (.*)$")
_FINISHED = re.compile(r"^Finished jobid: (\d+)")
_STEPS = re.compile(r"^(\d+) of (\d+) steps \((\d+)%\) done")
_NOISE = re.compile(
    r"^(Assuming unrestricted|host: |Building DAG|Using shell|Provided cores|Provided resources|"
    r"Rules claiming|Job stats:|job +count|-+ +-+|\w+ +\d+$|total +\d+|Select jobs|"
    r"Execute \d+ jobs|Complete log|\[\w{3} \w{3} +\d|Storing output|Using profile|"
    r"Config file|Resources before|"
    r"Nothing to be done|Conda env|Touching|Shutting down|Exiting because|Removing temporary|"
    r"    (input|output|log|jobid|benchmark|reason|wildcards|resources|threads|priority|params|"
    r"shell|\s+\(command)|\s*$)"
)


class Narrator:
    """Turns Snakemake's lines into lines for a person, keeping what it says of errors."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.names: dict[str, str] = {}
        self.rule = ""
        self.jobid = ""
        self.last = ""
        self.in_error = False

    def tell(self, line: str) -> str | None:
        """What to show for a line of Snakemake's, or None for nothing."""
        if match := _RULE.match(line):
            self.rule, self.jobid, self.in_error = match[1], "", False
        elif match := _FINISHED.match(line):
            self.last, self.in_error = self.names.get(match[1], ""), False
        elif match := _STEPS.match(line):
            return self._count(int(match[1]), int(match[2]))
        elif line.startswith(("Error", "error", "RuleException", "WorkflowError", "Traceback")):
            self.in_error = True
        elif self.in_error and re.match(r"^\[\w{3} \w{3} ", line):
            self.in_error = False
        elif not self.in_error and (match := _FIELD.match(line)):
            self._note(match[1], match[2])
        if self.in_error or not _is_noise(line):
            return line
        return None

    def _note(self, field: str, value: str) -> None:
        if field == "jobid":
            self.jobid = value
            self.names[value] = self.rule
        elif self.jobid:
            self.names[self.jobid] = f"{self.rule} ({value})"

    def _count(self, done: int, total: int) -> str:
        elapsed = int(time.monotonic() - self.start)
        clock = f"{elapsed // 3600}:{elapsed // 60 % 60:02d}:{elapsed % 60:02d}"
        return f"[{done:>{len(str(total))}}/{total}  {clock}] {self.last}"


def _is_noise(line: str) -> bool:
    return any(p.match(line) for p in (_NOISE, _RULE, _FINISHED, _STEPS))


def follow(command: list[str]) -> int:
    """Run a Snakemake command, narrate its output, return its exit code."""
    narrator = Narrator()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        errors="replace",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            for line in process.stdout:
                text = narrator.tell(line.rstrip("\n"))
                if text is not None:
                    print(text, flush=True)
        except KeyboardInterrupt:
            process.wait()
            raise
    if process.returncode != 0:
        sys.stdout.flush()
    return process.returncode
