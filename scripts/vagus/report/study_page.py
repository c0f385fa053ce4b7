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
from vagus.report.design import build_design
from vagus.report.differential import build_differential
from vagus.report.diversity import build_alpha
from vagus.report.error_model import build_error_model
from vagus.report.figure import FigureFolder, figure_style
from vagus.report.files_list import build_files
from vagus.report.first_screen import build_first_screen
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
from vagus.report.trajectories import build_trajectories
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
        first = build_first_screen(inputs)
    return render_page(
        "study.html.j2",
        title=inputs.config["report"]["title"],
        subtitle=_describe_study(inputs),
        first=first,
        parts=[part for part in parts if part.sections],
    )


def list_parts(inputs: ReportInputs, figures: FigureFolder) -> list[Part]:
    """Sections in reading order; a builder that returns None has nothing to show."""
    questions = [
        build_cohort(inputs),
        build_models(inputs, figures),
        build_differential(inputs, figures),
        build_trajectories(inputs, figures),
    ]
    explore = [
        build_composition(inputs, figures),
        build_gut_brain(inputs, figures),
        build_alpha(inputs, figures),
        build_hill(inputs, figures),
        build_ordination(inputs, figures),
        build_level_ordination(inputs, figures),
    ]
    trust = [
        build_summary(inputs),
        build_design(inputs),
        build_controls(inputs, figures),
        build_truth(inputs, figures),
        build_ledger(inputs, figures),
        build_qc(inputs, figures),
        build_error_model(inputs, figures),
        build_chimeras(inputs),
    ]
    return [
        _make_part("Questions", questions),
        _make_part("Explore", explore),
        _make_part("Samples", [build_samples(inputs)]),
        _make_part("Can the data be trusted", trust),
        _make_part("About", [build_methods(inputs), build_files(inputs)]),
    ]


def _make_part(title: str, sections: Sequence[Section | None]) -> Part:
    return Part(title, [section for section in sections if section is not None])


def _describe_study(inputs: ReportInputs) -> str:
    controls = len(inputs.controls)
    parts = [*_count_people(inputs), count_noun(len(inputs.samples) - controls, "sample")]
    if controls:
        parts.append(count_noun(controls, "control"))
    parts.append(count_noun(len({sample.run for sample in inputs.samples}), "sequencing run"))
    platforms = sorted({str(p) for p in inputs.ledger.get("platform", []) if p} - {"unknown"})
    return ", ".join([*parts, *(platform.long for platform in find_platforms(platforms))])


def _count_people(inputs: ReportInputs) -> list[str]:
    """'12 people', '2 times' where the config names their columns."""
    own = [sample for sample in inputs.samples if not sample.control]
    people = {sample.value(inputs.subject) for sample in own} if inputs.subject else set()
    times = set(inputs.times.order) if inputs.times else set()
    counts = [count_noun(len(people - {""}), "person", "people")] if people - {""} else []
    return [*counts, count_noun(len(times), "time")] if counts and len(times) > 1 else counts
