"""The workflow's own commands, run one after the other in this process.

Snakemake plans (a dry run prints each shell command) and the ``main`` of each step program is
called with the arguments of its command. A study of a few reads then takes seconds instead of a
minute, most of which is the start of some 40 Python processes.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workflow.studies import ROOT

_JOB = re.compile(r"^(?:local)?(rule|checkpoint) \w+:$", re.MULTILINE)
_SHELL = "\nShell command: "
_STANDARD_ERROR = "2>"


@dataclass(frozen=True)
class Command:
    """A job of the plan: its step program, the arguments, its outputs and its log."""

    program: str
    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    log: str
    is_checkpoint: bool


def plan_commands(folder: Path) -> list[Command]:
    """Commands in an order in which they can run, up to the first checkpoint."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "workflow" / "Snakefile"),
         "--configfile", "config.yaml", "--cores", "1", "--rerun-triggers", "mtime",
         "--dry-run", "--printshellcmds", "--nolock"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    commands: list[Command] = []
    for command in _read_plan(done.stdout):
        commands.append(command)
        if command.is_checkpoint:
            break
    return commands


def _read_plan(plan: str) -> Iterator[Command]:
    starts = list(_JOB.finditer(plan))
    ends = [*(start.start() for start in starts[1:]), len(plan)][: len(starts)]
    for start, end in zip(starts, ends, strict=True):
        job = plan[start.start() : end]
        facts, _, shell = job.partition(_SHELL)
        if not shell or shell.startswith("None\n"):  # rule all
            continue
        words = _split_command(shell)
        place = words.index(_STANDARD_ERROR)
        output = re.search(r"^    output: (.*)$", facts, re.MULTILINE)
        assert output is not None, facts
        yield Command(
            Path(words[1]).stem, tuple(words[2:place]), tuple(output[1].split(", ")),
            words[place + 1], start[1] == "checkpoint",
        )  # fmt: skip


def _split_command(text: str) -> list[str]:
    """Words of the command at the start of ``text``, which ends with the line or a later one."""
    lines = text.split("\n")
    for end in range(1, len(lines) + 1):
        with contextlib.suppress(ValueError):  # a quotation goes on in the next line
            words = shlex.split("\n".join(lines[:end]))
            if _STANDARD_ERROR in words[:-1]:
                return words
    raise AssertionError(f"this is no command: {text[:200]}")


@cache
def load_main(program: str) -> Callable[[Sequence[str]], int]:
    """``main`` of a step program."""
    spec = importlib.util.spec_from_file_location(program, ROOT / "scripts" / f"{program}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    main: Callable[[Sequence[str]], int] = module.main
    return main


def run_command(command: Command, folder: Path) -> str:
    """Run a step in ``folder``; returns what is wrong, empty when nothing is."""
    for name in (*command.outputs, command.log):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    resources = str(ROOT / "resources")
    arguments = [word.replace("$VAGUS_RESOURCES", resources) for word in command.arguments]
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stderr(said):
        try:
            code = load_main(command.program)(arguments)
            failure = f"exit {code}" if code else ""
        except Exception:
            failure = traceback.format_exc()
    (folder / command.log).write_text(said.getvalue(), encoding="utf-8")
    missing = [name for name in command.outputs if not (folder / name).exists()]
    if not failure and missing:
        failure = f"{missing} are missing"
    return f"{command.program}: {failure}\n{said.getvalue()}" if failure else ""


def run_study(folder: Path, commands: Sequence[Command] = ()) -> str:
    """Run a study to its end, or to the first step that fails; returns why that failed.

    ``commands`` are those of a study with the same config and samples; without, Snakemake plans,
    and again after each checkpoint.
    """
    todo = list(commands) or plan_commands(folder)
    while todo:
        for command in todo:
            failure = run_command(command, folder)
            if failure:
                return failure
        todo = [] if commands else plan_commands(folder)
    return ""
