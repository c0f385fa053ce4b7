"""What the pages say of the ``dada`` engine; see ``vagus.report.engine_reports``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vagus.dada.model_figure import describe_model, draw_model
from vagus.report.numbers import count_noun, format_setting

if TYPE_CHECKING:
    from vagus.report.methods import MethodsText

__all__ = ["describe_model", "draw_model"]

MODEL_NOTE = (
    "In the model of dada the highest quality class is estimated by itself, apart from the smooth "
    "line, and may lie higher than the classes below it."
)
POOLED = "the reads of a sequence were summed over them before variants were inferred"


def describe_engine(text: MethodsText, denoise: dict[str, Any]) -> str:
    """By exact duplicates, after DADA2."""
    return (
        "Amplicon sequence variants (ASVs) were inferred in each sample by the model of "
        f"DADA2 ({text.cite('dada2', 'dada2_full')}), in an implementation of our own: "
        "substitution rates by quality were learned for each sequencing run from up to "
        f"{denoise['learn_bases']:,} bases, and a unique sequence founded a variant at a "
        f"corrected abundance p-value below {denoise['omega_a']:g} (omega_C "
        f"{denoise['omega_c']:g}; alignment band {denoise['band_bp']} bp)."
    )


def describe_prior(denoise: dict[str, Any]) -> str:
    """By its p-value."""
    return f"a p-value below {denoise['omega_p']:g}"


def describe_chimeras(denoise: dict[str, Any]) -> str:
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


def describe_fold(denoise: dict[str, Any]) -> str:
    """From the config."""
    return f"more than {denoise['chimera_min_fold']:g} times"
