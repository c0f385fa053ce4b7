"""Which taxa differ with the variables of the design: one primary test, others beside it.

Taxa seen in fewer than ``min_prevalence`` of the samples of a comparison are not tested; their
reads stay in the table as one more taxon. The filter does not look at the groups. Q-values:
Benjamini-Hochberg over the taxa of one rank, variable, contrast and method.

The count score test (``count_effects``) decides: a taxon is higher or lower when its q < 0.05, and
where the design is weak only when that is so with the reference off by 0.5 log2 as well. The other
methods are rows of the role ``sensitivity``. Their votes are not counted: methods of log-ratios err
together, so that agreement of several is no protection.
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
from vagus.cohort.count_effects import measure_counts
from vagus.cohort.multiple_testing import adjust_p_values
from vagus.selection.composition import is_unnamed
from vagus.statistics.arrangements import derive_seed
from vagus.statistics.count_tests import SHIFTS
from vagus.statistics.power import detect_folds
from vagus.study.design import StudyDesign
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.model_tests import explain_no_ancombc, explain_no_dirichlet
from vagus.study.samples import Sample
from vagus.study.test_names import ANCOM_BC, COUNTS, DIRICHLET, MAX_Q
from vagus.tables.counts import CountTable
from vagus.tables.stages.cohort import DIFFERENTIAL

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]
PRIMARY, SENSITIVITY = "primary", "sensitivity"
SHIFT_COLUMNS = ("q_shift_025", "q_shift_05")
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
        is_time = column.name == design.time
        seed = derive_seed(design.seed, column.name, rank, "taxa")
        rows += list(_describe(frame, tested, *run_methods(frame, tested.counts, seed, is_time)))
    log.info("%s: %d rows", rank, len(rows))
    return pd.DataFrame(rows, columns=DIFFERENTIAL.names)


def run_methods(
    frame: ModelFrame, counts: Floats, seed: Sequence[int], is_time: bool = False
) -> tuple[list[Effects], list[str]]:
    """Effects of every method that fits the design, the primary first, and notes."""
    effects, notes = _count(frame, counts, seed, is_time)
    effects += fit_clr(counts, frame)
    if not explain_no_ancombc(frame):
        effects += run_ancombc(counts, frame)
    if not explain_no_dirichlet(frame):
        effects += run_dirichlet(counts, frame, seed)
    return effects, [*notes, *_explain(frame, effects)]


def _count(
    frame: ModelFrame, counts: Floats, seed: Sequence[int], is_time: bool
) -> tuple[list[Effects], list[str]]:
    effects: list[Effects] = []
    sides, notes = measure_counts(frame, counts, seed, is_time)
    for side in sides:
        test, several = side.test, len(side.contrasts) > 1
        place = f"{side.contrasts[0].rpartition(', ')[2]}: " if len(sides) > 1 else ""
        notes += [f"{place}{note}" for note in side.notes]
        for row, (name, index) in enumerate(zip(side.contrasts, side.indices, strict=True)):
            shifted = tuple(test.shifted[by][row] for by in SHIFTS)
            effects.append(
                Effects(
                    COUNTS, index, test.log2_fold[row], test.low[row], test.high[row],
                    test.p_values[row], name, shifted, test.joint_p if several else None,
                    side.needs_reference,
                )
            )  # fmt: skip
    return effects, notes


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
    frame: ModelFrame, tested: Tested, effects: Sequence[Effects], notes: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Rows by contrast, taxon and method."""
    note = "; ".join([*notes, *frame.notes])
    if not effects:
        yield _untested(frame, note)
    for name in dict.fromkeys(effect.name_contrast(frame) for effect in effects):
        given = [effect for effect in effects if effect.name_contrast(frame) == name]
        shares = _mean_shares(frame, tested.counts, given[0].contrast)
        columns = [_list_columns(effect) for effect in given]
        results = _judge(given[0], columns[0], len(tested.taxa))
        for taxon, of_taxon in enumerate(tested.taxa):
            common = {
                "variable": frame.variable.name,
                "contrast": name,
                "taxon": of_taxon,
                "n": frame.count_units(),
                "prevalence": tested.prevalence[taxon],
                "share_reference": shares[0][taxon],
                "share_level": shares[1][taxon],
                "result": results[taxon],
                "covariates": frame.name_covariates(),
                "note": note,
            }
            for effect, values in zip(given, columns, strict=True):
                role = PRIMARY if effect.method == COUNTS else SENSITIVITY
                own = {key: column[taxon] for key, column in values.items()}
                yield {**common, "method": effect.method, "role": role, **own}


def _list_columns(effect: Effects) -> dict[str, Floats]:
    """Columns of a method by name, each of shape (n_taxa,)."""
    columns = {
        "log2_fold": effect.log2_fold,
        "low": effect.low,
        "high": effect.high,
        "p_value": effect.p_values,
        "q_value": adjust_p_values(effect.p_values),
    }
    if effect.method == COUNTS:
        columns["detectable"] = detect_folds(effect.low, effect.high)
    for name, p_values in zip(SHIFT_COLUMNS, effect.shifted, strict=False):
        columns[name] = adjust_p_values(p_values)
    if effect.joint is not None:
        columns["q_all_levels"] = adjust_p_values(effect.joint)
    return columns


def _judge(effect: Effects, columns: dict[str, Floats], n_taxa: int) -> list[str]:
    """'higher', 'lower', 'not found' or 'not tested' by the primary test."""
    if effect.method != COUNTS:
        return ["not tested"] * n_taxa
    q_values = columns[SHIFT_COLUMNS[-1] if effect.needs_reference else "q_value"]
    results = []
    for q, fold in zip(q_values.tolist(), effect.log2_fold.tolist(), strict=True):
        found = "higher" if fold > 0 else "lower"
        results.append("not tested" if np.isnan(q) else found if q < MAX_Q else "not found")
    return results


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
