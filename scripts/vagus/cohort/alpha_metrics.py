"""Which columns of ``alpha.tsv`` are tested."""

from __future__ import annotations

NOT_METRICS = ("sample", "reads", "depth")
SAME_ORDER = ("hill_1", "hill_2")
"""Metrics that put samples in the order of another one: Shannon and Simpson."""
