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

from vagus.archives import DESCRIPTION, load_arrays, open_archive, save_arrays
from vagus.errors import ReadsError, describe_damage
from vagus.files import write_folder
from vagus.pool.pieces import Piece, PieceWriter, name_pieces, open_pieces
from vagus.pool.plan import PoolPlan, join_sequences, locate_rows
from vagus.reads.sample_sizes import read_size
from vagus.reads.uniques import Uniques

log = logging.getLogger(__name__)

WHOLE = ("iu", 1)
GROUPS_KIND = "list of the groups of a pool's sequences"
MAX_READS = np.iinfo(np.uint32).max // 93


@dataclass(frozen=True)
class Origins:
    """Which sample contains which sequence of a shard, how often.

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
        """Read what ``save`` wrote; raises VagusError for a damaged file."""
        kind = "list of the samples that contain the sequences of a shard"
        origins = cls(**load_arrays(path, kind, dict.fromkeys(("sample", "row", "reads"), WHOLE)))
        columns = (origins.sample, origins.row, origins.reads)
        if len({len(column) for column in columns}) > 1 or any((c < 0).any() for c in columns):
            raise describe_damage(kind, path)
        return origins


@dataclass
class Gatherer:
    """Adds up the sequences of samples; each is stored once, singletons with a byte a base."""

    row_of: dict[bytes, int] = field(default_factory=dict)
    bases: list[bytes] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    sums: list[NDArray[Any]] = field(default_factory=list)
    origins: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Add some sequences of some samples."""
        uniques, samples = piece.uniques, piece.sample.tolist()
        offsets, counts = uniques.offsets.tolist(), uniques.counts.tolist()
        all_sums = uniques.quality_sums.astype(np.uint32)
        for i, (sample, count) in enumerate(zip(samples, counts, strict=True)):
            own = uniques.bases[offsets[i] : offsets[i + 1]].tobytes()
            sums = all_sums[offsets[i] : offsets[i + 1]]
            row = self.row_of.setdefault(own, len(self.counts))
            if row == len(self.counts):
                self.bases.append(own)
                self.counts.append(count)
                # a copy, or the whole block would stay in memory
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


def split_pool(
    paths: Sequence[str | PathLike[str]], groups: Path, plan: PoolPlan, folder: Path
) -> None:
    """Write each sample's sequences to the files of their shards.

    The samples, in the order of the plan, are in memory one at a time. ``groups`` is the
    archive of their groups, as ``save_groups`` writes it.
    """
    with write_folder(folder) as temporary:
        writer = PieceWriter(temporary, len(plan.shards))
        group_of = load_groups(groups, len(paths))
        for number, (path, own) in enumerate(zip(paths, group_of, strict=True)):
            uniques = Uniques.load(path)
            check_groups(own, uniques)
            if len(own) and own.max() >= len(plan.pivots):
                raise describe_damage(GROUPS_KIND, groups, "a group is not in the plan")
            writer.add(number, uniques, locate_rows(uniques, own, plan))
            held = set(own.tolist())
            for shard in (i for i, s in enumerate(plan.shards) if held & set(s.groups)):
                writer.describe(shard, uniques)
        writer.close()


def gather_shard(folder: Path, shard: int, name: str) -> tuple[Uniques, Origins]:
    """Merge a shard's sequences of all samples from what ``split_pool`` wrote."""
    gatherer, pieces = Gatherer(), open_pieces(name_pieces(folder, shard))
    for piece in pieces.read():
        gatherer.add(piece)
    platform = pieces.platforms[0] if len(pieces.platforms) == 1 else "unknown"
    scheme = pieces.schemes[0] if len(pieces.schemes) == 1 else "unknown"
    uniques, origins = gatherer.finish(name, platform, scheme)
    log.info(
        "%s: %d reads, %d unique, %d of them repeated",
        name, uniques.n_reads, uniques.n_uniques, uniques.n_repeated,
    )  # fmt: skip
    return uniques, origins


def find_samples(paths: Sequence[str | PathLike[str]], plan: PoolPlan) -> list[str | PathLike[str]]:
    """Files of the samples of the plan, in its order; others are left out."""
    return order_samples(paths, plan.samples)


def order_samples(
    paths: Sequence[str | PathLike[str]], samples: Sequence[str]
) -> list[str | PathLike[str]]:
    """Files of the samples that are named, in that order; others are left out."""
    path_of = {read_size(path).sample: path for path in paths}
    for sample in samples:
        if sample not in path_of:
            raise ReadsError(
                "the plan of the pool names this sample, but its reads are not given",
                fix="Delete the plan of the pool and run again", sample=sample,
            )  # fmt: skip
    return [path_of[sample] for sample in samples]


def save_groups(path: str | PathLike[str], groups: Sequence[NDArray[Any]]) -> None:
    """Write the group (or shard) of each sequence of each sample, samples in order."""
    save_arrays(path, {_name_groups(i): own for i, own in enumerate(groups)})


def load_groups(path: str | PathLike[str], n_samples: int) -> list[NDArray[Any]]:
    """Read what ``save_groups`` wrote of so many samples; raises VagusError if it is damaged."""
    names = [_name_groups(i) for i in range(n_samples)]
    with open_archive(path, GROUPS_KIND) as archive:
        if set(archive.names) != {DESCRIPTION, *names}:
            raise describe_damage(GROUPS_KIND, path, "it is of other samples than the plan")
        return [archive.take(name) for name in names]


def check_groups(groups: NDArray[Any], uniques: Uniques) -> None:
    """Raise ReadsError where a sample has not one group for each of its sequences."""
    if len(groups) != uniques.n_uniques:
        raise ReadsError(
            "the plan of the pool is of other reads of this sample",
            fix="Delete the plan of the pool and run again", sample=uniques.sample,
        )  # fmt: skip


def _name_groups(number: int) -> str:
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
