"""Compile the kernels of this stage, or find them compiled, so that no later job has to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vagus.denoise.chimeras import ChimeraSettings, judge_variants
from vagus.denoise.comparisons import Comparisons
from vagus.denoise.learning import LearningPlan, learn_rates
from vagus.denoise.settings import DadaSettings
from vagus.denoise.variants import denoise_sample
from vagus.kernels import denoise_pool
from vagus.reads.uniques import Uniques

LENGTH_BP = 240


def make_reads() -> tuple[list[str], list[list[int]]]:
    """Two variants, their chimera, and reads with substitutions and gaps."""
    letters = np.array(list("ACGT"))
    first = "".join(letters[np.random.default_rng(1).integers(0, 4, LENGTH_BP)])
    flipped = str.maketrans("ACGT", "CATG")
    second = "".join(
        base.translate(flipped) if i % 9 == 4 else base for i, base in enumerate(first)
    )
    chimera = first[: LENGTH_BP // 2] + second[LENGTH_BP // 2 :]
    reads = [first] * 400 + [second] * 300 + [chimera] * 40
    for p in range(20, 80):
        reads += [
            first[:p] + first[p].translate(flipped) + first[p + 1 :],
            first[:p] + first[p + 1 :],
        ]
    return reads, [[40 - i % 7 for i in range(len(read))] for read in reads]


def warm_kernels() -> None:
    """Run learning, denoising and the search for chimeras on a made-up sample."""
    uniques = Uniques.from_reads(*make_reads(), sample="made up")
    for mode in ("exact", "pruned"):
        settings = replace(DadaSettings(), mode=mode)
        plan = LearningPlan(max_rounds=2)
        model = learn_rates([Comparisons(uniques, settings)], "full", settings, plan=plan).model
        denoised = denoise_sample(uniques, model, settings)
    denoise_sample(uniques, model, replace(settings, indels="model"), [uniques.sequence(1)])
    table = denoised.variants
    reads = {i: int(n) for i, n in enumerate(table["reads"])}
    judge_variants(list(table["sequence"]), [reads], ChimeraSettings())
    warm_pool()


def warm_pool() -> None:
    """The kernels that only pools use."""
    row, parents = np.array([0, 0, 1], np.int32), np.arange(2, dtype=np.int32)
    near_first = np.array([False, True])
    denoise_pool.link_founders(row, np.array([0, 1, 1], np.int32), near_first, parents)
    denoise_pool.flatten_sets(parents)
