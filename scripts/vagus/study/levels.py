"""The order of levels: what is compared with what."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_REFERENCES = (
    "control", "controls", "healthy", "healthy control", "hc", "placebo", "reference", "none", "no",
    "untreated", "baseline", "negative", "absent", "never", "false", "wild type", "wildtype", "wt",
    "sham", "vehicle", "usual care", "normal", "lean",
)  # fmt: skip
# 'no depression', 'non-responder', 'without probiotic'; 'healthy_control', 'placebo arm'
_USUAL = re.compile(
    r"(?:no|non|not|without|never)[\s_-].*|(?:.*[\s_-])?(?:controls?|placebo|healthy|untreated)(?:[\s_-].*)?"
)
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)")


def order_levels(levels: Collection[str], references: Sequence[str] = ()) -> tuple[str, ...]:
    """Levels with the reference first.

    The reference is the first of ``references`` that is a level; else a level named as controls
    usually are ('control', 'no depression', 'placebo arm'); else the first in natural order
    ('week2' before 'week10').
    """
    ordered = sorted(levels, key=natural_key)
    folded = {level.strip().casefold(): level for level in reversed(ordered)}
    named = [level for level in references if level in levels]
    usual = [folded[word] for word in _REFERENCES if word in folded]
    alike = [level for level in ordered if _USUAL.fullmatch(level.strip().casefold())]
    first = [*named, *usual, *alike, *ordered][:1]
    return (*first, *(level for level in ordered if level not in first))


def natural_key(text: str) -> tuple[tuple[int, float, str], ...]:
    """Sort key in which numbers count by value: 'week2' < 'week10', '-1' < '2'."""
    try:
        return ((0, float(text), text),)
    except ValueError:
        parts = [part for part in _NUMBER.split(text) if part]
    return tuple(
        (1, float(part), "") if _NUMBER.fullmatch(part) else (2, 0.0, part.casefold())
        for part in parts
    ) + ((3, 0.0, text),)
