"""Which taxa differ with the variables of the design, by several methods, and where they agree.

Taxa seen in fewer than ``min_prevalence`` of the samples of a comparison are not tested; their
reads stay in the table as one more taxon. The filter does not look at the groups. Q-values:
Benjamini-Hochberg over the taxa of one rank, variable, contrast and method. A taxon is found by
a method when q < 0.05; the consensus counts the methods that find it in one direction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.abundance_methods import (
    Effects,
    fit_clr,
    run_ancombc,
    run_dirichlet,
)
from vagus.cohort.multiple_testing import adjust_p_values
from vagus.selection.composition import is_unnamed
from vagus.statistics.arrangements import derive_seed
from vagus.study.design import StudyDesign
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.model_tests import explain_no_ancombc, explain_no_dirichlet
from vagus.study.samples import Sample
from vagus.study.test_names import ANCOM_BC, DIRICHLET
from vagus.tables.counts import CountTable
from vagus.tables.stages.cohort import DIFFERENTIAL

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]
MAX_Q = 0.05
MIN_TAXA = 3
MIN_SAMPLES = 3


@dataclass(frozen=True)
class Tested:
    """Taxa that are tested: counts (n, n_taxa + 1), the rest last; names; share of samples."""

    counts: Floats
    taxa: tuple[str, ...]
    prevalence: Floats


def compare_taxa(
    samples: Sequence[Sample],
    table: CountTable,
    design: StudyDesign,
    rank: str,
    min_prevalence: float,
) -> pd.DataFrame:
    """Test every taxon of a table with taxa as columns; ``samples`` are those without controls."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    deep = {name for name, reads in zip(table.samples, table.reads, strict=True) if reads > 0}
    for column in design.list_columns(samples):
        frame = make_frame(samples, column, deep, "no reads", design.references)
        if frame.obstacle:
            rows.append(_untested(frame, frame.obstacle))
            continue
        tested = _filter(table, frame, min_prevalence)
        if len(tested.taxa) < MIN_TAXA:
            found = f"{len(tested.taxa)} taxa in {100 * min_prevalence:g} % of the samples"
            rows.append(_untested(frame, f"not tested: {found}, and {MIN_TAXA} are needed"))
            continue
        seed = derive_seed(design.seed, column.name, rank, "taxa")
        rows += list(_describe(frame, tested, list(run_methods(frame, tested.counts, seed))))
    log.info("%s: %d rows", rank, len(rows))
    return pd.DataFrame(rows, columns=DIFFERENTIAL.names)


def run_methods(frame: ModelFrame, counts: Floats, seed: Sequence[int]) -> Iterator[Effects]:
    """Effects of every method that fits the design."""
    yield from fit_clr(counts, frame)
    if not explain_no_ancombc(frame):
        yield from run_ancombc(counts, frame)
    if not explain_no_dirichlet(frame):
        yield from run_dirichlet(counts, frame, seed)


def _untested(frame: ModelFrame, why: str) -> dict[str, object]:
    note = "; ".join([why, *frame.notes])
    return {"variable": frame.variable.name, "n": frame.count_units(), "note": note}


def _filter(table: CountTable, frame: ModelFrame, min_prevalence: float) -> Tested:
    """Counts of the model's samples with rare taxa joined."""
    place = {name: row for row, name in enumerate(table.samples)}
    counts = table.counts[[place[name] for name in frame.samples]].astype(np.float64)
    present = (counts > 0).sum(axis=0)
    least = max(MIN_SAMPLES, int(np.ceil(min_prevalence * counts.shape[0] - 1e-9)))
    kept = present >= least
    kept &= np.array([not is_unnamed(taxon) for taxon in table.asvs], dtype=bool)
    joined = np.column_stack([counts[:, kept], counts[:, ~kept].sum(axis=1)])
    taxa = tuple(taxon for taxon, is_kept in zip(table.asvs, kept, strict=True) if is_kept)
    return Tested(joined, taxa, present[kept] / counts.shape[0])


def _describe(
    frame: ModelFrame, tested: Tested, effects: Sequence[Effects]
) -> Iterator[dict[str, object]]:
    """Rows by contrast, taxon and method."""
    q_values = {id(effect): adjust_p_values(effect.p_values) for effect in effects}
    note = "; ".join([*_explain(frame, effects), *frame.notes])
    for index, contrast in enumerate(frame.variable.contrasts):
        given = [effect for effect in effects if effect.contrast == index]
        shares = _mean_shares(frame, tested.counts, index)
        for taxon, name in enumerate(tested.taxa):
            common = {
                "variable": frame.variable.name,
                "contrast": contrast,
                "taxon": name,
                "n": frame.count_units(),
                "prevalence": tested.prevalence[taxon],
                "share_reference": shares[0][taxon],
                "share_level": shares[1][taxon],
                "covariates": frame.name_covariates(),
                "note": note,
                **_agree(given, q_values, taxon),
            }
            for effect in given:
                yield {
                    **common,
                    "method": effect.method,
                    "log2_fold": effect.log2_fold[taxon],
                    "low": effect.low[taxon],
                    "high": effect.high[taxon],
                    "p_value": effect.p_values[taxon],
                    "q_value": q_values[id(effect)][taxon],
                }


def _agree(
    effects: Sequence[Effects], q_values: dict[int, Floats], taxon: int
) -> dict[str, object]:
    """How many methods find the taxon, and whether in one direction."""
    found = [e for e in effects if q_values[id(e)][taxon] < MAX_Q]
    signs = {bool(effect.log2_fold[taxon] > 0) for effect in found}
    if not found:
        words = "none"
    elif len(signs) > 1:
        words = "contradictory"
    else:
        side = "higher" if True in signs else "lower"
        share = "all" if len(found) == len(effects) else "some"
        words = f"{share}: {side}"
    return {"methods": len(effects), "found_by": len(found), "consensus": words}


def _mean_shares(frame: ModelFrame, counts: Floats, index: int) -> tuple[Floats, Floats]:
    """Mean share of each taxon in the reference and in the level; NaN for numbers."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    if frame.variable.is_numeric:
        missing = np.full(counts.shape[1], np.nan)
        return missing, missing
    columns = frame.variable.columns
    reference, level = columns.sum(axis=1) == 0, columns[:, index] == 1
    return shares[reference].mean(axis=0), shares[level].mean(axis=0)


def _explain(frame: ModelFrame, effects: Sequence[Effects]) -> list[str]:
    """How subjects entered, and which method does not fit the design."""
    notes = []
    used = {effect.method for effect in effects}
    if frame.is_repeated:
        notes.append(f"{len(frame.samples)} samples of {frame.n_subjects} subjects")
        if ANCOM_BC in used:
            notes.append(f"{ANCOM_BC} of the summed reads of each subject")
    if ANCOM_BC not in used:
        notes.append(f"{ANCOM_BC} left out: {explain_no_ancombc(frame)}")
    if DIRICHLET not in used:
        notes.append(f"{DIRICHLET} left out: {explain_no_dirichlet(frame)}")
    return notes
