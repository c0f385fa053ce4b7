"""One shard of a pool: the unique sequences of all samples that fall into it.

Reads and qualities of a sequence are summed over the samples, in integers. What is a
singleton is said by the pool, and may be said of each shard by itself because equal
sequences are in one shard.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vagus.denoise.learning_set import read_size
from vagus.denoise.pool_plan import PoolPlan, Shard, join_sequences, select_rows
from vagus.errors import ReadsError
from vagus.files import write_whole
from vagus.reads.uniques import Uniques, write_archive

log = logging.getLogger(__name__)

Arrays = dict[str, NDArray[Any]]
MAX_READS = np.iinfo(np.uint32).max // 93


@dataclass(frozen=True)
class Origins:
    """Which sample holds which sequence of a shard, how often.

    Attributes:
        sample: int32, place of the sample in the plan; row: int32, sequence of the shard;
        reads: int32.
    """

    sample: NDArray[np.int32]
    row: NDArray[np.int32]
    reads: NDArray[np.int32]

    def save(self, path: str | PathLike[str]) -> None:
        """Write as ``.npz``."""
        save_arrays(path, {"sample": self.sample, "row": self.row, "reads": self.reads})

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Origins:
        """Read what ``save`` wrote."""
        return cls(**load_arrays(path))


def save_arrays(path: str | PathLike[str], arrays: Arrays) -> None:
    """Write arrays; equal content gives equal bytes."""
    with write_whole(path) as temporary:
        write_archive(temporary, {}, arrays)


def load_arrays(path: str | PathLike[str], *names: str) -> Arrays:
    """Arrays that ``save_arrays`` wrote: those that are named, or all."""
    with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as archive:
        wanted = names or [name for name in archive.files if name != "description"]
        return {name: archive[name] for name in wanted}


@dataclass
class Gatherer:
    """Adds up the sequences of samples; each is held once, singletons with a byte a base."""

    row_of: dict[bytes, int] = field(default_factory=dict)
    bases: list[bytes] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    sums: list[NDArray[Any]] = field(default_factory=list)
    origins: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, sample: int, uniques: Uniques, rows: Sequence[int]) -> None:
        """Add some sequences of a sample."""
        offsets = uniques.offsets
        for i in rows:
            own = uniques.bases[offsets[i] : offsets[i + 1]].tobytes()
            sums = uniques.quality_sums[offsets[i] : offsets[i + 1]]
            count = int(uniques.counts[i])
            row = self.row_of.setdefault(own, len(self.counts))
            if row == len(self.counts):
                self.bases.append(own)
                self.counts.append(count)
                self.sums.append(sums.astype(np.uint8 if count == 1 else np.uint32))
            else:
                self.counts[row] += count
                self.sums[row] = self.sums[row] + sums
            self.origins.append((sample, row, count))

    def finish(self, name: str, platform: str, quality_scheme: str) -> tuple[Uniques, Origins]:
        """The sequences in the order of ``Uniques``, and where they are from."""
        order = sorted(range(len(self.counts)), key=lambda i: (-self.counts[i], self.bases[i]))
        if order and self.counts[order[0]] > MAX_READS:
            raise ReadsError(
                f"a sequence has {self.counts[order[0]]} reads in the pool; "
                f"{MAX_READS} are possible",
                fix="Set denoise: pooling: pseudo in the config, or split the run",
            )
        bases, offsets = join_sequences(
            [np.frombuffer(self.bases[i], dtype=np.uint8) for i in order]
        )
        sums = np.empty(len(bases), np.uint32)
        for place, i in enumerate(order):
            sums[offsets[place] : offsets[place + 1]] = self.sums[i]
        uniques = Uniques(
            bases=bases,
            offsets=offsets,
            counts=np.array([self.counts[i] for i in order], np.int32),
            quality_sums=sums,
            sample=name,
            platform=platform,
            quality_scheme=quality_scheme,
        )
        place_of = np.empty(len(order), np.int32)
        place_of[order] = np.arange(len(order), dtype=np.int32)
        table = np.array(self.origins, np.int64).reshape(-1, 3)
        origins = Origins(
            table[:, 0].astype(np.int32), place_of[table[:, 1]], table[:, 2].astype(np.int32)
        )
        return uniques, origins


def gather_shard(
    paths: Sequence[str | PathLike[str]], groups: Path, shard: Shard, name: str
) -> tuple[Uniques, Origins]:
    """Merge the samples (in the order of the plan), of which one is in memory at a time.

    ``groups`` is the archive of the samples' groups, members named by ``name_groups``.
    """
    gatherer = Gatherer()
    platforms, schemes = set(), set()
    group_of = load_arrays(groups)
    for number, path in enumerate(paths):
        own = group_of[name_groups(number)]
        if not np.isin(own, np.array(shard.groups, np.uint8)).any():
            continue
        uniques = Uniques.load(path)
        platforms.add(uniques.platform)
        schemes.add(uniques.quality_scheme)
        gatherer.add(number, uniques, list(select_rows(uniques, own, shard)))
    platform = platforms.pop() if len(platforms) == 1 else "unknown"
    scheme = schemes.pop() if len(schemes) == 1 else "unknown"
    shard_uniques, origins = gatherer.finish(name, platform, scheme)
    log.info(
        "%s: %d reads, %d unique, %d of them repeated",
        name, shard_uniques.n_reads, shard_uniques.n_uniques, shard_uniques.n_repeated,
    )  # fmt: skip
    return shard_uniques, origins


def find_samples(paths: Sequence[str | PathLike[str]], plan: PoolPlan) -> list[str | PathLike[str]]:
    """Files of the samples of the plan, in its order; others are left out."""
    return order_samples(paths, plan.samples)


def order_samples(
    paths: Sequence[str | PathLike[str]], samples: Sequence[str]
) -> list[str | PathLike[str]]:
    """Files of the samples that are named, in that order; others are left out."""
    path_of = {read_size(path).sample: path for path in paths}
    return [path_of[sample] for sample in samples]


def name_groups(number: int) -> str:
    """Name of the member of the archive with the groups of one sample."""
    return f"groups_{number:05}"


def take_rows(uniques: Uniques, rows: NDArray[np.int64]) -> Uniques:
    """Some of the sequences, in ascending order of their index."""
    lengths = uniques.lengths[rows]
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    index = np.repeat(uniques.offsets[rows] - ends[:-1], lengths) + np.arange(ends[-1])
    return Uniques(
        bases=uniques.bases[index],
        offsets=ends,
        counts=uniques.counts[rows],
        quality_sums=uniques.quality_sums[index],
        sample=uniques.sample,
        platform=uniques.platform,
        quality_scheme=uniques.quality_scheme,
    )
