"""Time and memory of each step by the size of its input: the table ``resources/step_costs.tsv``.

The CPU seconds of a step are ``fixed_s + s_per_unit * x ** exponent`` and its memory in MB is
``fixed_mb + mb_per_unit * y``, where x and y are amounts of its input (:mod:`vagus.costs.amounts`).
The table is fitted to Snakemake's benchmark files by ``benchmarks/step_costs.py``.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from vagus.product import find_product

TABLE = find_product("resources", "step_costs.tsv")

# What is asked for, beside what was measured: other machines are slower, other data more varied.
MEMORY_MARGIN, LEAST_MB, STEP_MB = 1.5, 400, 100
TIME_MARGIN, LEAST_MINUTES = 5.0, 15
# many of these share a job, whose time is the sum
LEAST_MINUTES_OF_SAMPLE = 2
EXPORT = "export_"


@dataclass(frozen=True)
class StepLaw:
    """One row of the table.

    Attributes:
        step: name of the rule, or of the rule that it is a variant of.
        per: how often it runs: ``sample``, ``run``, ``study``, ``database``, ``shard``.
        when: the part of the config that switches it on (``section.key=value``); '' for always.
        level: place in the order of the steps; steps of one level can run at the same time.
        threads: cores that it can use.
        cpu_amount, exponent, fixed_s, s_per_unit: the law of CPU seconds.
        memory_amount, fixed_mb, mb_per_unit: the law of memory.
        memory_from: ``benchmarks``, or what the law of memory was measured with instead.
        n_measured, largest: measurements behind the laws, and the largest ``cpu_amount`` in them.
    """

    step: str
    per: str
    when: str
    level: int
    threads: int
    cpu_amount: str
    exponent: float
    fixed_s: float
    s_per_unit: float
    memory_amount: str
    fixed_mb: float
    mb_per_unit: float
    memory_from: str = "benchmarks"
    n_measured: int = 0
    largest: float = 0.0

    def estimate_s(self, amount: float) -> float:
        """CPU seconds for an amount of input."""
        return self.fixed_s + self.s_per_unit * float(amount**self.exponent)

    def estimate_mb(self, amount: float) -> float:
        """Peak memory for an amount of input."""
        return self.fixed_mb + self.mb_per_unit * amount

    def ask_mb(self, amount: float, attempt: int = 1) -> int:
        """Memory that a job asks for; each further attempt asks for that much more."""
        wanted = max(LEAST_MB, MEMORY_MARGIN * self.estimate_mb(amount))
        return attempt * STEP_MB * math.ceil(wanted / STEP_MB)

    def ask_minutes(self, amount: float, attempt: int = 1) -> int:
        """Time that a job asks for; each further attempt asks for that much more."""
        minutes = TIME_MARGIN * self.estimate_s(amount) / 60
        least = LEAST_MINUTES_OF_SAMPLE if self.per == "sample" else LEAST_MINUTES
        return attempt * max(least, math.ceil(minutes))


_WHOLE = ("level", "threads", "n_measured")
_TEXT = ("step", "per", "when", "cpu_amount", "memory_amount", "memory_from")


@cache
def read_laws(path: Path = TABLE) -> dict[str, StepLaw]:
    """The table by step."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = csv.DictReader((line for line in stream if line[0] != "#"), delimiter="\t")
        laws = [
            StepLaw(**{key: _convert(key, value) for key, value in row.items()}) for row in rows
        ]
    return {law.step: law for law in laws}


def find_law(step: str) -> StepLaw:
    """The law of a step; of a new export, which was not measured yet, the one that asks for most.

    Raises KeyError for any other step without a row.
    """
    laws = read_laws()
    if step in laws or not step.startswith(EXPORT):
        return laws[step]
    known = [law for law in laws.values() if law.step.startswith(EXPORT)]
    return replace(max(known, key=lambda law: law.fixed_mb), step=step)


def _convert(key: str, value: str) -> Any:
    if key in _TEXT:
        return value
    return int(value) if key in _WHOLE else float(value)
