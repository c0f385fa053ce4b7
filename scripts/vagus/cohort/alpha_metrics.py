"""Which columns of ``alpha.tsv`` are tested."""

from __future__ import annotations

from vagus.diversity.alpha import ALPHA_METRICS

NOT_METRICS = ("sample", "reads", "depth")
SAME_ORDER = ("hill_1", "hill_2")
"""Metrics that put samples in the order of another one: Shannon and Simpson."""
N_TESTED = len(set(ALPHA_METRICS) - set(SAME_ORDER))
"""Metrics of a study by default that are tested together."""
