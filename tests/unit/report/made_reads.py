"""Tables of the reads and denoise stages of a made study."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from unit.report.made_study import MadeStudy

LOSSES = (
    "unreadable",
    "malformed",
    "duplex_parent",
    "repeated",
    "primers",
    "unoriented",
    "too_short",
    "too_long",
    "ambiguous",
    "expected_errors",
    "low_accuracy",
    "too_few_reads",
)


def write_reads(study: MadeStudy) -> None:
    tables: dict[str, list] = {
        "qc": [], "length_histogram": [], "expected_errors_histogram": [], "quality_profile": [],
    }  # fmt: skip
    rows = [_make_sample(study, name, tables) for name in study.names]
    study.ledger = pd.DataFrame(rows)
    late = ["lost_singleton", "lost_omega_c", "lost_chimera", "asv_reads", "n_asvs"]
    study.write("reads/ledger", study.ledger.drop(columns=late))
    study.write("denoise/ledger", study.ledger)
    for name, more in {
        "qc": None if tables["qc"] else [],
        "length_histogram": ["length_bp", "n_reads"],
        "expected_errors_histogram": ["expected_errors_from", "expected_errors_to", "n_reads"],
        "quality_profile": ["position_bp", "mean_quality"],
    }.items():
        columns = None if more is None else ["sample", "stage", *more]
        study.write(f"reads/{name}", pd.DataFrame(tables[name], columns=columns))


def _make_sample(study: MadeStudy, name: str, tables: dict[str, list]) -> dict[str, object]:
    """The ledger's row of a sample; its rows of the other tables are added to ``tables``."""
    reads = int(study.counts[name].sum())
    lost = {f"lost_{x}": 0 for x in LOSSES}
    if reads:
        lost["lost_primers"] = int(study.random.integers(10, 120))
        lost["lost_too_short"] = int(study.random.integers(0, 30))
        lost["lost_expected_errors"] = int(study.random.integers(50, 400))
    later = {
        "lost_singleton": reads // 5,
        "lost_omega_c": reads // 40,
        "lost_chimera": reads // 100,
    }
    kept = reads + sum(later.values())
    total = kept + sum(lost.values())
    for stage, n_reads in (("before", total), ("after", kept)) if reads else ():
        tables["qc"].append(_make_qc(name, stage, n_reads))
        _add_histograms(name, stage, n_reads, tables)
        tables["quality_profile"] += [
            (name, stage, p, 60 + 20 * np.sin(p / 300) + study.random.normal())
            for p in range(0, 1450, 5)
        ]
    status = "failed" if name in study.failed else "ok" if reads else "empty"
    reason = study.failed.get(name, "" if reads else "no reads")
    n_asvs = int((study.counts[name] > 0).sum())
    return {
        "sample": name, "status": status, "reason": reason, "platform": "hifi",
        "quality_scheme": "full", "primers": "27F-1492R", "input": total, **lost, "kept": kept,
        "n_uniques": kept // 2, **later, "asv_reads": reads, "n_asvs": n_asvs,
    }  # fmt: skip


def _make_qc(name: str, stage: str, n_reads: int) -> dict[str, object]:
    is_after = stage == "after"
    return {
        "sample": name,
        "stage": stage,
        "n_reads": n_reads,
        "n_bases": n_reads * 1450,
        "median_length_bp": 1452.0,
        "mean_expected_errors": 0.42,
        "median_expected_errors": 0.21,
        "median_accuracy": 0.99985,
        "median_passes": None,
        "accuracy_source": "qualities",
        "unique_share": 0.5 if is_after else None,
        "n_sense": None if is_after else n_reads // 2,
        "n_antisense": None if is_after else n_reads - n_reads // 2,
    }


def _add_histograms(name: str, stage: str, n_reads: int, tables: dict[str, list]) -> None:
    """Lengths and expected errors; long and bad reads are filtered out."""
    shift = 40 if stage == "before" else 0
    tables["length_histogram"] += [
        (name, stage, 1400 + 10 * b + shift, int(n_reads * w))
        for b, w in enumerate((0.02, 0.05, 0.13, 0.3, 0.3, 0.15, 0.05))
    ]
    edges = [0, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 2] + ([5, 20] if stage == "before" else [])
    tables["expected_errors_histogram"] += [
        (name, stage, a, b, n_reads // (len(edges) - 1)) for a, b in pairwise(edges)
    ]


def write_denoise(study: MadeStudy) -> None:
    for stage in ("denoise", "selection"):
        study.write_wide(f"{stage}/asv_table", study.counts.rename_axis("asv"))
    n = len(study.counts)
    asvs = list(study.counts.index)
    study.write(
        "denoise/asvs",
        pd.DataFrame(
            {
                "asv": asvs,
                "length_bp": [1450 + i % 9 for i in range(n)],
                "reads": study.counts.sum(axis=1),
                "n_samples": (study.counts > 0).sum(axis=1),
                "engine": "dada",
                "birth_sample": study.names[0],
                "birth_type": "abundance",
                "log10_p_value": -80.0,
                "parent": [""] + asvs[: n - 1] if n else [],
                "hamming": 12,
                "exact_reads": 100,
                "flags": "",
            }
        ),
    )
    _write_chimeras(study, asvs)
    if n:
        _write_error_model(study)


def _write_chimeras(study: MadeStudy, asvs: list[str]) -> None:
    """One chimera with all reads that the ledger says were lost as chimeras."""
    lost = int(study.ledger["lost_chimera"].sum())
    if len(asvs) < 2:
        study.write("denoise/chimeras", pd.DataFrame(columns=["asv", "reads"]))
        return
    row = {"asv": "c" * 32, "reads": lost, "n_samples": 3, "n_samples_flagged": 3,
           "left_parent": asvs[0], "right_parent": asvs[1], "breakpoint_bp": 700,
           "sequence": "ACGT"}  # fmt: skip
    study.write("denoise/chimeras", pd.DataFrame([row]).head(1 if lost else 0))


def _write_error_model(study: MadeStudy) -> None:
    rows = []
    for a in "ACGT":
        for b in "ACGT":
            for q in range(0, 94, 3):
                rate = max(1e-7, 10 ** (-q / 12) / 3)
                total = 200_000 if q > 60 else 5000
                seen = int(study.random.poisson(rate * total)) if a != b else int(total * 0.99)
                rows.append(
                    (f"{a}2{b}", q, seen, total, seen / total, rate if a != b else 1 - 3 * rate)
                )
    columns = ["transition", "quality", "observed_errors", "total", "rate", "fitted_rate"]
    study.write("denoise/runs/run1/error_model", pd.DataFrame(rows, columns=columns))
    (study.results / "denoise/runs/run1/error_model.json").write_text(json.dumps({
        "scheme": "full", "rounds": 5, "converged": True, "source": "learned",
        "samples": study.names[:3], "n_reads": 6100}))  # fmt: skip
