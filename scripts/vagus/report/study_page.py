"""The study page: every section in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vagus.files import write_text
from vagus.reads.platforms import find_platforms
from vagus.report.blocks import Part, Section
from vagus.report.chimeras import build_chimeras
from vagus.report.cohort import build_cohort
from vagus.report.cohort_models import build_models
from vagus.report.composition import build_composition
from vagus.report.controls import build_controls
from vagus.report.courses import build_courses
from vagus.report.design import build_design
from vagus.report.differential import build_differential
from vagus.report.diversity import build_alpha
from vagus.report.error_model import build_error_model
from vagus.report.figure import FigureFolder, figure_style
from vagus.report.files_list import build_files
from vagus.report.gut_brain import build_gut_brain
from vagus.report.hill import build_hill
from vagus.report.inputs import ReportInputs
from vagus.report.ledger import build_ledger
from vagus.report.level_ordination import build_level_ordination
from vagus.report.methods import build_methods
from vagus.report.numbers import count_noun
from vagus.report.ordination import build_ordination
from vagus.report.page import render_page
from vagus.report.qc import build_qc
from vagus.report.samples import build_samples
from vagus.report.summary import build_summary
from vagus.report.truth import build_truth


def write_study_page(inputs: ReportInputs, page: Path, figure_folder: Path) -> None:
    """Write the page and its figures."""
    figures = FigureFolder(figure_folder, inputs.keys)
    html = render_study(inputs, figures)
    write_text(page, html)


def render_study(inputs: ReportInputs, figures: FigureFolder) -> str:
    """HTML of the study page; figures are saved on the way."""
    with figure_style():
        parts = list_parts(inputs, figures)
    return render_page(
        "study.html.j2",
        title=inputs.config["report"]["title"],
        subtitle=_describe_study(inputs),
        parts=[part for part in parts if part.sections],
    )


def list_parts(inputs: ReportInputs, figures: FigureFolder) -> list[Part]:
    """Sections in reading order; a builder that returns None has nothing to show."""
    reads = [
        build_ledger(inputs, figures),
        build_qc(inputs, figures),
        build_error_model(inputs, figures),
        build_chimeras(inputs),
    ]
    composition = [build_composition(inputs, figures), build_gut_brain(inputs, figures)]
    controls = [build_controls(inputs, figures)]
    diversity = [
        build_alpha(inputs, figures),
        build_hill(inputs, figures),
        build_ordination(inputs, figures),
        build_level_ordination(inputs, figures),
    ]
    groups = [
        build_design(inputs),
        build_cohort(inputs),
        build_models(inputs, figures),
        build_differential(inputs, figures),
        build_courses(inputs, figures),
    ]
    truth = [build_truth(inputs, figures)]
    return [
        _make_part("Overview", [build_summary(inputs), build_samples(inputs)]),
        _make_part("Reads and ASVs", reads),
        _make_part("Controls", controls),
        _make_part("Composition", composition),
        _make_part("Diversity", diversity),
        _make_part("Groups", groups),
        _make_part("Simulated truth", truth),
        _make_part("About", [build_methods(inputs), build_files(inputs)]),
    ]


def _make_part(title: str, sections: Sequence[Section | None]) -> Part:
    return Part(title, [section for section in sections if section is not None])


def _describe_study(inputs: ReportInputs) -> str:
    controls = len(inputs.controls)
    parts = [count_noun(len(inputs.samples) - controls, "sample")]
    if controls:
        parts.append(count_noun(controls, "control"))
    parts.append(count_noun(len({sample.run for sample in inputs.samples}), "sequencing run"))
    platforms = sorted({str(p) for p in inputs.ledger.get("platform", []) if p} - {"unknown"})
    return ", ".join([*parts, *(platform.long for platform in find_platforms(platforms))])
