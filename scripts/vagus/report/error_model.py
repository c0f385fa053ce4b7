"""The error models of each run, as each engine describes and draws its own."""

from __future__ import annotations

from vagus.engines import ENGINES
from vagus.report.blocks import Absent, Chooser, Prose, Section
from vagus.report.engine_reports import open_report
from vagus.report.engines import build_engines
from vagus.report.figure import FigureFolder
from vagus.report.inputs import ReportInputs


def build_error_model(inputs: ReportInputs, figures: FigureFolder) -> Section:
    """One figure a run and engine, with how its model was learned."""
    panels = []
    for run in inputs.run_names:
        for engine, facts in ENGINES.items():
            table = inputs.table(f"denoise/runs/{run}/{facts.model}")
            if table is not None:
                about = inputs.read_json(f"denoise/runs/{run}/{facts.model}.json") or {}
                report = open_report(engine)
                drawn = [
                    Prose(report.describe_model(run, about)),
                    report.draw_model(table, run, figures),
                ]
                panels.append(((f"{run}, {engine}",), drawn))
    if not panels:
        return Section(
            "errors", "Error model", [Absent("No run has an error model: no reads were denoised.")]
        )
    notes = filter(None, (open_report(engine).MODEL_NOTE for engine in ENGINES))
    blocks: list[object] = [
        *build_engines(inputs),
        Prose(
            "The denoiser asks of each sequence whether sequencing errors of a more abundant one "
            "explain it. These are the error rates that it uses. Rates that fall as quality rises "
            f"are what a good run shows. {' '.join(notes)}"
        ),
    ]
    blocks += panels[0][1] if len(panels) == 1 else [Chooser(("Run and engine",), panels)]
    return Section("errors", "Error model", blocks)
