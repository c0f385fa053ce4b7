"""How sure the sequence of a variant is: flags for those that its own reads do not settle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.columns import ABSENT
from vagus.kernels.phase.mixture import test_columns
from vagus.phase.error_tables import ErrorTables
from vagus.phase.pileup import Pileup

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

AMBIGUOUS = "ambiguous"
MIN_MARGIN = 2.0
MIN_RESIDUAL_STATISTIC = 10.0
MIN_RESIDUAL_SHARE = 0.2
MIN_RESIDUAL_READS = 2.0
EDGE_BP = 2


def is_ambiguous(pileup: Pileup, rows: Ints, tables: ErrorTables) -> bool:
    """Whether the reads of a variant leave its sequence uncertain.

    They do if, in some column but the outermost, another state is within ``MIN_MARGIN`` nats
    of the call, the call is not the variant's own state, or another allele has a mixture
    statistic of ``MIN_RESIDUAL_STATISTIC`` and a share of ``MIN_RESIDUAL_SHARE``: the mark of
    several rare variants in one consensus.
    """
    if not len(rows):
        return True
    consensus = pileup.call(rows, tables)
    own = pileup.own_calls
    reached = consensus.calls != ABSENT
    reached[: 2 * EDGE_BP] = False
    reached[-2 * EDGE_BP :] = False
    if (consensus.calls[reached] != own[reached]).any():
        return True
    if (consensus.margins[reached] < MIN_MARGIN).any():
        return True
    columns, alleles, _ = test_columns(
        pileup.states, pileup.qualities, rows, pileup.strands, pileup.weights, own,
        pileup.runs, pileup.next_bases, tables.at(pileup.backbone),
        np.array([MIN_RESIDUAL_READS, MIN_RESIDUAL_STATISTIC]),
    )  # fmt: skip
    depths = consensus.counts[columns].sum(axis=1)
    return bool((consensus.counts[columns, alleles] >= MIN_RESIDUAL_SHARE * depths).any())
