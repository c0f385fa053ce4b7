"""Cells of the sample sheet that have no value."""

from __future__ import annotations

from functools import lru_cache

# words of people and programs, INSDC and QIIME 2; what spreadsheets show for a failed formula
MISSING = frozenset({
    "", "na", "n/a", "n.a.", "nan", "null", "-", "--", "---", ".", "..", "?",
    "missing", "not applicable", "not collected", "not provided", "not available", "not recorded",
    "not determined", "not measured", "not known", "restricted access", "unknown", "unspecified",
    "no data", "no value", "<na>", "(missing)", "(blank)", "(empty)",
    "#n/a", "#na", "#value!", "#ref!", "#div/0!", "#num!", "#name?", "#null!", "#getting_data",
    "#spill!", "#calc!",
})  # fmt: skip
# INSDC terms may have their reason behind them: 'missing: lab stock'
_WITH_REASON = (
    "missing:", "not applicable:", "not collected:", "not provided:", "restricted access:",
)  # fmt: skip

N_REMEMBERED = 65_536  # cells of a sheet are asked again for every check and every test


@lru_cache(maxsize=N_REMEMBERED)
def is_missing(value: str) -> bool:
    """Whether a cell of the sheet has no value; case does not matter, and '_' is a blank."""
    word = " ".join(value.casefold().replace("_", " ").split())
    return word in MISSING or word.startswith(_WITH_REASON)


def is_missing_word(value: str) -> bool:
    """Whether a cell says in words or signs that it has no value; an empty cell and NA do not."""
    return is_missing(value) and value.strip().casefold() not in ("", "na")
