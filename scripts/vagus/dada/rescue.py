"""Rescue: reads that were not assigned, mapped to the nearest variant, counted apart.

A sequence is not assigned if its p-value in its cluster, that of the nearest variant, is
below omega_c. Rescue takes it if that p-value is not below a second, smaller limit,
omega_rescue. Such a read differs from the variant more than the error model expects: it may
be a poor read, but also a chimera or a rare relative of the variant. So the counts never
enter the ASV table.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.dada.births import LN_10, PartitionResult
from vagus.denoise.denoised import make_empty_rescued
from vagus.numerics.functions import log
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv
from vagus.tables import read_table
from vagus.tables.stages.denoise import ASVS, RESCUED

if TYPE_CHECKING:
    import pandas as pd


def find_rescued(result: PartitionResult, omega_rescue: float) -> NDArray[np.bool_]:
    """Which sequences are not assigned but near enough to be rescued, bool (n,)."""
    with np.errstate(divide="ignore"):
        rescued: NDArray[np.bool_] = ~result.assigned & (result.log_p >= log(omega_rescue))
    return rescued


def tabulate_rescued(
    uniques: Uniques, result: PartitionResult, omega_rescue: float
) -> pd.DataFrame:
    """One row a variant with rescued reads (columns ``RESCUED``): most reads first, then name."""
    import pandas as pd

    rescued = np.flatnonzero(find_rescued(result, omega_rescue))
    rows = []
    for cluster in np.unique(result.cluster[rescued]).tolist():
        own = rescued[result.cluster[rescued] == cluster]
        rows.append(
            (
                uniques.sample,
                identify_asv(uniques.sequence(result.births[cluster].centre)),
                int(uniques.counts[own].sum()),
                len(own),
                int(result.hamming[own].max()),
                float(result.log_p[own].min()) / LN_10,
            )
        )
    rows.sort(key=lambda row: (-row[2], row[1]))
    return pd.DataFrame(rows, columns=RESCUED.names)


def read_rescued(path: Path) -> pd.DataFrame:
    """Read ``rescued.tsv`` of a sample; raises VagusError for a damaged file."""
    return read_table(path, RESCUED)


def merge_rescued(tables: Iterable[Path], asvs: Path) -> pd.DataFrame:
    """All samples' rows for the ASVs of the study, sorted by sample and descending reads.

    Reads near a variant that was removed as a chimera are left out.
    """
    import pandas as pd

    kept = set(read_table(asvs, ASVS, ["asv"])["asv"])
    parts = [read_rescued(path) for path in tables]
    rows = [part[part["asv"].isin(kept)] for part in parts if len(part)]
    rows = [part for part in rows if len(part)]
    if not rows:
        return make_empty_rescued()
    merged = pd.concat(rows, ignore_index=True)
    merged["order"] = -merged["reads"]
    merged = merged.sort_values(["sample", "order", "asv"], kind="stable", ignore_index=True)
    return merged[RESCUED.names]
