"""Samples cut into pieces: every sequence is in the file of its shard, whole and in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vagus.errors import VagusError
from vagus.pool.pieces import PieceWriter, name_pieces, open_pieces
from vagus.pool.plan import PoolPlan, Shard, digest_sequence, locate_rows
from vagus.reads.uniques import Uniques, encode_bases

N_SHARDS = 4


def make_samples() -> list[Uniques]:
    """Three samples that share sequences, one of them without strands, and an empty one."""
    rng = np.random.default_rng(3)
    pool = ["".join(rng.choice(list("ACGT"), n)) for n in rng.integers(20, 60, 30)]
    samples = []
    for number in range(3):
        reads = [pool[i] for i in rng.choice(30, 40, p=np.arange(1, 31) / 465)]
        qualities = [rng.integers(2, 94, len(read)).astype(np.uint8) for read in reads]
        strands = rng.random(40) < 0.5 if number else None
        samples.append(
            Uniques.from_reads(reads, qualities, sample=f"s{number}", are_reverse=strands)
        )
    return [*samples, Uniques.empty("nothing")]


def list_rows(uniques: Uniques) -> list[tuple]:
    """Sequence, reads, qualities and antisense reads of each row."""
    reverse = uniques.reverse_counts
    return [
        (
            uniques.sequence(i), int(uniques.counts[i]),
            uniques.quality_sums[slice(*uniques.offsets[i : i + 2])].tolist(),
            0 if reverse is None else int(reverse[i]),
        )
        for i in range(uniques.n_uniques)
    ]  # fmt: skip


@pytest.mark.parametrize("buffer_bases", [1, 1500, 10**9])
def test_every_sequence_is_in_the_file_of_its_shard(buffer_bases: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    writer = PieceWriter(tmp_path, N_SHARDS, buffer_bases)
    expected: dict[int, list[tuple]] = {shard: [] for shard in range(N_SHARDS)}
    for number, uniques in enumerate(make_samples()):
        shards = rng.integers(-1, N_SHARDS - 1, uniques.n_uniques).astype(np.int32)
        writer.add(number, uniques, shards)
        for shard, row in zip(shards.tolist(), list_rows(uniques), strict=True):
            if shard >= 0:
                expected[shard].append((number, *row))
    writer.close()
    for shard, rows in expected.items():
        pieces = open_pieces(name_pieces(tmp_path, shard))
        found = [
            (sample, *row)
            for piece in pieces.read()
            for sample, row in zip(piece.sample.tolist(), list_rows(piece.uniques), strict=True)
        ]
        assert found == rows
        assert pieces.platforms == (["hifi"] if rows else [])
    assert expected[0]
    assert expected[N_SHARDS - 1] == []


def test_a_block_that_is_missing_is_noticed(tmp_path: Path) -> None:
    writer = PieceWriter(tmp_path, 1, 1)
    sample = make_samples()[0]
    writer.add(0, sample, np.zeros(sample.n_uniques, np.int32))
    with pytest.raises(VagusError, match="not a whole file of the sequences of a shard"):
        open_pieces(name_pieces(tmp_path, 0))


def test_rows_are_where_group_and_digest_say() -> None:
    shards = (Shard(0, 0, 1, (0, 2)), Shard(1, 0, 3, (1,)), Shard(1, 1, 3, (1,)),
              Shard(1, 2, 3, (1,)))  # fmt: skip
    plan = PoolPlan(("s0",), 40, ("A", "C", "G"), shards)
    uniques = make_samples()[0]
    groups = (np.arange(uniques.n_uniques) % 3).astype(np.uint8)
    for i, shard in enumerate(locate_rows(uniques, groups, plan).tolist()):
        part = digest_sequence(encode_bases(uniques.sequence(i))) % 3
        assert shard == (1 + part if groups[i] == 1 else 0)
