"""One shard of a pool of ``phase`` samples: its reads, denoised together, counted by sample."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path as PathToFolder
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.files import write_folder
from vagus.phase.denoising import LOST_FEW_READS, LOST_UNEXPLAINED, Denoised, run_engine
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.pool_plan import PhasePlan
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.phase.variants import describe_variants, find_exact
from vagus.pool.pieces import PieceWriter, name_pieces, open_pieces
from vagus.pool.shard import check_groups
from vagus.reads.uniques import RoundedUniques

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Path = str | PathLike[str]

log = logging.getLogger(__name__)

COUNTS = ("reads", "uniques", "exact_reads", "reverse_reads")
OUTCOMES = ("lost_few_reads", "lost_unexplained", "assigned", "aligned_edits", "aligned_bases")


@dataclass(frozen=True)
class ShardResult:
    """Variants of a shard with the pool's evidence, and what each sample has of them.

    Attributes:
        variants: one row a variant; see ``describe_variants``.
        counts: columns sample (its number), variant (its row), then ``COUNTS``.
        outcomes: per sample, int64, shape (samples, len(OUTCOMES)); reads, and
            differences and bases of those that were aligned, explained or not.
    """

    variants: pd.DataFrame
    counts: pd.DataFrame
    outcomes: Ints


def split_samples(
    paths: Sequence[Path], shards: Sequence[NDArray[np.int32]], n_shards: int, folder: PathToFolder
) -> None:
    """Write each sample's reads to the files of their shards.

    The samples, in the order of the plan, are in memory one at a time; ``shards`` contains the
    shard of each of their sequences.
    """
    with write_folder(folder) as temporary:
        writer = PieceWriter(temporary, n_shards)
        for number, (path, own) in enumerate(zip(paths, shards, strict=True)):
            uniques = RoundedUniques.load(path)
            check_groups(own, uniques)
            if len(own) and own.max() >= n_shards:
                raise VagusError(
                    "a shard of this sample is missing from the plan of the pool",
                    sample=uniques.sample,
                    fix="Delete the plan of the pool and run again",
                )  # fmt: skip
            writer.add(number, uniques, own)
        writer.close()


def gather_reads(folder: PathToFolder, shard: int) -> tuple[RoundedUniques, Ints]:
    """The reads of a shard and the number of the sample of each, from ``split_samples``.

    Equal sequences of two samples stay two.
    """
    parts, origins = [], [np.empty(0, np.int64)]
    for piece in open_pieces(name_pieces(folder, shard)).read():
        own = piece.uniques
        parts.append(
            RoundedUniques(
                own.bases, own.offsets, own.counts, own.quality_sums,
                reverse_counts=own.reverse_counts,
            )
        )  # fmt: skip
        origins.append(piece.sample.astype(np.int64))
    return RoundedUniques.join(parts), np.concatenate(origins)


def denoise_shard(
    uniques: RoundedUniques,
    origins: Ints,
    plan: PhasePlan,
    model: PhaseErrorModel,
    settings: PhaseSettings,
) -> ShardResult:
    """Denoise the reads of a shard as one sample; count variants and losses by sample."""
    reads = replace(ReadSet.from_uniques(uniques), has_strands=plan.has_strands)
    result = run_engine(reads, model, settings)
    variants = describe_variants(result, model.make_tables(settings), settings)
    log.info("%d reads of a pool: %d variants", uniques.n_reads, len(variants))
    counts = count_by_sample(result, origins, [int(v) for v in variants.pop("candidate")])
    return ShardResult(variants, counts, count_outcomes(result, origins, len(plan.samples)))


def count_by_sample(result: Denoised, origins: Ints, order: list[int]) -> pd.DataFrame:
    """What each sample has of each variant; variants numbered by their place in ``order``."""
    import pandas as pd

    place = np.full(len(result.candidates), -1, np.int64)
    place[order] = np.arange(len(order))
    mine = np.flatnonzero(result.assignment >= 0)
    weights = result.reads.counts[mine].astype(np.int64)
    table = pd.DataFrame({
        "sample": origins[mine],
        "variant": place[result.assignment[mine]],
        "reads": weights,
        "uniques": 1,
        "exact_reads": np.where(find_exact(result)[mine], weights, 0),
        "reverse_reads": result.reads.reverse_counts[mine].astype(np.int64),
    })  # fmt: skip
    return table.groupby(["sample", "variant"], as_index=False, sort=True).sum()


def count_outcomes(result: Denoised, origins: Ints, n_samples: int) -> Ints:
    """Reads of each sample by what became of them, and how well they fitted (``OUTCOMES``)."""
    weights, outcome = result.reads.counts, result.assignment
    is_aligned = result.edits >= 0
    columns: list[NDArray[Any]] = [
        np.where(outcome == LOST_FEW_READS, weights, 0),
        np.where(outcome == LOST_UNEXPLAINED, weights, 0),
        np.where(outcome >= 0, weights, 0),
        np.where(is_aligned, weights * result.edits, 0),
        np.where(is_aligned, weights * result.reads.lengths, 0),
    ]
    sums = [np.bincount(origins, column, n_samples) for column in columns]
    return np.stack(sums, axis=1).astype(np.int64)
