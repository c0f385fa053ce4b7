"""From the reads of a sample to candidate sequences."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from vagus.phase.candidates import Candidate, resolve_cluster
from vagus.phase.coarse import Sketches, find_clusters
from vagus.phase.error_tables import ErrorTables
from vagus.phase.merging import merge_candidates
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

log = logging.getLogger(__name__)

MAX_QUEUE_ROUNDS = 4


def discover(
    reads: ReadSet, sketches: Sketches, tables: ErrorTables, settings: PhaseSettings
) -> tuple[list[Candidate], Ints]:
    """Candidates, most reads first, and the reads that are aligned to none of them.

    Reads that align badly to their cluster's consensus are clustered again among themselves:
    dropped, they would take rare variants with them.
    """
    found: list[Candidate] = []
    chosen = np.arange(len(reads))
    used = np.zeros(len(reads), bool)
    for _ in range(MAX_QUEUE_ROUNDS):
        clusters = find_clusters(reads, sketches, chosen, settings)
        apart = []
        for members in clusters:
            if reads.counts[members].sum() < settings.min_reads:
                continue
            candidates, misfits = resolve_cluster(reads, members, tables, settings)
            found += candidates
            apart.append(misfits)
        chosen = np.concatenate(apart) if apart else np.empty(0, np.int64)
        if not len(chosen):
            break
    merged = merge_candidates(reads, found, settings)
    for candidate in merged:
        used[candidate.members] = True
    log.info("%d coarse candidates, %d different", len(found), len(merged))
    return merged, np.flatnonzero(~used)
