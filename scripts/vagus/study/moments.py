"""Cells of the sample sheet that name a point in time by a number or by a word.

``day -7``, ``week_8``, ``2 weeks``, ``6-month follow-up`` and ``3 days before surgery`` are amounts
of time; ``visit 2``, ``T1``, ``second`` and ``4`` are counts; ``pre-treatment``, ``baseline``,
``end of study`` and ``follow-up 2`` are stages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vagus.study.time_units import DAYS

_UNITS = {
    "minute": ("minutes", "minute", "mins", "min"),
    "hour": ("hours", "hour", "hrs", "hr", "hpi", "h"),
    "day": ("days", "day", "dpi", "dpf", "pnd", "d"),
    "week": ("weeks", "week", "wks", "wk", "w"),
    "month": ("months", "month", "mths", "mth", "mos", "mo", "m"),
    "year": ("years", "year", "yrs", "yr", "y"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_UNIT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_AMOUNT = rf"(?:[+-]?\d+(?:\.\d+)? ?-?(?:{_UNIT})|(?:{_UNIT})[ .:#]*-?[+]?\d+(?:\.\d+)?)"
BEFORE, AFTER = ("pre", "before", "prior to"), ("post", "after", "following", "since")
_DIRECTION = re.compile(
    rf"(?:(?P<first>{_AMOUNT}|\d+) )?"
    rf"(?P<way>(?:pre|post)(?!sent)|(?:{'|'.join((*BEFORE, *AFTER))})(?![^\W\d]))"
    rf"(?P<anchor>(?:[- ]?[^\W\d]+(?:[- ][^\W\d]+)*?)?)(?:[- ]*(?P<last>{_AMOUNT}|\d+))?"
)
_FILLER = re.compile(r"\b(?:visit|follow[- ]?up|fu|old|of age|age|at|the)\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
             "tenth", "eleventh", "twelfth")  # fmt: skip
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
              "eleven", "twelve")  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBERS = {word: str(n) for words in (_ORDINALS, _CARDINALS) for n, word in enumerate(words, 1)}
_DASHES = str.maketrans("−–—‐‑", "-----")

SCREENING, START, MIDDLE, AFTERWARDS, FOLLOW_UP, LAST = range(6)
STAGES = {
    SCREENING: ("screening", "prescreening", "pre-screening", "run-in", "run in"),
    START: ("baseline", "base line", "bl", "before", "pre", "start", "study start", "initial",
            "intake", "admission", "inclusion", "enrolment", "enrollment", "entry", "birth",
            "at birth", "delivery"),
    MIDDLE: ("during", "mid", "middle", "midpoint", "interim", "on-treatment", "on treatment",
             "mid-treatment"),
    AFTERWARDS: ("post", "after", "afterwards", "end of treatment", "eot", "discharge",
                 "completion"),
    FOLLOW_UP: ("follow-up", "followup", "follow up", "fu", "long-term follow-up"),
    LAST: ("end", "final", "last", "end of study", "eos", "study end", "endpoint", "closeout",
           "final visit", "last visit"),
}  # fmt: skip
_STAGE_OF = {word: stage for stage, words in STAGES.items() for word in words}
_NUMBERED_STAGE = re.compile(
    "(?P<word>" + "|".join(map(re.escape, sorted(_STAGE_OF, key=len, reverse=True)))
    + r")[ #-]*(?:visit )?(?P<n>\d+)"
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """What one cell says.

    Attributes:
        kind: ``amount`` (of time), ``count`` or ``stage``.
        word: the unit of an amount, the word of a count ('' for a plain number), the anchor of
            a stage or of an amount before or after something.
        number: the amount in its unit, the count, or the number of a stage (0 when it has none).
        stage: index of the stage.
        has_hyphen: whether a hyphen joins word and number ('day-7'), which may be a minus.
        anchor: what an amount or a stage is before or after ('fmt').
    """

    kind: str
    word: str = ""
    number: float = 0.0
    stage: int = -1
    has_hyphen: bool = False
    anchor: str = ""

    @property
    def days(self) -> float:
        """An amount in days."""
        return self.number * DAYS[self.word]


def read_moment(cell: str) -> Moment | None:
    """What a cell says of time; None when it says nothing that is understood."""
    text = normalise(cell)
    if text in _STAGE_OF:
        return Moment("stage", stage=_STAGE_OF[text])
    if match := _NUMBERED_STAGE.fullmatch(text):
        return Moment("stage", number=float(match["n"]), stage=_STAGE_OF[match["word"]])
    if (amount := _read_amount(text)) or (amount := _read_direction(text)):
        return amount
    bare = re.sub(r"^[ -]+|[ -]+$", "", _FILLER.sub(" ", text))
    if bare != text and (amount := _read_amount(" ".join(bare.split()))):
        return amount
    return _read_count(text)


def normalise(cell: str) -> str:
    """Lower case, plain minus signs, digits for numbers in words, single blanks for '_'."""
    text = " ".join(cell.casefold().translate(_DASHES).replace("_", " ").split())
    text = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text)
    words = [_NUMBERS.get(word, word) for word in re.split(r"(?<=[^\W\d]) ", text)]
    if len(words) > 1 and words[-1] in _ROMAN:
        words[-1] = str(_ROMAN.index(words[-1]) + 1)
    return " ".join(words)


def _read_amount(text: str, sign: int = 1, anchor: str = "") -> Moment | None:
    if not re.fullmatch(_AMOUNT, text):
        return None
    unit = re.sub(r"[^a-z]", "", text)
    number = re.search(r"[+-]?\d+(?:\.\d+)?", text)
    assert number is not None
    # '-7 days' and 'day -7' have a minus, '7-day' a hyphen, 'day-7' may have either
    value = float(number.group())
    has_hyphen = bool(re.search(r"[a-z]-\d", text))
    return Moment("amount", _UNIT_OF[unit], sign * value, has_hyphen=has_hyphen, anchor=anchor)


def _read_direction(text: str) -> Moment | None:
    """'pre-FMT', '1 week before surgery', 'post-op day 3', 'pre 2'."""
    match = _DIRECTION.fullmatch(text)
    if not match or (match["first"] and match["last"]):
        return None
    sign = -1 if match["way"] in BEFORE else 1
    anchor = re.sub(r"[ -]", "", match["anchor"] or "")
    number = match["first"] or match["last"] or ""
    if not number or number.isdigit():
        stage = START if sign < 0 else AFTERWARDS
        return Moment("stage", number=float(number or 0), stage=stage, anchor=anchor)
    amount = _read_amount(number, sign, anchor)
    return None if amount is None or "-" in number or "+" in number else amount


def _read_count(text: str) -> Moment | None:
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text):
        return Moment("count", "", float(text))
    if match := re.fullmatch(r"(\d+)[ -]?([^\W\d]+(?: [^\W\d]+)*)", text):
        return Moment("count", match[2], float(match[1]))
    match = re.fullmatch(r"([^\W\d]+(?:[ -][^\W\d]+)*)([ .:#]*)(-?)[+]?(\d+(?:\.\d+)?)", text)
    if not match:
        return None
    number = float(match[4])
    return Moment("count", match[1], -number if match[3] else number,
                  has_hyphen=bool(match[3]) and not match[2])  # fmt: skip
