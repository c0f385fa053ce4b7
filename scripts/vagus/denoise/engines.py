"""The two engines behind one door: which one denoises a sample, and the call of either.

The choice depends on the sample alone, so every step that asks comes to the same answer and
no table of choices has to be made first: a run learns the models that its samples need.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from vagus.denoise.defaults import load_default_model
from vagus.denoise.error_model import ErrorModel
from vagus.denoise.learning_set import read_size
from vagus.denoise.rescue import COLUMNS as RESCUED
from vagus.denoise.settings import DadaSettings
from vagus.denoise.variants import DenoisedSample, denoise_sample
from vagus.files import open_whole, write_json
from vagus.phase.accuracy import describe_poverty
from vagus.phase.choice import DADA, PHASE, Choice, Sample, choose_engine
from vagus.phase.engine import denoise as denoise_by_phase
from vagus.phase.error_model import DELETION, SHAPE, STRANDS, PhaseErrorModel
from vagus.phase.learning import choose_teachers, learn_phase_errors
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import Uniques

if TYPE_CHECKING:
    import pandas as pd

Path = str | PathLike[str]

log = logging.getLogger(__name__)

AUTO = "auto"
ENGINES = (AUTO, DADA, PHASE)
NOT_NEEDED = "not needed"
PHASE_HEADER = ("strand", "kind", "observed", "chances", "rate")


def settle_engine(sample: Sample, wanted: str) -> Choice:
    """The engine of a sample: the one wanted, or with ``auto`` the one that suits its reads."""
    choice = choose_engine(sample)
    if wanted == AUTO:
        return choice
    return Choice(wanted, f"set in the config (denoise.engine: {wanted})", choice.unique_share)


def share_out(paths: Sequence[Path], wanted: str) -> dict[str, list[Path]]:
    """The samples of a run that have reads, by engine; reads only the files' descriptions.

    If none has reads, ``dada`` gets all, and with them its default model.
    """
    shares: dict[str, list[Path]] = {DADA: [], PHASE: []}
    for size in map(read_size, paths):
        if size.n_reads:
            shares[settle_engine(size, wanted).engine].append(size.path)
    return shares if any(shares.values()) else {DADA: list(paths), PHASE: []}


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
    teachers = choose_teachers(paths)
    names: list[str] = []
    model = learn_phase_errors(_load_fit(teachers, settings, names), settings, len(teachers))
    return model, describe_phase_model(model, names)


def _load_fit(
    paths: Sequence[Path], settings: PhaseSettings, names: list[str]
) -> Iterator[Uniques]:
    """The samples that are good enough to learn from; their names are added to ``names``."""
    for path in paths:
        uniques = Uniques.load(path)
        rate = float(np.median(ReadSet.from_uniques(uniques).error_rates))
        if describe_poverty(rate, settings):
            log.info("%s: too poor to learn from", uniques.sample)
            continue
        names.append(uniques.sample)
        yield uniques


def describe_phase_model(model: PhaseErrorModel, names: Sequence[str]) -> dict[str, Any]:
    """What the model was learned from, and its errors per base by strand and kind."""
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
        omega_rescue: see ``vagus.denoise.variants.denoise_sample``.
    """

    error_model: Path
    phase_model: Path | None = None
    dada: DadaSettings = field(default_factory=DadaSettings)
    phase: PhaseSettings = field(default_factory=PhaseSettings)
    priors: Collection[str] = ()
    omega_rescue: float = 1.0

    def denoise(self, uniques: Uniques, wanted: str = AUTO) -> DenoisedSample:
        """Denoise one sample by the engine that is wanted or that suits it."""
        choice = settle_engine(uniques, wanted)
        log.info("%s: engine %s (%s)", uniques.sample, choice.engine, choice.reason)
        if not uniques.n_reads:
            sample = denoise_sample(uniques, load_default_model("full", "no reads"), self.dada)
        elif choice.engine == PHASE:
            model = PhaseErrorModel.load(self.phase_model) if self.phase_model else None
            found = denoise_by_phase(uniques, model, self.phase, sorted(self.priors))
            sample = DenoisedSample(found.variants, found.losses, make_empty_rescued())
        else:
            rates = ErrorModel.load(self.error_model)
            sample = denoise_sample(uniques, rates, self.dada, self.priors, self.omega_rescue)
        sample.losses["engine_reason"] = choice.reason
        return sample


def make_empty_rescued() -> pd.DataFrame:
    """The table of rescued reads without rows; ``phase`` rescues none."""
    import pandas as pd

    return pd.DataFrame(columns=list(RESCUED))
