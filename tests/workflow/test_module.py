"""The workflow as a module of another one: its rules run, and those of the other are left alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.studies import ROOT, pick_genes, write_fastq, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]
OTHER = """
configfile: "config.yaml"


module vagus:
    snakefile: {snakefile!r}
    config: config


use rule * from vagus as vagus_*


rule count_asvs:
    default_target: True
    input:
        "results/denoise/asv_table.tsv",
    output:
        "n_asvs.txt",
    shell:
        "tail -n +2 {{input}} | wc -l > {{output}}"
"""


def write_other(folder: Path, snakefile: str) -> int:
    """A workflow with this one as its module, with two samples; returns the number of genes."""
    genes = pick_genes(3)
    for name in ("a", "b"):
        write_fastq(folder / "reads" / f"{name}.fastq.gz", genes, 300)
    sheet = "sample\treads\na\treads/a.fastq.gz\nb\treads/b.fastq.gz\n"
    write_study(folder, sheet, "reads:\n  platform: hifi\n")
    (folder / "Snakefile").write_text(OTHER.format(snakefile=snakefile), encoding="utf-8")
    return len(genes)


def run_snakemake(folder: Path, *words: str) -> str:
    """What Snakemake prints, which has to succeed."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def test_another_workflow_uses_this_one(tmp_path: Path) -> None:
    n_genes = write_other(tmp_path, str(ROOT / "workflow" / "Snakefile"))
    run_snakemake(tmp_path)
    assert int((tmp_path / "n_asvs.txt").read_text()) == n_genes  # reads are without errors
    logs = {path.name.split(".")[0] for path in (tmp_path / "results" / "logs").rglob("*.log")}
    assert "merge_variants" in logs
    assert "count_asvs" not in logs
    assert "vagus_write_report" in run_snakemake(tmp_path, "vagus_all", "--dry-run")


def test_a_module_from_git_runs_the_programs_that_are_installed(tmp_path: Path) -> None:
    """As snakedeploy writes it: Snakemake fetches the rules, one by one, and nothing else."""
    repository = tmp_path / "repository"
    shutil.copytree(ROOT / "workflow", repository / "workflow")
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*identity, "commit", "-qm", "x")):
        subprocess.run(["git", *words], cwd=repository, check=True)
    folder = tmp_path / "study"
    write_other(folder, f"git+file://{repository}/workflow/Snakefile@main")
    assert "vagus_write_report" in run_snakemake(folder, "vagus_all", "--dry-run")
