"""A pool's variants handed back to its samples: counts, birth records and lost reads of each.

A sample's reads of a variant are its reads of the sequences that belong to it. A lost read is
``lost_singleton`` if its sequence was seen once in the whole pool. The birth record is that of
the pool; ``reads``, ``uniques`` and ``exact_reads`` are the sample's own. A sample's share is
taken without the kernels, which would take longer to load than all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vagus.archives import open_archive, save_arrays
from vagus.dada.births import LN_10, Birth
from vagus.dada.facts import NAME
from vagus.denoise.denoised import DenoisedSample
from vagus.denoise.variant_tables import check_variants
from vagus.errors import describe_damage
from vagus.numerics.functions import log
from vagus.pool.plan import PoolPlan
from vagus.pool.shard import Origins
from vagus.sequences import identify_asv
from vagus.tables import read_table, write_table
from vagus.tables.stages.denoise import BIRTHS, RESCUED, VARIANTS

if TYPE_CHECKING:
    from vagus.dada.pool_founders import Founder
    from vagus.dada.pool_partition import PoolResult

SHARES_KIND = "table of the samples' shares of a pool"
COUNTS = ("variant", "reads", "uniques", "exact_reads", "max_hamming", "lowest_log10_p")


@dataclass(frozen=True)
class PoolBirths:
    """Birth records of a pool's variants, in order of birth (columns as in ``BIRTHS``)."""

    table: pd.DataFrame

    @classmethod
    def describe(cls, births: Sequence[Birth], founders: Sequence[Founder]) -> PoolBirths:
        """From births whose centres and parents are founders."""
        names = {b.centre: identify_asv(founders[b.centre].sequence) for b in births}
        rows = [
            (
                names[b.centre], founders[b.centre].sequence, NAME, b.kind, b.log10_p, b.fold,
                names[b.parent] if b.parent >= 0 else "", b.hamming,
            )
            for b in births
        ]  # fmt: skip
        return cls(pd.DataFrame(rows, columns=BIRTHS.names))

    def save(self, path: str | PathLike[str]) -> None:
        """Write as TSV."""
        write_table(self.table, path, BIRTHS)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> PoolBirths:
        """Read what ``save`` wrote; raises VagusError for a damaged file."""
        kind = BIRTHS.name
        table = read_table(path, BIRTHS, fill=True)
        check_variants(table, kind, path)
        if not table["parent"].isin(["", *table["asv"]]).all():
            raise describe_damage(kind, path, "a parent is not among the variants")
        return cls(table)


class PoolShares:
    """Adds up what the samples contain, one shard after the other."""

    def __init__(self, result: PoolResult, n_samples: int, omega_rescue: float) -> None:
        self.result = result
        self.log_rescue = float(log(omega_rescue))
        self.reads_in = np.zeros(n_samples, np.int64)
        self.lost_singleton = np.zeros(n_samples, np.int64)
        self.lost_others = np.zeros(n_samples, np.int64)
        self.kept: list[pd.DataFrame] = []
        self.rescued: list[pd.DataFrame] = []

    def add(self, shard: int, origins: Origins) -> None:
        """Count the sequences of a shard in each sample."""
        result = self.result
        n = origins.row + result.offsets[shard]
        assigned = result.assigned[n]
        is_single = result.counts[n] == 1
        for total, chosen in (
            (self.reads_in, np.ones(len(n), np.bool_)),
            (self.lost_singleton, ~assigned & is_single),
            (self.lost_others, ~assigned & ~is_single),
        ):
            np.add.at(total, origins.sample[chosen], origins.reads[chosen])
        table = pd.DataFrame(
            {
                "sample": origins.sample,
                "variant": result.cluster[n],
                "reads": origins.reads.astype(np.int64),
                "uniques": 1,
                "exact_reads": np.where(
                    result.centres[result.cluster[n]] == n, origins.reads, 0
                ).astype(np.int64),
                "max_hamming": result.hamming[n],
                "lowest_log10_p": result.log_p[n] / LN_10,
            }
        )
        self.kept.append(self.sum_up(table[assigned]))
        near = ~assigned & (result.log_p[n] >= self.log_rescue)
        self.rescued.append(self.sum_up(table[near]))

    @staticmethod
    def sum_up(table: pd.DataFrame) -> pd.DataFrame:
        """One row a sample and variant."""
        how = {"reads": "sum", "uniques": "sum", "exact_reads": "sum"}
        how |= {"max_hamming": "max", "lowest_log10_p": "min"}
        return table.groupby(["sample", "variant"], as_index=False, sort=True).agg(how)

    def save(self, path: str | PathLike[str]) -> None:
        """Write each sample's counts by themselves, so that one sample is quickly read."""
        reads = np.stack([self.reads_in, self.lost_singleton, self.lost_others])
        arrays = {"reads": reads}
        for kind, parts in (("kept", self.kept), ("near", self.rescued)):
            for number, own in split_samples(parts).items():
                arrays[f"{kind}_{number:05}"] = own[list(COUNTS)].to_numpy(np.float64)
        save_arrays(path, arrays)


