"""What the columns of the sheet are to the study."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vagus.study.columns import (
    Column,
    describe_column,
    find_subject_column,
    has_times_within_subjects,
)
from vagus.study.design_settings import DesignSettings
from vagus.study.general_settings import GeneralSettings
from vagus.study.people import NO_SUBJECT, name_person
from vagus.study.samples import Sample

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
        )

    @property
    def assumes_independence(self) -> bool:
        """Whether the user says that samples are independent."""
        return self.subject == NO_SUBJECT

    @property
    def person(self) -> str | None:
        """The column that names the person."""
        return name_person(self.subject)

    def list_columns(self, samples: Sequence[Sample]) -> list[Column]:
        """Columns to test. ``samples`` are those of the sheet that are not controls."""
        suspect = "" if self.subject else find_subject_column(samples) or ""
        columns = [
            replace(describe_column(samples, name, self.person, self.covariates), suspect=suspect)
            for name in dict.fromkeys(self.groups)
        ]
        if not (self.person and self.time) or self.time in self.groups:
            return columns
        if has_times_within_subjects(samples, self.time, self.person):
            return [
                *columns,
                describe_column(samples, self.time, self.person, self.covariates, as_levels=True),
            ]
        log.info("%s is not tested: no %s has samples at two of its values", self.time, self.person)
        return columns
