"""The part of the methods text on how variants were found, by whichever engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vagus.engines import FALLBACK
from vagus.report.engine_reports import EngineReport, open_report
from vagus.report.engines import count_engines
from vagus.report.numbers import count_noun

if TYPE_CHECKING:
    from vagus.report.methods import MethodsText

_MAX_NAMED = 8
Reports = Mapping[str, EngineReport]


def describe_denoising(text: MethodsText) -> str:
    """Which engine found the variants of which samples, its error model and its chimera rule."""
    denoise = text.config["denoise"]
    engines = count_engines(text.inputs) or {FALLBACK: 0}
    reports = {engine: open_report(engine) for engine in engines}
    parts = [_share_out(text, engines)] if len(engines) > 1 else []
    parts += [report.describe_engine(text, denoise) for report in reports.values()]
    if denoise.get("pooling") == "pseudo":
        parts.append(_describe_pseudo(denoise, reports))
    if denoise.get("pooling") == "pooled":
        parts.append(_describe_pooled(reports))
    if denoise["remove_chimeras"]:
        parts += [report.describe_chimeras(denoise) for report in reports.values()]
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


def _describe_pseudo(denoise: dict[str, Any], reports: Reports) -> str:
    needs = " or ".join(report.describe_prior(denoise) for report in reports.values())
    return (
        f"Variants found in at least {count_noun(denoise['pseudo_min_samples'], 'sample')} were "
        f"priors of a second pass over each sample, in which they needed {needs} (pseudo-pooling)."
    )


def _describe_pooled(reports: Reports) -> str:
    each = " of one engine" if len(reports) > 1 else ""
    return (
        f"The samples{each} of a sequencing run were one pool: "
        f"{'; '.join(report.POOLED for report in reports.values())}."
    )
