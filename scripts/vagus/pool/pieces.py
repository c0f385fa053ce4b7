"""The samples of a pool cut into pieces, so that each shard is read without opening any sample.

Every sample is opened once. Its sequences go to the files of their shards, one archive each, in
blocks: samples in the order of the plan, and the rows of a sample in its own order. So the work
of cutting and gathering a pool grows with its sequences, not with samples times shards.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vagus.archives import Arrays, add_array, add_description, open_archive
from vagus.errors import describe_damage
from vagus.reads.uniques import Uniques, narrow, pack_bases, unpack_bases
from vagus.records import check_object, is_count

BUFFER_BASES = 50_000_000
KIND = "file of the sequences of a shard"
LEFT_OUT = -1
_ARRAYS = ("sample", "lengths", "counts", "reverse", "bases", "repeated", "single")
_FORM = {"n_blocks": is_count, "platforms": [str], "schemes": [str]}


@dataclass(frozen=True)
class Piece:
    """Some sequences of a shard: ``sample`` is int32, the place in the plan of each one's sample.

    The order of ``uniques`` is that of the samples, not that of a sample's unique sequences.
    """

    sample: NDArray[np.int32]
    uniques: Uniques


@dataclass(frozen=True)
class ShardPieces:
    """What is known of a shard before its sequences are read."""

    path: Path
    n_blocks: int
    platforms: list[str]
    schemes: list[str]

    def read(self) -> Iterator[Piece]:
        """The pieces in order; raises VagusError for a damaged file."""
        with open_archive(self.path, KIND) as archive:
            for block in range(self.n_blocks):
                yield _unpack({name: archive.take(f"{block:05}.{name}") for name in _ARRAYS})


class PieceWriter:
    """Cuts samples, one after the other; keeps ``buffer_bases`` bases before it writes them."""

    def __init__(self, folder: Path, n_shards: int, buffer_bases: int = BUFFER_BASES) -> None:
        self.folder = folder
        self.buffer_bases = buffer_bases
        self.n_blocks = [0] * n_shards
        self.platforms: list[set[str]] = [set() for _ in range(n_shards)]
        self.schemes: list[set[str]] = [set() for _ in range(n_shards)]
        self.waiting: dict[int, list[Piece]] = defaultdict(list)
        self.n_waiting = 0

    def add(self, number: int, uniques: Uniques, shards: NDArray[np.int32]) -> None:
        """Add the sample of this number; ``shards`` contains one a sequence, or ``LEFT_OUT``."""
        order = np.argsort(shards, kind="stable")
        order = order[np.searchsorted(shards[order], 0) :]
        if not len(order):
            return
        found, starts = np.unique(shards[order], return_index=True)
        for shard, rows in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
            sample = np.full(len(rows), number, np.int32)
            self.waiting[shard].append(Piece(sample, cut_rows(uniques, rows)))
            self.describe(shard, uniques)
        self.n_waiting += int(uniques.lengths[order].sum())
        if self.n_waiting > self.buffer_bases:
            self.flush()

    def describe(self, shard: int, uniques: Uniques) -> None:
        """Note that a sample may have sequences in a shard."""
        self.platforms[shard].add(uniques.platform)
        self.schemes[shard].add(uniques.quality_scheme)

    def flush(self) -> None:
        """Write what waits as one block of each shard."""
        for shard, pieces in sorted(self.waiting.items()):
            block = self.n_blocks[shard]
            with zipfile.ZipFile(self._name(shard), "a") as archive:
                for name, array in _pack(pieces).items():
                    add_array(archive, f"{block:05}.{name}", array)
            self.n_blocks[shard] += 1
        self.waiting.clear()
        self.n_waiting = 0

    def close(self) -> None:
        """Write the rest, and what is known of each shard."""
        self.flush()
        for shard, n_blocks in enumerate(self.n_blocks):
            about = {
                "n_blocks": n_blocks,
                "platforms": sorted(self.platforms[shard]),
                "schemes": sorted(self.schemes[shard]),
            }
            with zipfile.ZipFile(self._name(shard), "a") as archive:
                add_description(archive, about)

    def _name(self, shard: int) -> Path:
        return name_pieces(self.folder, shard)


def name_pieces(folder: Path, shard: int) -> Path:
    """File of the sequences of a shard."""
    return folder / f"{shard}.npz"


def open_pieces(path: Path) -> ShardPieces:
    """The pieces of a shard; raises VagusError for a damaged file."""
    with open_archive(path, KIND) as archive:
        about = check_object(archive.describe(), path, KIND, _FORM)
        if len(archive.names) != 1 + about["n_blocks"] * len(_ARRAYS):
            raise describe_damage(KIND, path, "blocks are missing")
    return ShardPieces(path, about["n_blocks"], about["platforms"], about["schemes"])


def cut_rows(uniques: Uniques, rows: NDArray[np.intp]) -> Uniques:
    """Some of the sequences, in this order; their sums in the smallest type that contains them."""
    spans = [slice(*uniques.offsets[i : i + 2]) for i in rows.tolist()]
    lengths = uniques.lengths[rows]
    reverse = uniques.reverse_counts
    return replace(
        uniques,
        bases=np.concatenate([np.empty(0, np.uint8), *(uniques.bases[span] for span in spans)]),
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        counts=uniques.counts[rows],
        quality_sums=narrow(
            np.concatenate([np.empty(0, np.uint8), *(uniques.quality_sums[s] for s in spans)])
        ),
        reverse_counts=np.zeros(len(rows), np.int32) if reverse is None else reverse[rows],
    )


def _pack(pieces: list[Piece]) -> Arrays:
    """One block of some pieces, in the order of ``_ARRAYS``."""
    counts = np.concatenate([piece.uniques.counts for piece in pieces])
    lengths = np.concatenate([piece.uniques.lengths for piece in pieces])
    sums = np.concatenate([piece.uniques.quality_sums for piece in pieces])
    is_single = np.repeat(counts == 1, lengths)
    arrays = (
        np.concatenate([piece.sample for piece in pieces]),
        lengths.astype(np.int32),
        counts,
        narrow(np.concatenate([piece.uniques.reverse_counts for piece in pieces])),
        pack_bases(np.concatenate([piece.uniques.bases for piece in pieces])),
        narrow(sums[~is_single]),
        narrow(sums[is_single]),
    )
    return dict(zip(_ARRAYS, arrays, strict=True))


def _unpack(arrays: Arrays) -> Piece:
    """Inverse of ``_pack``; raises ValueError where the arrays contradict each other."""
    sample, lengths, counts, reverse, bases, repeated, single = arrays.values()
    is_single = np.repeat(counts == 1, lengths)
    if (
        not len(sample) == len(lengths) == len(counts) == len(reverse)
        or len(single) != is_single.sum()
        or len(repeated) + len(single) != len(is_single)
        or 4 * len(bases) < len(is_single)
        or (len(sample) and min(sample.min(), lengths.min(), counts.min() - 1) < 0)
    ):
        raise ValueError("the arrays of a block contradict each other")
    sums = np.empty(len(is_single), np.promote_types(repeated.dtype, single.dtype))
    sums[is_single], sums[~is_single] = single, repeated
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
    return Piece(sample, Uniques(
        bases=unpack_bases(bases, len(is_single)),
        offsets=offsets,
        counts=counts,
        quality_sums=sums,
        reverse_counts=reverse.astype(np.int32),
    ))  # fmt: skip
