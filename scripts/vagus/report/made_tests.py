"""Which tests were made for which variable, and how repeated subjects entered them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_count

# The part of a test's note that states how several samples of a subject were handled.
_REPEATS = re.compile(r"(\d+) samples of (\d+) subjects, (.+)")


@dataclass(frozen=True)
class MadeTests:
    """Names of the tests with a p-value, and what their notes state about repeated subjects."""

    names: tuple[str, ...]
    units: tuple[str, ...]


def list_made_tests(inputs: ReportInputs) -> dict[str, dict[str, MadeTests]]:
    """Tests with a p-value by variable, then 'alpha' and 'beta', in the order of the tables."""
    found: dict[str, dict[str, MadeTests]] = {}
    for kind in ("alpha", "beta"):
        table = inputs.table(f"cohort/{kind}_tests")
        if table is None:
            continue
        made = table[table["p_value"].notna()]
        for variable, rows in made.groupby("variable", sort=False):
            names = dict.fromkeys(str(name) for name in rows["test"])
            units = dict.fromkeys(part for note in rows["note"] for part in _find_repeats(note))
            found.setdefault(str(variable), {})[kind] = MadeTests(tuple(names), tuple(units))
    return found


def _find_repeats(note: object) -> list[str]:
    """'24 samples of 12 subjects, one mean for each subject' from a note; empty without repeats."""
    parts = note.split("; ") if isinstance(note, str) else []
    matches = [found for part in parts if (found := _REPEATS.fullmatch(part))]
    return [
        f"{format_count(int(m[1]))} samples of {format_count(int(m[2]))} subjects, {m[3]}"
        for m in matches
    ]
