"""Benchmarks report the memory of the program that they run, not their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
_MEASURE = """
import sys
sys.path.insert(0, {folder!r})
from _measured import run_measured
ballast = bytearray({own_mb} << 20)
usage = run_measured([sys.executable, "-I", "-S", "-c", {code!r}], {limit})
print(usage.peak_mb, usage.cpu_s, usage.finished)
"""


def measure_from(own_mb: int, code: str, limit: float | None = None) -> list[str]:
    """Measure a program from a benchmark that has itself taken so much memory."""
    text = _MEASURE.format(folder=str(BENCHMARKS), own_mb=own_mb, code=code, limit=limit)
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_memory_of_the_benchmark_is_not_that_of_the_program() -> None:
    assert float(measure_from(300, "pass")[0]) < 50  # a bare Python has some 10 MB


def test_memory_and_cpu_are_those_of_programs_below_it_too() -> None:
    below = "import time\nb = bytearray(200 << 20)\nwhile time.process_time() < 0.5: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {below!r}], check=True)"
    peak_mb, cpu_s, _ = measure_from(0, code)
    assert 200 <= float(peak_mb) < 250
    assert float(cpu_s) >= 0.5


def test_a_program_is_stopped_at_its_limit() -> None:
    assert measure_from(0, "import threading; threading.Event().wait()", 0.2)[2] == "False"


def test_a_program_that_fails_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no such luck"):
        measure_from(0, "raise SystemExit('no such luck')")
