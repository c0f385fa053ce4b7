"""Settings of the gut-brain view."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class GutBrainSettings:
    """Whether it is made."""

    enabled: bool = key(
        False,
        "Adds the view to results and pages.",
    )
