"""The ``dada`` engine as the workflow calls it. The kernels are loaded by those who use them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from vagus.dada.defaults import load_default_model
from vagus.dada.error_model import ErrorModel
from vagus.dada.facts import NAME
from vagus.dada.known_partitions import find_partition, save_partitions
from vagus.dada.settings import DadaSettings, LearningSettings
from vagus.dada.variants import denoise_sample
from vagus.denoise.denoised import DenoisedSample, write_unneeded
from vagus.denoise.engines import ModelFiles, PlanFiles, RunFiles
from vagus.errors import VagusError
from vagus.reads.platforms import FULL
from vagus.reads.uniques import Uniques
from vagus.tables.stages.denoise import ERROR_MODEL

Samples = Sequence[str | PathLike[str]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Engine:
    """Variants from exact duplicates; see ``vagus.denoise.engines.Engine``."""

    settings: DadaSettings = field(default_factory=DadaSettings)
    learning: LearningSettings = field(default_factory=LearningSettings)

    def learn(self, samples: Samples, files: ModelFiles) -> None:
        """Learn the rates of a run; partitions of the samples learned from are kept."""
        from vagus.dada.learning_set import learn_run

        if not samples:
            log.info("no sample of this run is denoised by dada: no error model is needed")
            write_unneeded(ERROR_MODEL, files)
            if files.partitions:
                save_partitions({}, files.partitions)
            return
        model = learn_run(samples, self.settings, self.learning, partitions=files.partitions)
        model.save(files.model, files.description)

    def plan(self, samples: Samples, max_size: int, files: PlanFiles) -> None:
        """Write the plan of a pool, and the group of each unique sequence."""
        from vagus.pool.plan import plan_pool
        from vagus.pool.shard import save_groups

        plan, groups = plan_pool(samples, max_size)
        save_groups(files.places, groups)
        plan.save(files.plan)

    def shard(self, samples: Samples, files: PlanFiles, pieces: Path) -> None:
        """Write the sequences of each shard."""
        from vagus.pool.plan import PoolPlan
        from vagus.pool.shard import order_samples, split_pool

        plan = PoolPlan.load(files.plan)
        split_pool(order_samples(samples, plan.samples), files.places, plan, pieces)

    def load(self, path: str | PathLike[str]) -> Uniques:
        """All sequences with their sums of qualities."""
        return Uniques.load(path)

    def denoise(
        self,
        uniques: Uniques,
        run: RunFiles,
        priors: Collection[str] = (),
        omega_rescue: float = 1.0,
    ) -> DenoisedSample:
        """Denoise one sample; one without reads needs no model."""
        if not uniques.n_reads:
            return denoise_sample(uniques, load_default_model(FULL, "no reads"), self.settings)
        if run.pool:
            from vagus.dada.pool_share import PoolFiles

            return PoolFiles(*run.pool).take(uniques.sample)
        if run.model is None:
            raise VagusError(
                "dada needs the error model of the run",
                sample=uniques.sample, fix=f"Give --model {NAME}=PATH",
            )  # fmt: skip
        rates = ErrorModel.load(run.model)
        known = None
        if run.partitions and not priors:
            known = find_partition(run.partitions, uniques, rates, self.settings)
        return denoise_sample(uniques, rates, self.settings, priors, omega_rescue, known)
