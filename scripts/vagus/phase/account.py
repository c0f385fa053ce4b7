"""The account of a sample's reads that the ``phase`` engine gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vagus.phase.facts import NAME
from vagus.phase.read_set import MAX_ONE_STRAND, MIN_ONE_STRAND
from vagus.reads.uniques import Uniques


@dataclass(frozen=True)
class ReadOutcomes:
    """Reads of a denoised sample that are in no variant, and the errors per base of the rest."""

    lost_few_reads: int
    lost_unexplained: int
    error_rate: float


def account_reads(
    uniques: Uniques, reason: str, outcomes: ReadOutcomes | None = None
) -> dict[str, Any]:
    """Every read of the sample: assigned, or lost and why; without outcomes, all as inaccurate."""
    n_reads = uniques.n_reads
    few, unexplained = (outcomes.lost_few_reads, outcomes.lost_unexplained) if outcomes else (0, 0)
    return {
        "sample": uniques.sample,
        "reads_in": n_reads,
        "lost_inaccurate": 0 if outcomes else n_reads,
        "lost_few_reads": few,
        "lost_unexplained": unexplained,
        "assigned": n_reads - few - unexplained if outcomes else 0,
        "engine": NAME,
        "reason": reason,
        "strands": describe_strands(uniques),
        "measured_error_rate": round(outcomes.error_rate, 6) if outcomes else None,
    }


def describe_strands(uniques: Uniques) -> str:
    """``both``, ``sense``, ``antisense`` or ``unknown``; all but the first are less protected.

    Errors that recur on one strand can be distinguished from variants only where both were read.
    """
    if uniques.reverse_counts is None or not uniques.n_reads:
        return "unknown"
    share = uniques.reverse_counts.sum() / uniques.n_reads
    if share < MIN_ONE_STRAND:
        return "sense"
    return "antisense" if share > MAX_ONE_STRAND else "both"
