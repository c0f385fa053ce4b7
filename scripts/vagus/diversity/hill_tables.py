"""Tables of Hill numbers: curves of each sample, and values at equal coverage."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from vagus.diversity.hill import (
    MAX_EXTRAPOLATION,
    ORDERS,
    count_rare,
    estimate_asymptote,
    find_size,
    measure_coverage,
    measure_hill,
    measure_hill_between,
)
from vagus.diversity.rarefaction_curve import Abundances, choose_curve_depths
from vagus.tables.counts import CountTable
from vagus.tables.stages.diversity import HILL, HILL_CURVES

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

N_EXTRAPOLATED = 4
MIN_READS = 2
_SAME_COVERAGE = 1e-9


def list_sizes(total: int) -> list[int]:
    """Reads at which a curve is computed: up to 12 below or at n, 4 beyond, to 2 n."""
    steps = np.linspace(1, MAX_EXTRAPOLATION, N_EXTRAPOLATED + 1)[1:]
    beyond = {max(total + 1, round(total * float(step))) for step in steps} if total else set()
    return sorted({*choose_curve_depths(total), *beyond})


def make_hill_curves(table: CountTable) -> pd.DataFrame:
    """Long table: sample, reads, kind, coverage, hill_0, hill_1, hill_2.

    ``kind`` is rarefied, observed or extrapolated. Samples with fewer than two reads have no
    rows.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for sample, counts in zip(table.samples, table.counts, strict=True):
        abundances = Abundances.from_counts(counts)
        if abundances.total < MIN_READS:
            continue
        for size in list_sizes(abundances.total):
            kind = _name_kind(size, abundances.total)
            coverage = measure_coverage(abundances, size)
            rows.append((sample, size, kind, coverage, *measure_hill(abundances, size)))
    return pd.DataFrame(rows, columns=HILL_CURVES.names)


def _name_kind(size: float, total: int) -> str:
    if size == total:
        return "observed"
    return "rarefied" if size < total else "extrapolated"


def choose_base_coverage(table: CountTable, controls: Collection[str]) -> float:
    """Coverage at which samples are compared: the lowest that every sample reaches at 2 n reads.

    That is the least, over samples that are not controls, of the coverage expected at twice their
    reads (Chao et al. 2014, p. 52). NaN when no sample but controls has two reads.
    """
    reached = [
        measure_coverage(abundances, MAX_EXTRAPOLATION * abundances.total)
        for sample, abundances in _list_abundances(table)
        if sample not in controls and abundances.total >= MIN_READS
    ]
    return min(reached, default=math.nan)


def _list_abundances(table: CountTable) -> list[tuple[str, Abundances]]:
    rows = zip(table.samples, table.counts, strict=True)
    return [(sample, Abundances.from_counts(counts)) for sample, counts in rows]


def make_hill_table(table: CountTable, controls: Collection[str]) -> pd.DataFrame:
    """One row a sample: observed, asymptotic and coverage-standardised Hill numbers."""
    import pandas as pd

    base = choose_base_coverage(table, controls)
    if math.isnan(base):
        log.info("Hill numbers are not compared: there is no coverage to do so at")
    else:
        log.info("Hill numbers are compared at a coverage of %.4f", base)
    rows = [_describe(sample, abundances, base) for sample, abundances in _list_abundances(table)]
    return pd.DataFrame(rows, columns=HILL.names)


def _choose_size(abundances: Abundances, base: float) -> float | None:
    """Reads at the base coverage; those of the sample when it has that coverage, as when f1 = 0."""
    if abundances.total < MIN_READS or math.isnan(base):
        return None
    if abs(measure_coverage(abundances, abundances.total) - base) < _SAME_COVERAGE:
        return float(abundances.total)
    return find_size(abundances, base)


def _describe(sample: str, abundances: Abundances, base: float) -> dict[str, object]:
    n, nothing = abundances.total, (math.nan,) * len(ORDERS)
    f1, f2 = count_rare(abundances)
    size = _choose_size(abundances, base)
    values = {
        "hill": measure_hill(abundances, n) if n else nothing,
        "asymptote": estimate_asymptote(abundances) if n >= MIN_READS else nothing,
        "standardised": nothing if size is None else measure_hill_between(abundances, size),
    }
    return {
        "sample": sample,
        "reads": n,
        "singletons": f1,
        "doubletons": f2,
        "coverage": measure_coverage(abundances, n) if n else math.nan,
        **{f"hill_{q}": values["hill"][q] for q in ORDERS},
        **{f"asymptote_{q}": values["asymptote"][q] for q in ORDERS},
        "base_coverage": base,
        "reads_at_base": math.nan if size is None else size,
        "kind": "" if size is None else _name_kind(size, n),
        **{f"standardised_{q}": values["standardised"][q] for q in ORDERS},
    }
