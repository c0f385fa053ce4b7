"""Numbers of seeds or of blocks of cases: the first are tried always, the others are long."""

from __future__ import annotations

from typing import Any

import pytest


def blocks(n_always: int, n_all: int, start: int = 0) -> list[Any]:
    """``start`` and the numbers after it; those beyond ``n_always`` have the mark ``long``."""
    return [
        pytest.param(start + number, marks=() if number < n_always else pytest.mark.long)
        for number in range(n_all)
    ]
