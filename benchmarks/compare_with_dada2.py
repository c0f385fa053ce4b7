"""Compare the dada engine with R dada2 on the same filtered reads, variant by variant.

Takes FASTQ files of trimmed, oriented, filtered reads (``prepare_reads.py --filtered``), or
simulated sets with known truth by name (``--sets``, see ``dada_sets.py``; for example demo,
gut_20000_400, mock_25000, gut_20000_400_binned7), each of which is learned from and denoised by
itself in both programs. With neither: three small simulated sets and, where they are beside the
checkout, the MSA-1003 reads. Needs Rscript with the package dada2 on the path, else it says so
and skips. CPU seconds are those of learning and denoising; ours include the start of Python,
R's do not include the start of R. Ours learn from all reads, as R does. For binned qualities R
gets its function for bins, or, where its version has none, one written here from the
description (see the R program).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
R_PROGRAM = Path(__file__).with_suffix(".R")
sys.path[:0] = [str(SCRIPTS), str(R_PROGRAM.parent)]

from _measured import run_measured  # noqa: E402
from dada_sets import ReadSet, filter_reads, make_set, score  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

SMALL_SETS = ("gut_3000_120", "gut_6000_160", "mock_4000")


def find_dada2() -> str | None:
    """Version of R's dada2, or None."""
    if shutil.which("Rscript") is None:
        return None
    code = 'cat(as.character(packageVersion("dada2")))'
    found = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    return found.stdout if found.returncode == 0 else None


def make_sets(names: Sequence[str], folder: Path) -> list[ReadSet]:
    """Simulated sets by name; without names three small ones and, where present, real reads."""
    sets = [make_set(name, folder) for name in names or SMALL_SETS]
    real = SCRIPTS.parents[1] / "shared" / "data" / "msa1003_hifi" / "test_1000_reads.fastq.gz"
    if not names and real.is_file():
        target = folder / "msa1003.fastq.gz"
        filter_reads(real, target)
        sets.append(ReadSet("msa1003", target))
    return sets


def dereplicate(fastq: Path, path: Path, scheme: str) -> None:
    """Unique sequences of a FASTQ file, saved as the reads stage does."""
    import dnaio
    import numpy as np

    from vagus.reads.uniques import Uniques

    with dnaio.open(fastq) as reads:
        records = [(read.sequence, read.qualities) for read in reads]
    qualities = [np.frombuffer(text.encode(), np.uint8) - 33 for _, text in records]
    sequences = [sequence for sequence, _ in records]
    found = Uniques.from_reads(sequences, qualities, sample=fastq.name, quality_scheme=scheme)
    found.save(path)


def run_vagus(fastq: Path, folder: Path, mode: str, scheme: str = "full") -> dict[str, float]:
    """Learn and denoise with our programs; CPU and memory."""
    dereplicate(fastq, folder / "uniques.npz", scheme)
    learn = [
        sys.executable, str(SCRIPTS / "learn_errors.py"), str(folder / "uniques.npz"),
        "--mode", mode, "--engine", "dada", "--model", str(folder / "model.tsv"),
        "--description", str(folder / "model.json"), "--learn-from", "all",
        "--partitions", str(folder / "partitions.npz"),
    ]  # fmt: skip
    denoise = [
        sys.executable, str(SCRIPTS / "denoise_sample.py"),
        "--uniques", str(folder / "uniques.npz"), "--mode", mode,
        "--model", f"dada={folder}/model.tsv", "--partitions", f"dada={folder}/partitions.npz",
        "--variants", str(folder / "variants.tsv"), "--losses", str(folder / "losses.json"),
    ]  # fmt: skip
    learned, denoised = run_measured(learn), run_measured(denoise)
    return {
        "learn_cpu_s": learned.cpu_s,
        "denoise_cpu_s": denoised.cpu_s,
        "peak_mb": max(learned.peak_mb, denoised.peak_mb),
    }


