"""Accuracy and cost of the phase engine, beside dada, on simulated samples with known truth.

For each community, platform, depth and (HiFi) share of error-free reads: simulate, prepare the
reads, learn errors and denoise with both engines. Prints one TSV row an engine: reads in, reads
given to true variants, true variants recovered by class of their reads before the filters,
variants that are neither true nor simulated chimeras by class of their own reads, chimeras left
without the flag ``bimera``, CPU seconds of learning and denoising, peak memory, and the engine
that ``auto`` takes.

    python benchmarks/phase_accuracy.py --platform hifi --depths 5000 --error-free-shares 0.5 0.1
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from _phase_sets import COMMUNITIES, HEAD, MadeSet, Truth, judge, run_dada, run_phase, show

ENGINES = {"phase": run_phase, "dada": run_dada}
SET_HEAD = ("community", "platform", "depth", "error_free_share", "seed", "unique_share", "auto")


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
    arguments = parser.parse_args()
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
    from vagus.phase.choice import choose_engine
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


if __name__ == "__main__":
    main()
