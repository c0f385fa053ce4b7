"""What the pages say of the ``phase`` engine; see ``vagus.report.engine_reports``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vagus.chimeras import bimera_limits as limits
from vagus.phase.facts import NAME
from vagus.phase.model_figure import describe_model, draw_model
from vagus.report.numbers import is_missing
from vagus.report.sentences import write

if TYPE_CHECKING:
    from vagus.report.inputs import ReportInputs
    from vagus.report.methods import MethodsText

__all__ = ["describe_model", "draw_model"]

MODEL_NOTE = ""
POOLED = write("phase.pooled")


def describe_engine(text: MethodsText, denoise: dict[str, Any]) -> str:
    """By columns of aligned reads, with the strands and measured error rates of its samples."""
    ledger = text.inputs.ledger
    strands: list[str] = []
    if "strands" in ledger:
        strands = list(ledger.loc[ledger["engine"] == NAME, "strands"])
    n_both = sum(word in ("both", "") for word in strands)
    return write(
        "phase.engine", denoise=denoise, cite=text.cite, n_samples=len(strands), n_both=n_both,
        rates=_span_rates(text.inputs),
    )  # fmt: skip


def _span_rates(inputs: ReportInputs) -> str:
    """Measured error rates of its samples: '2.10 to 4.00 %'; empty without any."""
    known = inputs.ledger.get("error_rate", [])
    rates = [float(rate) for rate in known if rate != "" and not is_missing(rate)]
    if not rates:
        return ""
    low, high = (f"{100 * rate:.2f}" for rate in (min(rates), max(rates)))
    return f"{low} %" if low == high else f"{low} to {high} %"


def describe_prior(denoise: dict[str, Any]) -> str:
    """By its reads."""
    return write("phase.prior", denoise=denoise)


def describe_chimeras(denoise: dict[str, Any]) -> str:
    """The rule of vagus.chimeras.bimeras."""
    return write("phase.chimeras", denoise=denoise, limits=limits)


def describe_fold(denoise: dict[str, Any]) -> str:
    """The limit of all studies."""
    return write("phase.fold", denoise=denoise, limits=limits)
