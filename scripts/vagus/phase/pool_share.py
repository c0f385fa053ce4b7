"""The pool of a run's ``phase`` samples, put together from its shards, and each sample's share.

A variant's evidence, its flag ``ambiguous`` and its place in the family are those of the pool; its
reads are the sample's own, and so are bimeras, whose parents must be in the same sample. A
sample whose reads turn out too poor has no variants, as when it is denoised by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.archives import load_arrays, save_arrays
from vagus.denoise.denoised import DenoisedSample
from vagus.denoise.variant_tables import read_variants
from vagus.errors import describe_damage
from vagus.phase.account import ReadOutcomes, account_reads
from vagus.phase.accuracy import describe_isolation, explain_low_quality
from vagus.phase.pool_plan import PhasePlan
from vagus.phase.pool_shard import COUNTS, OUTCOMES, ShardResult
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.phase.variants import (
    COLUMNS,
    flag_bimeras,
    make_empty_table,
    sort_variants,
)
from vagus.reads.uniques import Uniques
from vagus.tables import write_table
from vagus.tables.stages.denoise import POOL_VARIANTS

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Paths = Sequence[str | PathLike[str]]

KEYS = ("sample", "variant")


@dataclass(frozen=True)
class PhasePool:
    """Variants of the pool, reads of each sample in them, and what each sample lost.

    Attributes as of ``ShardResult``; one row a sequence.
    """

    variants: pd.DataFrame
    counts: pd.DataFrame
    outcomes: Ints

    @classmethod
    def join(cls, shards: Sequence[ShardResult], n_samples: int) -> PhasePool:
        """One table of all shards; a sequence that two of them found is one variant."""
        import pandas as pd

        tables = [make_empty_table(), *(shard.variants for shard in shards)]
        filled = [table for table in tables if len(table)]
        variants = pd.concat(filled, ignore_index=True) if filled else tables[0]
        variants = sort_variants(variants).drop_duplicates("asv").reset_index(drop=True)
        row_of = {name: row for row, name in enumerate(variants["asv"])}
        parts = []
        for shard in shards:
            own = shard.counts.copy()
            names = shard.variants["asv"].to_numpy(object)[own["variant"].to_numpy(np.int64)]
            own["variant"] = [row_of[name] for name in names]
            parts.append(own)
        empty = pd.DataFrame(columns=[*KEYS, *COUNTS], dtype=np.int64)
        counts = pd.concat([empty, *parts], ignore_index=True).astype(np.int64)
        counts = counts.groupby(list(KEYS), as_index=False, sort=True).sum()
        totals = counts.groupby("variant")[list(COUNTS)].sum().reindex(range(len(variants)))
        variants[list(COUNTS)] = totals.fillna(0).astype(np.int64).to_numpy()
        outcomes = sum(
            (shard.outcomes for shard in shards), np.zeros((n_samples, len(OUTCOMES)), np.int64)
        )
        return cls(variants, counts, outcomes)

    def save(self, variants: str | PathLike[str], shares: str | PathLike[str]) -> None:
        """Write the variants as TSV, the rest as ``.npz``."""
        write_table(self.variants, variants, POOL_VARIANTS)
        save_arrays(shares, {"counts": self.counts.to_numpy(np.int64), "outcomes": self.outcomes})

    @classmethod
    def load(cls, variants: str | PathLike[str], shares: str | PathLike[str]) -> PhasePool:
        """Read what ``save`` wrote; raises VagusError for a damaged file."""
        import pandas as pd

        table = read_variants(variants, POOL_VARIANTS)
        kind = "table of the samples' shares of a pool"
        arrays = load_arrays(shares, kind, dict.fromkeys(("counts", "outcomes"), ("iu", 2)))
        found, outcomes = arrays["counts"], arrays["outcomes"]
        if found.shape[1] != len(KEYS) + len(COUNTS) or outcomes.shape[1] != len(OUTCOMES):
            raise describe_damage(kind, shares)
        counts = pd.DataFrame(found, columns=[*KEYS, *COUNTS])
        if (found < 0).any() or not (
            counts["variant"].isin(range(len(table))).all()
            and counts["sample"].isin(range(len(outcomes))).all()
        ):
            raise describe_damage(kind, shares, "it is of other variants or samples")
        return cls(table, counts, outcomes)

    def take(self, sample: int) -> pd.DataFrame:
        """Variants of one sample, most reads first, with its own reads and bimeras."""
        counts = self.counts[self.counts["sample"] == sample]
        rows = self.variants.iloc[counts["variant"].to_numpy(np.int64)].reset_index(drop=True)
        for name in COUNTS:
            rows[name] = counts[name].to_numpy(np.int64)
        return flag_bimeras(sort_variants(rows)[list(COLUMNS)])


@dataclass(frozen=True)
class PhasePoolFiles:
    """Where the results of the pool of a run's phase samples are.

    Attributes:
        plan: samples and shards.
        variants: variants of the pool.
        shares: counts of each sample.
    """

    plan: Path
    variants: Path
    shares: Path

    def take(self, uniques: Uniques, settings: PhaseSettings) -> DenoisedSample:
        """Variants and account of one sample of the pool."""
        plan = PhasePlan.load(self.plan)
        if uniques.sample in plan.refused:
            return _refuse(uniques, plan.refused[uniques.sample])
        pool = PhasePool.load(self.variants, self.shares)
        number = plan.find(uniques.sample)
        if len(pool.outcomes) != len(plan.samples):
            reason = "it is of other samples than the plan"
            raise describe_damage("pool", self.shares, reason)
        _, unexplained, assigned, edits, bases = pool.outcomes[number].tolist()
        rate = edits / bases if bases else float("nan")
        poor = explain_low_quality(rate, settings) or describe_isolation(
            ReadSet.from_uniques(uniques), assigned, settings
        )
        if poor:
            return _refuse(uniques, poor)
        few = uniques.n_reads - assigned - unexplained
        account = account_reads(uniques, "", ReadOutcomes(few, unexplained, rate))
        return DenoisedSample(pool.take(number), account)


def _refuse(uniques: Uniques, reason: str) -> DenoisedSample:
    return DenoisedSample(make_empty_table(), account_reads(uniques, reason))


def save_shard(result: ShardResult, variants: Path, shares: Path) -> None:
    """Write one shard's result in the form of a pool."""
    PhasePool(result.variants, result.counts, result.outcomes).save(variants, shares)


def load_shard(variants: Path, shares: Path) -> ShardResult:
    """Read what ``save_shard`` wrote."""
    pool = PhasePool.load(variants, shares)
    return ShardResult(pool.variants, pool.counts, pool.outcomes)
