"""Checks of the design before any test: what the samples can and cannot show.

Here are the finders of levels, subjects, times and missing values; those of covariates and batches
are in ``confounding``.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

import numpy as np

from vagus.numerics.products import multiply
from vagus.statistics.arrangements import Arrangements
from vagus.statistics.rank_distributions import MAX_EXACT, rank_sum_p, signed_rank_p
from vagus.study.columns import (
    Column,
    explain_no_complete_sample,
    find_subject_column,
)
from vagus.study.confounding import check_confounding, check_covariates
from vagus.study.design import StudyDesign
from vagus.study.design_findings import ALPHA, Finding, Sheet
from vagus.study.model_frame import make_frame
from vagus.study.samples import Sample
from vagus.tables.stages.cohort import DESIGN

if TYPE_CHECKING:
    import pandas as pd

MIN_LEVEL_UNITS = 5


def check_design(sheet: Sheet) -> list[Finding]:
    """All findings, in the order of the checks."""
    found = [*_check_repeats(sheet)]
    for column in sheet.design.list_columns(sheet.samples):
        found += _check_size(sheet, column)
        found += check_confounding(sheet, column)
        found += _check_missing(sheet, column)
        found += _check_complete(sheet, column)
        found += _check_nesting(sheet, column)
    found += check_covariates(sheet)
    found += _check_times(sheet)
    return found


def _check_repeats(sheet: Sheet) -> Iterator[Finding]:
    """A column that looks like a subject, and is not named as one."""
    check, design = "repeated subjects", sheet.design
    if design.assumes_independence:
        yield Finding(
            check, "", "cohort.subject is 'none'", "note", "every sample counts as independent"
        )
    elif design.person:
        counts = Counter(sheet.unit(sample) for sample in sheet.samples)
        n_repeated = sum(n > 1 for n in counts.values())
        if n_repeated:
            yield Finding(
                check, design.person,
                f"{len(sheet.samples)} samples of {len(counts)} subjects, {n_repeated} with "
                "several", "note",
                "subjects are the unit: mixed and within-subject models, permutations of whole "
                "subjects or within them",
            )  # fmt: skip
    elif name := find_subject_column(sheet.samples):
        yield Finding(
            check, name, "names some people in several samples, but cohort.subject is empty",
            "error", "nothing is tested: samples of one person are not independent. Set "
            f"'subject: {name}', or 'subject: none' if they are no people",
        )  # fmt: skip


def _check_size(sheet: Sheet, column: Column) -> Iterator[Finding]:
    """Units of each level, and the smallest p-values that they allow."""
    check = "number of samples"
    if column.is_numeric:
        return
    units: dict[str, set[str]] = defaultdict(set)
    by_name = {sample.name: sample for sample in sheet.samples}
    for name, level in sheet.values(column.name).items():
        units[level].add(sheet.unit(by_name[name]))
    sizes = {level: len(found) for level, found in sorted(units.items())}
    words = describe_sizes(sizes, sheet.unit_words)
    smallest = find_smallest_p(sheet, column)
    if smallest is None:
        return
    if math.isnan(smallest):
        yield Finding(check, column.name, words, "error", "nothing can be tested")
        return
    if smallest > ALPHA:
        yield Finding(
            check, column.name, f"{words}; the smallest attainable p-value is {smallest:.2g}",
            "error", "no permutation or rank test can be below 0.05, whatever the samples show",
        )  # fmt: skip
        return
    if smallest > ALPHA / sheet.n_metrics:
        yield Finding(
            check, column.name,
            f"{words}; the smallest attainable p-value is {smallest:.2g}", "warning",
            f"with {sheet.n_metrics} measures tested together, a single one cannot stay below "
            "0.05 after correction; only several at once can",
        )  # fmt: skip
    if min(sizes.values()) < MIN_LEVEL_UNITS:
        yield Finding(
            check, column.name, words, "warning",
            "only very large differences can be found, and estimates have wide intervals",
        )  # fmt: skip
    elif max(sizes.values()) > 3 * min(sizes.values()):
        yield Finding(
            check, column.name, words, "warning",
            "levels of very different size: tests of distances mix location and spread, see "
            "PERMDISP",
        )  # fmt: skip


def describe_sizes(sizes: Mapping[str, int], units: str) -> str:
    """'subjects: 6 with 'case', 5 with 'control''; samples need no word."""
    words = ", ".join(f"{n} with {level!r}" for level, n in sizes.items()) or "none"
    return words if units == "samples" else f"{units}: {words}"


def find_smallest_p(sheet: Sheet, column: Column) -> float | None:
    """Smallest p-value of rank or permutation tests; NaN when there is no test.

    None when the subjects do not allow one design for the column.
    """
    frame = make_frame(
        sheet.samples, Column(column.name, False, column.subject), sheet.depths, "no reads"
    )
    if frame.obstacle:
        return math.nan
    columns = frame.variable.columns
    labels = np.rint(multiply(columns, np.arange(1, columns.shape[1] + 1))).astype(np.int64)
    plan = sheet.design.permutations
    if frame.design == "within":
        by_permutation = Arrangements(labels, frame.subjects, plan, (1,)).smallest_p
        n = frame.n_subjects
        if len(frame.variable.levels) != 2 or n > MAX_EXACT:
            return by_permutation
        return min(by_permutation, signed_rank_p(np.arange(1.0, n + 1), n * (n + 1) / 2)[1])
    first = np.unique(frame.subjects, return_index=True)[1]
    of_units = labels[first]
    blocks = np.zeros(of_units.size, dtype=np.int64)
    by_permutation = Arrangements(of_units, blocks, plan, (1,)).smallest_p
    if len(frame.variable.levels) != 2 or of_units.size > MAX_EXACT:
        return by_permutation
    n_first = int((of_units == 0).sum())
    ranks = np.arange(1.0, of_units.size + 1)
    return min(by_permutation, rank_sum_p(ranks, n_first, ranks[:n_first].sum())[1])


def _check_missing(sheet: Sheet, column: Column) -> Iterator[Finding]:
    """Samples that a missing value leaves out, by name."""
    subject = [column.subject] if column.subject else []
    for name in dict.fromkeys([column.name, *subject, *column.covariates]):
        lost = sorted({s.name for s in sheet.samples} - set(sheet.values(name)))
        if lost:
            shown = ", ".join(lost[:10]) + (f" and {len(lost) - 10} more" if len(lost) > 10 else "")
            tests = "the models" if name in column.covariates else "all tests"
            yield Finding(
                "missing values", column.name,
                f"{len(lost)} sample{'s' * (len(lost) != 1)} without {name}: {shown}",
                "warning", f"left out of {tests}",
            )  # fmt: skip
    unread = sorted({s.name for s in sheet.samples} - set(sheet.depths))
    if unread:
        yield Finding(
            "missing values", column.name,
            f"{len(unread)} samples without diversity: {', '.join(unread[:10])}", "warning",
            "too few reads: left out of all tests",
        )  # fmt: skip


def _check_complete(sheet: Sheet, column: Column) -> Iterator[Finding]:
    """Whether there is a sample with a value in every column of the models."""
    if why := explain_no_complete_sample(sheet.samples, column.needed):
        yield Finding(
            "complete samples", column.name, why, "error",
            "its models are not made: fill in values, or leave a column out of the design",
        )  # fmt: skip


def _check_nesting(sheet: Sheet, column: Column) -> Iterator[Finding]:
    """Between or within subjects, and which subjects are incomplete."""
    if not column.subject or column.is_numeric:
        return
    by_name = {sample.name: sample for sample in sheet.samples}
    levels: dict[str, set[str]] = defaultdict(set)
    for name, level in sheet.values(column.name).items():
        levels[sheet.unit(by_name[name])].add(level)
    whole = set().union(*levels.values())
    if all(len(found) == 1 for found in levels.values()):
        return
    complete = sum(found == whole for found in levels.values())
    severity = "note" if complete == len(levels) else "warning"
    finding = f"changes within {column.subject}: {complete} of {len(levels)} have all levels"
    yield Finding(
        "within or between subjects", column.name, finding, severity,
        "subjects are compared with themselves; rank tests use complete subjects, models all that "
        "change",
    )  # fmt: skip


def _check_times(sheet: Sheet) -> Iterator[Finding]:
    """Times per subject, and whether groups are seen at the same ones."""
    design = sheet.design
    if not (design.person and design.time):
        return
    if why := explain_no_complete_sample(sheet.samples, [design.person, design.time]):
        yield Finding("times", design.time, why, "warning", "nobody is followed over time")
        return
    by_name = {sample.name: sample for sample in sheet.samples}
    times: dict[str, list[str]] = defaultdict(list)
    for name, time in sheet.values(design.time).items():
        times[sheet.unit(by_name[name])].append(time)
    whole = {time for found in times.values() for time in found}
    if len(whole) < 2:
        return
    complete = sum(set(found) == whole for found in times.values())
    repeated = sum(len(set(found)) < len(found) for found in times.values())
    if complete < len(times):
        yield Finding(
            "times", design.time,
            f"{complete} of {len(times)} subjects have all {len(whole)} times",
            "warning", "the others are left out of tests of the trajectory of composition; mixed "
            "models use them",
        )  # fmt: skip
    if repeated:
        yield Finding(
            "times", design.time, f"{repeated} subjects have several samples at one time", "note",
            "their mean is used for the time",
        )  # fmt: skip


def tabulate_findings(found: Sequence[Finding]) -> pd.DataFrame:
    """One row a finding (columns of ``DESIGN``)."""
    import pandas as pd

    return pd.DataFrame([astuple(finding) for finding in found], columns=DESIGN.names)


def list_design_warnings(
    everyone: Sequence[Sample],
    design: StudyDesign,
    n_metrics: int,
    batches: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """Errors and warnings, each with its severity; errors first, one sentence a cause.

    All samples count as equally deep, since reads are not counted yet. So this finds what does not
    depend on the reads, in the words of the report.
    """
    if not design.groups:
        return []
    samples = design.select_samples(everyone)
    found = check_design(
        Sheet(samples, design, {s.name: 1.0 for s in samples}, n_metrics, tuple(batches))
    )
    causes: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in found:
        if row.severity != "note":
            key = (row.severity, row.check, row.finding, row.consequence)
            causes[key].append(f"'{row.variable}'")
    return [
        (severity, f"design, {check} of {', '.join(names)}: {finding}; {consequence}.")
        for (severity, check, finding, consequence), names in sorted(
            causes.items(), key=lambda cause: cause[0][0]
        )
    ]
