"""Results against the truth of simulated reads: variants, abundances, names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vagus.edits import count_edits
from vagus.errors import VagusError
from vagus.reference.lineage import RANKS, TIE_SEPARATOR
from vagus.reference.names import read_names
from vagus.sequences import read_fasta
from vagus.tables import read_table
from vagus.tables.stages.demo import (
    TRUE_CHIMERAS,
    TRUE_VARIANTS,
    TRUTH_BY_DEPTH,
    TRUTH_BY_SAMPLE,
    TRUTH_FALSE,
)
from vagus.tables.wide import read_wide

POOLED = "(pooled)"
"""Fills the sample column of rows about all samples together."""
DEPTH_CLASSES = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, None))
_FEW_EDITS = 2
_MIN_PART_BP = 20
_RANK_PREFIX = re.compile(r"^[dpcofgs]__")


@dataclass(frozen=True)
class Truth:
    """Truth of a simulated study: variants by samples, their sequences and names, chimeras."""

    table: pd.DataFrame
    sequences: dict[str, str]
    lineages: pd.DataFrame
    chimeras: set[str]

    @classmethod
    def read(cls, folder: Path) -> Truth:
        """Read the folder ``truth`` that the simulator wrote."""
        if not (folder / "asv_table.tsv").is_file():
            raise VagusError(
                "there is no truth in this folder",
                fix="Name the folder truth/ that simulate_reads.py or vagus demo wrote.",
                file=folder,
            )
        names = ("asv_table.tsv", "variants.tsv", "variants.fasta", "chimeras.tsv")
        return cls.load(*(folder / name for name in names))

    @classmethod
    def load(cls, table: Path, variants: Path, fasta: Path, chimeras: Path) -> Truth:
        """Read the four files that the simulator wrote; inseparable species are their group."""
        needs = ["asv", *RANKS]
        named = read_table(variants, TRUE_VARIANTS, needs, fill=True)
        lineages = _group_species(named.set_index("asv"))
        false = read_table(chimeras, TRUE_CHIMERAS, ["asv"])
        counts, sequences = read_wide(table), dict(read_fasta(fasta))
        return cls(counts, sequences, lineages[list(RANKS)], set(false["asv"]))

    def align(self, found: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """True and found counts with equal rows and columns, zero where absent.

        Raises VagusError when the study has none of the simulated samples.
        """
        samples = sorted(set(self.table.columns))
        if not set(samples) & set(found.columns):
            raise VagusError(
                "the ASV table has none of the simulated samples",
                fix="Compare a study with the truth of its own reads.",
            )
        rows = sorted(set(self.table.index) | set(found.index))
        grid = {"index": rows, "columns": samples}
        true = self.table.reindex(**grid, fill_value=0)
        return true, found.reindex(**grid, fill_value=0)


def compare_by_depth(truth: Truth, found: pd.DataFrame) -> pd.DataFrame:
    """How many true variants came back exactly, by how many reads they had.

    Columns: sample, depth (reads of a variant in the sample; pooled: in all samples),
    true_variants, recovered (found in that sample by the very sequence), share.
    """
    true, seen = truth.align(found)
    columns = [(POOLED, true.sum(axis=1), seen.sum(axis=1))]
    columns += [(sample, true[sample], seen[sample]) for sample in true.columns]
    rows = []
    for sample, reads, count in columns:
        for low, high in DEPTH_CLASSES:
            inside = (reads >= low) & (reads <= (high or np.inf))
            n_true, n_found = int(inside.sum()), int((inside & (count > 0)).sum())
            share = n_found / n_true if n_true else float("nan")
            rows.append((sample, _name_depth(low, high), n_true, n_found, share))
    return pd.DataFrame(rows, columns=TRUTH_BY_DEPTH.names)


def compare_by_sample(truth: Truth, found: pd.DataFrame) -> pd.DataFrame:
    """Each sample, and all pooled: variants, false variants and how well abundances agree.

    Columns: sample, true_reads (chimeras left out), found_reads, true_variants,
    found_variants, recovered, false_variants (not a true variant of the study), false_reads,
    misplaced_variants (true in the study, but not put into this sample), correlation (Pearson,
    of relative abundances over all variants), bray_curtis (of the same).
    """
    true, seen = truth.align(found)
    is_true = true.index.isin(truth.table.index)
    columns = [(POOLED, true.sum(axis=1), seen.sum(axis=1))]
    columns += [(sample, true[sample], seen[sample]) for sample in true.columns]
    rows = [
        (sample, *_compare_counts(put.to_numpy(), got.to_numpy(), is_true))
        for sample, put, got in columns
    ]
    return pd.DataFrame(rows, columns=TRUTH_BY_SAMPLE.names)


def explain_false(truth: Truth, found: pd.DataFrame, sequences: Mapping[str, str]) -> pd.DataFrame:
    """Every ASV that is no true variant, with the nearest true variant and a probable reason.

    Columns: asv, reads, n_samples, length_bp, nearest, nearest_species, distance (edits),
    reason: ``chimera`` (a chimera that was put in), ``bimera`` (a left and a right part of two
    true variants give it exactly), ``few errors`` (at most 2 edits), ``other``.
    """
    false = [asv for asv in found.index if asv not in truth.sequences]
    rows = []
    for asv in false:
        sequence = sequences[asv]
        nearest, distance = _find_nearest(sequence, truth.sequences)
        if asv in truth.chimeras:
            reason = "chimera"
        elif is_bimera(sequence, list(truth.sequences.values())):
            reason = "bimera"
        else:
            reason = "few errors" if distance <= _FEW_EDITS else "other"
        counts = found.loc[asv]
        species = truth.lineages.loc[nearest, "species"]
        place = (len(sequence), nearest, species, distance, reason)
        rows.append((asv, int(counts.sum()), int((counts > 0).sum()), *place))
    table = pd.DataFrame(rows, columns=TRUTH_FALSE.names)
    return table.sort_values(["reads", "asv"], ascending=[False, True], kind="stable")


def compare_names(truth: Truth, found: pd.DataFrame, taxonomy: pd.DataFrame) -> pd.DataFrame:
    """Names of the true variants that were found, rank by rank.

    Columns: rank, asvs and reads (whose true name at the rank is known), asvs_named,
    asvs_right, reads_named, reads_right, share_named, share_right (of reads), precision (right of
    named reads). A name is right when it, or every name it joins by '/', is a true one.
    """
    asvs = [asv for asv in found.index if asv in truth.sequences and asv in taxonomy.index]
    reads = found.sum(axis=1)
    rows = []
    for rank in RANKS:
        tally: Counter[str] = Counter()
        for asv in asvs:
            true = str(truth.lineages.loc[asv, rank])
            if not true:
                continue
            name = _clean_name(taxonomy.loc[asv, rank])
            right = bool(name) and set(name.split(TIE_SEPARATOR)) <= set(true.split(TIE_SEPARATOR))
            for kind, counts in (("", True), ("_named", bool(name)), ("_right", right)):
                tally["asvs" + kind] += counts
                tally["reads" + kind] += int(reads[asv]) * counts
        rows.append({"rank": rank, **_finish_names(tally)})
    return pd.DataFrame(rows)


def _group_species(lineages: pd.DataFrame) -> pd.DataFrame:
    """Lineages with groups of inseparable species in place of their members."""
    names = read_names()
    rows = lineages[list(RANKS)].fillna("").astype(str).itertuples(index=False, name=None)
    grouped = [names.groups.rename(row, names.current_species) for row in rows]
    return pd.DataFrame(grouped, columns=list(RANKS), index=lineages.index)


def is_bimera(sequence: str, parents: Sequence[str]) -> bool:
    """A left part of one parent and a right part of another give the sequence exactly.

    Parts are anchored at the ends and at least 20 bp long; a sequence that one parent explains
    alone is none.
    """
    left = [_count_common_start(sequence, parent) for parent in parents]
    right = [_count_common_start(sequence[::-1], parent[::-1]) for parent in parents]
    best_left = int(np.argmax(left)) if left else 0
    for i, n_right in enumerate(right):
        others = left[best_left] if i != best_left else max([*left[:i], *left[i + 1 :], 0])
        enough = others + n_right >= len(sequence)
        if enough and min(others, n_right) >= _MIN_PART_BP and sequence != parents[i]:
            return True
    return False


def _compare_counts(
    put: npt.NDArray[np.int64], got: npt.NDArray[np.int64], is_true: npt.NDArray[np.bool_]
) -> tuple[Any, ...]:
    both = (put > 0) & (got > 0)
    false = (got > 0) & ~is_true
    misplaced = (got > 0) & is_true & (put == 0)
    correlation = distance = float("nan")
    if put.sum() and got.sum():
        one, other = put / put.sum(), got / got.sum()
        distance = float(np.abs(one - other).sum() / 2)
        if one.std() and other.std():
            one, other = one - one.mean(), other - other.mean()
            size = float(np.sqrt((one**2).sum() * (other**2).sum()))
            correlation = min(float((one * other).sum()) / size, 1.0)
    variants = (int((put > 0).sum()), int((got > 0).sum()), int(both.sum()))
    wrong = (int(false.sum()), int(got[false].sum()), int(misplaced.sum()))
    return (int(put.sum()), int(got.sum()), *variants, *wrong, correlation, distance)


def _name_depth(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+"
    return f"{low}" if low == high else f"{low}-{high}"


def _find_nearest(sequence: str, candidates: Mapping[str, str]) -> tuple[str, int]:
    """Candidate with the least edit distance (the first of equals by name), and the distance."""
    best_name, best = "", -1
    for name in sorted(candidates):
        edits = count_edits(sequence, candidates[name], best - 1 if best > 0 else None)
        if edits >= 0 and (best < 0 or edits < best):
            best_name, best = name, int(edits)
        if best == 0:
            break
    return best_name, best


def _count_common_start(one: str, other: str) -> int:
    size = min(len(one), len(other))
    left = np.frombuffer(one[:size].encode("ascii"), dtype=np.uint8)
    right = np.frombuffer(other[:size].encode("ascii"), dtype=np.uint8)
    differences = np.flatnonzero(left != right)
    return int(differences[0]) if len(differences) else size


def _clean_name(value: object) -> str:
    return _RANK_PREFIX.sub("", value) if isinstance(value, str) else ""


def _finish_names(tally: Mapping[str, int]) -> dict[str, float]:
    keys = ("asvs", "asvs_named", "asvs_right", "reads", "reads_named", "reads_right")
    row: dict[str, float] = defaultdict(int, {key: tally.get(key, 0) for key in keys})
    missing = float("nan")
    row["share_named"] = row["reads_named"] / row["reads"] if row["reads"] else missing
    row["share_right"] = row["reads_right"] / row["reads"] if row["reads"] else missing
    named = row["reads_named"]
    row["precision"] = row["reads_right"] / named if named else missing
    return dict(row)
