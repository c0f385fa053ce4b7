"""A pool from the files of its shards to its variants and the counts of each sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vagus.dada.error_model import ErrorModel
from vagus.dada.pool_founders import load_founders
from vagus.dada.pool_pairs import Pairs
from vagus.dada.pool_partition import PoolReplayer
from vagus.dada.pool_share import PoolBirths, PoolShares
from vagus.dada.settings import DadaSettings
from vagus.pool.plan import PoolPlan
from vagus.pool.shard import Origins
from vagus.reads.uniques import Uniques


@dataclass(frozen=True)
class ReplayFiles:
    """What the jobs of a pool have made: plan and rates, files of each shard, of each bundle."""

    plan: Path
    error_model: Path
    uniques: Sequence[Path]
    origins: Sequence[Path]
    pairs: Sequence[Path]
    founders: Sequence[Path]


def replay_pool(
    files: ReplayFiles, settings: DadaSettings, omega_rescue: float
) -> tuple[PoolBirths, PoolShares]:
    """Partition the pool from its comparisons, and add up what each sample has of its variants."""
    replayer = PoolReplayer(
        load=lambda number: Uniques.load(files.uniques[number]),
        founders=load_founders(files.founders),
        pairs=[Pairs.load(path) for path in files.pairs],
        model=lambda: ErrorModel.load(files.error_model),
        settings=settings,
    )
    births, founders, result = replayer.run()
    shares = PoolShares(result, len(PoolPlan.load(files.plan).samples), omega_rescue)
    for number, path in enumerate(files.origins):
        shares.add(number, Origins.load(path))
    return PoolBirths.describe(births, founders), shares
