"""Step programs with the files that each makes of the small study in ``study``."""

from __future__ import annotations

import gzip
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
TABLES = "--asv-table {study}/asv_table.tsv --taxonomy {study}/taxonomy.tsv"
TREE = "--tree {study}/tree.nwk --plan {golden}/rarefy_samples/plan.json"

RANKS = ("phylum", "class", "order", "family", "genus", "species")
METRICS = ("braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac")

CASES = {
    "select_asvs": f"{TABLES} --asvs {{study}}/asvs.fasta --selected-table asv_table.tsv "
    "--selected-asvs asvs.fasta --set-apart set_apart.tsv --ledger ledger.tsv "
    "--contaminants {golden}/find_contaminants/contaminants.tsv",
    "gather_taxa": f"{TABLES} "
    + " ".join(f"--table {rank}=composition_{rank}.tsv" for rank in RANKS),
    "correct_copy_numbers": f"{TABLES} --copy-numbers {{study}}/copies.tsv "
    "--corrected-table asv_table.tsv --genera genera.tsv --coverage coverage.tsv",
    "find_contaminants": f"{TABLES} --samples {{study}}/samples.tsv "
    "--contaminants contaminants.tsv --ledger ledger.tsv --explanation explanation.txt "
    "--contaminant-threshold 0.3",
    "rarefy_samples": "--asv-table {study}/asv_table.tsv --rarefaction-depth 10 --control blank "
    "--plan plan.json --excluded excluded.tsv --choices choices.tsv --curves curves.tsv",
    "measure_alpha": f"--asv-table {{study}}/asv_table.tsv {TREE} "
    "--alpha asv=alpha.tsv --unrarefied asv=alpha_unrarefied.tsv",
    "measure_beta": f"--asv-table {{study}}/asv_table.tsv {TREE} "
    + " ".join(f"--beta asv/{metric}=beta_{metric}.tsv" for metric in METRICS),
    "build_tree": "--alignment {study}/alignment.fasta --tree tree.nwk",
    "export_phyloseq": f"{TABLES} --samples {{study}}/samples.tsv --asvs {{study}}/asvs.fasta "
    "--tree {study}/tree.nwk --folder .",
    "prepare_reads": "{study}/gut1.fastq --sample gut1 --platform hifi --primers 27F_1492R "
    "--min-length-bp 40 --max-length-bp 100 --uniques uniques.npz --qc qc.json "
    "--filtered kept.fastq.gz",
    "collect_ledger": "{golden}/prepare_reads/qc.json --ledger ledger.tsv --qc qc.tsv "
    "--length-histogram lengths.tsv --expected-errors-histogram expected_errors.tsv "
    "--quality-profile profile.tsv",
}
COMPRESSED, NOT_TEXT = ".gz", (".npz", ".md")


def run(program: str, folder: Path) -> int:
    """Run a program of ``CASES`` in a folder; returns its exit code."""
    words = CASES[program].format(study=GOLDEN / "study", golden=GOLDEN).split()
    with _work_in(folder):
        code: int = importlib.import_module(program).main(words)
    return code


def list_files(folder: Path) -> dict[str, bytes]:
    """Text of the files below a folder by their path in it, unpacked; archives are left out."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in NOT_TEXT:
            name = path.relative_to(folder).as_posix().removesuffix(COMPRESSED)
            content = path.read_bytes()
            files[name] = gzip.decompress(content) if path.suffix == COMPRESSED else content
    return files


@contextmanager
def _work_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
