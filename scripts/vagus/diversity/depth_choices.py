"""What other rarefaction depths would cost: samples that drop and reads that are used."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.hill import measure_coverage
from vagus.diversity.rarefaction_curve import Abundances
from vagus.tables.counts import CountTable
from vagus.tables.stages.diversity import RAREFACTION_CHOICES

if TYPE_CHECKING:
    import pandas as pd

MAX_CHOICES = 12


def list_candidates(reads: NDArray[np.int64], chosen: int) -> list[int]:
    """Depths worth comparing: reads of samples (each is where one more drops), and the chosen.

    With more than 12 samples, those nearest to 12 evenly spaced ranks.
    """
    ordered = np.unique(reads[reads > 0])
    if ordered.size > MAX_CHOICES:
        ordered = ordered[np.linspace(0, ordered.size - 1, MAX_CHOICES).round().astype(int)]
    return sorted({*ordered.tolist(), *([chosen] if chosen else [])})


def tabulate_choices(table: CountTable, chosen: int, controls: Collection[str]) -> pd.DataFrame:
    """One row a candidate depth; controls do not count.

    Columns: depth, chosen ('yes' or empty), samples_kept, samples_dropped, reads_used (depth times
    samples kept), share_of_reads (of all reads of the samples), mean_coverage (expected, of the
    samples kept), dropped (names, '; ' joined).
    """
    import pandas as pd

    names = [s for s in table.samples if s not in controls] or list(table.samples)
    part = table.select(names)
    abundances = [Abundances.from_counts(counts) for counts in part.counts]
    total = int(part.reads.sum())
    rows: list[tuple[object, ...]] = []
    for depth in list_candidates(part.reads, chosen):
        kept = [a for a in abundances if a.total >= depth]
        dropped = [s for s, n in zip(part.samples, part.reads, strict=True) if n < depth]
        coverage = [measure_coverage(a, depth) for a in kept if a.total > 1]
        mean = float(np.mean(coverage)) if coverage else float("nan")
        used = depth * len(kept)
        mark = "yes" if depth == chosen else ""
        words = "; ".join(dropped)
        rows.append((depth, mark, len(kept), len(dropped), used, used / total, mean, words))
    return pd.DataFrame(rows, columns=RAREFACTION_CHOICES.names)
