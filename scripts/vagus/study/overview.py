"""What was understood of a design, and which tests its samples allow.

The judges are those of the tests themselves (``comparison``, ``model_frame``, ``trajectories``),
asked as if every sample had enough reads. So a test that is planned here is made unless reads are
missing or values do not vary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vagus.study.cell_checks import describe_missing
from vagus.study.columns import Column, describe_column, drop_controls, has_text
from vagus.study.comparison import make_comparison
from vagus.study.design import StudyDesign
from vagus.study.levels import order_levels
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.model_tests import (
    explain_no_ancombc,
    explain_no_dirichlet,
    explain_no_permanova,
    name_clr,
    name_model,
    pair_samples,
)
from vagus.study.people import group_by_person
from vagus.study.samples import Sample
from vagus.study.sides import explain_no_counts, explain_no_model, split_between
from vagus.study.test_names import (
    ANCOM_BC,
    BETWEEN,
    CHANGE_ALPHA,
    CHANGE_BETA,
    COUNTS,
    DIRICHLET,
    PAIRED,
    PERMANOVA,
    PERMANOVA_MODEL,
    PERMDISP,
    VOLATILITY,
)
from vagus.study.time_scale import scale_times
from vagus.study.trajectories import (
    choose_compared,
    explain_few_subjects,
    explain_no_change,
    find_groups,
    list_moving_subjects,
    make_interaction,
    make_trajectory,
)

MAX_SHOWN = 12


@dataclass(frozen=True)
class PlannedTest:
    """One kind of test of one column; ``obstacle`` says why it is not made, when it is not.

    ``kind`` is its name in the results (``test_names``).
    """

    variable: str
    kind: str
    contrast: str
    obstacle: str


def plan_tests(everyone: Sequence[Sample], design: StudyDesign) -> list[PlannedTest]:
    """Tests of every column of the design, and of change over time; controls are left out."""
    if not design.groups:
        return []
    samples = design.select_samples(everyone)
    columns = design.list_columns(samples)
    tests = [test for column in columns for test in _plan_column(samples, column, design)]
    if design.person and design.time:
        for name in dict.fromkeys(design.groups):
            if name != design.time:
                tests += _plan_changes(samples, name, design)
    return tests


def _plan_column(
    samples: Sequence[Sample], column: Column, design: StudyDesign
) -> Iterator[PlannedTest]:
    measured = {sample.name for sample in samples}
    comparison = make_comparison(samples, column, measured, "", design.references)
    frame = make_frame(samples, column, measured, "", design.references)
    contrast = _name_contrast(column, comparison.levels)
    for kind, why in (
        (comparison.rank_test, comparison.obstacle),
        (PERMANOVA, comparison.explain_no_permanova()),
        (PERMDISP, comparison.explain_no_permdisp()),
    ):
        yield PlannedTest(column.name, kind, contrast, why)
    contrast = _name_contrast(column, frame.variable.levels)
    for kind, why in _plan_models(samples, column, frame, column.name == design.time):
        yield PlannedTest(column.name, kind, contrast, why)


def _plan_models(
    samples: Sequence[Sample], column: Column, frame: ModelFrame, is_time: bool
) -> Iterator[tuple[str, str]]:
    """Models of alpha diversity, of distances and of taxa, each with what prevents it."""
    yield name_model(frame), explain_no_model(frame)
    if frame.design == "within" and not (frame.obstacle or is_time):
        yield from ((BETWEEN, side.obstacle) for side in [split_between(frame)] if side)
    pairs = pair_samples(samples, column, frame, {sample.name for sample in samples}, "")
    if pairs is not None:
        yield PAIRED, pairs.obstacle
    yield PERMANOVA_MODEL, explain_no_permanova(frame)
    yield COUNTS, explain_no_counts(frame)
    yield name_clr(frame), explain_no_model(frame)
    yield ANCOM_BC, frame.obstacle or explain_no_ancombc(frame)
    yield DIRICHLET, frame.obstacle or explain_no_dirichlet(frame)


def _name_contrast(column: Column, levels: Sequence[str]) -> str:
    """'case - control', 'mild, severe - control' or 'per unit of age'."""
    if column.is_numeric:
        return f"per unit of {column.name}"
    return f"{_shorten(levels[1:])} - {levels[0]}" if len(levels) > 1 else ""


def _plan_changes(
    samples: Sequence[Sample], name: str, design: StudyDesign
) -> Iterator[PlannedTest]:
    subject, time = str(design.person), str(design.time)
    trajectory = make_trajectory(samples, design)
    column = describe_column(samples, name, subject, design.covariates)
    kinds = (VOLATILITY, CHANGE_ALPHA, CHANGE_BETA)
    if why := explain_no_change(samples, trajectory, column, time):
        yield from (PlannedTest(name, kind, "", why) for kind in kinds)
        return
    groups = find_groups(samples, column) or {}
    measured = set(trajectory.samples)
    own = [sample for sample in samples if sample.name in measured]
    frame = make_frame(own, column, measured, "", design.references)
    contrast = _name_contrast(column, order_levels(set(groups.values()), design.references))
    moving = [groups[who] for who in list_moving_subjects(trajectory, groups)]
    compared = choose_compared(trajectory, groups)
    whole = [groups[who] for who in compared.subjects]
    yield PlannedTest(name, VOLATILITY, contrast, explain_few_subjects(moving, "two times"))
    why = frame.obstacle or make_interaction(frame, trajectory).obstacle
    yield PlannedTest(name, CHANGE_ALPHA, contrast, why)
    yield PlannedTest(name, CHANGE_BETA, contrast, explain_few_subjects(whole, compared.needs))


def describe_design(everyone: Sequence[Sample], design: StudyDesign) -> list[str]:
    """Lines for a person: columns as they were understood, and the tests; none without groups."""
    if not design.groups:
        return []
    samples = design.select_samples(everyone)
    lines = [_describe_people(samples, design)]
    for column in design.list_columns(samples):
        lines.append(f"  {column.name}: {_describe_values(samples, column, design)}")
    if design.time:
        lines.append(describe_times(everyone, design))
    lines += describe_missing(samples, design.list_names())
    for name in design.covariates:
        kind = _describe_covariate(samples, name, design)
        lines.append(f"  covariate {name}: {kind}")
    return [*lines, *_describe_tests(plan_tests(samples, design))]


def describe_times(everyone: Sequence[Sample], design: StudyDesign) -> str:
    """The order of the times, how they were read, and whether they are levels or a number."""
    settings = design.time_settings
    if settings is None:
        return ""
    scale = scale_times(drop_controls(everyone), settings)
    levels = "a number" if design.has_time_slope(design.select_samples(everyone)) else "levels"
    shown = _shorten(scale.order) or "no value"
    return f"  order of {design.time}: {shown} ({scale.words}; {levels} in models)"


def _describe_people(samples: Sequence[Sample], design: StudyDesign) -> str:
    if not design.person:
        return f"Design: {len(samples)} samples, each on its own"
    n = len(set(group_by_person(samples, design.person).values()))
    alone = sum(not sample.value(design.person) for sample in samples)
    unknown = f"; {_count(alone, 'sample')} without a subject" if alone else ""
    own = f"{len(samples)} samples of {n} subjects (column '{design.person}'{unknown})"
    return f"Design: {own}"


def _describe_values(samples: Sequence[Sample], column: Column, design: StudyDesign) -> str:
    """Levels, the reference first, with subjects and samples of each; or the range of numbers."""
    values = {s.name: s.value(column.name) for s in samples if s.value(column.name)}
    if column.is_numeric:
        numbers = sorted(values.values(), key=float)
        return f"numbers, {numbers[0]} to {numbers[-1]}, {len(values)} samples"
    people = group_by_person(samples, column.subject) if column.subject else {}
    parts: list[str] = []
    for level in column.order_levels(set(values.values()), design.references):
        members = [name for name, value in values.items() if value == level]
        n = len({people[name] for name in members}) if people else 0
        own = [_count(n, "subject")] if people else []
        own.append(_count(len(members), "sample"))
        parts.append(f"{level}{'' if parts else ' (reference)'}: {', '.join(own)}")
    return _shorten(parts, "; ")


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}{'s' * (n != 1)}"


def _describe_covariate(samples: Sequence[Sample], name: str, design: StudyDesign) -> str:
    levels = {sample.value(name) for sample in samples} - {""}
    if not levels:
        return "no value"
    if not has_text(samples, name):
        return "number"
    shown = _shorten(order_levels(levels, design.references))
    return f"levels {shown}; the first is the reference"


def _describe_tests(tests: Sequence[PlannedTest]) -> list[str]:
    """Tests that will be made by column and contrast, and the reason of each that will not."""
    made: dict[tuple[str, str], list[str]] = {}
    refused: dict[tuple[str, str], list[str]] = {}
    for test in tests:
        if test.obstacle:
            refused.setdefault((test.variable, test.obstacle), []).append(test.kind)
        else:
            made.setdefault((test.variable, test.contrast), []).append(test.kind)
    lines = [f"  tested: {name} ({what}): {', '.join(k)}" for (name, what), k in made.items()]
    lines += [
        f"  not tested: {name}, {', '.join(kinds)}: {why.removeprefix('not tested: ')}"
        for (name, why), kinds in refused.items()
    ]
    return lines


def _shorten(words: Sequence[str], between: str = ", ") -> str:
    more = len(words) - MAX_SHOWN
    return between.join(words[:MAX_SHOWN]) + (f" and {more} more" if more > 0 else "")
