"""The two engines behind one door: which one denoises a sample, and the call of either.

The engines of a run's samples are chosen first; then the run learns the models that they need.
An engine is imported where it is called: its kernels take a good part of a second to load.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from vagus.dada.defaults import load_default_model
from vagus.dada.error_model import ErrorModel
from vagus.dada.known_partitions import find_partition
from vagus.dada.rescue import COLUMNS as RESCUED
from vagus.dada.settings import DadaSettings
from vagus.dada.variants import DenoisedSample, denoise_sample
from vagus.denoise.choice import DADA, PHASE, Choice, choose_engine
from vagus.errors import VagusError, describe_damage
from vagus.files import open_whole, write_json
from vagus.phase.settings import PhaseSettings
from vagus.reads.sample_sizes import SampleSize, read_size
from vagus.reads.uniques import RoundedUniques, Uniques
from vagus.tables import read_columns

if TYPE_CHECKING:
    import pandas as pd

    from vagus.dada.pool_share import PoolFiles
    from vagus.phase.error_model import PhaseErrorModel
    from vagus.phase.pool_share import PhasePoolFiles

Path = str | PathLike[str]

log = logging.getLogger(__name__)

AUTO = "auto"
ENGINE_COLUMNS = (
    "sample", "engine", "reason", "platform", "reads", "unique_share", "error_free_share"
)  # fmt: skip
NO_CHOICE = Choice("", "no reads", 0.0)
NOT_NEEDED = "not needed"
PHASE_HEADER = ("strand", "kind", "observed", "chances", "rate")


@dataclass(frozen=True)
class SampleGroup:
    """Samples of one run and platform taken together; what ``choose_engine`` asks for."""

    sizes: Sequence[SampleSize]

    @property
    def platform(self) -> str:
        """Of all of them."""
        return self.sizes[0].platform

    @property
    def n_reads(self) -> int:
        """Of all of them."""
        return sum(size.n_reads for size in self.sizes)

    @property
    def n_uniques(self) -> int:
        """Sum over the samples."""
        return sum(size.n_uniques for size in self.sizes)

    @property
    def error_free_share(self) -> float:
        """Mean over the reads."""
        total = sum(size.error_free_share * size.n_reads for size in self.sizes)
        return total / max(1, self.n_reads)


def choose_engines(paths: Sequence[Path], wanted: str) -> pd.DataFrame:
    """Engine of each sample of a run, sorted by name (columns ``ENGINE_COLUMNS``).

    With ``auto`` the samples of one platform get one engine, that which suits their reads
    together: a difference between samples of a run must not be one between engines. A sample
    without reads has none. Only the descriptions of the files are read.
    """
    import pandas as pd

    sizes = sorted(map(read_size, paths), key=lambda size: size.sample)
    choices: dict[str, Choice] = {}
    for platform in {size.platform for size in sizes if size.n_reads}:
        group = SampleGroup([s for s in sizes if s.n_reads and s.platform == platform])
        choices[platform] = _choose(group, wanted)
    rows = []
    for size in sizes:
        choice = choices[size.platform] if size.n_reads else NO_CHOICE
        share = size.n_uniques / max(1, size.n_reads)
        about = (size.platform, size.n_reads, round(share, 4), size.error_free_share)
        rows.append((size.sample, choice.engine, choice.reason, *about))
    return pd.DataFrame(rows, columns=list(ENGINE_COLUMNS))


def _choose(group: SampleGroup, wanted: str) -> Choice:
    choice = choose_engine(group)
    if wanted != AUTO:
        return Choice(wanted, f"set in the config (denoise.engine: {wanted})", choice.unique_share)
    if len(group.sizes) == 1 or group.platform == "ont":
        return choice
    return replace(choice, reason=f"{choice.reason} (the run's samples together)")


def read_choices(path: Path) -> dict[str, Choice]:
    """Engine of each sample and why, from the table of ``choose_engines``.

    Raises VagusError for a damaged file.
    """
    kind = "table of the engines of a run"
    texts = ("sample", "engine", "reason")
    table = read_columns(path, kind, texts=texts, numbers=["unique_share"])
    if not table["engine"].isin(["", DADA, PHASE]).all() or table["sample"].duplicated().any():
        raise describe_damage(kind, path)
    columns = (table[name].tolist() for name in ("sample", "engine", "reason", "unique_share"))
    return {
        str(sample): Choice(str(engine), str(reason), float(share))
        for sample, engine, reason, share in zip(*columns, strict=True)
    }


def list_of_engine(
    paths: Sequence[Path], engine: str, choices: Mapping[str, Choice] | None
) -> list[Path]:
    """The samples that an engine denoises; all of them where nothing was chosen.

    If none has an engine, for want of reads, ``dada`` gets all, and with them its default model.
    """
    if choices is None or (engine == DADA and not any(c.engine for c in choices.values())):
        return list(paths)
    sizes = [read_size(path) for path in paths]
    return [s.path for s in sizes if find_choice(choices, s.sample).engine == engine]


def choose_for_sample(path: Path, wanted: str, table: Path | None) -> Choice:
    """The choice for one sample: from the table of its run, else made for it alone."""
    if table is not None:
        return find_choice(read_choices(table), read_size(path).sample)
    size = read_size(path)
    return _choose(SampleGroup([size]), wanted) if size.n_reads else NO_CHOICE


def find_choice(choices: Mapping[str, Choice], sample: str) -> Choice:
    """The choice for a sample; raises VagusError when there is none."""
    if sample not in choices:
        raise VagusError(
            "the table of the run's engines lacks this sample", sample=sample,
            fix="Delete engines.tsv of the run and run again",
        )  # fmt: skip
    return choices[sample]


def write_unneeded(header: Sequence[str], table: Path, description: Path) -> None:
    """An error model without rows, for a run in which no sample asks for it."""
    log.info("no sample of this run is denoised by this engine: no error model is needed")
    with open_whole(table) as stream:
        stream.write("\t".join(header) + "\n")
    write_json({"source": NOT_NEEDED, "samples": []}, description)


def learn_phase_run(
    paths: Sequence[Path], settings: PhaseSettings
) -> tuple[PhaseErrorModel, dict[str, Any]]:
    """Error model of the ``phase`` samples of a run, and how it came about.

    Samples whose qualities promise more errors than the engine takes teach nothing.
    """
    from vagus.phase.learning import choose_teachers, learn_phase_errors

    teachers = choose_teachers(paths)
    names: list[str] = []
    model = learn_phase_errors(_load_fit(teachers, settings, names), settings, len(teachers))
    return model, describe_phase_model(model, names)


def _load_fit(
    paths: Sequence[Path], settings: PhaseSettings, names: list[str]
) -> Iterator[Uniques]:
    """The samples that are good enough to learn from; their names are added to ``names``."""
    from vagus.phase.accuracy import describe_poverty
    from vagus.phase.read_set import ReadSet

    for path in paths:
        uniques = RoundedUniques.load(path)
        rate = float(np.median(ReadSet.from_uniques(uniques).error_rates))
        if describe_poverty(rate, settings):
            log.info("%s: too poor to learn from", uniques.sample)
            continue
        names.append(uniques.sample)
        yield uniques


def describe_phase_model(model: PhaseErrorModel, names: Sequence[str]) -> dict[str, Any]:
    """What the model was learned from, and its errors per base by strand and kind."""
    from vagus.phase.error_model import DELETION, SHAPE, STRANDS

    bases = model.chances[:, DELETION].reshape(SHAPE[0], -1).sum(axis=1)
    seen = model.observed.reshape(*SHAPE[:2], -1).sum(axis=2)
    kinds = {"substitution": seen[:, :4], "deletion": seen[:, 4:5], "insertion": seen[:, 5:]}
    rates = {
        strand: {name: float(part[s].sum() / bases[s]) for name, part in kinds.items()}
        for s, strand in enumerate(STRANDS)
        if bases[s]
    }
    is_learned = bool(bases.sum())
    return {
        "engine": PHASE,
        "source": "learned" if is_learned else "default",
        "reason": "" if is_learned else "no group of reads is large enough to learn from",
        "samples": sorted(names),
        "n_bases": round(float(bases.sum())),
        "error_rate": round(model.measure_error_rate(), 8) if is_learned else None,
        "rates": {s: {k: round(v, 8) for k, v in part.items()} for s, part in rates.items()},
    }


@dataclass(frozen=True)
class Denoiser:
    """Everything but the reads: models of the sample's run, settings of both engines, priors.

    Attributes:
        error_model: file of the rates of ``dada``; read only for its samples.
        phase_model: file of the model of ``phase``; without one it learns from the sample itself.
        priors: sequences that are believed to exist.
        omega_rescue: see ``vagus.dada.variants.denoise_sample``.
        pool: results of the pool of the run; ``dada`` samples are taken from it.
        phase_pool: the same for ``phase`` samples.
        partitions: file of partitions that were made while the rates were learned.
    """

    error_model: Path
    phase_model: Path | None = None
    dada: DadaSettings = field(default_factory=DadaSettings)
    phase: PhaseSettings = field(default_factory=PhaseSettings)
    priors: Collection[str] = ()
    omega_rescue: float = 1.0
    pool: PoolFiles | None = None
    phase_pool: PhasePoolFiles | None = None
    partitions: Path | None = None

    def denoise(self, uniques: Uniques, choice: Choice) -> DenoisedSample:
        """Denoise one sample by the engine that was chosen for it."""
        log.info("%s: engine %s (%s)", uniques.sample, choice.engine or "none", choice.reason)
        if not uniques.n_reads:
            sample = denoise_sample(uniques, load_default_model("full", "no reads"), self.dada)
        elif choice.engine == PHASE:
            sample = self._denoise_by_phase(uniques)
        elif self.pool:
            sample = self.pool.take(uniques.sample)
        else:
            sample = self._denoise_by_dada(uniques)
        sample.losses["engine_reason"] = choice.reason
        return sample

    def _denoise_by_phase(self, uniques: Uniques) -> DenoisedSample:
        from vagus.phase.engine import denoise
        from vagus.phase.error_model import PhaseErrorModel

        if self.phase_pool:
            pooled = self.phase_pool.take(uniques, self.phase)
            return DenoisedSample(pooled.variants, pooled.losses, make_empty_rescued())
        model = PhaseErrorModel.load(self.phase_model) if self.phase_model else None
        found = denoise(uniques, model, self.phase, sorted(self.priors))
        return DenoisedSample(found.variants, found.losses, make_empty_rescued())

    def _denoise_by_dada(self, uniques: Uniques) -> DenoisedSample:
        rates = ErrorModel.load(self.error_model)
        known = None
        if self.partitions and not self.priors:
            known = find_partition(self.partitions, uniques, rates, self.dada)
        return denoise_sample(uniques, rates, self.dada, self.priors, self.omega_rescue, known)


def make_empty_rescued() -> pd.DataFrame:
    """The table of rescued reads without rows; ``phase`` rescues none."""
    import pandas as pd

    return pd.DataFrame(columns=list(RESCUED))
