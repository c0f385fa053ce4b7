"""What the pages say of the ``dada`` engine; see ``vagus.report.engine_reports``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vagus.dada.model_figure import describe_model, draw_model
from vagus.dada.settings import DadaSettings
from vagus.report.sentences import write

if TYPE_CHECKING:
    from vagus.report.methods import MethodsText

__all__ = ["describe_model", "draw_model"]

MODEL_NOTE = write("dada.model_note")
POOLED = write("dada.pooled")


def describe_engine(text: MethodsText, denoise: dict[str, Any]) -> str:
    """By exact duplicates, after DADA2."""
    settings = DadaSettings(sensitivity=denoise["sensitivity"], omega_a=denoise["omega_a"])
    return write("dada.engine", denoise=denoise, level=settings.level, cite=text.cite)


def describe_prior(denoise: dict[str, Any]) -> str:
    """By its p-value."""
    return write("dada.prior", denoise=denoise)


def describe_chimeras(denoise: dict[str, Any]) -> str:
    """The rule of vagus.chimeras.verdicts."""
    return write("dada.chimeras", denoise=denoise, ignored=denoise["chimera_ignore_samples"])


def describe_fold(denoise: dict[str, Any]) -> str:
    """From the config."""
    return write("dada.fold", denoise=denoise)
