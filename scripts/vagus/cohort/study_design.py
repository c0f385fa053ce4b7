"""What the columns of the sheet are to the study."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vagus.cohort.arrangements import derive_seed
from vagus.cohort.comparison import (
    Column,
    describe_column,
    find_subject_column,
    has_times_within_subjects,
)
from vagus.cohort.rank_tests import PermutationPlan
from vagus.cohort.settings import DesignSettings
from vagus.study.general_settings import GeneralSettings
from vagus.study.people import NO_SUBJECT, name_person
from vagus.study.samples import Sample

log = logging.getLogger(__name__)
NOT_METRICS = ("sample", "reads", "depth")
SAME_ORDER = ("hill_1", "hill_2")
"""Metrics that put samples in the order of another one: Shannon and Simpson."""


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

    def plan(self, *names: str) -> PermutationPlan:
        """Permutations of one test; its random stream depends on seed and names alone."""
        return PermutationPlan(self.permutations, derive_seed(self.seed, *names))
