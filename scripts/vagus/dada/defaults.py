"""Error models that are shipped, for runs with too few reads to learn from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vagus.dada.error_model import ErrorModel
from vagus.reads.platforms import BINNED7, FULL

FOLDER = Path(__file__).parent / "default_models"
SCHEMES = (FULL, BINNED7)


def load_default_model(scheme: str, reason: str) -> ErrorModel:
    """The shipped model of a quality scheme; ``full`` is used for schemes without one."""
    stem = scheme if scheme in SCHEMES else FULL
    model = ErrorModel.load(FOLDER / f"{stem}.tsv")
    return replace(model, scheme=scheme, source="default", rounds=0, reason=reason)
