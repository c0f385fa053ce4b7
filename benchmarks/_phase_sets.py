"""Simulated samples with known truth for the benchmarks of the phase engine, and their judge."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import numpy as np  # noqa: E402

from _measured import run_measured  # noqa: E402
from vagus.demo.platforms import PLATFORMS, PlatformModel  # noqa: E402
from vagus.demo.study import SimulationPlan  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

COMMUNITIES = {"gut": "demo_community.tsv", "mock": "demo_mock.tsv"}
CLASSES = ((2, 4), (5, 9), (10, 19), (20, 49), (50, 10**9))
CLASS_NAMES = ("2-4", "5-9", "10-19", "20-49", "50+")


@dataclass(frozen=True)
class MadeSet:
    """A simulated sample: community, platform with its error model, reads, seed, chimeras.

    Attributes:
        community: name in ``COMMUNITIES``, or the path of such a table.
        error_free_share: of HiFi reads; None leaves the platform's own.
        changes: fields of the platform's model to replace.
    """

    community: str = "gut"
    platform: str = "ont"
    depth: int = 5000
    seed: int = 1
    chimera_rate: float = 0.01
    n_samples: int = 1
    between_samples: float = 0.0
    error_free_share: float | None = None
    changes: dict[str, object] = field(default_factory=dict)

    def make(self, folder: Path) -> list[Path]:
        """Simulate, prepare the reads; files of unique sequences by sample."""
        from vagus.demo.community import read_community
        from vagus.demo.study import write_simulation
        from vagus.reference.starter import STARTER_FASTA, read_starter

        members = read_community(
            ROOT / "resources" / COMMUNITIES.get(self.community, self.community)
        )
        write_simulation(folder, members, read_starter(STARTER_FASTA), self.plan())
        paths = []
        for reads in sorted((folder / "reads").iterdir()):
            name = reads.name.split(".")[0]
            paths.append(folder / f"{name}.npz")
            options: list[object] = ["--sample", name, "--uniques", paths[-1]]
            options += ["--qc", folder / f"{name}.qc.json", reads]
            if self.error_free_share is not None or "median_errors" in self.changes:
                options += ["--max-expected-errors", 1000]
            call("prepare_reads.py", *options)
            reads.unlink()
        return paths

    def plan(self) -> SimulationPlan:
        """The simulator's plan."""
        model = PLATFORMS[self.platform]
        if self.error_free_share is not None:
            model = model.with_error_free_share(self.error_free_share)
        return _ModelPlan(
            platform=self.platform,
            depth=self.depth,
            n_samples=self.n_samples,
            seed=self.seed,
            chimera_rate=self.chimera_rate,
            between_samples=self.between_samples,
            own_model=replace(model, **self.changes),  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class _ModelPlan(SimulationPlan):
    """A plan with an error model of its own."""

    own_model: PlatformModel = PLATFORMS["ont"]

    @property
    def model(self) -> PlatformModel:
        """The error model."""
        return self.own_model


@dataclass(frozen=True)
class Truth:
    """Reads of each true variant by name, sequences of these, and names of the chimeras."""

    reads: dict[str, int]
    sequences: dict[str, str]
    chimeras: set[str]

    @classmethod
    def read(cls, folder: Path, sample: int = 0) -> Truth:
        """Truth of one sample (its number in the order of names) of a simulated study."""
        from vagus.sequences import read_fasta
        from vagus.tables import read_table

        table = read_table(folder / "truth" / "asv_table.tsv")
        counts = zip(table["asv"], table.iloc[:, 1 + sample], strict=True)
        chimeras = set(read_table(folder / "truth" / "chimeras.tsv")["asv"])
        reads = {asv: int(n) for asv, n in counts if n > 0 and asv not in chimeras}
        records = read_fasta(folder / "truth" / "variants.fasta")
        return cls(reads, {name.split()[0]: text for name, text in records}, chimeras)


@dataclass(frozen=True)
class Verdict:
    """Recovered and true variants by class of true reads; the others found, by their reads.

    Attributes:
        recovered: for each class (recovered, true).
        false: for each class the variants found that are neither true nor chimeras.
        chimeras: simulated chimeras among the variants found.
        true_reads: reads assigned to true variants.
    """

    recovered: list[tuple[int, int]]
    false: list[int]
    chimeras: int
    true_reads: int

    @property
    def n_false(self) -> int:
        """All false variants."""
        return sum(self.false)

    @property
    def n_lost(self) -> int:
        """True variants of five and more reads that are not there."""
        return sum(true - found for found, true in self.recovered[1:])

    def cells(self) -> list[str]:
        """Recall, then false variants, class by class."""
        return [f"{found}/{true}" for found, true in self.recovered] + [str(n) for n in self.false]


HEAD = [f"found_{name}" for name in CLASS_NAMES] + [f"false_{name}" for name in CLASS_NAMES]


def judge(variants: pd.DataFrame, truth: Truth, without: tuple[str, ...] = ("bimera",)) -> Verdict:
    """Compare variants with the truth; those with a flag of ``without`` count as not found."""
    flags = variants["flags"].astype(object).fillna("").astype(str)
    is_kept = np.array([not set(f.split(";")) & set(without) for f in flags], bool)
    kept = variants.loc[is_kept]
    reads = {name: int(n) for name, n in zip(kept["asv"], kept["reads"], strict=True)}
    recovered, false = [], []
    for low, high in CLASSES:
        wanted = {name for name, n in truth.reads.items() if low <= n <= high}
        recovered.append((len(wanted & reads.keys()), len(wanted)))
        strange = reads.keys() - truth.reads.keys() - truth.chimeras
        false.append(sum(low <= reads[name] <= high for name in strange))
    chimeras = len(reads.keys() & truth.chimeras)
    return Verdict(recovered, false, chimeras, sum(reads.get(n, 0) for n in truth.reads))


def call(program: str, *arguments: object) -> tuple[float, float]:
    """Run a step program; CPU seconds and peak memory in MB."""
    usage = run_measured([sys.executable, ROOT / "scripts" / program, *arguments])
    return usage.cpu_s, usage.peak_mb


@dataclass(frozen=True)
class Cost:
    """CPU seconds of learning and denoising; the greater of their memory peaks in MB."""

    learn_s: float
    denoise_s: float
    mb: float


def run_phase(uniques: Path, stem: Path, teachers: Sequence[Path] = ()) -> Cost:
    """Learn from one sample, or from others, and denoise it.

    Writes ``stem``.variants.tsv and .json.
    """
    model = Path(f"{stem}.model.tsv")
    learn, first = call(
        "learn_errors.py", *(teachers or [uniques]), "--engine", "phase", "--model", model,
        "--description", f"{stem}.model.json",
    )  # fmt: skip
    options = ["--engine", "phase", "--model", f"phase={model}"]
    denoise, second = call("denoise_sample.py", "--uniques", uniques, *options, *_results(stem))
    return Cost(learn, denoise, max(first, second))


def run_dada(uniques: Path, stem: Path, teachers: Sequence[Path] = ()) -> Cost:
    """The same by the other engine."""
    model = Path(f"{stem}.model.tsv")
    learn, first = call(
        "learn_errors.py", *(teachers or [uniques]), "--engine", "dada", "--model", model,
        "--description", f"{stem}.model.json",
    )  # fmt: skip
    options = ["--engine", "dada", "--model", f"dada={model}"]
    denoise, second = call("denoise_sample.py", "--uniques", uniques, *options, *_results(stem))
    return Cost(learn, denoise, max(first, second))


def _results(stem: Path) -> list[object]:
    return ["--variants", f"{stem}.variants.tsv", "--losses", f"{stem}.json"]


def show(*cells: object) -> None:
    """One row of a table."""
    print(*cells, sep="\t", flush=True)
