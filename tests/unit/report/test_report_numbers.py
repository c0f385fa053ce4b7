"""Numbers as they are written."""

from __future__ import annotations

import math

import pytest

from vagus.report.numbers import (
    count_noun,
    format_count,
    format_p,
    format_percent,
    format_setting,
    format_share,
    format_value,
    separate_thousands,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (12345.0, "12,345"), (None, "–"), (math.nan, "–")],
)
def test_counts(value: float | None, text: str) -> None:
    assert format_count(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (1.0, "100.0 %"), (0.1234, "12.3 %"), (0.0042, "0.42 %"),
     (0.00001, "< 0.01 %"), (None, "–"), (0.99949, "99.9 %"), (0.99951, "> 99.9 %"),
     (1 - 1e-9, "> 99.9 %")],
)  # fmt: skip
def test_percentages(share: float | None, text: str) -> None:
    assert format_percent(share) == text


def test_what_is_missing_shows() -> None:
    assert format_share(99_999, 100_000) == "> 99.9 %"
    assert format_share(100_000, 100_000) == "100.0 %"


@pytest.mark.parametrize(
    ("share", "text"), [(0.987, "98.7 %"), (0.9, "90 %"), (0.03, "3 %"), (1.0, "100 %")]
)
def test_settings_keep_their_digits(share: float, text: str) -> None:
    assert format_setting(share) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("Rarefied to 1813 reads (x): 98.0 %", "Rarefied to 1,813 reads (x): 98.0 %"),
        (
            "38 reads, below the rarefaction depth 1813",
            "38 reads, below the rarefaction depth 1,813",
        ),
        ("1234567 of 2,000 reads.", "1,234,567 of 2,000 reads."),
        (
            "0.12345, 'P2024' and '2024', run-2024, x2024",
            "0.12345, 'P2024' and '2024', run-2024, x2024",
        ),
        ("kept 1500.", "kept 1,500."),
    ],
)
def test_counts_of_other_stages(given: str, text: str) -> None:
    assert separate_thousands(given) == text


def test_a_share_of_nothing_is_no_number() -> None:
    assert format_share(0, 0) == "–"
    assert format_share(1, 4) == "25.0 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (3.14159, "3.14"), (0.04567, "0.0457"), (-2.5, "-2.50"), (1234.5, "1,234"),
     (0.00001, "1.0e-05"), (99.96, "100.0"), (math.nan, "–")],
)  # fmt: skip
def test_values(value: float, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(("p", "text"), [(0.0004, "< 0.001"), (0.001, "0.001"), (1.0, "1.000")])
def test_p_values(p: float, text: str) -> None:
    assert format_p(p) == text


def test_nouns_follow_their_number() -> None:
    assert count_noun(1, "sample") == "1 sample"
    assert count_noun(1200, "sample") == "1,200 samples"
    assert count_noun(2, "taxon", "taxa") == "2 taxa"
