"""Compile the kernels that a study needs before its jobs start, so that no job has to."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import TYPE_CHECKING

from vagus.denoise.kernel_needs import list_needs
from vagus.engines import AUTO, ENGINES, FALLBACK, FOR_MANY
from vagus.product import find_product
from vagus.reads.platforms import find_platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vagus.reads.preflight import Preflight
    from vagus.study.study import Study

PROGRAM = find_product("scripts", "warm_kernels.py")
_N_LINES = 5
_MOST_WORKERS = 4


def warm_up(study: Study, findings: Sequence[Preflight], n_workers: int, not_kept: str) -> None:
    """Compile what is missing; the program prints what it does, and nothing when all is there.

    A failure does not stop the run: it is reported, and each job compiles for itself.

    Args:
        study, findings: decide which kernels are needed.
        n_workers: processes at the same time.
        not_kept: why the compiled kernels last for this run only; empty when they are kept.
    """
    needs = list_needs(study.config["denoise"], find_engines(study, findings))
    command = [
        sys.executable,
        str(PROGRAM),
        *needs,
        "--workers",
        str(min(n_workers, _MOST_WORKERS)),
    ]
    lines: list[str] = []
    with subprocess.Popen(
        [*command, *(["--not-kept", not_kept] if not_kept else [])],
        stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        try:
            for line in process.stderr or ():
                if line.startswith(("Compiling", "Compiled")):
                    print(line, end="", file=sys.stderr, flush=True)
                elif line.strip():
                    lines.append(line.strip())
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        said = " / ".join(lines[-_N_LINES:]) or "no message"
        print(
            f"warning: kernels could not be compiled before the run (exit code "
            f"{process.returncode}: {said}). Each job compiles what it needs, which takes longer.",
            file=sys.stderr,
        )


def find_engines(study: Study, findings: Sequence[Preflight]) -> set[str]:
    """Engines that the samples may get, as far as it is known before all reads are counted."""
    wanted = study.config["denoise"]["engine"]
    if wanted != AUTO:
        return {wanted}
    if findings:
        found = {engine for finding in findings for engine in _expect_engines(finding)}
        return found or {FALLBACK}
    default = study.config["reads"]["platform"]
    platforms = {
        default if sample.platform == "auto" else sample.platform for sample in study.samples
    }
    return set(ENGINES) if "auto" in platforms else {_name_usual(name) for name in platforms}


def _name_usual(platform: str) -> str:
    return find_platform(platform).engine or FOR_MANY


def _expect_engines(finding: Preflight) -> set[str]:
    """Engines of a sample; two for accurate reads of which many should contain an error."""
    from vagus.denoise.choice import list_possible

    if not finding.n_reads:
        return set()
    return list_possible(finding.platform, math.exp(-finding.median_expected_errors))
