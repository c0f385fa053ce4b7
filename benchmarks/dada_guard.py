"""Rates that a very diverse sample teaches, with and without the guard (``learn_from``).

Gut-like sets of the product's own simulator (``dada_sets.py``), 20,000 reads each, with more and
more variants: the more of them, the fewer reads each has, and the more reads no variant
explains. ``all`` learns from all reads as R dada2 does, ``auto`` leaves unexplained ones out
once they inflate the rates, ``explained`` always. Printed: CPU of learning; mean
substitution rate of three qualities; the share of the errors that unexplained reads contain;
variants and the true ones among them; recall by depth.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent / "scripts"
sys.path[:0] = [str(SCRIPTS), str(HERE)]

from _measured import run_measured  # noqa: E402
from dada_sets import ReadSet, make_set, score  # noqa: E402

WAYS = ("all", "auto", "explained")
QUALITIES = (93, 40, 20)


def run_program(program: str, *words: object) -> float:
    """CPU seconds of a step program."""
    return run_measured([sys.executable, SCRIPTS / f"{program}.py", *words]).cpu_s


def measure(read_set: ReadSet, folder: Path, way: str) -> dict[str, object]:
    """Learn one way, denoise, score."""
    from vagus.dada.error_model import SELF_ROWS, ErrorModel
    from vagus.tables import read_table

    uniques, model, about = f"{read_set.fastq}.npz", folder / "model.tsv", folder / "model.json"
    variants, losses = folder / "variants.tsv", folder / "losses.json"
    learn = ["--engine", "dada", "--model", model, "--description", about]
    learn += ["--learn-from", way, "--sensitivity", "high"]
    cpu = run_program("learn_errors", uniques, *learn)
    denoise = ["--variants", variants, "--losses", losses]
    run_program("denoise_sample", "--uniques", uniques, "--model", f"dada={model}", *denoise)
    rates = ErrorModel.load(model).rates
    errors = [row for row in range(16) if row not in SELF_ROWS]
    described = json.loads(about.read_text(encoding="utf-8"))
    found = set(read_table(variants, usecols=["sequence"])["sequence"])
    counts = list(score(found, read_set))
    recall = {f"recall {row['depth']}": f"{row['found']}/{row['true']}" for row in counts[:-2]}
    return {
        "set": read_set.name,
        "learn_from": way,
        "learned_from": described["learned_from"],
        "learn_cpu_s": round(cpu, 1),
        **{f"rate_q{q}": f"{rates[errors, q].mean():.1e}" for q in QUALITIES},
        "unexplained": round(described["unexplained_share"], 3),
        "variants": len(found),
        "true": counts[-2]["found"],
        "chimeras": counts[-1]["found"],
        **recall,
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", type=int, nargs="+", default=[200, 800, 2_000])
    parser.add_argument("--reads", type=int, default=20_000)
    parser.add_argument("--output", type=Path, default=Path("bench"), help="folder to write")
    arguments = parser.parse_args(argv)
    import pandas as pd

    rows = []
    for n_variants in arguments.variants:
        with tempfile.TemporaryDirectory() as name:
            read_set = make_set(f"gut_{arguments.reads}_{n_variants}", Path(name))
            rows += [measure(read_set, Path(name), way) for way in WAYS]
    table = pd.DataFrame(rows)
    print(table.T.to_string(header=False))
    arguments.output.mkdir(parents=True, exist_ok=True)
    table.to_csv(arguments.output / "dada_guard.tsv", sep="\t", index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
