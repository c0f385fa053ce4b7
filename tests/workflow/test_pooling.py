"""Pooled denoising through the workflow: shards, accounts, truth."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from workflow.studies import run_vagus

pytestmark = [pytest.mark.workflow, pytest.mark.long]


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def test_a_pool_in_several_shards(finished: Path, tmp_path: Path) -> None:
    study = tmp_path / "pooled"
    shutil.copytree(
        finished, study, ignore=shutil.ignore_patterns("results", ".snakemake", "std*.txt")
    )
    with open(study / "config.yaml", "a", encoding="utf-8") as config:
        config.write(
            "denoise:\n  engine: dada\n  pooling: pooled\n  rescue: true\n"
            "  pool_shard_uniques: 300\n"
        )
    done = run_vagus(study, "run", "--cores", "2", "--until", "merge_rescued")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    folder = study / "results" / "denoise"
    (pool,) = (folder / "pools").iterdir()
    assert len(json.loads((pool / "plan.json").read_text(encoding="utf-8"))["shards"]) > 1
    assert sorted(path.name for path in pool.iterdir() if path.is_file()) == [
        "births.tsv", "groups.npz", "phase_plan.json", "phase_shards.npz", "phase_shares.npz",
        "phase_variants.tsv", "plan.json", "shares.npz",
    ]  # fmt: skip
    table = _read(folder / "asv_table.tsv")
    for row in _read(folder / "ledger.tsv"):
        lost = sum(int(value or 0) for name, value in row.items() if name.startswith("lost_"))
        assert int(row["input"] or 0) == lost + int(row["asv_reads"] or 0), row["sample"]
        counted = sum(int(asv.get(row["sample"], 0) or 0) for asv in table)
        assert counted == int(row["asv_reads"] or 0), row["sample"]
    births = {row["asv"] for row in _read(pool / "births.tsv")}
    found = {row["asv"] for row in table}
    assert found <= births
    truth = _read(study / "truth" / "asv_table.tsv")
    deep = {row["asv"] for row in truth if sum(int(n) for k, n in row.items() if k != "asv") >= 40}
    assert len(deep) >= 10
    assert len(deep & found) >= 0.95 * len(deep)
