"""Answers of the first screen: what a test says about its question, in one of four states.

| state | when |
|---|---|
| differs | q < 0.05 |
| no difference found | q is not below 0.05, and every 95 % interval contains 0 and is smaller than the smallest effect of interest |
| cannot tell | q is not below 0.05, and an effect of interest fits the data, or an interval leaves out 0 |
| cannot be tested | there is no q-value; the note of the table says why |

'Nothing found' is not 'no effect': without an interval, or without a smallest effect on the scale
of the interval, the answer is 'cannot tell'.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from vagus.report.numbers import is_missing
from vagus.study.test_names import MAX_Q

NOTHING = Markup()


class State(StrEnum):
    """What an answer says; the values are the words of the page."""

    DIFFERS = "differs"
    NONE_FOUND = "no difference found"
    CANNOT_TELL = "cannot tell"
    UNTESTED = "cannot be tested"


@dataclass(frozen=True)
class Effect:
    """An estimate with its 95 % interval and the smallest effect of interest, on one scale.

    ``limit`` is NaN where no such effect is known on this scale. ``has_sign``: whether effects may
    be below 0; shares of variation may not.
    """

    label: str
    value: float
    low: float
    high: float
    limit: float
    is_found: bool = False
    has_sign: bool = True

    @property
    def is_small(self) -> bool:
        """Whether no effect of interest fits the data: the interval contains 0 and little else."""
        if any(is_missing(number) for number in (self.low, self.high, self.limit)):
            return False
        contains_zero = self.low <= 0 <= self.high
        return contains_zero and max(-self.low, self.high) < self.limit


def judge(q_value: float | None, effects: Sequence[Effect]) -> State:
    """The state of one question from its q-value and the effects that it asks about."""
    if q_value is None or is_missing(q_value):
        return State.UNTESTED
    if q_value < MAX_Q:
        return State.DIFFERS
    if effects and all(effect.is_small for effect in effects):
        return State.NONE_FOUND
    return State.CANNOT_TELL


def judge_many(q_values: Sequence[float], effects: Sequence[Effect]) -> State:
    """The state of many questions of one kind, such as all genera: by the smallest q-value."""
    known = [q for q in q_values if not is_missing(q)]
    return judge(min(known, default=None), effects)


@dataclass(frozen=True)
class Answer:
    """One question of the primary analysis, answered.

    Attributes:
        state: the state that ``headline`` says in words.
        headline: the answer in one sentence.
        people: whom the numbers are of: '6 and 6 people'; empty where nothing was tested.
        numbers: effect, interval, q; empty where nothing was tested.
        power: what the design could have found; empty where it is not known.
        effects: what the small figure shows.
        axis: what its scale is.
    """

    state: State
    headline: Markup
    people: str = ""
    numbers: Markup = NOTHING
    power: Markup = NOTHING
    effects: tuple[Effect, ...] = ()
    axis: str = ""


@dataclass(frozen=True)
class Topic:
    """The answers about one variable, under their heading."""

    heading: str
    answers: tuple[Answer, ...]

    @property
    def people(self) -> str:
        """Whom the first answer with numbers is of; answers of others name their own."""
        return next((answer.people for answer in self.answers if answer.people), "")
