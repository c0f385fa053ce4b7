"""How a pool is cut into shards: groups of similar sequences, and the jobs that they fill.

Pivots are abundant sequences of the pool that are not similar to each other; every unique
sequence is in the group of its nearest pivot. Groups that follow each other fill a bundle. A
group that is too large for one job is a bundle by itself and is cut into parts by the digest
of the sequences. Which shard contains a sequence depends on the sequence and the plan only, so
that equal sequences of all samples meet in one shard.

Cutting decides what is computed where. It has no influence on the results (see
``vagus.dada.pool_replay``).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError, describe_damage
from vagus.files import open_whole
from vagus.reads.sample_sizes import read_size
from vagus.reads.uniques import Uniques, encode_bases
from vagus.records import is_count, read_object

log = logging.getLogger(__name__)

PIVOT_DISTANCE = 0.15
MAX_PIVOTS = 128
TOP_PER_SAMPLE = 100
MAX_CANDIDATES = 10_000
BLOCK = 20_000

Path = str | PathLike[str]

_SHARD = {"bundle": is_count, "part": is_count, "n_parts": is_count, "groups": [is_count]}
_PLAN = {"samples": [str], "n_reads": is_count, "pivots": [str], "shards": [_SHARD]}


@dataclass(frozen=True)
class Shard:
    """Sequences of some groups whose digest modulo ``n_parts`` is ``part``."""

    bundle: int
    part: int
    n_parts: int
    groups: tuple[int, ...]


@dataclass(frozen=True)
class PoolPlan:
    """Samples of the pool (in order), their reads, the pivots and the shards."""

    samples: tuple[str, ...]
    n_reads: int
    pivots: tuple[str, ...]
    shards: tuple[Shard, ...]

    @property
    def n_bundles(self) -> int:
        """Bundles of the plan; the shards of one follow each other."""
        return self.shards[-1].bundle + 1 if self.shards else 0

    def shards_of(self, bundle: int) -> list[int]:
        """Numbers of the shards of a bundle."""
        return [i for i, shard in enumerate(self.shards) if shard.bundle == bundle]

    def find(self, sample: str) -> int:
        """Number of a sample; raises VagusError when it is missing from the plan."""
        return find_sample(self.samples, sample)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        with open_whole(path) as stream:
            json.dump(asdict(self), stream, indent=1, ensure_ascii=False)
            stream.write("\n")

    @classmethod
    def load(cls, path: Path) -> PoolPlan:
        """Read what ``save`` wrote; raises VagusError for a damaged file."""
        loaded = read_object(path, "plan of a pool", _PLAN)
        shards = tuple(
            Shard(s["bundle"], s["part"], s["n_parts"], tuple(s["groups"]))
            for s in loaded["shards"]
        )
        names, pivots = tuple(loaded["samples"]), tuple(loaded["pivots"])
        plan = cls(names, loaded["n_reads"], pivots, shards)
        if not plan.is_whole():
            raise describe_damage("plan of a pool", path, "its shards are not those of its groups")
        return plan

    def is_whole(self) -> bool:
        """Whether each group is in one bundle and each bundle has all its parts, in order."""
        expected: list[Shard] = []
        for bundle in range(self.n_bundles):
            own = self.shards_of(bundle)
            first = self.shards[own[0]] if own else Shard(bundle, 0, 0, ())
            n = first.n_parts
            expected += [Shard(bundle, part, n, first.groups) for part in range(min(n, len(own)))]
        groups = [group for shard in expected if not shard.part for group in shard.groups]
        return list(self.shards) == expected and groups == list(range(len(self.pivots)))


def find_sample(samples: Sequence[str], sample: str) -> int:
    """Number of a sample in the plan of a pool; raises VagusError when it is missing there."""
    if sample not in samples:
        raise VagusError(
            "this sample is missing from the plan of the pool", sample=sample,
            fix="Delete the plan of the pool and run again",
        )  # fmt: skip
    return samples.index(sample)


def sort_samples(paths: Sequence[Path]) -> list[Path]:
    """Files of unique sequences in the order of their samples' names."""
    sizes = sorted((read_size(path) for path in paths), key=lambda size: size.sample)
    return [size.path for size in sizes]


def join_sequences(parts: Sequence[NDArray[np.uint8]]) -> tuple[NDArray, NDArray]:
    """Flat bases and offsets of some sequences."""
    lengths = np.fromiter((len(part) for part in parts), np.int64, len(parts))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return np.concatenate([np.empty(0, np.uint8), *parts]), offsets


def digest_sequence(bases: NDArray[np.uint8]) -> int:
    """A number by which equal sequences are known; 64 bits."""
    return int.from_bytes(hashlib.blake2b(bases.tobytes(), digest_size=8).digest(), "little")


