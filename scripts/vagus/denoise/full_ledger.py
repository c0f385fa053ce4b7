"""The ledger of the study from raw reads to ASVs: every read in one place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vagus.denoise.study_table import Study
from vagus.errors import ReadsError
from vagus.tables.stages.denoise import LOSSES

OK, EMPTY = "ok", "empty"
DENOISE_LOSSES = tuple(column.name for column in LOSSES)
LESS_PROTECTED = "errors that recur on one strand cannot be distinguished from variants"


def extend_ledger(reads_ledger: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The reads ledger with the losses of denoising, one row a sample, sorted by name.

    Raises ReadsError if a sample is missing on one side or its reads do not add up:
    input = all lost_* + asv_reads.
    """
    ledger = reads_ledger.sort_values("sample", kind="stable").reset_index(drop=True)
    ledger["reason"] = ledger["reason"].astype(object).where(ledger["reason"].notna(), "")
    if sorted(ledger["sample"].astype(str)) != sorted(study.samples):
        differing = set(ledger["sample"].astype(str)) ^ set(study.samples)
        raise ReadsError(
            f"The reads ledger and the denoised samples differ: {', '.join(sorted(differing))}",
            fix="Run the denoise stage again for the samples of the sample sheet",
        )
    losses = pd.DataFrame([count_losses(study, str(name)) for name in ledger["sample"]])
    ledger = pd.concat([ledger, losses], axis=1)
    ran_dry = (ledger["status"] == OK) & (ledger["asv_reads"] == 0)
    reasons = [find_reason(study, str(name)) for name in ledger["sample"]]
    no_reason = ran_dry & (ledger["reason"] == "")
    ledger.loc[no_reason, "reason"] = pd.Series(reasons, dtype=object)[no_reason]
    ledger.loc[ran_dry, "status"] = EMPTY
    check_balance(ledger)
    return ledger


def find_reason(study: Study, sample: str) -> str:
    """Why a sample has no read in an ASV: as its engine says, else where most reads are counted."""
    losses = study.losses[study.samples.index(sample)]
    if losses.get("reason"):
        return str(losses["reason"])
    lost = count_losses(study, sample)
    most = max((*DENOISE_LOSSES, "lost_chimera"), key=lambda name: int(str(lost[name])))
    where = f"; most are counted in {most}" if lost[most] else ""
    return f"no read is left in an ASV{where}"


def count_losses(study: Study, sample: str) -> dict[str, object]:
    """By which engine one sample was denoised and why, what it lost and what is left."""
    at = study.samples.index(sample)
    losses = study.losses[at]
    removed = {i: n for i, n in study.counts[at].items() if study.is_removed[i]}
    has_reads = bool(losses["reads_in"])
    return {
        "engine": losses["engine"] if has_reads else "",
        "engine_reason": losses.get("engine_reason", "") if has_reads else "",
        "strands": losses.get("strands", "") if has_reads else "",
        "error_rate": losses.get("measured_error_rate"),
        **{name: int(losses.get(name, 0)) for name in DENOISE_LOSSES},
        "lost_chimera": sum(removed.values()),
        "asv_reads": int(losses["assigned"]) - sum(removed.values()),
        "n_asvs": len(study.counts[at]) - len(removed),
        "note": describe_protection(losses) if has_reads else "",
    }


def describe_protection(losses: dict[str, Any]) -> str:
    """What a reader must know of the sample's variants; empty when there is nothing."""
    strands = losses.get("strands", "both")
    if strands == "both":
        return ""
    if strands == "unknown":
        return "strands of the reads unknown: " + LESS_PROTECTED
    origin = "sequenced so, or turned before they came here"
    return f"all reads are of the {strands} strand ({origin}): {LESS_PROTECTED}"


def check_balance(ledger: pd.DataFrame) -> None:
    """Refuse a ledger in which reads appear or disappear."""
    lost = ledger[[name for name in ledger.columns if name.startswith("lost_")]].sum(axis=1)
    wrong = np.flatnonzero(lost + ledger["asv_reads"] != ledger["input"])
    if len(wrong):
        row = ledger.iloc[wrong[0]]
        raise ReadsError(
            f"{row['input']} reads came in, but {int(lost.iloc[wrong[0]])} are lost and "
            f"{row['asv_reads']} are in ASVs",
            fix="Delete the sample's folders under 'reads' and 'denoise' and run again",
            sample=str(row["sample"]),
        )
