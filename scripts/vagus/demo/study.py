"""A folder of simulated samples of one community, ready for ``vagus run``: for power planning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vagus.demo.amplicon import derive_generator
from vagus.demo.community import Member, StrainLibrary
from vagus.demo.platforms import PLATFORMS, PlatformModel
from vagus.demo.sample import SampleDesign, SampleTruth, simulate_sample
from vagus.demo.truth import write_rows, write_truth
from vagus.errors import ConfigError, VagusError
from vagus.files import open_whole
from vagus.numerics.functions import exp
from vagus.reads.platforms import find_simulated, list_profiles
from vagus.reference.starter import ReferenceRecord


@dataclass(frozen=True)
class SimulationPlan:
    """What to simulate.

    ``between_samples`` is the standard deviation, on the scale of natural logarithms, by
    which a taxon's abundance varies between samples; 0 means equal communities.
    """

    platform: str = field(default_factory=lambda: list_profiles()[0])
    depth: int = 2000
    n_samples: int = 1
    seed: int = 1
    chimera_rate: float = 0.01
    between_samples: float = 0.0
    error_free_share: float | None = None
    reads_format: str = "fastq"

    def check(self) -> None:
        """Raise ConfigError for numbers out of range."""
        limits = {
            "depth": (self.depth, 1, 10_000_000),
            "samples": (self.n_samples, 1, 10_000),
            "seed": (self.seed, 0, 2**32 - 1),
            "chimera-rate": (self.chimera_rate, 0.0, 0.5),
            "between-samples": (self.between_samples, 0.0, 10.0),
        }
        if self.error_free_share is not None:
            limits["error-free-share"] = (self.error_free_share, 0.001, 0.98)
        for name, (value, low, high) in limits.items():
            if not low <= value <= high:
                raise ConfigError(
                    f"--{name} is {value}", fix=f"Give a number from {low} to {high}."
                )

    @property
    def model(self) -> PlatformModel:
        """Error model of the platform, at the asked share of error-free reads."""
        model = PLATFORMS[self.platform]
        if self.error_free_share is None:
            return model
        return model.with_error_free_share(self.error_free_share)


def check_output(folder: Path) -> None:
    """Raise VagusError for a folder that has anything in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fix = "Move it away, or name another folder with --output"
        raise VagusError("is there already and is not empty", file=folder, fix=fix)


def write_simulation(
    folder: Path,
    members: Sequence[Member],
    records: Sequence[ReferenceRecord],
    plan: SimulationPlan,
) -> list[SampleTruth]:
    """Write reads/, samples.tsv, config.yaml and truth/ of samples of one community."""
    library = StrainLibrary(records, plan.seed)
    strains = [library.make(member.taxon, member.n_copies) for member in members]
    base = np.array([member.abundance for member in members])
    suffix = ".bam" if plan.reads_format == "bam" else ".fastq.gz"
    width = len(str(plan.n_samples))
    truths = []
    rows = []
    for number in range(1, plan.n_samples + 1):
        name = f"sim{number:0{width}d}"
        noise = derive_generator(plan.seed, "abundance", name).normal(size=len(base))
        cells = base * exp(plan.between_samples * noise)
        design = SampleDesign(name, strains, cells.tolist(), plan.depth, plan.chimera_rate)
        path = f"reads/{name}{suffix}"
        truths.append(simulate_sample(design, plan.model, plan.seed, folder / path))
        platform = find_simulated(plan.platform).name
        rows.append((name, path, platform, "run1"))
    write_rows(folder / "samples.tsv", ("sample", "reads", "platform", "run"), rows)
    write_config(folder / "config.yaml", "Simulated community", plan.seed, "")
    write_truth(folder / "truth", strains, truths, plan.model)
    return truths


def write_config(path: Path, title: str, seed: int, cohort: str) -> None:
    """Write a config that names the sample sheet beside it; ``cohort`` is YAML or empty."""
    with open_whole(path) as stream:
        stream.write(
            f"# Simulated reads; the truth is in truth/.\n"
            f"seed: {seed}\nsamples: samples.tsv\nresults: results\ntruth: truth\n"
            f'report:\n  title: "{title}"\n{cohort}'
        )
