"""What a new sheet's columns may be, by their names and cells, and which cells look wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from vagus.study.cell_checks import list_number_mistakes, list_similar_levels
from vagus.study.columns import find_subject_column
from vagus.study.design import StudyDesign
from vagus.study.samples import Sample

_GROUPS = ("group", "arm", "treatment", "condition", "diagnosis", "case", "status", "diet")
_TIMES = ("time", "timepoint", "visit", "week", "day", "month", "session", "date")
_COVARIATES = ("age", "sex", "gender", "bmi")
_MOST_LEVELS = 6


def suggest_design(everyone: Sequence[Sample]) -> dict[str, str]:
    """Keys of the config's section ``cohort`` with columns that they may name, as YAML.

    By what columns are called; a group has two to six levels, one of them in several samples.
    Nothing of it is written into the config: a column's meaning is the user's to say.
    """
    samples = [sample for sample in everyone if not sample.control]
    counts = _count_values(samples)
    found = {
        "group": _find(counts, _GROUPS, lambda values: 1 < len(values) <= _MOST_LEVELS),
        "subject": find_subject_column(samples) or "",
        "time": _find(counts, _TIMES, lambda values: len(values) > 1),
    }
    varying = [name for name in counts if _is_called(name, _COVARIATES) and len(counts[name]) > 1]
    found["covariates"] = f"[{', '.join(varying)}]" if varying else ""
    return {key: value for key, value in found.items() if value}


def list_cell_warnings(everyone: Sequence[Sample], file: str) -> Iterator[str]:
    """What ``vagus check`` would say of the cells of every column, if the config named it."""
    samples = [sample for sample in everyone if not sample.control]
    counts = _count_values(samples)
    times = [name for name in counts if _is_called(name, _TIMES)]
    columns = [name for name in counts if name not in times]
    for mistake in list_number_mistakes(samples, StudyDesign((), covariates=tuple(columns)), file):
        yield str(mistake)
    levels = [name for name in columns if len(counts[name]) < counts[name].total()]
    yield from list_similar_levels(samples, levels, [find_subject_column(samples) or ""])


def _count_values(samples: Sequence[Sample]) -> dict[str, Counter[str]]:
    """Samples of each value, by column; columns without a value are left out."""
    names = list(samples[0].metadata) if samples else []
    counts = {name: Counter(filter(None, (s.value(name) for s in samples))) for name in names}
    return {name: values for name, values in counts.items() if values}


def _find(
    counts: dict[str, Counter[str]], words: Sequence[str], fits: Callable[[Counter[str]], bool]
) -> str:
    """The column with the first of these words in its name whose values fit; else empty."""
    named = [name for word in words for name in counts if _is_called(name, (word,))]
    return next((name for name in named if fits(counts[name])), "")


def _is_called(name: str, words: Sequence[str]) -> bool:
    """Whether one of the words is a word of the name: 'Visit date', 'study_arm', 'TimePoint'."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)
    return bool({*words} & {*map(str.lower, parts), "".join(parts).lower()})
