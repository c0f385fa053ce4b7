"""The forecast that ``vagus check`` prints, kept to be compared with what the run took."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vagus.cli.time_left import format_clock
from vagus.cli.usage import collect_usage
from vagus.files import write_json

if TYPE_CHECKING:
    from vagus.costs.study_costs import StudyCosts
    from vagus.reads.preflight import Preflight
    from vagus.study.study import Study

# between reads without an error, which are duplicates, and the others
_ALWAYS_UNIQUE = 0.1


def count_cores(cores: str | None) -> int:
    """The value of ``--cores`` as a number."""
    return int(cores) if cores and cores != "all" else os.cpu_count() or 1


def forecast_costs(study: Study, findings: Sequence[Preflight], cores: int) -> StudyCosts:
    """The forecast for a study, from what a look at its reads found, if there was one."""
    from vagus.costs.study_costs import estimate_samples, forecast_study

    kept = [found.share_kept for found in findings]
    unique = [_expect_unique(found) for found in findings]
    samples = estimate_samples(study, kept, unique)
    return forecast_study(study, samples, cores, _find_known(Path(study.config["results"])))


def _expect_unique(found: Preflight) -> float:
    """Share of unique reads: those with an error, which is all but exp(-expected errors)."""
    import math

    return min(1.0, _ALWAYS_UNIQUE + 1 - math.exp(-found.median_expected_errors))


def _find_known(results: Path) -> tuple[int, int] | None:
    """Samples and ASVs of an earlier run in this folder."""
    try:
        with open(results / "denoise" / "asv_table.tsv", encoding="utf-8") as stream:
            n_samples = stream.readline().count("\t")
            n_asvs = sum(1 for _ in stream)
    except (OSError, ValueError):
        return None
    return (n_samples, n_asvs) if n_samples and n_asvs else None


def name_record(results: Path) -> Path:
    """File of the forecast: among the logs, which are no results."""
    return results / "logs" / "forecast.json"


def keep(results: Path, costs: StudyCosts, start: float) -> None:
    """Keep the forecast of a run that began at ``start``, if it made every step itself.

    Else only where none is kept: what a run takes that goes on from another is not comparable.
    """
    made, all_steps = (sum(u.steps for u in collect_usage(results, since)) for since in (start, 0))
    is_whole = made == all_steps > 0
    if is_whole or (made and not name_record(results).exists()):
        wall_s = time.time() - start if is_whole else None
        with contextlib.suppress(OSError):  # a full disk, say: the study itself is done
            write_json({"forecast": asdict(costs), "wall_s": wall_s}, name_record(results))


def describe(costs: StudyCosts) -> str:
    """One line for a person."""
    return (
        f"Forecast: {_format_cpu(costs.cpu_s)}, {format_clock(costs.wall_s)} on {costs.cores} "
        f"core{'s' * (costs.cores != 1)}, {_format_mb(costs.memory_mb)} of memory, "
        f"{_format_mb(costs.disk_mb)} of disk for {costs.n_reads:,} reads in {costs.n_steps:,} "
        f"steps, if there are about {costs.n_asvs:,} ASVs"
    )


def list_shortages(costs: StudyCosts, results: Path) -> Iterator[str]:
    """Warnings where this machine has less memory or disk than the forecast asks for."""
    import psutil  # type: ignore[import-untyped]

    folder = next(
        path for path in (results.absolute(), *results.absolute().parents) if path.is_dir()
    )
    free_mb, memory_mb = shutil.disk_usage(folder).free / 1e6, psutil.virtual_memory().total / 1e6
    if costs.disk_mb > free_mb:
        yield (
            f"the study may need {_format_mb(costs.disk_mb)} of disk, and {_format_mb(free_mb)} "
            "are free here. Make room, or set 'results' to a larger disk"
        )
    if costs.memory_mb > memory_mb:
        yield (
            f"steps may need {_format_mb(costs.memory_mb)} of memory together, and this machine "
            f"has {_format_mb(memory_mb)}. Run fewer at once (--cores)"
        )


def compare(results: Path) -> str | None:
    """How far off the forecast of the finished run in this folder was; None without one."""
    try:
        record = json.loads(name_record(results).read_text(encoding="utf-8"))
        costs, wall_s = record["forecast"], record["wall_s"]
        if not (results / "checksums.sha256").is_file():
            return None
        return _compare(costs, wall_s, results)
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def _compare(costs: dict[str, Any], wall_s: float | None, results: Path) -> str:
    used = collect_usage(results)
    cpu_s = sum(usage.full_cpu_s for usage in used)
    peak_mb = max(usage.peak_mb for usage in used)
    files = (path for path in results.rglob("*") if path.is_file() and not path.is_symlink())
    disk_mb = sum(path.stat().st_size for path in files) / 1e6
    parts = [
        f"{_format_cpu(cpu_s)} (forecast {_format_cpu(costs['cpu_s'])})",
        f"{_format_mb(disk_mb)} of disk (forecast {_format_mb(costs['disk_mb'])})",
        f"{_format_mb(peak_mb)} in its largest step (forecast of all at once: "
        f"{_format_mb(costs['memory_mb'])})",
    ]
    if wall_s:
        told = f"{format_clock(wall_s)} (forecast {format_clock(costs['wall_s'])})"
        parts.insert(1, f"{told} on {costs['cores']} core{'s' * (costs['cores'] != 1)}")
    off = f"{costs['cpu_s'] / cpu_s - 1:+.0%}"
    return f"The last run took {', '.join(parts)}; its forecast of CPU time was off by {off}"


def _format_cpu(seconds: float) -> str:
    return f"{seconds / 3600:.2g} CPU hours" if seconds >= 360 else f"{seconds:.0f} CPU s"


def _format_mb(mb: float) -> str:
    return f"{mb / 1e3:.2g} GB" if mb >= 1e3 else f"{mb:.0f} MB"
