"""Doubts about a study's design that can be seen in the sheet, before anything runs."""

from __future__ import annotations

from collections import Counter, defaultdict

from vagus.study.numbers import is_number
from vagus.study.study import Study

MIN_UNITS = 3
_SUBJECT_NAMES = ("subject", "patient", "participant", "person", "donor", "individual", "host")


def list_doubts(study: Study) -> list[str]:
    """Sentences for the user: what looks wrong with the design, and what to do."""
    return [
        *_doubt_small_groups(study),
        *_doubt_repeated_subjects(study),
        *_doubt_complete_samples(study),
    ]


def _doubt_complete_samples(study: Study) -> list[str]:
    """Models and courses that no sample can enter, in the words of their tables."""
    from vagus.study.columns import explain_no_complete_sample

    cohort, own = study.config["cohort"], [s for s in study.samples if not s.control]
    subject = [study.subject] if study.subject else []
    followed = [*subject, cohort["time"]] if subject and cohort["time"] else []
    needed = {f"models of {name}": [name, *subject, *cohort["covariates"]] for name in study.groups}
    needed |= {"change over time": followed} if followed and study.groups else {}
    return [
        f"{what}: {why}. Fill in values, or leave a column out of 'cohort'."
        for what, names in needed.items()
        if (why := explain_no_complete_sample(own, names))
    ]


def _doubt_small_groups(study: Study) -> list[str]:
    subject = study.subject
    doubts = []
    for column in study.groups:
        units: dict[str, set[str]] = defaultdict(set)
        for sample in study.samples:
            if not sample.control and sample.value(column):
                unit = sample.value(subject) if subject else sample.name
                units[sample.value(column)].add(unit)
        few = {level: len(found) for level, found in units.items() if len(found) < MIN_UNITS}
        numbers = len(units) > 5 and all(is_number(level) for level in units)
        if few and not numbers:
            kind = "subjects" if subject else "samples"
            counts = ", ".join(f"{level}: {n}" for level, n in sorted(few.items()))
            doubts.append(
                f"cohort.group '{column}' has levels with fewer than {MIN_UNITS} {kind} "
                f"({counts}): no test can find anything there. Join levels or add samples."
            )
    return doubts


def _doubt_repeated_subjects(study: Study) -> list[str]:
    """Several samples of one person, taken as independent, make tests find what is not there."""
    if study.config["cohort"]["subject"] or not study.groups:
        return []
    for column in study.samples[0].metadata:
        if column.lower().removesuffix("_id").removesuffix("id").strip() in _SUBJECT_NAMES:
            values = [s.value(column) for s in study.samples if s.value(column)]
            repeated = [value for value, n in Counter(values).items() if n > 1]
            if repeated:
                return [
                    f"the column '{column}' names {repeated[0]} in several samples, but "
                    "cohort.subject is empty, so nothing is tested: samples of one person are not "
                    f"independent. Set 'subject: {column}' under 'cohort', or 'subject: none'."
                ]
    return []
