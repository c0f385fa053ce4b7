"""The result of the ``phase`` engine: a table of variants and the account of the reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.chimeras.bimeras import find_bimeras
from vagus.phase.competition import Evidence
from vagus.phase.confidence import AMBIGUOUS, is_ambiguous
from vagus.phase.error_tables import ErrorTables
from vagus.phase.evidence import bound_log10_p
from vagus.phase.facts import NAME
from vagus.phase.pileup import align_to
from vagus.phase.settings import PhaseSettings
from vagus.sequences import identify_asv
from vagus.tables.stages.denoise import POOL_VARIANTS

if TYPE_CHECKING:
    import pandas as pd

    from vagus.phase.denoising import Denoised

Floats = NDArray[np.float64]

COLUMNS = tuple(POOL_VARIANTS.names)
UNBOUNDED = 1e5


def make_empty_table() -> pd.DataFrame:
    """The table without variants."""
    import pandas as pd

    return pd.DataFrame({name: [] for name in COLUMNS})


def tabulate(result: Denoised, tables: ErrorTables, settings: PhaseSettings) -> pd.DataFrame:
    """One row a variant: most reads first, then by name."""
    return flag_bimeras(describe_variants(result, tables, settings))


def describe_variants(
    result: Denoised, tables: ErrorTables, settings: PhaseSettings
) -> pd.DataFrame:
    """The same before bimeras are sought, with the number of each one's ``candidate`` as well."""
    import pandas as pd

    alive = np.flatnonzero(result.competition.is_alive).tolist()
    letters = np.frombuffer(b"ACGT", np.uint8)
    sequences = {v: letters[result.candidates[v].sequence].tobytes().decode("ascii") for v in alive}
    names = {v: identify_asv(sequence) for v, sequence in sequences.items()}
    is_exact = find_exact(result)
    rows = []
    for v in alive:
        mine = result.assignment == v
        evidence = result.competition.weigh_evidence(v)
        rows.append((
            names[v], sequences[v], round(result.reads.counts[mine].sum()), int(mine.sum()),
            NAME, result.candidates[v].birth.kind, _bound_p(evidence, len(sequences[v])), np.nan,
            names.get(evidence.neighbour, ""), len(evidence.columns),
            round(result.reads.counts[mine & is_exact].sum()),
            AMBIGUOUS if _is_doubtful(result, v, tables, settings) else "",
            evidence.statistic if evidence.statistic < UNBOUNDED else np.nan,
            round(result.reads.reverse_counts[mine].sum()), "", "", np.nan, v,
        ))  # fmt: skip
    return sort_variants(pd.DataFrame(rows, columns=[*COLUMNS, "candidate"]))


def sort_variants(variants: pd.DataFrame) -> pd.DataFrame:
    """Most reads first, then by name."""
    order = variants.assign(least=-variants["reads"]).sort_values(["least", "asv"], kind="stable")
    return variants.loc[order.index].reset_index(drop=True)


def flag_bimeras(variants: pd.DataFrame) -> pd.DataFrame:
    """The variants of one sample with flags and parents of those that are bimeras there."""
    flagged = variants[list(COLUMNS)].astype({"breakpoint_bp": float})
    names = list(variants["asv"])
    for place, bimera in find_bimeras(list(variants["sequence"]), list(variants["reads"])).items():
        flags = [flag for flag in (flagged.at[place, "flags"], bimera.flag) if flag]
        flagged.at[place, "flags"] = ";".join(flags)
        flagged.at[place, "left_parent"] = names[bimera.left]
        flagged.at[place, "right_parent"] = names[bimera.right]
        flagged.at[place, "breakpoint_bp"] = bimera.breakpoint_bp
    return flagged


def find_exact(result: Denoised) -> NDArray[np.bool_]:
    """Which reads are letter for letter a variant that they were aligned to, or a part of it."""
    is_exact = np.zeros(len(result.reads), np.bool_)
    for block in result.competition.blocks:
        mine = (result.assignment[block.members] == block.home) & (block.edits == 0)
        is_exact[block.members[mine]] = True
    return is_exact


def _bound_p(evidence: Evidence, length_bp: int) -> float:
    """Bound of log10 p; missing where no other variant is near enough to explain the reads."""
    if evidence.statistic >= UNBOUNDED:
        return float("nan")
    return bound_log10_p(evidence.statistic, evidence.n_differences, length_bp)


def _is_doubtful(
    result: Denoised, variant: int, tables: ErrorTables, settings: PhaseSettings
) -> bool:
    candidate = result.candidates[variant]
    members = candidate.members[result.assignment[candidate.members] == variant]
    pileup, _ = align_to(result.reads, members, candidate.sequence, settings)
    return is_ambiguous(pileup, pileup.rows, tables)
