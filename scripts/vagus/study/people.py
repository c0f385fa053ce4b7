"""Who gave which samples."""

from __future__ import annotations

from collections.abc import Sequence

from vagus.errors import ConfigError
from vagus.study.samples import Sample

NO_SUBJECT = "none"


def name_person(subject: str | None) -> str | None:
    """Column that names people, from ``cohort.subject``; None when it is empty or 'none'."""
    return None if subject in ("", NO_SUBJECT) else subject


def check_columns(samples: Sequence[Sample], names: Sequence[str]) -> None:
    """Raise ConfigError when the sheet has no column of one of these names."""
    known = list(samples[0].metadata) if samples else []
    for name in names:
        if name not in known:
            raise ConfigError(
                f"the sample sheet has no column '{name}'",
                fix=f"Name one of its metadata columns: {', '.join(known) or 'it has none'}",
            )


def group_by_person(samples: Sequence[Sample], column: str) -> dict[str, str]:
    """The person of each sample, by name; a sample without a person is a unit of its own.

    Raises ConfigError when the sheet has no such column.
    """
    check_columns(samples, [column])
    people = {sample.name: sample.value(column) for sample in samples}
    return {name: person or name for name, person in people.items()}
