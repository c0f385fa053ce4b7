"""How the ``phase`` samples of a run become one pool, cut by similarity into independent jobs.

1. Sample by sample, each read joins the group whose centre shares most of its words, if these
   are as many as reads of near relatives share; else it starts a group, if it is good enough.
2. Groups whose centres are near relatives are one family, within which variants compete for
   reads. Groups of fewer reads than a variant needs, often chimeras, are no bridges: they go with
   the group most like them. The most similar are joined first, and only up to the size of a shard.
3. Families fill shards of at most a given number of unique sequences, the largest family first.
   One group that is larger is a shard by itself.

A sample that is too poor to be denoised is left out, with its reason.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vagus.files import write_json
from vagus.kernels.phase.sketch import WORD_BP, cluster_greedily
from vagus.phase.accuracy import explain_low_quality
from vagus.phase.coarse import Sketches
from vagus.phase.families import MIN_FAMILY_IDENTITY
from vagus.phase.read_set import MAX_ONE_STRAND, MIN_ONE_STRAND, ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.pool.plan import find_sample
from vagus.reads.uniques import RoundedUniques
from vagus.records import is_count, read_object

Ints = NDArray[np.int64]
Path = str | PathLike[str]

log = logging.getLogger(__name__)

LEFT_OUT = -1
_PLAN = {"samples": [str], "refused": {str: str}, "shards": [is_count], "has_strands": bool}


@dataclass(frozen=True)
class PhasePlan:
    """Samples of a pool (by name), why some are left out, unique sequences of each shard.

    Attributes:
        has_strands: whether the pool's reads are of both strands, and known to be.
    """

    samples: tuple[str, ...]
    refused: dict[str, str]
    shards: tuple[int, ...]
    has_strands: bool

    def save(self, path: Path) -> None:
        """Write as JSON."""
        write_json(asdict(self), path)

    @classmethod
    def load(cls, path: Path) -> PhasePlan:
        """Read what ``save`` wrote; raises VagusError for a damaged file."""
        loaded = read_object(path, "plan of a pool", _PLAN)
        names, shards = tuple(loaded["samples"]), tuple(loaded["shards"])
        return cls(names, loaded["refused"], shards, loaded["has_strands"])

    def find(self, sample: str) -> int:
        """Number of a sample; raises VagusError when it is missing from the plan."""
        return find_sample(self.samples, sample)


class Grouper:
    """Groups reads, one sample after the other; only the centres stay in memory."""

    def __init__(self, settings: PhaseSettings) -> None:
        self.settings = settings
        self.min_shared = settings.min_identity**WORD_BP
        self.min_link = MIN_FAMILY_IDENTITY**WORD_BP
        self.centres: list[Sketches] = []
        self.sizes: list[float] = []

    def add(self, reads: ReadSet) -> Ints:
        """Group of each read of a sample; ``LEFT_OUT`` for those that resemble nothing."""
        sketches = Sketches.of_reads(reads)
        labels = np.full(len(reads), LEFT_OUT, np.int64)
        if self.centres:
            nearest, shared = sketches.rank(Sketches.join(self.centres), 1)
            is_near = shared[:, 0] >= self.min_shared * np.maximum(sketches.n_right, 1.0)
            labels[is_near] = nearest[is_near, 0]
        rest = reads.order[labels[reads.order] < 0]
        can_found = reads.error_rates <= self.settings.max_read_error_rate
        found, _ = cluster_greedily(
            sketches.words, sketches.offsets, sketches.n_right, rest, can_found, self.min_shared
        )
        n_known = len(self.sizes)
        _, first = np.unique(found[rest], return_index=True)
        founders = rest[np.sort(first)]
        founders = founders[found[founders] >= 0]
        self.centres += [sketches.take(founders[i : i + 1]) for i in range(len(founders))]
        self.sizes += [0.0] * len(founders)
        joined = rest[found[rest] >= 0]
        labels[joined] = found[joined] + n_known
        sizes = np.bincount(labels[labels >= 0], reads.counts[labels >= 0], len(self.sizes))
        self.sizes = [a + float(b) for a, b in zip(self.sizes, sizes, strict=True)]
        self._place_poor(sketches, labels)
        return labels

    def _place_poor(self, sketches: Sketches, labels: Ints) -> None:
        """Reads that fit no group and found none go with the centre that is most like them."""
        poor = np.flatnonzero(labels < 0)
        if len(poor) and self.centres:
            nearest, _ = sketches.take(poor).rank(Sketches.join(self.centres), 1)
            labels[poor] = nearest[:, 0]

    def list_families(self, sizes: Ints, max_size: int) -> Ints:
        """Family of each group, named by the lowest number among its groups.

        Groups are joined from the most similar on, if they have at most ``max_size`` unique
        sequences (``sizes``: of each group) together.
        """
        family = np.arange(len(sizes))
        totals = sizes.copy()
        for i, j in self._list_links():
            one, other = sorted((int(family[i]), int(family[j])))
            if one != other and totals[one] + totals[other] <= max_size:
                family[family == other] = one
                totals[one] += totals[other]
        return family

    def _list_links(self) -> list[tuple[int, int]]:
        """Pairs of groups of near relatives, the most similar first.

        Groups of fewer reads than a variant needs are linked to the group most like them only.
        """
        if not self.centres:
            return []
        centres = Sketches.join(self.centres)
        is_large = np.array(self.sizes) >= self.settings.min_reads
        large = np.flatnonzero(is_large)
        ranked, shared = centres.rank(centres.take(large), self.settings.max_neighbours + 1)
        right = centres.n_right / np.maximum(1, np.diff(centres.offsets))
        links = []
        for i in range(len(self.sizes)):
            others = [(int(large[t]), int(n)) for t, n in zip(ranked[i], shared[i], strict=True)
                      if t >= 0 and large[t] != i]  # fmt: skip
            for j, n in others if is_large[i] else others[:1]:
                likeness = n / max(1.0, centres.n_right[i] * right[j])
                if likeness >= self.min_link or not is_large[i]:
                    links.append((-likeness, i, j))
        return [(i, j) for _, i, j in sorted(links)]


def fill_shards(family: Ints, sizes: Ints, max_size: int) -> tuple[Ints, tuple[int, ...]]:
    """Shard of each group, and the size of each shard; the largest families come first.

    Args:
        family: of each group.
        sizes: unique sequences of each group.
        max_size: unique sequences of a shard, at most, unless one family has more.
    """
    names, which = np.unique(family, return_inverse=True)
    totals = np.bincount(which, sizes, len(names)).astype(np.int64)
    shard_of, shards = np.zeros(len(names), np.int64), list[int]()
    for i in np.lexsort((names, -totals)).tolist():
        room = [k for k, size in enumerate(shards) if size + totals[i] <= max_size]
        shard_of[i] = room[0] if room else len(shards)
        if not room:
            shards.append(0)
        shards[shard_of[i]] += int(totals[i])
    return shard_of[which], tuple(shards)


def plan_phase_pool(
    paths: Sequence[Path], max_size: int, settings: PhaseSettings
) -> tuple[PhasePlan, list[NDArray[np.int32]]]:
    """Plan of a pool, and the shard of each unique sequence of each sample.

    The samples (paths sorted by name) are in memory one after the other.
    """
    grouper = Grouper(settings)
    names, labels, refused = [], [], dict[str, str]()
    strands = np.zeros(2)
    for path in paths:
        uniques = RoundedUniques.load(path)
        names.append(uniques.sample)
        reads = ReadSet.from_uniques(uniques)
        poor = (
            explain_low_quality(float(np.median(reads.error_rates)), settings) if len(reads) else ""
        )
        if poor:
            refused[uniques.sample] = poor
        else:
            strands += reads.reverse_counts.sum(), reads.counts.sum()
        own = np.full(len(reads), LEFT_OUT, np.int64) if poor else grouper.add(reads)
        labels.append(own)
    sizes = np.zeros(len(grouper.sizes), np.int64)
    for own in labels:
        sizes += np.bincount(own[own >= 0], minlength=len(sizes))
    shard_of, shards = fill_shards(grouper.list_families(sizes, max_size), sizes, max_size)
    log.info(
        "%d samples, %d unique sequences in %d groups: %d shards",
        len(names), int(sizes.sum()), len(sizes), len(shards),
    )  # fmt: skip
    share = strands[0] / max(1.0, strands[1])
    plan = PhasePlan(tuple(names), refused, shards, bool(MIN_ONE_STRAND < share < MAX_ONE_STRAND))
    return plan, [_place(own, shard_of) for own in labels]


def _place(labels: Ints, shard_of: Ints) -> NDArray[np.int32]:
    """Shard of each read; those that resemble nothing are in none."""
    if not len(shard_of):
        return np.full(len(labels), LEFT_OUT, np.int32)
    placed: NDArray[Any] = np.where(labels >= 0, shard_of[np.maximum(labels, 0)], LEFT_OUT)
    return placed.astype(np.int32)