def run_dada2(fastq: Path, folder: Path, error_function: str) -> dict[str, float]:
    """Learn and denoise with R; CPU as R counts it, memory as that of our programs.

    Results of the same reads are used again.
    """
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    content = gzip.decompress(fastq.read_bytes()) if fastq.suffix == ".gz" else fastq.read_bytes()
    digest = hashlib.sha256(content + R_PROGRAM.read_bytes() + error_function.encode())
    stamp = folder / "digest.json"
    known = json.loads(stamp.read_text()) if stamp.is_file() else {}
    if known.get("digest") != digest.hexdigest():
        usage = run_measured(["Rscript", R_PROGRAM, fastq, folder, error_function])
        known = {"digest": digest.hexdigest(), "peak_mb": usage.peak_mb}
        stamp.write_text(json.dumps(known))
    figures = pd.read_csv(folder / "figures.tsv", sep="\t").iloc[0].drop("version")
    return dict(figures) | {"peak_mb": known["peak_mb"]}


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

    from vagus.dada.error_model import ErrorModel

    rates = ErrorModel.load(ours / "model.tsv").rates
    other = pd.read_csv(theirs / "rates.tsv", sep="\t", skipinitialspace=True).to_numpy(float)
    return float(np.abs(other / rates[:, : other.shape[1]] - 1).max())


def compare(
    read_set: ReadSet, mode: str, error_function: str, kept: Path | None
) -> tuple[dict[str, object], pd.DataFrame | None]:
    """Run both on one set: a row of figures and, where the truth is known, a table by depth.

    R's results are kept in ``kept`` if that is given.
    """
    import pandas as pd

    scheme = "binned7" if read_set.is_binned else "full"
    function = "binned" if read_set.is_binned else error_function
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = Path(name), (kept or Path(name)) / f"dada2_{read_set.name}"
        own = run_vagus(read_set.fastq, ours, mode, scheme)
        other = run_dada2(read_set.fastq, theirs, function)
        row: dict[str, object] = {"reads": read_set.name} | compare_variants(ours, theirs)
        row["greatest_rate_difference"] = compare_rates(ours, theirs)
        found = [
            set(pd.read_csv(folder / "variants.tsv", sep="\t")["sequence"])
            for folder in (ours, theirs)
        ]
    for side, figures in (("vagus", own), ("dada2", other)):
        row |= {f"{side}_{key}": value for key, value in figures.items()}
    row["cpu_ratio"] = sum_cpu(other) / sum_cpu(own)
    row["memory_ratio"] = other["peak_mb"] / own["peak_mb"]
    if read_set.truth is None:
        return row, None
    own_score, other_score = (pd.DataFrame(score(side, read_set)) for side in found)
    own_score["reads"] = read_set.name
    return row, own_score.assign(dada2_true=other_score["true"], dada2_found=other_score["found"])


def sum_cpu(figures: dict[str, float]) -> float:
    """CPU seconds of learning and denoising together."""
    return figures["learn_cpu_s"] + figures["denoise_cpu_s"]


def list_sets(arguments: argparse.Namespace, folder: Path) -> list[ReadSet]:
    """Sets that were asked for; simulated ones are made in ``folder``."""
    sets = [ReadSet(path.name, path) for path in arguments.reads]
    return sets + (make_sets(arguments.sets, folder) if arguments.sets or not sets else [])


def compare_all(
    arguments: argparse.Namespace, version: str
) -> tuple[list[dict[str, object]], list[pd.DataFrame]]:
    """Compare and print set by set; figures of all, and recall by depth where it is known."""
    import pandas as pd

    rows, depths = [], []
    with tempfile.TemporaryDirectory() as name:
        for read_set in list_sets(arguments, Path(name)):
            print(f"{read_set.name} (R dada2 {version})", flush=True)
            row, depth = compare(read_set, arguments.mode, arguments.error_function, arguments.keep)
            rows.append(row)
            print(pd.Series(row).to_string(), flush=True)
            if depth is not None:
                depths.append(depth)
                print(depth.to_string(index=False), flush=True)
    return rows, depths


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reads", nargs="*", type=Path, help="filtered FASTQ files")
    parser.add_argument("--sets", nargs="+", default=[], help="simulated sets by name")
    parser.add_argument("--mode", choices=("pruned", "exact"), default="pruned")
    parser.add_argument(
        "--error-function", choices=("pacbio", "loess"), default="pacbio", help="R's, if unbinned"
    )
    parser.add_argument("--keep", type=Path, help="folder where R's results are kept for next time")
    parser.add_argument("--table", type=Path, help="figures to write (.tsv)")
    parser.add_argument("--depths", type=Path, help="recall by depth to write (.tsv)")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Compare and write the tables that were asked for."""
    arguments = make_parser().parse_args(argv)
    version = find_dada2()
    if version is None:
        print("skipped: Rscript with the package dada2 is not on the path")
        return 0
    import pandas as pd

    rows, depths = compare_all(arguments, version)
    if arguments.table:
        pd.DataFrame(rows).to_csv(arguments.table, sep="\t", index=False)
    if arguments.depths and depths:
        pd.concat(depths).to_csv(arguments.depths, sep="\t", index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
