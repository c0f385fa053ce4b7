"""The ``phase`` engine as the workflow calls it. The kernels are loaded by those who use them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from vagus.denoise.denoised import DenoisedSample, write_unneeded
from vagus.denoise.engines import ModelFiles, PlanFiles, RunFiles
from vagus.files import write_json
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import RoundedUniques, Uniques
from vagus.tables.stages.denoise import PHASE_ERROR_MODEL

Samples = Sequence[str | PathLike[str]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Engine:
    """Variants from columns of aligned reads; see ``vagus.denoise.engines.Engine``."""

    settings: PhaseSettings = field(default_factory=PhaseSettings)

    def learn(self, samples: Samples, files: ModelFiles) -> None:
        """Learn the errors of a run."""
        if not samples:
            log.info("no sample of this run is denoised by phase: no error model is needed")
            write_unneeded(PHASE_ERROR_MODEL, files)
            return
        from vagus.phase.run_model import learn_run

        model, description = learn_run(samples, self.settings)
        model.save(files.model)
        write_json(description, files.description)

    def plan(self, samples: Samples, max_size: int, files: PlanFiles) -> None:
        """Write the plan of a pool, and the shard of each unique sequence."""
        from vagus.phase.pool_plan import plan_phase_pool
        from vagus.pool.plan import sort_samples
        from vagus.pool.shard import save_groups

        plan, shards = plan_phase_pool(sort_samples(samples), max_size, self.settings)
        save_groups(files.places, shards)
        plan.save(files.plan)

    def shard(self, samples: Samples, files: PlanFiles, pieces: Path) -> None:
        """Write the reads of each shard."""
        from vagus.phase.pool_plan import PhasePlan
        from vagus.phase.pool_shard import split_samples
        from vagus.pool.shard import load_groups, order_samples

        plan = PhasePlan.load(files.plan)
        shards = load_groups(files.places, len(plan.samples))
        paths = order_samples(samples, plan.samples)
        split_samples(paths, shards, len(plan.shards), pieces)

    def load(self, path: str | PathLike[str]) -> Uniques:
        """Sequences with their rounded mean qualities."""
        return RoundedUniques.load(path)

    def denoise(
        self,
        uniques: Uniques,
        run: RunFiles,
        priors: Collection[str] = (),
        omega_rescue: float = 1.0,
    ) -> DenoisedSample:
        """Denoise one sample; without a model it is learned from this sample. None is rescued."""
        from vagus.phase.denoising import denoise
        from vagus.phase.error_model import PhaseErrorModel

        if run.pool:
            from vagus.phase.pool_share import PhasePoolFiles

            return PhasePoolFiles(*run.pool).take(uniques, self.settings)
        model = PhaseErrorModel.load(run.model) if run.model and uniques.n_reads else None
        return denoise(uniques, model, self.settings, sorted(priors))
