"""The ledger of the study from raw reads to ASVs: every read in one place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vagus.denoise.study_table import Study
from vagus.errors import ReadsError

OK, EMPTY = "ok", "empty"


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
    ledger.loc[ran_dry & (ledger["reason"] == ""), "reason"] = "no read is left in an ASV"
    ledger.loc[ran_dry, "status"] = EMPTY
    check_balance(ledger)
    return ledger


def count_losses(study: Study, sample: str) -> dict[str, int]:
    """What one sample lost in denoising and what is left."""
    at = study.samples.index(sample)
    removed = {i: n for i, n in study.counts[at].items() if study.is_removed[i]}
    return {
        "lost_singleton": int(study.losses[at]["lost_singleton"]),
        "lost_omega_c": int(study.losses[at]["lost_omega_c"]),
        "lost_chimera": sum(removed.values()),
        "asv_reads": int(study.losses[at]["assigned"]) - sum(removed.values()),
        "n_asvs": len(study.counts[at]) - len(removed),
    }


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
