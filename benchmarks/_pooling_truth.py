"""What the pooling benchmark compares results with: the truth, and a pool in one piece."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from _pooling_study import Bench

if TYPE_CHECKING:
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.settings import DadaSettings
    from vagus.reads.uniques import Uniques

DEPTHS = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 10**9))


def read_found(folder: Path) -> tuple[set[str], int]:
    """Variants of a sample and its lost reads."""
    from vagus.tables import read_table

    own = set(read_table(folder / "variants.tsv", usecols=["sequence"])["sequence"])
    losses = json.loads((folder / "losses.json").read_text(encoding="utf-8"))
    return own, losses["lost_singleton"] + losses["lost_omega_c"]


def describe_recall(found_at: Sequence[int], true_at: Sequence[int]) -> dict[str, float | None]:
    """Share of the true variants that were found, by their reads in the sample."""
    return {
        f"recall_{low}" if low == high else f"recall_{low}+": round(f / t, 4) if t else None
        for (low, high), f, t in zip(DEPTHS, found_at, true_at, strict=True)
    }


def compare(bench: Bench, n: int, out: Path) -> dict[str, object]:
    """Variants of all samples against the truth of each, by depth."""
    found_at, true_at = [0] * len(DEPTHS), [0] * len(DEPTHS)
    known: set[str] = set()
    found: set[str] = set()
    n_found = n_present = lost = 0
    for number in range(n):
        truth = json.loads(bench.truth(number).read_text(encoding="utf-8"))
        own, own_lost = read_found(out / f"s{number:03}")
        lost += own_lost
        n_found += len(own)
        n_present += len(own & set(truth))
        known |= set(truth)
        found |= own
        for sequence, reads in truth.items():
            at = next(i for i, (low, high) in enumerate(DEPTHS) if low <= reads <= high)
            true_at[at] += 1
            found_at[at] += sequence in own
    return {
        "variants": len(found),
        "true_variants": len(known),
        "false_variants": len(found - known),
        "precision": round(n_present / max(1, n_found), 4),
        "lost_reads": lost,
        **describe_recall(found_at, true_at),
    }


@dataclass(frozen=True)
class ReadOutcomes:
    """Variants in order of birth, and the variant of each sequence ('' if it has none)."""

    variants: list[str]
    variant_of: dict[str, str]


def gather_pool(bench: Bench, paths: Sequence[Path], size: int) -> list[Uniques]:
    """Shards of about ``size`` sequences of the pool of some samples."""
    from vagus.pool.plan import plan_pool, sort_samples
    from vagus.pool.shard import gather_shard, save_groups, split_pool

    plan, groups = plan_pool(paths, size)
    archive = bench.folder / "check.npz"
    save_groups(archive, groups)
    pieces = bench.folder / "check_pieces"
    split_pool(sort_samples(paths), archive, plan, pieces)
    return [gather_shard(pieces, number, "pool")[0] for number in range(len(plan.shards))]


def denoise_whole(whole: Uniques, model: ErrorModel, settings: DadaSettings) -> ReadOutcomes:
    """One pool as a sample is partitioned."""
    from vagus.dada.comparisons import Comparisons
    from vagus.dada.partition import partition_sample

    result = partition_sample(Comparisons(whole, settings), model, settings)
    names = [whole.sequence(birth.centre) for birth in result.births]
    outcomes = {
        whole.sequence(i): names[result.cluster[i]] if result.assigned[i] else ""
        for i in range(whole.n_uniques)
    }
    return ReadOutcomes(names, outcomes)


def denoise_shards(
    shards: list[Uniques], model: ErrorModel, settings: DadaSettings
) -> ReadOutcomes:
    """The same pool in shards."""
    from vagus.dada.pool_founders import find_founders
    from vagus.dada.pool_pairs import find_pairs
    from vagus.dada.pool_partition import PoolReplayer

    founders = [find_founders([(i, shard)], model, settings) for i, shard in enumerate(shards)]
    listed = sorted((f for own in founders for f in own), key=lambda founder: founder.rank)
    n_reads = sum(shard.n_reads for shard in shards)
    pairs = [find_pairs(shard, listed, model, settings, n_reads) for shard in shards]
    replayer = PoolReplayer(shards.__getitem__, listed, pairs, lambda: model, settings)
    births, listed, parted = replayer.run()
    names = [listed[birth.centre].sequence for birth in births]
    sequences = [shard.sequence(i) for shard in shards for i in range(shard.n_uniques)]
    outcomes = {
        text: names[parted.cluster[i]] if parted.assigned[i] else ""
        for i, text in enumerate(sequences)
    }
    return ReadOutcomes(names, outcomes)


def check_one_pool(bench: Bench, n: int, mode: str) -> str:
    """One pool partitioned in one piece, as a sample is, against the same in shards."""
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.settings import DadaSettings

    paths = [bench.uniques(i) for i in range(n)]
    model, settings = ErrorModel.load(bench.model()), DadaSettings(mode=mode)
    (whole,), shards = (gather_pool(bench, paths, size) for size in (10**9, 5_000))
    one, many = denoise_whole(whole, model, settings), denoise_shards(shards, model, settings)
    counts = {whole.sequence(i): int(whole.counts[i]) for i in range(whole.n_uniques)}
    others = [text for text in counts if one.variant_of[text] != many.variant_of[text]]
    n_same = len(set(one.variants) & set(many.variants))
    return (
        f"one pool of {whole.n_reads} reads, {whole.n_uniques} unique, mode {mode}, in one piece "
        f"and in {len(shards)} shards: {len(one.variants)} and {len(many.variants)} variants, "
        f"{n_same} the same, births in the same order: {one.variants == many.variants}; "
        f"{len(others)} sequences ({sum(counts[text] for text in others)} reads) have another "
        "outcome"
    )
