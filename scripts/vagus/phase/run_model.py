"""The error model of a run's ``phase`` samples, and how it came about."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from os import PathLike
from typing import Any

import numpy as np

from vagus.phase.accuracy import explain_low_quality
from vagus.phase.error_model import DELETION, SHAPE, STRANDS, PhaseErrorModel
from vagus.phase.facts import NAME
from vagus.phase.learning import choose_teachers, learn_phase_errors
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import RoundedUniques, Uniques

Path = str | PathLike[str]

log = logging.getLogger(__name__)


def learn_run(
    paths: Sequence[Path], settings: PhaseSettings
) -> tuple[PhaseErrorModel, dict[str, Any]]:
    """Error model of the ``phase`` samples of a run, and how it came about.

    Samples whose qualities promise more errors than the engine takes teach nothing.
    """
    teachers = choose_teachers(paths)
    names: list[str] = []
    model = learn_phase_errors(_load_fit(teachers, settings, names), settings, len(teachers))
    return model, describe_model(model, names)


def _load_fit(
    paths: Sequence[Path], settings: PhaseSettings, names: list[str]
) -> Iterator[Uniques]:
    """The samples that are good enough to learn from; their names are added to ``names``."""
    for path in paths:
        uniques = RoundedUniques.load(path)
        rate = float(np.median(ReadSet.from_uniques(uniques).error_rates))
        if explain_low_quality(rate, settings):
            log.info("%s: too poor to learn from", uniques.sample)
            continue
        names.append(uniques.sample)
        yield uniques


def describe_model(model: PhaseErrorModel, names: Sequence[str]) -> dict[str, Any]:
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
        "engine": NAME,
        "source": "learned" if is_learned else "default",
        "reason": "" if is_learned else "no group of reads is large enough to learn from",
        "samples": sorted(names),
        "n_bases": round(float(bases.sum())),
        "error_rate": round(model.measure_error_rate(), 8) if is_learned else None,
        "rates": {s: {k: round(v, 8) for k, v in part.items()} for s, part in rates.items()},
    }
