"""Sequences of a pool that may found a variant, found in each bundle of shards by itself.

Only a sequence with two reads or more in the pool can found a variant. These of one bundle are
partitioned as a sample is; without the singletons the clusters are smaller and the
p-values lower, so that rather too many sequences are found than too few. Which variants are formed
in the end is decided by ``vagus.dada.pool_replay`` alone: a founder too many is dropped there,
one that is missing is added.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np

from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.partition import partition_sample
from vagus.dada.settings import DadaSettings
from vagus.errors import describe_damage
from vagus.pool.shard import take_rows
from vagus.reads.uniques import Uniques
from vagus.sequences import is_sequence
from vagus.tables import read_table, write_table
from vagus.tables.stages.denoise import FOUNDERS

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Founder:
    """A sequence of the pool: its reads, the shard that contains it and its row there.

    ``is_anchor``: it is believed to found a variant, so that sequences near to it need no
    comparison with far ones (see ``vagus.dada.pool_pairs``).
    """

    sequence: str
    reads: int
    shard: int
    row: int
    is_anchor: bool = True

    @property
    def rank(self) -> tuple[int, str]:
        """By this founders are sorted: most reads first, then by sequence."""
        return -self.reads, self.sequence


def join_repeated(shards: Iterable[tuple[int, Uniques]]) -> tuple[Uniques, list[tuple[int, int]]]:
    """Repeated sequences of some shards in the order of ``Uniques``, and (shard, row) of each.

    Where none is repeated it is the first of all sequences.
    """
    entries, parts = [], []
    for number, uniques in shards:
        own = take_rows(uniques, np.arange(max(uniques.n_repeated, min(1, uniques.n_uniques))))
        parts.append(own)
        entries += [
            (-int(own.counts[i]), own.sequence(i), number, i, len(parts) - 1)
            for i in range(own.n_uniques)
        ]
    entries.sort()
    if entries and entries[0][0] < -1:
        entries = [entry for entry in entries if entry[0] < -1]
    else:
        entries = entries[:1]
    spans = [(parts[e[4]], *parts[e[4]].offsets[e[3] : e[3] + 2]) for e in entries]
    lengths = [stop - start for _, start, stop in spans]
    joined = Uniques(
        bases=np.concatenate([np.empty(0, np.uint8), *(p.bases[a:b] for p, a, b in spans)]),
        offsets=np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))]).astype(np.int64),
        counts=np.array([-entry[0] for entry in entries], np.int32),
        quality_sums=np.concatenate(
            [np.empty(0, np.uint32), *(p.quality_sums[a:b] for p, a, b in spans)]
        ),
    )
    return joined, [(entry[2], entry[3]) for entry in entries]


def find_founders(
    shards: Iterable[tuple[int, Uniques]], model: ErrorModel, settings: DadaSettings
) -> list[Founder]:
    """Founders of one bundle, sorted. ``shards`` are its shards with their numbers."""
    joined, places = join_repeated(shards)
    if joined.n_uniques == 0:
        return []
    result = partition_sample(Comparisons(joined, settings), model, settings)
    log.info("%d repeated sequences, %d founders", joined.n_uniques, len(result.births))
    founders = [
        Founder(joined.sequence(birth.centre), int(joined.counts[birth.centre]), *place)
        for birth, place in ((birth, places[birth.centre]) for birth in result.births)
    ]
    return sorted(founders, key=lambda founder: founder.rank)


def save_founders(founders: Iterable[Founder], path: str | PathLike[str]) -> None:
    """Write as TSV."""
    import pandas as pd

    rows = [(f.sequence, f.reads, f.shard, f.row) for f in founders]
    write_table(pd.DataFrame(rows, columns=FOUNDERS.names), path, FOUNDERS)


def load_founders(paths: Sequence[str | PathLike[str]]) -> list[Founder]:
    """Founders of all bundles together, sorted.

    A sequence seen once is kept only where nothing in the pool is repeated. Raises VagusError
    for a damaged file.
    """
    founders: list[Founder] = []
    for path in paths:
        table = read_table(path, FOUNDERS)
        if not all(map(is_sequence, table["sequence"])) or (table["reads"] < 1).any():
            raise describe_damage(FOUNDERS.name, path)
        columns = (table[name].tolist() for name in FOUNDERS.names)
        founders += [Founder(*row) for row in zip(*columns, strict=True)]
    founders.sort(key=lambda founder: founder.rank)
    repeated = [founder for founder in founders if founder.reads > 1]
    return repeated or founders[:1]
