"""Compare the dada engine with R dada2 on the same filtered reads, variant by variant.

Takes FASTQ files of trimmed, oriented, filtered reads (``prepare_reads.py --filtered``),
each of which is learned from and denoised by itself in both programs. Without files: three
simulated samples and, where they lie beside the checkout, the MSA-1003 reads. Needs Rscript with
the package dada2 on the path, else it says so and skips. CPU seconds are those of learning
and denoising; ours include the start of Python, R's do not include the start of R.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
R_PROGRAM = Path(__file__).with_suffix(".R")
sys.path.insert(0, str(SCRIPTS))


def find_dada2() -> str | None:
    """Version of R's dada2, or None."""
    if shutil.which("Rscript") is None:
        return None
    code = 'cat(as.character(packageVersion("dada2")))'
    found = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    return found.stdout if found.returncode == 0 else None


def run_measured(command: list[str]) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of a command."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            log.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{log.read().decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def make_sets(folder: Path) -> list[Path]:
    """Simulated samples and, where present, real ones, after our trimming and filters."""
    root = SCRIPTS.parent
    raw = []
    for name, community, depth, seed in (
        ("gut_3000", "demo_community.tsv", 3000, 11),
        ("gut_6000", "demo_community.tsv", 6000, 12),
        ("mock_4000", "demo_mock.tsv", 4000, 13),
    ):
        command = [
            sys.executable, str(SCRIPTS / "simulate_reads.py"), "--output", str(folder / name),
            "--community", str(root / "resources" / community), "--depth", str(depth),
            "--seed", str(seed),
        ]  # fmt: skip
        run_measured(command)
        raw.append((name, next((folder / name / "reads").iterdir())))
    real = root.parent / "shared" / "data" / "msa1003_hifi" / "test_1000_reads.fastq.gz"
    if real.is_file():
        raw.append(("msa1003", real))
    return [_filter(reads, folder / f"{name}.fastq.gz") for name, reads in raw]


def _filter(reads: Path, target: Path) -> Path:
    command = [
        sys.executable, str(SCRIPTS / "prepare_reads.py"), "--sample", target.stem,
        "--uniques", f"{target}.npz", "--qc", f"{target}.json", "--filtered", str(target),
        "--", str(reads),
    ]  # fmt: skip
    run_measured(command)
    return target


def dereplicate(fastq: Path, path: Path) -> None:
    """Unique sequences of a FASTQ file, saved as the reads stage does."""
    import dnaio
    import numpy as np

    from vagus.reads.uniques import Uniques

    with dnaio.open(fastq) as reads:
        records = [(read.sequence, read.qualities) for read in reads]
    qualities = [np.frombuffer(text.encode(), np.uint8) - 33 for _, text in records]
    Uniques.from_reads([s for s, _ in records], qualities, sample=fastq.name).save(path)


def run_vagus(fastq: Path, folder: Path, mode: str) -> dict[str, float]:
    """Learn and denoise with our programs; CPU and memory."""
    dereplicate(fastq, folder / "uniques.npz")
    learn = [
        sys.executable, str(SCRIPTS / "learn_errors.py"), str(folder / "uniques.npz"),
        "--mode", mode, "--error-model", str(folder / "model.tsv"),
        "--description", str(folder / "model.json"),
    ]  # fmt: skip
    denoise = [
        sys.executable, str(SCRIPTS / "denoise_sample.py"),
        "--uniques", str(folder / "uniques.npz"), "--mode", mode,
        "--error-model", str(folder / "model.tsv"),
        "--variants", str(folder / "variants.tsv"), "--losses", str(folder / "losses.json"),
    ]  # fmt: skip
    runs = [run_measured(command) for command in (learn, denoise)]
    return {
        "learn_cpu_s": runs[0][0],
        "denoise_cpu_s": runs[1][0],
        "peak_mb": max(memory for _, memory in runs),
    }


def run_dada2(fastq: Path, folder: Path, error_function: str) -> dict[str, float]:
    """Learn and denoise with R; its own figures."""
    import pandas as pd

    folder.mkdir(exist_ok=True)
    run_measured(["Rscript", str(R_PROGRAM), str(fastq), str(folder), error_function])
    return dict(pd.read_csv(folder / "figures.tsv", sep="\t").iloc[0].drop("version"))


def compare_variants(ours: Path, theirs: Path) -> dict[str, float]:
    """Variants in common, equal counts, and those of one side only."""
    import pandas as pd

    own = pd.read_csv(ours / "variants.tsv", sep="\t").set_index("sequence")
    other = pd.read_csv(theirs / "variants.tsv", sep="\t").set_index("sequence")
    common = own.index.intersection(other.index)
    only_own, only_other = own.drop(common), other.drop(common)
    for label, table, column in (("vagus", only_own, "exact_reads"), ("dada2", only_other, "n0")):
        for sequence, row in table.iterrows():
            twins = set(only_other["n0"]) if label == "vagus" else set(only_own["exact_reads"])
            why = "tie of equally abundant sequences" if row[column] in twins else "look at it"
            print(f"  only {label}: {row[column]} exact reads, {sequence[:40]}... ({why})")
    equal = (own.loc[common, "reads"] == other.loc[common, "denoised"]).sum()
    return {
        "variants_vagus": len(own),
        "variants_dada2": len(other),
        "in_common": len(common),
        "equal_counts": int(equal),
    }


def compare_rates(ours: Path, theirs: Path) -> float:
    """Largest relative difference of a learned rate."""
    import numpy as np
    import pandas as pd

    from vagus.denoise.error_model import ErrorModel

    rates = ErrorModel.load(ours / "model.tsv").rates
    other = pd.read_csv(theirs / "rates.tsv", sep="\t", skipinitialspace=True).to_numpy(float)
    return float(np.abs(other / rates[:, : other.shape[1]] - 1).max())


def compare(fastq: Path, mode: str, error_function: str) -> dict[str, float | str]:
    """Run both on one file; one row of figures."""
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = Path(name), Path(name) / "dada2"
        own = run_vagus(fastq, ours, mode)
        other = run_dada2(fastq, theirs, error_function)
        row = {"reads": fastq.name} | compare_variants(ours, theirs)
        row["greatest_rate_difference"] = compare_rates(ours, theirs)
    row |= {f"vagus_{key}": value for key, value in own.items()}
    return row | {f"dada2_{key}": value for key, value in other.items()}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reads", nargs="*", type=Path, help="filtered FASTQ files")
    parser.add_argument("--mode", choices=("pruned", "exact"), default="pruned")
    parser.add_argument("--error-function", choices=("pacbio", "loess"), default="pacbio")
    parser.add_argument("--table", type=Path, help="figures to write (.tsv)")
    arguments = parser.parse_args(argv)
    version = find_dada2()
    if version is None:
        print("skipped: Rscript with the package dada2 is not on the path")
        return 0
    import pandas as pd

    rows = []
    with tempfile.TemporaryDirectory() as name:
        for fastq in arguments.reads or make_sets(Path(name)):
            print(f"{fastq.name} (R dada2 {version})", flush=True)
            rows.append(compare(fastq, arguments.mode, arguments.error_function))
    table = pd.DataFrame(rows)
    print(table.set_index("reads").T.to_string(float_format="%.4g"))
    if arguments.table:
        table.to_csv(arguments.table, sep="\t", index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
