"""What the pages say of the ``phase`` engine; see ``vagus.report.engine_reports``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vagus.chimeras import bimera_limits as limits
from vagus.phase.facts import NAME
from vagus.phase.model_figure import describe_model, draw_model
from vagus.report.numbers import count_noun, format_setting, is_missing

if TYPE_CHECKING:
    from vagus.report.methods import MethodsText

__all__ = ["describe_model", "draw_model"]

MODEL_NOTE = ""
POOLED = "their reads were grouped, aligned and divided together (phase)"


def describe_engine(text: MethodsText, denoise: dict[str, Any]) -> str:
    """By columns of aligned reads."""
    return (
        "Reads of which few are exact duplicates were denoised by the engine phase: they were "
        f"grouped by shared 15-mers (FracMinHash; {text.cite('fracminhash')}) and aligned to a "
        "consensus; groups were divided where columns of the alignment, singly or in pairs, "
        "disagreed more than the error model of the run allows (rates by quality, run length of "
        "equal bases, strand and sequence context); the variants of a family then competed for "
        "its reads by expectation maximisation. A variant needed "
        f"{count_noun(denoise['phase_min_reads'], 'read')}, a likelihood ratio "
        f"{denoise['phase_margin']:g} nats above what the best of all sequences "
        f"with as many differences reaches by chance{_tell_strands(text)}.{_tell_rates(text)}"
    )


def _tell_strands(text: MethodsText) -> str:
    """Where reads of both strands were asked for: in samples that have them."""
    ledger = text.inputs.ledger
    need = " and, with few differences, reads of both strands as a variant has them"
    if "strands" not in ledger:
        return need
    strands = list(ledger.loc[ledger["engine"] == NAME, "strands"])
    n_both = sum(word in ("both", "") for word in strands)
    if n_both == len(strands):
        return need
    if not n_both:
        return "; no sample had reads known to be of both strands, which would have been asked for"
    return f"{need} (in {n_both} of {count_noun(len(strands), 'sample')}; the others lack a strand)"


def _tell_rates(text: MethodsText) -> str:
    """Measured error rates of the samples that phase denoised."""
    ledger = text.inputs.ledger
    if "error_rate" not in ledger:
        return ""
    rates = [float(rate) for rate in ledger["error_rate"] if rate != "" and not is_missing(rate)]
    if not rates:
        return ""
    low, high = (f"{100 * rate:.2f}" for rate in (min(rates), max(rates)))
    span = f"{low} %" if low == high else f"{low} to {high} %"
    return f" Reads differed from their variants in {span} of their bases."


def describe_prior(denoise: dict[str, Any]) -> str:
    """By its reads."""
    return "two reads and less evidence (phase)"


def describe_chimeras(denoise: dict[str, Any]) -> str:
    """The rule of vagus.chimeras.bimeras."""
    return (
        "Variants of phase that a left part of one variant and a right part of another, both at "
        f"least {limits.MIN_FOLD:g} times as abundant, give exactly were removed as chimeras if "
        f"{format_setting(limits.MIN_FLAGGED_SHARE)} of the samples that hold them flagged them "
        f"and they had {limits.MIN_DISTANT_EDITS} or more edits to both parents. Closer ones may "
        "be true copies of a genome's 16S gene: they were removed only if they were in fewer than "
        f"{format_setting(limits.MIN_COMPANY_SHARE)} of {limits.MIN_SAMPLES} or more samples in "
        f"which both parents have {limits.MIN_PARENT_READS} reads, and flagged otherwise."
    )


def describe_fold(denoise: dict[str, Any]) -> str:
    """The limit of all studies."""
    return f"at least {limits.MIN_FOLD:g} times"
