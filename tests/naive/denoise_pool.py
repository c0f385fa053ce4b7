"""Pools: one pool partitioned as one sample (slow twin), and the same through shards."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from naive.denoise_community import make_sequence, make_variants, read_with_errors
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.partition import partition_sample
from vagus.dada.pool_founders import find_founders, load_founders, save_founders
from vagus.dada.pool_pairs import find_pairs
from vagus.dada.pool_partition import PoolReplayer
from vagus.dada.pool_share import PoolBirths, PoolFiles, PoolShares
from vagus.dada.settings import DadaSettings
from vagus.denoise.denoised import DenoisedSample
from vagus.pool.plan import plan_pool, sort_samples
from vagus.pool.shard import gather_shard, save_groups, split_pool
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv

Read = tuple[str, list[int]]


def make_reads(
    seed: int, *, n_samples: int = 3, n_variants: int = 10, n_reads: int = 80, length: int = 120,
    error_rate: float = 0.006, n_chimeras: int = 2,
) -> dict[str, list[Read]]:  # fmt: skip
    """Reads of samples that share variants, with chimeras of two of these and stray reads."""
    rng = np.random.default_rng(seed)
    variants = make_variants(rng, n_variants, length)
    samples = {}
    for number in range(n_samples):
        shares = rng.lognormal(0, 1.5, len(variants)) * (rng.random(len(variants)) < 0.7)
        shares[0] += 0.01
        drawn = rng.choice(len(variants), n_reads, p=shares / shares.sum())
        sources = [variants[i] for i in drawn]
        for _ in range(n_chimeras):
            left, right = rng.choice(len(variants), 2)
            cut = int(rng.integers(20, length - 20))
            sources += [variants[left][:cut] + variants[right][cut:]] * int(rng.integers(1, 3))
        sources.append(make_sequence(rng, length))
        reads = [read_with_errors(rng, source, error_rate) for source in sources]
        samples[f"s{number}"] = reads
    return samples


def partition_one_pool(
    samples: dict[str, list[Read]], model: ErrorModel, settings: DadaSettings
) -> dict[str, object]:
    """All reads as one sample. Births, and the outcome of each sequence, by sequence."""
    reads = [read for own in samples.values() for read in own]
    uniques = Uniques.from_reads([s for s, _ in reads], [q for _, q in reads])
    result = partition_sample(Comparisons(uniques, settings), model, settings)
    names = [uniques.sequence(birth.centre) for birth in result.births]
    births = [
        (
            names[n], b.kind, b.log10_p, b.fold, names[b.parent] if b.parent >= 0 else "",
            b.hamming,
        )
        for n, b in enumerate(result.births)
    ]  # fmt: skip
    outcome = {
        uniques.sequence(i): (
            names[result.cluster[i]] if result.assigned[i] else "",
            bool(result.assigned[i]),
            int(uniques.counts[i]),
        )
        for i in range(uniques.n_uniques)
    }
    return {"births": births, "outcome": outcome}


def count_samples(samples: dict[str, list[Read]], outcome: dict) -> dict[str, dict]:
    """Reads of each variant (by name) and losses of each sample, from the outcomes."""
    counted = {}
    for name, reads in samples.items():
        table: dict[str, int] = {}
        lost = [0, 0]
        for sequence, _ in reads:
            variant, assigned, n = outcome[sequence]
            if assigned:
                table[identify_asv(variant)] = table.get(identify_asv(variant), 0) + 1
            else:
                lost[n > 1] += 1
        counted[name] = {"table": table, "lost": lost, "reads": len(reads)}
    return counted


def save_samples(samples: dict[str, list[Read]], folder: Path) -> list[Path]:
    """Write the unique sequences of each sample."""
    paths = []
    for name, reads in samples.items():
        paths.append(folder / f"{name}.npz")
        Uniques.from_reads([s for s, _ in reads], [q for _, q in reads], sample=name).save(
            paths[-1]
        )
    return paths


def denoise_in_shards(
    paths: list[Path], folder: Path, model: ErrorModel, settings: DadaSettings, max_size: int
) -> tuple[PoolBirths, dict[str, DenoisedSample], int]:
    """What the programs of the workflow do, in one process; also the number of shards."""
    plan, groups = plan_pool(paths, max_size)
    save_groups(folder / "groups.npz", groups)
    split_pool(sort_samples(paths), folder / "groups.npz", plan, folder / "pieces")
    shards, origins = [], []
    for number in range(len(plan.shards)):
        uniques, own = gather_shard(folder / "pieces", number, f"shard {number}")
        shards.append(uniques)
        origins.append(own)
    files = []
    for bundle in range(plan.n_bundles):
        numbers = plan.shards_of(bundle)
        found = find_founders([(i, shards[i]) for i in numbers], model, settings)
        files.append(folder / f"founders_{bundle}.tsv")
        save_founders(found, files[-1])
    founders = load_founders(files)
    pairs = [find_pairs(u, founders, model, settings, plan.n_reads) for u in shards]
    replayer = PoolReplayer(shards.__getitem__, founders, pairs, lambda: model, settings)
    births, founders, result = replayer.run()
    table = PoolBirths.describe(births, founders)
    shares = PoolShares(result, len(plan.samples), 1e-80)
    for number, own in enumerate(origins):
        shares.add(number, own)
    pool = PoolFiles(folder / "plan.json", folder / "births.tsv", folder / "shares.npz")
    plan.save(pool.plan)
    table.save(pool.births)
    shares.save(pool.shares)
    return table, {sample: pool.take(sample) for sample in plan.samples}, len(shards)
