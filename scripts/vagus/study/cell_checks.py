"""Cells that are almost, but not quite, what the others of their column are.

A column of numbers with a few cells that are none ('51,5', '<0.3', '51 y', 'inf') would enter as
levels; levels that differ in case, blanks or one letter are most often one level.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from vagus.errors import ConfigError
from vagus.study.columns import MAX_LEVELS_OF_NUMBERS
from vagus.study.design import StudyDesign
from vagus.study.missing import is_missing_word
from vagus.study.numbers import is_number
from vagus.study.samples import Sample
from vagus.study.schema import suggest_name

_COMMA = re.compile(r"[+-]?\d{1,3}(?:[. ]?\d{3})*,\d+")
_ENDLESS = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
# a number with a sign of inequality, a unit, blanks, stars or a note
_DECORATED = re.compile(
    r"(?:[<>=≤≥~≈±]|ca\.?|approx\.?|about)* ?[+-]?\d[\d ,.']*(?:e[+-]?\d+)? ?"
    r"(?:[^\W\d]{0,12}(?:[/.^][^\W_]+)*|[%°*+]+|\(.*\)|\?)\.?",
    re.IGNORECASE,
)
_CODE = re.compile(r"\d[^\W\d]")  # '1a', '2b' may be names of levels
_SHARE_BESIDE_DECORATED, _SHARE_BESIDE_WORDS = 0.5, 0.8
_SHOWN, _SHORTEST_TYPO, _MOST_LEVELS = 6, 4, 60


def list_number_mistakes(
    samples: Sequence[Sample], design: StudyDesign, file: str
) -> Iterator[ConfigError]:
    """An error for each column of the design that is numbers except for a few cells.

    ``samples`` are those that are not controls.
    """
    for name in dict.fromkeys([*design.groups, *design.covariates]):
        if name == design.time:
            continue
        strange = find_strange_cells(samples, name, is_group=name in design.groups)
        if strange:
            yield ConfigError(
                f"the column '{name}' is numbers, except for {_list_cells(strange)}", file=file,
                fix="Write plain numbers such as 51.5, or leave the cell empty where there is "
                "none; where levels are meant, begin all of them with a letter",
            )  # fmt: skip


def find_strange_cells(
    samples: Sequence[Sample], name: str, is_group: bool
) -> dict[str, list[Sample]]:
    """Cells that are no numbers in a column that is meant to be; empty for levels and numbers."""
    cells: dict[str, list[Sample]] = {}
    for sample in samples:
        if value := sample.value(name):
            cells.setdefault(value, []).append(sample)
    numbers = {cell for cell in cells if is_number(cell)}
    others = {cell: found for cell, found in cells.items() if cell not in numbers}
    return others if others and _is_meant_as_numbers(cells, numbers, is_group) else {}


def _is_meant_as_numbers(
    cells: Mapping[str, Sequence[Sample]], numbers: set[str], is_group: bool
) -> bool:
    others = set(cells) - numbers
    like = {cell for cell in others if _COMMA.fullmatch(cell) or _ENDLESS.fullmatch(cell)}
    decorated = {cell for cell in others if _DECORATED.fullmatch(cell)} | like
    has_many = len(numbers) + len(decorated) > MAX_LEVELS_OF_NUMBERS
    are_codes = not numbers and all(_CODE.search(cell) for cell in decorated)
    if others == decorated and (like or (has_many and not are_codes)):
        return True
    n_cells = sum(map(len, cells.values()))
    share = sum(len(cells[cell]) for cell in numbers) / n_cells
    least = _SHARE_BESIDE_DECORATED if others == decorated else _SHARE_BESIDE_WORDS
    return len(numbers) > 1 and share >= least and (has_many or not is_group)


def _list_cells(strange: Mapping[str, Sequence[Sample]]) -> str:
    parts = []
    for cell, found in list(strange.items())[:_SHOWN]:
        lines = [str(sample.line) for sample in found if sample.line]
        if not lines:
            place = f"sample '{found[0].name}'"
        elif len(lines) == 1:
            place = f"line {lines[0]}"
        else:
            place = f"lines {', '.join(lines[:4])}{' ...' if len(lines) > 4 else ''}"
        parts.append(f"'{cell}' ({place})")
    more = len(strange) - _SHOWN
    return ", ".join(parts) + (f" and {more} more" if more > 0 else "")


def list_reference_mistakes(
    samples: Sequence[Sample], design: StudyDesign, file: str
) -> Iterator[ConfigError]:
    """An error for each ``cohort.reference`` that is no level, or no first time."""
    names = [*design.groups, *design.covariates]
    levels = {sample.value(name) for sample in samples for name in names} - {""}
    times = design.order_times(samples)
    for reference in design.references:
        if reference in levels:
            continue
        if reference in times:
            if reference != times[0]:
                yield ConfigError(
                    f"cohort.reference names '{reference}', but the first time is '{times[0]}'",
                    file=file,
                    fix="Later times are compared with the first; give their order as cohort.times",
                )
            continue
        yield ConfigError(
            f"cohort.reference names '{reference}', which is no level of "
            f"{', '.join(dict.fromkeys(names)) or 'any column'}", file=file,
            fix=suggest_name(reference, sorted(levels)) if levels else "Leave it out",
        )  # fmt: skip


def list_similar_levels(
    samples: Sequence[Sample], columns: Sequence[str], codes: Sequence[str] = ()
) -> Iterator[str]:
    """Levels that differ in case, blanks or one letter, a sentence for each pair.

    In columns of ``codes``, such as names of people, one letter is a difference.
    """
    for name in dict.fromkeys(columns):
        counts = Counter(s.value(name) for s in samples if s.value(name))
        levels = [level for level in sorted(counts) if not is_number(level)]
        for first, second in _pair_levels(levels, 0 if name in codes else _MOST_LEVELS):
            how = "case, blanks or signs" if _fold(first) == _fold(second) else "one letter"
            yield (
                f"'{first}' ({_count(counts[first])}) and '{second}' ({_count(counts[second])}) "
                f"in the column '{name}' differ in {how} only, and count as two levels. Write "
                "them alike if they are one."
            )


def _count(n: int) -> str:
    return f"{n} sample{'s' * (n != 1)}"


def _pair_levels(levels: Sequence[str], most: int) -> Iterator[tuple[str, str]]:
    """Pairs that look like one; letters are compared only with at most ``most`` levels."""
    folded: dict[str, list[str]] = {}
    for level in levels:
        folded.setdefault(_fold(level), []).append(level)
    for alike in folded.values():
        yield from ((alike[0], other) for other in alike[1:])
    if len(folded) > most:
        return
    for first, second in combinations(sorted(folded), 2):
        if _differ_in_one_letter(first, second):
            yield folded[first][0], folded[second][0]


def _fold(level: str) -> str:
    return re.sub(r"[\s_-]+", "", level.casefold())


def _differ_in_one_letter(first: str, second: str) -> bool:
    """One letter more, fewer or another one, not at the end, in words of some length."""
    short, long = sorted((first, second), key=len)
    if len(short) < _SHORTEST_TYPO or len(long) - len(short) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b),
                 len(short))  # fmt: skip
    if len(short) == len(long):
        is_last = start == len(long) - 1
        letters = long[start] + short[start] if start < len(long) else ""
        return not is_last and letters.isalpha() and short[start + 1 :] == long[start + 1 :]
    return long[start].isalpha() and short[start:] == long[start + 1 :]


def describe_missing(samples: Sequence[Sample], columns: Sequence[str]) -> Iterator[str]:
    """Words that count as no value, by column: "'missing' (2), '#N/A' (2)"."""
    for name in dict.fromkeys(columns):
        words = Counter(s.cell(name).strip() for s in samples if is_missing_word(s.cell(name)))
        if words:
            shown = ", ".join(f"'{word}' ({n})" for word, n in words.most_common(_SHOWN))
            yield f"  no value in {name}: {shown}"
