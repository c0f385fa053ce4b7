"""All samples' variants together: ASVs of the study, chimeras left out, reads accounted for."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vagus.chimeras.bimera_limits import BIMERA, CLOSE_BIMERA
from vagus.chimeras.bimeras import Occurrence
from vagus.chimeras.rules import ChimeraCall, JudgedSample, call_chimeras
from vagus.chimeras.settings import ChimeraSettings
from vagus.chimeras.verdicts import Verdict
from vagus.denoise.denoised import SENSITIVE
from vagus.denoise.sparse_table import SparseTable
from vagus.denoise.variant_tables import read_variants
from vagus.engines import ENGINES, FALLBACK
from vagus.errors import ReadsError
from vagus.records import NOTHING, Maybe, is_count, is_number, read_object
from vagus.tables.stages.denoise import ASVS, CHIMERAS

log = logging.getLogger(__name__)

BIRTH_COLUMNS = (
    "engine", "birth_type", "birth_p_value", "parent", "hamming", "exact_reads", "flags",
    "log_ratio", "reverse_reads",
)  # fmt: skip
TEXTS = ("parent", "flags", "left_parent", "right_parent")
_LOSSES = {
    "sample": str, "reads_in": is_count, "assigned": is_count, "engine": str, "reason": str,
    "strands": Maybe(str), "engine_reason": Maybe(str),
    "measured_error_rate": Maybe((is_number, NOTHING)),
}  # fmt: skip
EMPTY_COLUMNS = {
    "log_ratio": np.nan, "reverse_reads": pd.NA, "left_parent": "", "right_parent": "",
    "breakpoint_bp": -1,
}  # fmt: skip
"""Columns of ``phase`` that the variants of ``dada`` do not have."""


@dataclass
class Study:
    """Variants of all samples, added one sample after the other, then judged.

    Attributes:
        samples: names in order.
        counts: for each sample, reads of its variants by index.
        flagged: for each sample, the variants that ``phase`` takes for bimeras.
        losses: for each sample, the reads that came in and were lost.
        names, sequences: of the variants by index.
        births: per variant the birth record of its largest occurrence, with its sample.
    """

    samples: list[str] = field(default_factory=list)
    counts: list[dict[int, int]] = field(default_factory=list)
    flagged: list[dict[int, Occurrence]] = field(default_factory=list)
    losses: list[dict[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    sequences: list[str] = field(default_factory=list)
    births: list[dict[str, Any]] = field(default_factory=list)
    chimera_calls: list[ChimeraCall] = field(default_factory=list)
    is_removed: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))

    def __post_init__(self) -> None:
        self._index = {name: i for i, name in enumerate(self.names)}

    def add(self, variants: pd.DataFrame, losses: dict[str, Any]) -> None:
        """Add one sample. Raises ReadsError if its reads do not add up."""
        sample = str(losses["sample"])
        lost = sum(n for name, n in losses.items() if name.startswith("lost_"))
        assigned = int(variants["reads"].sum())
        if assigned != losses["assigned"] or assigned + lost != losses["reads_in"]:
            raise ReadsError(
                f"{losses['reads_in']} reads went into denoising, but {assigned} are in variants "
                f"and {lost} are lost",
                fix="Delete the sample's folder under 'denoise' and run again",
                sample=sample,
            )
        self.samples.append(sample)
        self.losses.append(losses)
        self.counts.append({})
        self.flagged.append({})
        for row in fill_columns(variants).to_dict("records"):
            i = self._find(row["asv"], row["sequence"])
            self.counts[-1][i] = int(row["reads"])
            if (mark := read_bimera(row)) is not None:
                self.flagged[-1][i] = mark
            birth = {name: row[name] for name in BIRTH_COLUMNS}
            birth |= {"reads": row["reads"], "birth_sample": sample}
            if rank_birth(birth) > rank_birth(self.births[i]):
                self.births[i] = birth

    def _find(self, name: str, sequence: str) -> int:
        """Index of a variant, new ones at the end."""
        if name not in self._index:
            self._index[name] = len(self.names)
            self.names.append(name)
            self.sequences.append(sequence)
            self.births.append({"reads": -1})
        return self._index[name]

    def judge(self, settings: ChimeraSettings | None) -> None:
        """Find chimeras; with None they are not looked for."""
        self.chimera_calls = [ChimeraCall(False, Verdict(), "") for _ in self.names]
        if settings is not None:
            samples = [
                judge_sample(losses["engine"], counts, flagged)
                for losses, counts, flagged in zip(
                    self.losses, self.counts, self.flagged, strict=True
                )
            ]
            self.chimera_calls = call_chimeras(self.names, self.sequences, samples, settings)
        self.is_removed = np.array([call.is_removed for call in self.chimera_calls], np.bool_)
        log.info("%d variants, %d of them chimeras", len(self.names), int(self.is_removed.sum()))

    @cached_property
    def totals(self) -> NDArray[np.int64]:
        """Reads of each variant over the study."""
        totals = np.zeros(len(self.names), np.int64)
        for sample in self.counts:
            for i, reads in sample.items():
                totals[i] += reads
        return totals

    @cached_property
    def spread(self) -> NDArray[np.int64]:
        """Samples that contain each variant."""
        spread = np.zeros(len(self.names), np.int64)
        for sample in self.counts:
            spread[list(sample)] += 1
        return spread

    def order(self, wanted: NDArray[np.bool_]) -> list[int]:
        """Indices of the wanted variants in descending total reads, then by name."""
        indices = np.flatnonzero(wanted).tolist()
        return sorted(indices, key=lambda i: (-self.totals[i], self.names[i]))

    def asvs(self) -> list[int]:
        """Variants that are kept, in their order."""
        return self.order(~self.is_removed)

    def sparse_table(self) -> SparseTable:
        """ASV x sample counts; samples without any read in an ASV are left out."""
        asvs = self.asvs()
        row_of = np.full(len(self.names), -1, np.int32)
        row_of[asvs] = np.arange(len(asvs), dtype=np.int32)
        names, rows, values, starts = [], [], [], [0]
        for sample, counts in sorted(zip(self.samples, self.counts, strict=True)):
            own = row_of[np.fromiter(counts.keys(), np.int64, len(counts))]
            reads = np.fromiter(counts.values(), np.int64, len(counts))[own >= 0]
            if reads.any():
                names.append(sample)
                rows.append(own[own >= 0])
                values.append(reads)
                starts.append(starts[-1] + len(reads))
        return SparseTable(
            [self.names[i] for i in asvs],
            names,
            np.concatenate([np.empty(0, np.int32), *rows]),
            np.concatenate([np.empty(0, np.int64), *values]),
            np.array(starts, np.int64),
        )

    def table(self) -> pd.DataFrame:
        """The same as a full table, for small studies."""
        return self.sparse_table().fill()

    def birth_table(self) -> pd.DataFrame:
        """One row an ASV: reads, samples and the birth record of its largest occurrence."""
        rows = []
        for i in self.asvs():
            birth = self.births[i]
            own = {
                "asv": self.names[i],
                "length_bp": len(self.sequences[i]),
                "reads": int(self.totals[i]),
                "n_samples": int(self.spread[i]),
                "log10_p_value": birth["birth_p_value"],
            }
            rows.append(birth | own)
        return pd.DataFrame(rows, columns=ASVS.names)

    def chimera_table(self) -> pd.DataFrame:
        """One row a removed variant, with its parents and where they meet."""
        rows = []
        for i in self.order(self.is_removed):
            verdict = self.chimera_calls[i].verdict
            rows.append(
                (
                    self.names[i], int(self.totals[i]), verdict.n_samples, verdict.n_flagged,
                    self.names[verdict.left_parent], self.names[verdict.right_parent],
                    verdict.breakpoint_bp, self.chimera_calls[i].rule, self.sequences[i],
                )
            )  # fmt: skip
        return pd.DataFrame(rows, columns=CHIMERAS.names)


def rank_birth(birth: Mapping[str, Any]) -> tuple[bool, int]:
    """Which of two records of a variant is kept: that of the strict level, then of more reads."""
    return birth.get("birth_type") != SENSITIVE and birth["reads"] > 0, birth["reads"]


def judge_sample(
    engine: str, reads: dict[int, int], flagged: dict[int, Occurrence]
) -> JudgedSample:
    """Variants of a sample, to be judged by the rule of its engine."""
    rule = ENGINES.get(engine, ENGINES[FALLBACK]).chimera_rule
    return JudgedSample(engine, rule, reads, flagged)


def fill_columns(variants: pd.DataFrame) -> pd.DataFrame:
    """The variants of either engine with the same columns, and texts that are never missing."""
    filled = variants.copy()
    for name, value in EMPTY_COLUMNS.items():
        if name not in filled:
            filled[name] = value
    for name in TEXTS:
        filled[name] = filled[name].astype(object).where(filled[name].notna(), "")
    return filled


def read_bimera(row: dict[str, Any]) -> Occurrence | None:
    """What ``phase`` says of a variant that it takes for a bimera; None of others."""
    flags = set(str(row["flags"]).split(";")) & {BIMERA, CLOSE_BIMERA}
    if not flags:
        return None
    return Occurrence(
        int(row["reads"]), flags.pop(), row["left_parent"], row["right_parent"],
        int(row["breakpoint_bp"]),
    )  # fmt: skip


def read_losses(path: Path) -> dict[str, Any]:
    """Read ``losses.json`` of a sample; raises VagusError for a damaged file."""
    return read_object(
        path, "account of a sample's reads", _LOSSES,
        lambda losses: all(is_count(n) for name, n in losses.items() if name.startswith("lost_")),
    )  # fmt: skip


def load_study(files: Iterable[tuple[Path, Path]]) -> Study:
    """Read ``variants.tsv`` and ``losses.json`` of each sample; samples sorted by name.

    Raises VagusError for a damaged file, or reads that do not add up.
    """
    loaded = []
    for path, account in files:
        losses = read_losses(account)
        loaded.append((str(losses["sample"]), path, losses))
    study = Study()
    for _, path, losses in sorted(loaded, key=lambda item: item[0]):
        study.add(read_variants(path), losses)
    return study
