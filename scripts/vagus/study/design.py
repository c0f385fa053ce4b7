"""What the columns of the sheet are to the study."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vagus.study.columns import (
    Column,
    describe_column,
    drop_controls,
    find_subject_column,
    has_times_within_subjects,
)
from vagus.study.design_settings import DesignSettings
from vagus.study.general_settings import GeneralSettings
from vagus.study.people import NO_SUBJECT, check_columns, name_person
from vagus.study.samples import Sample
from vagus.study.time_scale import TimeSettings, has_numbers_as_times, place_times, scale_times

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StudyDesign:
    """Columns of the sheet and what they are to the study.

    ``subject`` may be 'none': samples are independent, whatever the sheet looks like.
    """

    groups: tuple[str, ...]
    subject: str | None = None
    time: str | None = None
    covariates: tuple[str, ...] = ()
    permutations: int = DesignSettings.permutations
    seed: int = GeneralSettings.seed
    references: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    time_unit: str | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> StudyDesign:
        """The design that a config with all defaults filled describes."""
        cohort, group = config["cohort"], config["cohort"]["group"]
        return cls(
            (group,) if isinstance(group, str) else tuple(group),
            cohort["subject"],
            cohort["time"],
            tuple(cohort["covariates"]),
            cohort["permutations"],
            config["seed"],
            tuple(cohort["reference"]),
            tuple(cohort["times"]),
            cohort["time_unit"],
        )

    @property
    def assumes_independence(self) -> bool:
        """Whether the user says that samples are independent."""
        return self.subject == NO_SUBJECT

    @property
    def person(self) -> str | None:
        """The column that names the person."""
        return name_person(self.subject)

    @property
    def time_settings(self) -> TimeSettings | None:
        """What the times are read by; None when no column has them."""
        if not self.time:
            return None
        return TimeSettings(self.time, self.person, self.times, self.time_unit)

    def list_names(self) -> list[str]:
        """Names of all columns of the design, each once."""
        named = [*self.groups, self.person, self.time, *self.covariates]
        return [name for name in dict.fromkeys(named) if name]

    def place_times(self, samples: Sequence[Sample]) -> list[Sample]:
        """Samples whose times are numbers where they are to be (see ``time_scale``).

        Raises ConfigError for times whose order is not known.
        """
        settings = self.time_settings
        if settings is None:
            return list(samples)
        check_columns(samples, [settings.time, *([self.person] if self.person else [])])
        return place_times(samples, settings)

    def select_samples(self, everyone: Sequence[Sample]) -> list[Sample]:
        """Samples of the sheet that are not controls, by name, with their times placed."""
        return self.place_times(drop_controls(everyone))

    def order_times(self, samples: Sequence[Sample]) -> tuple[str, ...]:
        """Times from first to last; ``samples`` are those of ``select_samples``."""
        settings = self.time_settings
        return scale_times(samples, settings).order if settings else ()

    def has_time_slope(self, samples: Sequence[Sample]) -> bool:
        """Whether times are numbers in models; ``samples`` are those of ``select_samples``."""
        settings = self.time_settings
        return settings is not None and has_numbers_as_times(samples, settings)

    def list_columns(self, samples: Sequence[Sample]) -> list[Column]:
        """Columns to test; ``samples`` are those of ``select_samples``."""
        suspect = "" if self.subject else find_subject_column(samples) or ""
        columns = [
            self._describe(samples, name, suspect=suspect) for name in dict.fromkeys(self.groups)
        ]
        if not (self.person and self.time) or self.time in self.groups:
            return columns
        if has_times_within_subjects(samples, self.time, self.person):
            return [*columns, self._describe(samples, self.time)]
        log.info("%s is not tested: no %s has samples at two of its values", self.time, self.person)
        return columns

    def _describe(self, samples: Sequence[Sample], name: str, suspect: str = "") -> Column:
        """A column with what only the design knows of it: whom it suspects, the order of times."""
        if name != self.time:
            column = describe_column(samples, name, self.person, self.covariates)
            return replace(column, suspect=suspect)
        is_slope = self.has_time_slope(samples)
        as_levels = not is_slope and name not in self.groups
        column = describe_column(samples, name, self.person, self.covariates, as_levels)
        order = () if column.is_numeric else self.order_times(samples)
        return replace(
            column, is_numeric=column.is_numeric or is_slope, suspect=suspect, order=order
        )
