"""The part of the methods text on how variants were found, by whichever engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.engines import FALLBACK
from vagus.report.engine_reports import open_report
from vagus.report.engines import count_engines
from vagus.report.sentences import write

if TYPE_CHECKING:
    from vagus.report.inputs import ReportInputs
    from vagus.report.methods import MethodsText

_MAX_NAMED = 8


def describe_denoising(text: MethodsText) -> str:
    """Which engine found the variants of which samples, its error model and its chimera rule."""
    denoise = text.config["denoise"]
    engines = count_engines(text.inputs) or {FALLBACK: 0}
    reports = {engine: open_report(engine) for engine in engines}
    parts = [_share_out(text.inputs, engines)] if len(engines) > 1 else []
    parts += [report.describe_engine(text, denoise) for report in reports.values()]
    if denoise.get("pooling") == "pseudo":
        n, needs = (
            denoise["pseudo_min_samples"],
            [r.describe_prior(denoise) for r in reports.values()],
        )
        parts.append(write("denoising.pseudo", n=n, needs=needs))
    if denoise.get("pooling") == "pooled":
        parts.append(write("denoising.pooled", how=[r.POOLED for r in reports.values()]))
    if denoise["remove_chimeras"]:
        parts += [report.describe_chimeras(denoise) for report in reports.values()]
        if len(engines) > 1:
            parts.append(write("denoising.both_chimeras"))
    return " ".join(parts)


def _share_out(inputs: ReportInputs, engines: dict[str, int]) -> str:
    """Which samples were denoised by which engine; names only where they are few."""
    ledger = inputs.ledger
    names = {engine: list(ledger.loc[ledger["engine"] == engine, "sample"]) for engine in engines}
    rows = [(engine, n, names[engine] if n <= _MAX_NAMED else []) for engine, n in engines.items()]
    return write("denoising.engines", engines=rows)
