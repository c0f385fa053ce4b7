"""What is wrong with the reads of a sample: found by looking at the first of them."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Problem:
    """Something that the user should know: ``error`` (of no use as it is) or ``warning``.

    An error that ``is_mistake`` is one of the sheet or of the choice of files: the study does not
    start. With other errors a sample becomes a row with its reason, and the others go on.
    """

    severity: str
    message: str
    fix: str
    is_mistake: bool = False
