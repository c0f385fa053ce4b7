"""The door to the engines: they are loaded here, as their kernels take a while to load."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from importlib import import_module
from os import PathLike

from vagus.denoise.choice import Choice, list_of_engine, read_choices
from vagus.denoise.denoised import DenoisedSample
from vagus.denoise.engines import Engine, RunFiles

Path = str | PathLike[str]

log = logging.getLogger(__name__)


def open_engine(name: str, *settings: object) -> Engine:
    """Load an engine; ``settings`` are instances of its settings classes, by default theirs."""
    engine: Engine = import_module(f"vagus.{name}.engine").Engine(*settings)
    return engine


def denoise_chosen(
    sample: Path,
    choice: Choice,
    engine: Engine,
    run: RunFiles,
    priors: Collection[str] = (),
    omega_rescue: float = 1.0,
) -> DenoisedSample:
    """Denoise a sample by ``engine``, and note in its losses why that was chosen."""
    uniques = engine.load(sample)
    log.info("%s: engine %s (%s)", uniques.sample, choice.engine or "none", choice.reason)
    denoised = engine.denoise(uniques, run, priors, omega_rescue)
    denoised.losses["engine_reason"] = choice.reason
    return denoised


def list_samples(samples: Sequence[Path], engine: str, table: Path | None) -> list[Path]:
    """Samples of an engine by the table of the run's engines; without a table all of them."""
    return list_of_engine(samples, engine, read_choices(table) if table else None)
