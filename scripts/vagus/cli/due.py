"""What a run would do and why, in about ten lines: a dry run of Snakemake, stage by stage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vagus.cli.stages import NO_TARGET, explain_error
from vagus.study.sections import PARTS

_SHOWN = {"missing output": 1}
_MOST_SHOWN = 2
_FOLLOWS = "inputs are made again"


@dataclass
class Due:
    """Jobs that would run; ``take`` adds those of the events of a dry run.

    Attributes:
        jobs: what ``vagus.cli.reasons`` describes of each job that makes files.
        errors: what Snakemake reports instead.
        has_no_target: whether a target was named that nothing makes.
    """

    jobs: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    has_no_target: bool = False

    def take(self, line: str) -> None:
        """Take one event, a line of JSON."""
        event = json.loads(line)
        if event["event"] == "due" and event["stage"]:
            self.jobs.append(event)
        elif event["event"] in ("error", "message") and event.get("level") != "WARNING":
            self.errors.append(explain_error(event.get("kind", ""), event["text"]))
            self.has_no_target |= event.get("kind") == NO_TARGET

    def describe(self, stages: Sequence[str]) -> list[str]:
        """A line for each stage that has jobs, in the order of ``stages``, and a head."""
        by_stage: dict[str, list[dict[str, Any]]] = {}
        for job in self.jobs:
            by_stage.setdefault(job["stage"], []).append(job)
        order = sorted(by_stage, key=lambda s: stages.index(s) if s in stages else len(stages))
        width = max(map(len, order), default=0)
        return [
            f"{count_jobs(len(self.jobs))} would run:",
            *(
                f"  {stage:<{width}}  {count_jobs(len(by_stage[stage])):>9}: "
                + "; ".join(explain_jobs(stage, by_stage[stage]))
                for stage in order
            ),
        ]


def count_jobs(n: int) -> str:
    """'1 job', '2 jobs'."""
    return f"{n:,} job{'s' * (n != 1)}"


def explain_jobs(stage: str, jobs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The reasons of a stage's jobs, each with the number of jobs where it is not all of them."""
    counts: Counter[str] = Counter()
    files: dict[str, list[str]] = {}
    for job in sorted(jobs, key=lambda one: (one["rule"], one["wildcards"])):
        for kind, names in _list_reasons(stage, job["reasons"]):
            counts[kind] += 1
            files.setdefault(kind, []).extend(names)
    texts = []
    for kind, n in sorted(counts.items(), key=lambda item: item[0] == _FOLLOWS):
        names, shown = sorted(set(files[kind])), _SHOWN.get(kind, _MOST_SHOWN)
        more = f" and {len(names) - shown:,} more" if len(names) > shown else ""
        named = f" ({', '.join(names[:shown])}{more})" if names else ""
        texts.append(f"{kind}{named}{f', {count_jobs(n)}' if n != len(jobs) else ''}")
    return texts


def _list_reasons(stage: str, why: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    """Reasons of one job, with the files that they name; what follows from others comes last."""
    own: list[tuple[str, list[str]]] = []
    if why.get("changed"):
        own.append(("new or changed input", sorted(why["changed"])))
    if why.get("inputs"):
        own.append(("other inputs than before", []))
    if why.get("code"):
        own.append(("changed code", []))
    for option, before, now in why.get("settings", ()):
        own.append(
            (f"changed setting {name_key(option, stage)}{_describe_change(before, now)}", [])
        )
    for name in why.get("parameters", ()):
        own.append((f"changed {name}", []))
    if why.get("software"):
        own.append(("changed software environment", []))
    if why.get("forced"):
        own.append(("asked for", []))
    if why.get("missing") and not own:
        own.append(("missing output", list(why["missing"])))
    return own or [(_FOLLOWS, [])]


def _describe_change(before: str | None, now: str | None) -> str:
    """The values of a setting; of a list or a switch only what is there now, or was before."""
    if before is not None and now is not None:
        return f" ({before} -> {now})"
    return f" ({now})" if now else ""


def name_key(option: str, stage: str) -> str:
    """The config's key of an option, with its section; the option where no key has it."""
    names = [
        f"{part.section}.{key.name}" if part.section else key.name
        for part in PARTS.values()
        for key in part.keys
        if option in (key.option, "--no-" + key.option.removeprefix("--"))
    ]
    own = [name for name in names if name.startswith(f"{stage}.")]
    return next(iter(own or names), option)


def describe_end(results: Path) -> str:
    """What is said of a study in which nothing is left to do."""
    return f"Nothing is left to do: all results are up to date. Report: {results}/report/index.html"
