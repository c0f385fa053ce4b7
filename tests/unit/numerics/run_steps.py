"""Run the step programs whose digits once came from the processor on a small study, in a folder.

A child process of test_processors.py: what a processor is taken for is settled at its start.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "unit" / "denoise")]

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
    import measure_alpha
    import measure_beta
    import ordinate_samples
    import rarefy_samples

    table, plan = ["--asv-table", f"{folder}/asv.table"], ["--plan", f"{folder}/plan.json"]
    outputs = ["--excluded", f"{folder}/excluded.tsv", "--curves", f"{folder}/rarefaction.tsv"]
    outputs += ["--choices", f"{folder}/rarefaction_choices.tsv"]
    assert rarefy_samples.main([*table, *plan, *outputs]) == 0
    measured = [*table, "--tree", f"{folder}/tree.nwk", *plan]
    alpha = ["--alpha", f"{folder}/alpha.tsv", "--unrarefied", f"{folder}/unrarefied.tsv"]
    assert measure_alpha.main([*measured, *alpha]) == 0
    assert measure_beta.main([*measured, "--folder", str(folder)]) == 0
    ordinated = ["--folder", str(folder), "--metrics", *METRICS, *table, *plan]
    assert ordinate_samples.main(ordinated) == 0


def run_cohort(folder: Path) -> None:
    import compare_groups
    import compare_taxa
    import model_diversity

    design = ["--samples", f"{folder}/samples.tsv", "--group=group", "--subject=subject",
              "--time=time", "--covariates=age"]  # fmt: skip
    counts = ["--counts", f"genus={folder}/genus.table", "--folder", str(folder)]
    assert compare_taxa.main([*design, *counts]) == 0
    design += ["--permutations", "199", "--diversity-folder", str(folder), "--metrics", *METRICS]
    outputs = ["--alpha-tests", f"{folder}/alpha_tests.tsv", "--beta-tests"]
    assert compare_groups.main([*design, *outputs, f"{folder}/beta_tests.tsv"]) == 0
    outputs = ["--alpha-models", f"{folder}/alpha_models.tsv", "--beta-models"]
    assert model_diversity.main([*design, *outputs, f"{folder}/beta_models.tsv"]) == 0


def run_denoising(folder: Path) -> None:
    import learn_errors
    from vagus.denoise.warmup import make_reads
    from vagus.reads.uniques import Uniques

    uniques = Uniques.from_reads(*make_reads(), sample="made up")
    uniques.save(folder / "uniques.npz")
    assert learn_errors.main(
        [str(folder / "uniques.npz"), "--error-model", f"{folder}/error_model.tsv",
         "--description", f"{folder}/error_model.json", "--partitions", f"{folder}/partitions.npz"]
    ) == 0  # fmt: skip


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_numpy(target)
    write_study(target)
    for run in (run_diversity, run_cohort, run_denoising):
        run(target)
