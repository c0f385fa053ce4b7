"""The part of the methods text that tells how variants were found, by either engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vagus.chimeras import bimera_limits as limits
from vagus.denoise.engines import DADA, PHASE
from vagus.report.engines import count_engines
from vagus.report.numbers import count_noun, format_setting, is_missing

if TYPE_CHECKING:
    from vagus.report.methods import MethodsText

_MAX_NAMED = 8


def describe_denoising(text: MethodsText) -> str:
    """Which engine found the variants of which samples, its error model and its chimera rule."""
    denoise = text.config["denoise"]
    engines = count_engines(text.inputs) or {DADA: 0}
    tell = {DADA: _describe_dada, PHASE: _describe_phase}
    parts = [_share_out(text, engines)] if len(engines) > 1 else []
    parts += [tell[engine](text, denoise) for engine in engines]
    if denoise.get("pooling") == "pseudo":
        parts.append(_describe_pseudo(denoise, engines))
    if denoise.get("pooling") == "pooled":
        parts.append(_describe_pooled(engines))
    if denoise["remove_chimeras"]:
        rules = {DADA: _describe_dada_chimeras, PHASE: _describe_phase_chimeras}
        parts += [rules[engine](denoise) for engine in engines]
        if len(engines) > 1:
            parts.append(
                "A variant that samples of both engines hold was removed only by both rules."
            )
    return " ".join(parts)


def _share_out(text: MethodsText, engines: dict[str, int]) -> str:
    """Which samples were denoised by which engine."""
    ledger = text.inputs.ledger
    parts = []
    for engine, n in engines.items():
        names = list(ledger.loc[ledger["engine"] == engine, "sample"])
        shown = f": {', '.join(names)}" if n <= _MAX_NAMED else ""
        parts.append(f"{count_noun(n, 'sample')} by {engine}{shown}")
    return f"Two denoising engines were used, according to the reads ({'; '.join(parts)})."


def _describe_dada(text: MethodsText, denoise: dict[str, Any]) -> str:
    return (
        "Amplicon sequence variants (ASVs) were inferred in each sample by the model of "
        f"DADA2 ({text.cite('dada2', 'dada2_full')}), in an implementation of our own: "
        "substitution rates by quality were learned for each sequencing run from up to "
        f"{denoise['learn_bases']:,} bases, and a unique sequence founded a variant at a "
        f"corrected abundance p-value below {denoise['omega_a']:g} (omega_C "
        f"{denoise['omega_c']:g}; alignment band {denoise['band_bp']} bp)."
    )


def _describe_phase(text: MethodsText, denoise: dict[str, Any]) -> str:
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
    strands = list(ledger.loc[ledger["engine"] == PHASE, "strands"])
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


def _describe_pseudo(denoise: dict[str, Any], engines: dict[str, int]) -> str:
    needs = {
        DADA: f"a p-value below {denoise['omega_p']:g}",
        PHASE: "two reads and less evidence (phase)",
    }
    return (
        f"Variants found in at least {count_noun(denoise['pseudo_min_samples'], 'sample')} were "
        "priors of a second pass over each sample, in which they needed "
        f"{' or '.join(needs[engine] for engine in engines)} (pseudo-pooling)."
    )


def _describe_pooled(engines: dict[str, int]) -> str:
    how = {
        DADA: "the reads of a sequence were summed over them before variants were inferred",
        PHASE: "their reads were grouped, aligned and divided together (phase)",
    }
    each = " of one engine" if len(engines) > 1 else ""
    return (
        f"The samples{each} of a sequencing run were one pool: "
        f"{'; '.join(how[engine] for engine in engines)}."
    )


def _describe_dada_chimeras(denoise: dict[str, Any]) -> str:
    """The rule of vagus.chimeras.verdicts."""
    ignored = denoise["chimera_ignore_samples"]
    left_out = ""
    if ignored:
        flagging = "does" if ignored == 1 else "do"
        left_out = (
            f", leaving out up to {count_noun(ignored, 'sample')} that {flagging} not flag it"
        )
    return (
        "A variant was flagged as a chimera in a sample when a left part of one variant there "
        f"and a right part of another, both more than {denoise['chimera_min_fold']:g} times "
        "as abundant, give it exactly; it was removed when at least "
        f"{format_setting(denoise['chimera_min_sample_fraction'])} of the samples that hold "
        f"it flagged it{left_out}."
    )


def _describe_phase_chimeras(denoise: dict[str, Any]) -> str:
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
