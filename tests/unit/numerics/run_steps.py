"""Run the step programs whose digits once came from the processor on a small study, in a folder.

A child process of test_processors.py: what a processor is taken for is settled at its start.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "unit" / "diversity")]

METRICS = ["braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac", "aitchison",
           "robust_aitchison"]  # fmt: skip
N_SUBJECTS, N_TAXA = 10, 40


def write_numpy(folder: Path) -> None:
    """What numpy itself gives, to see whether this processor is another one at all."""
    values = np.random.default_rng(1).normal(size=(300, 300))
    np.save(folder / "numpy_product.npy", values @ values)
    np.save(folder / "numpy_exp.npy", np.exp(values))


def write_study(folder: Path) -> None:
    """Ten subjects in two groups at two times; a comb-shaped tree."""
    draw = np.random.default_rng(7)
    samples, counts = ["sample\treads\tsubject\ttime\tgroup\tage"], []
    for subject in range(N_SUBJECTS):
        own = draw.lognormal(0, 1.5, N_TAXA) * (draw.random(N_TAXA) < 0.7)
        age = draw.integers(20, 70)
        for time in range(2):
            counts.append(draw.poisson(own * draw.lognormal(1.5, 0.4, N_TAXA)))
            group = "case" if subject % 2 else "control"
            name = f"P{subject}-{time}"
            samples.append(f"{name}\t{name}.fq\tP{subject}\tt{time}\t{group}\t{age}")
    (folder / "samples.tsv").write_text("\n".join(samples) + "\n", encoding="utf-8")
    names = [row.split("\t")[0] for row in samples[1:]]
    rows = ["\t".join([f"a{i}", *map(str, row)]) for i, row in enumerate(np.array(counts).T)]
    for first in ("asv", "genus"):
        table = "\n".join(["\t".join([first, *names]), *rows]) + "\n"
        (folder / f"{first}.table").write_text(table, encoding="utf-8")
    tree = "a0:0.1"
    for i in range(1, N_TAXA):
        tree = f"({tree},a{i}:{draw.random():.9f}):{draw.random():.9f}"
    (folder / "tree.nwk").write_text(tree + ";\n", encoding="utf-8")


def run_diversity(folder: Path) -> None:
    from level_programs import run_levels

    import rarefy_samples

    table, plan = f"{folder}/asv.table", ["--plan", f"{folder}/plan.json"]
    outputs = ["--excluded", f"{folder}/excluded.tsv", "--curves", f"{folder}/rarefaction.tsv"]
    outputs += ["--choices", f"{folder}/rarefaction_choices.tsv"]
    assert rarefy_samples.main(["--asv-table", table, *plan, *outputs]) == 0
    run_levels(table, str(folder), [], [f"--tree={folder}/tree.nwk", *plan], METRICS)


def run_cohort(folder: Path) -> None:
    import compare_groups
    import compare_taxa
    import model_diversity

    design = ["--samples", f"{folder}/samples.tsv", "--group=group", "--subject=subject",
              "--time=time", "--covariates=age"]  # fmt: skip
    counts = [f"--counts=genus={folder}/genus.table", "--min-prevalence=0.1"]
    assert compare_taxa.main([*design, *counts, f"--tests=genus={folder}/differential.tsv"]) == 0
    design += ["--permutations", "199", "--alpha", f"{folder}/alpha.tsv"]
    design += [f"--beta={metric}={folder}/beta_{metric}.tsv" for metric in METRICS]
    outputs = ["--alpha-tests", f"{folder}/alpha_tests.tsv", "--beta-tests"]
    assert compare_groups.main([*design, *outputs, f"{folder}/beta_tests.tsv"]) == 0
    outputs = ["--alpha-models", f"{folder}/alpha_models.tsv", "--beta-models"]
    assert model_diversity.main([*design, *outputs, f"{folder}/beta_models.tsv"]) == 0


def make_reads() -> tuple[list[str], list[list[int]]]:
    """A variant and another that differs at every ninth base, and reads with one error."""
    bases = "".join(np.array(list("ACGT"))[np.random.default_rng(1).integers(0, 4, 400)])
    flipped = str.maketrans("ACGT", "CATG")
    other = "".join(b.translate(flipped) if i % 9 == 4 else b for i, b in enumerate(bases))
    reads = [bases] * 400 + [other] * 300
    for p in range(20, 80):
        reads.append(bases[:p] + bases[p].translate(flipped) + bases[p + 1 :])
        reads.append(bases[:p] + bases[p + 1 :])
    return reads, [[40 - i % 7 for i in range(len(read))] for read in reads]


def run_denoising(folder: Path) -> None:
    import learn_errors
    from vagus.reads.uniques import Uniques

    reads, qualities = make_reads()
    uniques = Uniques.from_reads(2 * reads, 2 * qualities, sample="made up")
    uniques.save(folder / "uniques.npz")
    assert learn_errors.main(
        [str(folder / "uniques.npz"), "--engine", "dada", "--model", f"{folder}/error_model.tsv",
         "--description", f"{folder}/error_model.json", "--partitions", f"{folder}/partitions.npz"]
    ) == 0  # fmt: skip


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_numpy(target)
    write_study(target)
    for run in (run_diversity, run_cohort, run_denoising):
        run(target)
