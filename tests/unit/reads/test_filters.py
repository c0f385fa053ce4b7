from __future__ import annotations

import numpy as np
import pytest

from vagus.reads.filters import FILTER_NAMES, LOSSES, make_filters
from vagus.reads.settings import ReadSettings
from vagus.reads.trimming import TrimmedRead


def make_read(
    length: int = 1400,
    *,
    quality: int = 40,
    n_primers: int = 2,
    strand: str = "+",
    accuracy: float | None = None,
    letter: str = "A",
) -> TrimmedRead:
    sequence = letter + "C" * (length - 1) if length else ""
    return TrimmedRead(
        "r", sequence, np.full(length, quality, np.uint8), accuracy, None, strand, n_primers
    )


def first_loss(
    read: TrimmedRead, platform: str = "hifi", min_primers: int = 2, **settings: object
) -> str:
    filters = make_filters(ReadSettings(**settings), platform, min_primers)  # type: ignore[arg-type]
    return next((f.name for f in filters if f.is_lost(read)), "kept")


@pytest.mark.parametrize(
    ("read", "settings", "loss"),
    [
        (make_read(), {}, "kept"),
        (make_read(n_primers=1), {}, "primers"),
        (make_read(n_primers=1), {"min_primers": 1}, "kept"),
        (make_read(n_primers=0), {"min_primers": 1}, "primers"),
        (make_read(n_primers=0), {"min_primers": 0}, "kept"),
        (make_read(n_primers=0, strand="?"), {"min_primers": 0}, "unoriented"),
        (make_read(999), {}, "too_short"),
        (make_read(0), {}, "too_short"),
        (make_read(1000), {}, "kept"),
        (make_read(1600), {}, "kept"),
        (make_read(1601), {}, "too_long"),
        (make_read(letter="N"), {}, "ambiguous"),
        # 1400 bases of Q28 are 2.22 errors, of Q29 1.76
        (make_read(quality=28), {}, "expected_errors"),
        (make_read(quality=29), {}, "kept"),
        (make_read(quality=28), {"max_expected_errors": 2.5}, "kept"),
        (make_read(quality=29), {"max_expected_errors": 1.5}, "expected_errors"),
        # by rq: (1 - 0.9985) * 1400 = 2.1, whatever the qualities
        (make_read(quality=93, accuracy=0.9985), {}, "expected_errors"),
        (make_read(quality=3, accuracy=0.9987), {}, "kept"),
        # ONT: 3 % of 1400 is 42; Q15 is 3.16 %, Q16 2.51 %
        (make_read(quality=15), {"platform": "ont"}, "expected_errors"),
        (make_read(quality=16), {"platform": "ont"}, "kept"),
        (
            make_read(quality=16),
            {"platform": "ont", "max_expected_errors": 10.0},
            "expected_errors",
        ),
        (make_read(quality=30), {"min_accuracy": 0.9991}, "low_accuracy"),
        (make_read(quality=30), {"min_accuracy": 0.9989}, "kept"),
        # the first reason counts
        (make_read(10, n_primers=0, strand="?", letter="N", quality=1), {}, "primers"),
    ],
)
def test_first_loss(read: TrimmedRead, settings: dict[str, object], loss: str) -> None:
    assert first_loss(read, **settings) == loss  # type: ignore[arg-type]


def test_names_are_the_ledger_columns() -> None:
    made = make_filters(ReadSettings(min_accuracy=0.9), "hifi", 2)
    assert tuple(f.name for f in made) == FILTER_NAMES
    flaws = ("malformed", "duplex_parent", "repeated")
    assert ("unreadable", *flaws, *FILTER_NAMES, "too_few_reads") == LOSSES
