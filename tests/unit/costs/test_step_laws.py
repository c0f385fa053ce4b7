"""What steps ask for: every rule has a law, more input never asks for less, a retry for more."""

from __future__ import annotations

import pytest

from vagus.costs.amounts import AMOUNT_NAMES
from vagus.costs.laws import LEAST_MB, LEAST_MINUTES, LEAST_MINUTES_OF_SAMPLE, StepLaw, read_laws

LAWS = read_laws()


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_more_input_asks_for_no_less_and_a_retry_for_more(law: StepLaw) -> None:
    assert {law.cpu_amount, law.memory_amount} <= set(AMOUNT_NAMES)
    amounts = [0.0, 0.01, 1.0, 30.0, 1e3, 1e5]
    for ask, least in ((law.ask_mb, LEAST_MB), (law.ask_minutes, LEAST_MINUTES_OF_SAMPLE)):
        asked = [ask(amount) for amount in amounts]
        assert asked == sorted(asked)
        assert asked[0] >= least
        assert all(ask(amount, 2) > ask(amount, 1) for amount in amounts)
        assert all(ask(amount, 3) > ask(amount, 2) for amount in amounts)


def test_laws_and_margins_by_hand() -> None:
    law = StepLaw("a", "study", "", 1, 1, "kasvs", 1.5, 10.0, 2.0, "mb", 100.0, 4.0)
    assert law.estimate_s(4.0) == pytest.approx(10 + 2 * 8)
    assert law.estimate_mb(50.0) == pytest.approx(300)
    assert law.ask_mb(50.0) == 500  # half as much again, rounded up to hundreds
    assert law.ask_mb(50.0, attempt=3) == 1500
    assert law.ask_minutes(4.0) == LEAST_MINUTES
    assert law.ask_minutes(900.0, attempt=2) == 2 * 4501  # 5 x (10 + 2 x 27,000) s
