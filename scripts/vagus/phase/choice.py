"""Which engine suits a sample: ``dada`` counts duplicates, ``phase`` compares columns.

Measured on simulated HiFi reads of a gut community of about 200 variants
(``benchmarks/phase_accuracy.py``), at unique shares of 0.23, 0.39 and 0.50:

- reads assigned by dada: 99.1, 98.7 and 98.1 %; by phase: 98.8, 99.2 and 99.1 %. They cross
  between 0.23 and 0.39, hence the limit of 0.3;
- variants of 10 or more reads recovered by dada: 97, 88 and 74 %; by phase: 100, 100 and 99 %.

Below the limit ``dada`` is taken: its model has no floors, so in deep samples of good reads it
also finds single substitutions too rare for ``phase``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

DADA, PHASE = "dada", "phase"
MAX_DADA_UNIQUE_SHARE = 0.3


class Sample(Protocol):
    """What the choice depends on; ``Uniques`` has it, and so has its description on disk."""

    @property
    def n_reads(self) -> int: ...  # noqa: D102

    @property
    def n_uniques(self) -> int: ...  # noqa: D102

    @property
    def platform(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Choice:
    """An engine and why it was taken."""

    engine: str
    reason: str
    unique_share: float


def choose_engine(uniques: Sample) -> Choice:
    """Choose by platform and by the share of the reads that are unique."""
    if not uniques.n_reads:
        return Choice(DADA, "no reads", 0.0)
    share = uniques.n_uniques / uniques.n_reads
    text = f"{100 * share:.0f} % of the reads are unique"
    if uniques.platform == "ont":
        return Choice(PHASE, f"ONT reads; {text}", share)
    if share > MAX_DADA_UNIQUE_SHARE:
        return Choice(PHASE, f"{text}: too few duplicates for dada", share)
    return Choice(DADA, f"{text}: duplicates are plenty", share)
