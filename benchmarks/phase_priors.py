"""What other samples add: rare variants recovered, false ones, at equal reads.

Samples of one simulated ONT gut community (abundances vary between them) are denoised each by
itself; the variants of two and more samples are the priors of a second pass, as with
``pooling: pseudo``; and the samples are one pool, as with ``pooling: pooled``, in one piece and in
shards of at most ``--shard-uniques`` unique sequences. One error model serves all. Prints, for
each, priors or shards, recovered variants by class of their true reads in a sample (those of one
read first), false ones by their own reads, and CPU seconds of denoising.

    python benchmarks/phase_priors.py --samples 6 --depth 2000
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from _phase_sets import HEAD, MadeSet, Truth, Verdict, judge, show

if TYPE_CHECKING:
    import pandas as pd

    from vagus.phase.error_model import PhaseErrorModel
    from vagus.reads.uniques import Uniques

MIN_PRIOR_SAMPLES = 2


def denoise_all(
    samples: Sequence[Uniques], model: PhaseErrorModel, priors: Sequence[str]
) -> list[pd.DataFrame]:
    """Variants of each sample."""
    from vagus.phase.denoising import denoise
    from vagus.phase.settings import PhaseSettings

    return [denoise(uniques, model, PhaseSettings(), priors).variants for uniques in samples]


def choose_priors(tables: Sequence[pd.DataFrame]) -> list[str]:
    """Sequences of the variants that several samples contain and none calls a distant bimera."""
    n_samples: Counter[str] = Counter()
    for table in tables:
        flags = table["flags"].astype(object).fillna("").astype(str)
        n_samples.update(
            text for text, f in zip(table["sequence"], flags, strict=True)
            if "bimera" not in f.split(";")
        )  # fmt: skip
    return sorted(text for text, n in n_samples.items() if n >= MIN_PRIOR_SAMPLES)


def add_up(verdicts: Sequence[Verdict]) -> list[str]:
    """Cells of the sums over samples."""
    found = [sum(v.recovered[i][0] for v in verdicts) for i in range(len(verdicts[0].recovered))]
    true = [sum(v.recovered[i][1] for v in verdicts) for i in range(len(found))]
    false = [sum(v.false[i] for v in verdicts) for i in range(len(found))]
    return [f"{a}/{b}" for a, b in zip(found, true, strict=True)] + [str(n) for n in false]


def pool_all(
    paths: Sequence[Path], model: PhaseErrorModel, max_size: int
) -> tuple[list[pd.DataFrame], int]:
    """Variants of each sample of the pool, and the number of its shards."""
    from vagus.phase.pool_plan import plan_phase_pool
    from vagus.phase.pool_shard import denoise_shard, gather_reads
    from vagus.phase.pool_share import PhasePool
    from vagus.phase.settings import PhaseSettings

    settings = PhaseSettings()
    plan, shards = plan_phase_pool(paths, max_size, settings)
    results = [
        denoise_shard(*gather_reads(paths, shards, number), plan, model, settings)
        for number in range(len(plan.shards))
    ]
    pool = PhasePool.join(results, len(paths))
    return [pool.take(sample) for sample in range(len(paths))], len(plan.shards)


def run(n_samples: int, depth: int, seed: int, shard_uniques: int) -> None:
    """All ways over the samples of one community."""
    from vagus.phase.learning import learn_phase_errors
    from vagus.phase.settings import PhaseSettings
    from vagus.reads.uniques import Uniques

    made = MadeSet(depth=depth, seed=seed, n_samples=n_samples, between_samples=1.0)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "set"
        paths = made.make(folder)
        samples = [Uniques.load(path) for path in paths]
        truths = [Truth.read(folder, i) for i in range(n_samples)]
        model = learn_phase_errors(samples, PhaseSettings(), n_samples)
        denoise_all(samples[:1], model, [])  # compiles what is not compiled
        priors: list[str] = []
        for name in ("independent", "pseudo", "pooled", "pooled in shards"):
            start = time.process_time()
            n: int = len(priors)
            if name.startswith("pooled"):
                size = shard_uniques if "shards" in name else 10**9
                tables, n = pool_all(paths, model, size)
            else:
                tables = denoise_all(samples, model, priors)
            cpu = time.process_time() - start
            verdicts = [judge(table, truth) for table, truth in zip(tables, truths, strict=True)]
            chimeras = sum(verdict.chimeras for verdict in verdicts)
            show(n_samples, depth, seed, name, n, count_singles(tables, truths),
                 *add_up(verdicts), chimeras, f"{cpu:.1f}")  # fmt: skip
            priors = priors or choose_priors(tables)


def count_singles(tables: Sequence[pd.DataFrame], truths: Sequence[Truth]) -> str:
    """Variants of one true read in a sample that are found there."""
    wanted = [{name for name, n in truth.reads.items() if n == 1} for truth in truths]
    found = [names & set(table["asv"]) for names, table in zip(wanted, tables, strict=True)]
    return f"{sum(map(len, found))}/{sum(map(len, wanted))}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=6)
    parser.add_argument("--depth", type=int, default=2000)
    parser.add_argument("--shard-uniques", type=int, default=2000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    arguments = parser.parse_args()
    show("samples", "depth", "seed", "pass", "priors_or_shards", "found_1", *HEAD, "chimeras",
         "cpu")  # fmt: skip
    for seed in arguments.seeds:
        run(arguments.samples, arguments.depth, seed, arguments.shard_uniques)


if __name__ == "__main__":
    main()
