"""What took the time and the memory of a run, from Snakemake's benchmark files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_SHOWN = 8
# Snakemake looks at a job every half second 30 times, then every 30 seconds
_SHORT_S, _LONG_S, _N_SHORT = 0.5, 30.0, 30


@dataclass
class Usage:
    """Sums over the steps of one program; memory is the most that one step used.

    ``full_cpu_s`` adds the end of each job, which Snakemake did not see, to ``cpu_s``.
    """

    program: str
    steps: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    full_cpu_s: float = 0.0

    def add(self, row: dict[str, str]) -> None:
        """Count one step; fields that Snakemake could not measure count nothing."""
        self.steps += 1
        wall_s, cpu_s = _number(row.get("s")), _number(row.get("cpu_time"))
        self.wall_s += wall_s
        self.cpu_s += cpu_s
        self.full_cpu_s += correct_cpu(cpu_s, wall_s)
        self.peak_mb = max(self.peak_mb, _number(row.get("max_rss")))


def correct_cpu(cpu_s: float, wall_s: float) -> float:
    """CPU seconds of a whole job from those at Snakemake's last look at it."""
    switch_s = _SHORT_S * _N_SHORT
    if wall_s < switch_s:
        last_s = _SHORT_S * (wall_s // _SHORT_S)
    else:
        last_s = switch_s + _LONG_S * ((wall_s - switch_s) // _LONG_S)
    return cpu_s * wall_s / last_s if last_s else wall_s


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def collect_usage(results: Path, since: float = 0.0) -> list[Usage]:
    """Use of each program whose benchmark files changed after ``since``, most time first."""
    found: dict[str, Usage] = {}
    for path in sorted((results / "benchmarks").glob("*/*.tsv")):
        if path.stat().st_mtime < since:
            continue
        program = path.name.split(".")[0]
        found[program] = _join(program, [found.get(program, Usage(program)), read_benchmark(path)])
    return sorted(found.values(), key=lambda usage: (-usage.wall_s, usage.program))


def read_benchmark(path: Path) -> Usage:
    """Use of one job."""
    usage = Usage(path.name.split(".")[0])
    with open(path, encoding="utf-8", errors="replace", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            usage.add(row)
    return usage


def render_usage(usages: list[Usage]) -> list[str]:
    """Lines of a table: the programs that took most, the others in one row, the sum."""
    rows = [("step", "jobs", "time s", "CPU s", "peak MB")]
    shown, others = usages[:_SHOWN], usages[_SHOWN:]
    parts = [*shown, *([_join(f"{len(others)} others", others)] if others else [])]
    for usage in [*parts, _join("all", usages)]:
        rows.append((
            usage.program, str(usage.steps), f"{usage.wall_s:.0f}", f"{usage.cpu_s:.0f}",
            f"{usage.peak_mb:.0f}",
        ))  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join([
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ])
        for row in rows
    ]  # fmt: skip


def _join(name: str, usages: list[Usage]) -> Usage:
    return Usage(
        name,
        sum(usage.steps for usage in usages),
        sum(usage.wall_s for usage in usages),
        sum(usage.cpu_s for usage in usages),
        max((usage.peak_mb for usage in usages), default=0.0),
        sum(usage.full_cpu_s for usage in usages),
    )
