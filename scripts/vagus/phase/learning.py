"""Learn the ``phase`` engine's error model from the reads of a run."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.counts import count_errors
from vagus.phase.candidates import resolve_cluster
from vagus.phase.coarse import Sketches, find_clusters
from vagus.phase.contexts import ContextCounts
from vagus.phase.error_model import SHAPE, PhaseErrorModel
from vagus.phase.error_tables import ErrorTables
from vagus.phase.pileup import Pileup
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import Uniques

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

log = logging.getLogger(__name__)

MAX_OTHER_SHARES = np.array([0.08, 0.08, 0.08, 0.15, 0.25, 0.45, 0.45, 0.45])
"""Columns in which other states than the called one have a greater share teach nothing, by length
of the run of equal bases: long runs lose bases often, and more so the poorer the reads."""
MIN_TEACHING_READS = 12
MAX_CLUSTER_READS = 1000
MAX_TEACHERS = 40
STRICT_STRAND_ODDS = 2.0
"""Rather than a leaf of its own, a group of reads of one strand is an error to learn from."""


def choose_teachers(paths: Sequence[str | PathLike[str]]) -> list[str | PathLike[str]]:
    """At most ``MAX_TEACHERS`` of the samples' files, evenly spread over their sorted names."""
    ordered = sorted(paths, key=str)
    n = min(len(ordered), MAX_TEACHERS)
    return [ordered[i * len(ordered) // n] for i in range(n)]


def learn_phase_errors(
    samples: Iterable[Uniques], settings: PhaseSettings, n_samples: int = 1
) -> PhaseErrorModel:
    """Count the errors in the largest clusters of each sample; one is in memory at a time.

    The ``n_samples`` samples share ``max_learn_reads`` evenly; within a sample the largest
    clusters are taken, of each at most its 1,000 most trustworthy reads. Clusters are split by
    nominal rates first, so that true variants are not counted as errors.
    """
    observed, chances = np.zeros(SHAPE), np.zeros(SHAPE)
    tables = PhaseErrorModel.nominal().make_tables(settings)
    settings = replace(settings, max_strand_odds=STRICT_STRAND_ODDS)
    leaves: list[Pileup] = []
    quota = settings.max_learn_reads / max(1, n_samples)
    n_reads = 0.0
    for uniques in samples:
        for pileup in _list_pileups(ReadSet.from_uniques(uniques), quota, tables, settings):
            counts = count_pileup(pileup, tables)
            observed += counts[0]
            chances += counts[1]
            n_reads += pileup.weights.sum()
            leaves.append(pileup)
    model = PhaseErrorModel.from_counts(observed, chances)
    tables = model.make_tables(settings)
    counts_by_context = (ContextCounts.of_pileup(leaf, tables) for leaf in leaves)
    model = replace(model, contexts=ContextCounts.join(counts_by_context).find_hot())
    log.info(
        "errors learned from %d reads: %.3f %% of bases; %d systematic events in contexts",
        n_reads, 100 * model.measure_error_rate(), len(model.contexts),
    )  # fmt: skip
    return model


def _list_pileups(
    reads: ReadSet, quota: float, tables: ErrorTables, settings: PhaseSettings
) -> list[Pileup]:
    """Leaves of the largest clusters, together about ``quota`` reads."""
    if not len(reads):
        return []
    clusters = find_clusters(reads, Sketches.of_reads(reads), np.arange(len(reads)), settings)
    clusters.sort(key=lambda members: (-reads.counts[members].sum(), int(members[0])))
    pileups: list[Pileup] = []
    taken = 0.0
    for members in clusters:
        n_reads = reads.counts[members].sum()
        if n_reads < MIN_TEACHING_READS or taken >= quota:
            break
        members = members[:MAX_CLUSTER_READS]
        taken += reads.counts[members].sum()
        candidates, _ = resolve_cluster(reads, members, tables, settings)
        pileups += [
            c.lay_out(reads, settings) for c in candidates if c.n_reads >= MIN_TEACHING_READS
        ]
    return pileups


def count_pileup(pileup: Pileup, tables: ErrorTables) -> tuple[Floats, Floats]:
    """Events and chances in the columns of a leaf, laid out as the model's rates."""
    consensus = pileup.call(pileup.rows, tables)
    counted: tuple[Floats, Floats] = count_errors(
        pileup.states, pileup.qualities, pileup.rows, pileup.strands, pileup.weights,
        consensus.calls, consensus.counts, pileup.runs, pileup.next_bases, MAX_OTHER_SHARES,
    )  # fmt: skip
    return counted