def split_samples(parts: list[pd.DataFrame]) -> dict[int, pd.DataFrame]:
    """Counts of all shards by sample."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return {}
    table = PoolShares.sum_up(pd.concat(filled, ignore_index=True))
    return {int(str(number)): own for number, own in table.groupby("sample", sort=True)}


@dataclass(frozen=True)
class PoolFiles:
    """Where the results of a run's pool are.

    Attributes:
        plan: samples and shards.
        births: birth records.
        shares: counts of each sample.
    """

    plan: Path
    births: Path
    shares: Path

    def take(self, sample: str) -> DenoisedSample:
        """Results of one sample of the pool."""
        plan = PoolPlan.load(self.plan)
        number = plan.find(sample)
        births = PoolBirths.load(self.births).table
        reads, kept, near = load_share(self.shares, number, len(births))
        losses = {
            "sample": sample,
            "reads_in": int(reads[0]),
            "lost_singleton": int(reads[1]),
            "lost_omega_c": int(reads[2]),
            "assigned": int(kept["reads"].sum()),
            "engine": NAME,
            "reason": "" if reads[0] else "no reads to denoise",
        }
        variants = tabulate_variants(births, kept)
        return DenoisedSample(variants, losses, tabulate_near(sample, births, near))


def load_share(
    path: str | PathLike[str], number: int, n_variants: int
) -> tuple[NDArray[np.int64], pd.DataFrame, pd.DataFrame]:
    """Reads and lost reads of one sample of a pool; its counts of variants, and near them.

    Raises VagusError for a damaged file.
    """
    tables = []
    with open_archive(path, SHARES_KIND) as archive:
        reads = archive.take("reads", n_dims=2)[:, number]
        for kind in ("kept", "near"):
            name, own = f"{kind}_{number:05}", np.empty((0, len(COUNTS)))
            if name in archive.names:
                own = archive.take(name, "f", 2)
            tables.append(pd.DataFrame(own, columns=list(COUNTS)))
    kept, near = tables
    known = [table["variant"].isin(range(n_variants)).all() for table in tables]
    whole = np.nan_to_num(kept["reads"].to_numpy(), nan=-1.0).sum() == reads[0] - reads[1:].sum()
    if len(reads) != 3 or not whole or not all(known):
        raise describe_damage(SHARES_KIND, path, "its reads do not add up")
    return reads, kept, near


def tabulate_variants(births: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Variants of one sample: most reads first, then by name."""
    rows = births.iloc[counts["variant"].to_numpy(np.int64)].reset_index(drop=True)
    for name in ("reads", "uniques", "exact_reads"):
        rows[name] = counts[name].to_numpy(np.int64)
    rows["flags"] = ""
    return sort_rows(rows)[VARIANTS.names]


def tabulate_near(sample: str, births: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Rescued reads of one sample: most reads first, then by name."""
    rows = counts.astype(dict.fromkeys(COUNTS[:-1], np.int64))
    rows["asv"] = births["asv"].to_numpy(object)[rows["variant"]]
    rows["sample"] = sample
    return sort_rows(rows)[RESCUED.names]


def sort_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Most reads first, then by name."""
    order = np.lexsort((rows["asv"].to_numpy(str), -rows["reads"].to_numpy(np.int64)))
    return rows.iloc[order].reset_index(drop=True)