def choose_pivots(paths: Sequence[Path]) -> list[str]:
    """Abundant sequences that differ from each other in 5-mers; paths sorted by sample."""
    from vagus.kernels.dada import words as word_kernels

    reads: Counter[str] = Counter()
    for path in paths:
        uniques = Uniques.load(path)
        for i in range(min(uniques.n_uniques, TOP_PER_SAMPLE)):
            reads[uniques.sequence(i)] += int(uniques.counts[i])
        if len(reads) > 2 * MAX_CANDIDATES:
            reads = Counter(dict(rank_candidates(reads)[:MAX_CANDIDATES]))
    candidates = [sequence for sequence, _ in rank_candidates(reads)[: MAX_CANDIDATES // 4]]
    bases, offsets = join_sequences([encode_bases(sequence) for sequence in candidates])
    words = word_kernels.count_words(bases, offsets)
    nearest = np.ones(len(candidates))
    missing = np.empty(len(candidates), np.uint16)
    pivots: list[str] = []
    for i, sequence in enumerate(candidates):
        if nearest[i] > PIVOT_DISTANCE and len(pivots) < MAX_PIVOTS:
            pivots.append(sequence)
            word_kernels.count_missing_words(words, offsets, i, missing)
            n_words = np.minimum(np.diff(offsets), len(sequence)) - word_kernels.WORD_BP + 1
            np.minimum(nearest, missing / np.maximum(n_words, 1), out=nearest)
    return pivots


def rank_candidates(reads: Counter[str]) -> list[tuple[str, int]]:
    """Sequences with reads: most reads first, then by sequence."""
    return sorted(reads.items(), key=lambda item: (-item[1], item[0]))


def assign_groups(uniques: Uniques, pivots: Sequence[str]) -> NDArray[np.uint8]:
    """Number of the nearest pivot of each unique sequence, uint8 (n,); the first of equals."""
    from vagus.kernels.dada import words as word_kernels

    own = [encode_bases(pivot) for pivot in pivots]
    groups = [np.empty(0, np.uint8)]
    for first in range(0, uniques.n_uniques, BLOCK):
        stop = min(first + BLOCK, uniques.n_uniques)
        start_bp, stop_bp = uniques.offsets[first], uniques.offsets[stop]
        bases, ends = join_sequences([*own, uniques.bases[start_bp:stop_bp]])
        offsets = np.concatenate(
            [ends[: len(own)], uniques.offsets[first : stop + 1] - start_bp + ends[len(own)]]
        )
        words = word_kernels.count_words(bases, offsets)
        nearest, _ = word_kernels.find_nearest_repeated(words, offsets, len(own))
        groups.append(nearest[len(own) :].astype(np.uint8))
    return np.concatenate(groups)


def cut_pool(sizes: Sequence[int], max_size: int) -> tuple[Shard, ...]:
    """Shards of groups with ``sizes`` sequences, about ``max_size`` at most in each."""
    shards: list[Shard] = []
    waiting: list[int] = []
    for group, size in [*enumerate(sizes), (-1, max_size + 1)]:
        if waiting and sum(sizes[i] for i in waiting) + size > max_size:
            n_parts = max(1, -(-sum(sizes[i] for i in waiting) // max_size))
            bundle = shards[-1].bundle + 1 if shards else 0
            shards += [Shard(bundle, part, n_parts, tuple(waiting)) for part in range(n_parts)]
            waiting = []
        waiting.append(group)
    return tuple(shards)


def plan_pool(paths: Sequence[Path], max_size: int) -> tuple[PoolPlan, list[NDArray[np.uint8]]]:
    """Plan of a pool of samples, and each sample's groups in the order of the plan.

    The samples are in memory one after the other.
    """
    paths = sort_samples(paths)
    pivots = choose_pivots(paths)
    sizes = np.zeros(len(pivots), np.int64)
    groups, names, n_reads = [], [], 0
    for path in paths:
        uniques = Uniques.load(path)
        names.append(uniques.sample)
        n_reads += uniques.n_reads
        groups.append(assign_groups(uniques, pivots))
        sizes += np.bincount(groups[-1], minlength=len(pivots)).astype(np.int64)
    shards = cut_pool(sizes.tolist(), max_size)
    log.info(
        "%d reads of %d samples, %d unique sequences (shared ones counted again): %d shards",
        n_reads, len(names), int(sizes.sum()), len(shards),
    )  # fmt: skip
    return PoolPlan(tuple(names), n_reads, tuple(pivots), shards), groups


def locate_rows(uniques: Uniques, groups: NDArray[np.integer], plan: PoolPlan) -> NDArray[np.int32]:
    """Shard of each unique sequence of a sample, int32 (n,); ``groups`` are those of a sample."""
    first, n_parts = np.zeros((2, len(plan.pivots)), np.int32)
    for number, shard in enumerate(plan.shards):
        if shard.part == 0:
            first[list(shard.groups)], n_parts[list(shard.groups)] = number, shard.n_parts
    shards: NDArray[np.int32] = first[groups]
    offsets, bases = uniques.offsets, uniques.bases
    for i in np.flatnonzero(n_parts[groups] > 1).tolist():
        digest = digest_sequence(bases[offsets[i] : offsets[i + 1]])
        shards[i] += digest % int(n_parts[groups[i]])
    return shards
