"""Units of time."""

from __future__ import annotations

# days of each unit; a month is a twelfth of a year of 365.25 days
DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4375,
        "year": 365.25}  # fmt: skip
UNITS = {f"{unit}s": days for unit, days in DAYS.items() if unit != "minute"}
