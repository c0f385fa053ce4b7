"""The error models of each run, as each engine describes and draws its own."""

from __future__ import annotations

from vagus.engines import ENGINES
from vagus.report.blocks import Absent, Chooser, Prose, Section
from vagus.report.engine_reports import open_report
from vagus.report.engines import build_engines
from vagus.report.figure import FigureFolder
from vagus.report.inputs import ReportInputs
from vagus.report.sentences import write


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
        return Section("errors", "Error model", [Absent(write("models.no_model"))])
    notes = filter(None, (open_report(engine).MODEL_NOTE for engine in ENGINES))
    explained = Prose(" ".join([write("models.about"), *notes]))
    blocks: list[object] = [*build_engines(inputs), explained]
    blocks += panels[0][1] if len(panels) == 1 else [Chooser(("Run and engine",), panels)]
    return Section("errors", "Error model", blocks)
