"""Settings of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class ReportSettings:
    """Words and colours of the pages."""

    title: str = key(
        "Full-length 16S study",
        "Title of the study page.",
    )
    top_taxa: int = key(
        12,
        "Taxa with a colour of their own in composition bars.",
        minimum=1,
        maximum=40,
    )
