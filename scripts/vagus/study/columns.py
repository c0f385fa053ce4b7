"""Columns of the sample sheet that the design names: numbers or levels, and whose samples.

A column counts as numeric when all its values are numbers and more than five differ; then an
association with the value is tested. A numeric value that changes within subjects has models but
no rank test. Times are levels, or numbers as ``time_scale`` says.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from vagus.errors import ConfigError
from vagus.study.levels import order_levels
from vagus.study.numbers import is_number
from vagus.study.people import check_columns
from vagus.study.samples import Sample

log = logging.getLogger(__name__)

MAX_LEVELS_OF_NUMBERS = 5
PERSON_NAMES = ("subject", "patient", "participant", "person", "individual")
SUBJECT_NAMES = (*PERSON_NAMES, "donor", "host")


@dataclass(frozen=True)
class Column:
    """A column of the sheet that is tested.

    ``suspect`` is a column that seems to name people who gave several samples, when the design
    names no subject: then nothing is tested. ``order`` is that of times, all of them.
    """

    name: str
    is_numeric: bool
    subject: str | None
    covariates: tuple[str, ...] = ()
    suspect: str = ""
    order: tuple[str, ...] = ()

    def order_levels(self, levels: Collection[str], references: Sequence[str]) -> tuple[str, ...]:
        """Levels in the order of the tests: times in theirs, others with the reference first."""
        if self.order:
            return tuple(level for level in self.order if level in set(levels))
        return order_levels(levels, references)

    @property
    def needed(self) -> list[str]:
        """Columns of the sheet in which a sample of its models has values."""
        subject = [self.subject] if self.subject else []
        return list(dict.fromkeys([self.name, *subject, *self.covariates]))

    @property
    def obstacle(self) -> str:
        """Why the column is not tested at all; empty when it can be."""
        if not self.suspect:
            return ""
        return (
            f"not tested: {self.suspect} names people in several samples, which are not "
            f"independent; name it as cohort.subject, or set that to none"
        )


def explain_no_complete_sample(samples: Sequence[Sample], names: Sequence[str]) -> str:
    """Why no sample can enter a test that needs these columns; empty when some can.

    The words are those of every table of results, of the design's checks and of ``vagus check``.
    """
    needed = list(dict.fromkeys(names))
    if any(all(s.value(name) for name in needed) for s in samples):
        return ""
    if len(needed) == 1:
        return f"not tested: no sample has a value of {needed[0]}"
    return f"not tested: no sample has all of {', '.join(needed[:-1])} and {needed[-1]}"


def drop_controls(samples: Sequence[Sample]) -> list[Sample]:
    """Samples that are not controls, sorted by name."""
    kept = sorted((sample for sample in samples if not sample.control), key=lambda s: s.name)
    if len(kept) < len(samples):
        log.info("%d controls are not tested", len(samples) - len(kept))
    return kept


def describe_column(
    samples: Sequence[Sample],
    name: str,
    subject: str | None,
    covariates: Sequence[str] = (),
    as_levels: bool = False,
) -> Column:
    """Look at a column over all samples that are not controls.

    Raises ConfigError when the column is missing from the sheet, or when it has fewer than two
    levels.
    """
    check_columns(samples, (name, *([subject] if subject else []), *covariates))
    levels = sorted({s.value(name) for s in samples if s.value(name)})
    if len(levels) < 2:
        found = f"only the level '{levels[0]}'" if levels else "no value"
        raise ConfigError(
            f"the column '{name}' has {found} in samples that are not controls, so there is "
            "nothing to compare",
            fix="Name a column with two or more levels as group, or leave it out",
        )
    others = tuple(covariate for covariate in covariates if covariate != name)
    return Column(name, has_many_numbers(levels) and not as_levels, subject, others)


def has_many_numbers(values: Iterable[str]) -> bool:
    """Whether values of a group column are numbers to be ordered, and not a few levels."""
    found = set(values)
    return len(found) > MAX_LEVELS_OF_NUMBERS and all(map(is_number, found))


def has_text(samples: Sequence[Sample], name: str) -> bool:
    """Whether any of a column's values is not a number, over all ``samples``."""
    cells = {s.value(name) for s in samples if s.value(name)}
    return not all(is_number(cell) for cell in cells)


def find_subject_column(samples: Sequence[Sample]) -> str | None:
    """A column named like a subject's whose values repeat, without being a few levels.

    Two donors or hosts are levels ('mouse', 'human'); two persons are people.
    """
    for name in samples[0].metadata if samples else ():
        word = name.lower().removesuffix("_id").removesuffix("id").strip(" _-")
        values = [s.value(name) for s in samples if s.value(name)]
        n_different = len(set(values))
        least = max(2 if word in PERSON_NAMES else 3, len(values) / 10)
        if word in SUBJECT_NAMES and least <= n_different < len(values):
            return name
    return None


def has_times_within_subjects(samples: Sequence[Sample], time: str, subject: str) -> bool:
    """Whether a subject has samples at two or more times. ConfigError for unknown columns."""
    check_columns(samples, (time, subject))
    times: dict[str, set[str]] = {}
    for sample in samples:
        at, of = sample.value(time), sample.value(subject)
        if at and of:
            times.setdefault(of, set()).add(at)
    return any(len(of_subject) > 1 for of_subject in times.values())
