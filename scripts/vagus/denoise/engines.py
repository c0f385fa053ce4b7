"""What an engine does for the workflow: four verbs, and the files that they read and write.

What is known of each engine before it is loaded is in ``vagus.engines``; ``vagus.denoise.door``
loads it, for those who call it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from vagus.denoise.denoised import DenoisedSample
    from vagus.reads.uniques import Uniques


@dataclass(frozen=True)
class ModelFiles:
    """Where the error model of a run is.

    Attributes:
        model: the rates.
        description: how they came about.
        partitions: partitions that were made while the rates were learned, if they are kept.
    """

    model: Path
    description: Path
    partitions: Path | None = None


@dataclass(frozen=True)
class PlanFiles:
    """Where the plan of a pool is, and the place in it of each unique sequence of its samples."""

    plan: Path
    places: Path


@dataclass(frozen=True)
class RunFiles:
    """What a run has made for one of its engines.

    Attributes:
        model: error model; without one the engine learns from the sample itself, if it can.
        partitions: see ``ModelFiles``.
        pool: plan, variants and shares of the run's pool, from which the sample is taken.
    """

    model: Path | None = None
    partitions: Path | None = None
    pool: Sequence[Path] | None = None


class Engine(Protocol):
    """What the workflow asks of an engine, in the order in which it asks."""

    def learn(self, samples: Sequence[str | PathLike[str]], files: ModelFiles) -> None:
        """Learn the error model of a run from its samples; without any it is empty."""

    def plan(self, samples: Sequence[str | PathLike[str]], max_size: int, files: PlanFiles) -> None:
        """Plan a pool of the samples, in shards of about ``max_size`` unique sequences."""

    def shard(self, samples: Sequence[str | PathLike[str]], files: PlanFiles, pieces: Path) -> None:
        """Cut the samples of a pool into pieces, one file for each shard."""

    def load(self, path: str | PathLike[str]) -> Uniques:
        """The unique sequences of a sample, in the form in which the engine takes them."""

    def denoise(
        self,
        uniques: Uniques,
        run: RunFiles,
        priors: Collection[str] = (),
        omega_rescue: float = 1.0,
    ) -> DenoisedSample:
        """Denoise one sample, or take it from the pool of its run.

        ``priors`` are sequences that are believed to exist. ``omega_rescue``: see
        ``vagus.dada.variants``.
        """
