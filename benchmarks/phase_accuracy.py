"""Accuracy and cost of the phase engine, beside dada, on simulated samples with known truth.

For each community, platform, depth and (HiFi) share of error-free reads: simulate, prepare the
reads, learn errors and denoise with both engines. Prints one TSV row an engine: reads in, reads
given to true variants, true variants recovered by class of their reads before the filters,
variants that are neither true nor simulated chimeras by class of their own reads, chimeras left
without the flag ``bimera``, CPU seconds of learning and denoising, peak memory, and the engine
that ``auto`` takes.

    python benchmarks/phase_accuracy.py --platform hifi --depths 5000 --error-free-shares 0.5 0.1

With ``--real`` both engines get the real HiFi and stool reads beside the checkout instead; the
samples of a folder are one run. Prints one row a sample and engine: reads in and kept, variants,
how many of them the other engine has, how many of ten and more reads, and the reads of each
variant that the other does not find.

    python benchmarks/phase_accuracy.py --real ../shared/data
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from _phase_sets import (
    COMMUNITIES,
    HEAD,
    MadeSet,
    Truth,
    call,
    judge,
    run_dada,
    run_phase,
    show,
)

ENGINES = {"phase": run_phase, "dada": run_dada}
SET_HEAD = ("community", "platform", "depth", "error_free_share", "seed", "unique_share", "auto")


REAL = ("msa1003_hifi", "stool_ccs")
REAL_HEAD = ("folder", "sample", "auto", "engine", "reads_in", "kept", "variants", "shared",
             "shared_10+", "reads_of_the_others")  # fmt: skip
ABUNDANT = 10


def main() -> None:
    """Run all combinations and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--communities", nargs="+", default=["gut"], choices=list(COMMUNITIES))
    add("--platform", default="ont", choices=("ont", "hifi", "revio-binned"))
    add("--depths", type=int, nargs="+", default=[5000])
    add("--error-free-shares", type=float, nargs="*", default=[])
    add("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    add("--seeds", type=int, nargs="+", default=[1])
    add("--real", type=Path, help="folder with real reads, to take these instead")
    arguments = parser.parse_args()
    if arguments.real:
        show(*REAL_HEAD)
        for name in REAL:
            run_real(arguments.real / name)
        return
    show(*SET_HEAD, "engine", "reads_in", "true_reads", *HEAD, "chimeras", "cpu_learn",
         "cpu_denoise", "mb")  # fmt: skip
    for community in arguments.communities:
        for depth in arguments.depths:
            for share in arguments.error_free_shares or [None]:
                for seed in arguments.seeds:
                    made = MadeSet(
                        community, arguments.platform, depth, seed, error_free_share=share
                    )
                    run_set(made, arguments.engines)


def run_set(made: MadeSet, engines: list[str]) -> None:
    """Simulate one sample and print one row an engine."""
    from vagus.denoise.choice import choose_engine
    from vagus.reads.uniques import Uniques
    from vagus.tables import read_table

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "set"
        [path] = made.make(folder)
        uniques = Uniques.load(path)
        choice = choose_engine(uniques)
        truth = Truth.read(folder)
        first = [made.community, made.platform, made.depth, made.error_free_share, made.seed]
        for engine in engines:
            stem = folder / engine
            cost = ENGINES[engine](path, stem)
            verdict = judge(read_table(f"{stem}.variants.tsv"), truth)
            reads_in = json.loads(Path(f"{stem}.json").read_text())["reads_in"]
            show(*first, f"{choice.unique_share:.2f}", choice.engine, engine, reads_in,
                 verdict.true_reads, *verdict.cells(), verdict.chimeras,
                 f"{cost.learn_s:.1f}", f"{cost.denoise_s:.1f}", f"{cost.mb:.0f}")  # fmt: skip


def run_real(data: Path) -> None:
    """Prepare the samples of a folder as one run and print one row a sample and engine."""
    from vagus.denoise.choice import choose_engine
    from vagus.reads.uniques import Uniques

    if not data.is_dir():
        print(f"{data} is not there: nothing is measured")
        return
    with tempfile.TemporaryDirectory() as temporary:
        paths = []
        for reads in sorted(path for path in data.iterdir() if ".f" in path.name):
            name = reads.name.split(".f")[0]
            paths.append(Path(temporary) / f"{name}.npz")
            call("prepare_reads.py", "--sample", name, "--uniques", paths[-1],
                 "--qc", f"{paths[-1]}.json", reads)  # fmt: skip
        for path in paths:
            tables, kept = {}, {}
            for engine, run in ENGINES.items():
                stem = path.with_suffix(f".{engine}")
                run(path, stem, paths)
                tables[engine] = read_counts(stem)
                kept[engine] = json.loads(Path(f"{stem}.json").read_text())
            auto = choose_engine(Uniques.load(path)).engine
            for engine, other in (("phase", "dada"), ("dada", "phase")):
                show(data.name, path.stem, auto, engine, kept[engine]["reads_in"],
                     kept[engine]["assigned"], *compare(tables[engine], tables[other]))  # fmt: skip


def read_counts(stem: Path) -> dict[str, int]:
    """Reads of the variants of one sample."""
    from vagus.tables import read_table

    table = read_table(f"{stem}.variants.tsv")
    return {str(name): int(n) for name, n in zip(table["asv"], table["reads"], strict=True)}


def compare(mine: dict[str, int], others: dict[str, int]) -> list[object]:
    """Cells: variants, those shared, those shared of the abundant ones, reads of the others."""
    abundant = {name for name, n in mine.items() if n >= ABUNDANT}
    alone = sorted((n for name, n in mine.items() if name not in others), reverse=True)
    return [len(mine), len(mine.keys() & others.keys()),
            f"{len(abundant & others.keys())}/{len(abundant)}",
            " ".join(map(str, alone)) or "-"]  # fmt: skip


if __name__ == "__main__":
    main()
