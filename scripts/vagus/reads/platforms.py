"""Sequencing platforms: what differs between them is a row of ``resources/platforms.tsv``.

Its columns are the fields of ``Platform``. The first row is the default, where a sample's platform
is not known; the last is what reads are taken for if they show nothing of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from vagus.errors import describe_damage
from vagus.files import read_rows
from vagus.product import find_product

TABLE = find_product("resources", "platforms.tsv")
KIND = "table of platforms"
YES = "yes"
AUTO = "auto"
FULL, BINNED7, BINNED = "full", "binned7", "binned"


@dataclass(frozen=True)
class Platform:
    """One platform.

    Attributes:
        name: in config, sheet and result tables.
        short, long: in texts.
        read_name: form of the names of its reads.
        top_quality: highest quality that it writes.
        max_mean_error: reads without other signs are of it if their mean error probability is
            below this.
        bins: the qualities that it writes if it rounds them.
        has_accuracy: reads may carry their predicted accuracy (tag ``rq``).
        quality_scheme: of all its reads; empty where their qualities show it.
        max_expected_errors, max_error_rate: the default filter, errors of a read or share of its
            length.
        engine: that suits its reads; empty where it depends on them.
        unique_share: of the reads that pass the filters, as a first guess.
        has_strand_errors: errors recur on one strand, so that reads of both are needed.
        simulator_profiles: its error models in the simulator (``vagus.demo.platforms``).
        simulated_name: name of a simulated read, with ``{}`` for its number.
        advice: what to do about reads with too many errors; empty where nothing is special.
    """

    name: str
    short: str
    long: str
    read_name: re.Pattern[str]
    top_quality: int
    max_mean_error: float | None
    bins: tuple[int, ...]
    has_accuracy: bool
    quality_scheme: str
    max_expected_errors: float | None
    max_error_rate: float | None
    engine: str
    unique_share: float
    has_strand_errors: bool
    simulator_profiles: tuple[str, ...]
    simulated_name: str
    advice: str

    @classmethod
    def read(cls, row: Mapping[str, str]) -> Platform:
        """From the cells of a row."""
        numbers = ("max_mean_error", "max_expected_errors", "max_error_rate")
        values: dict[str, Any] = {field.name: row[field.name] for field in fields(cls)}
        values |= {name: float(row[name]) if row[name] else None for name in numbers}
        values |= {name: row[name] == YES for name in ("has_accuracy", "has_strand_errors")}
        values["read_name"] = re.compile(row["read_name"])
        values["top_quality"] = int(row["top_quality"])
        values["bins"] = tuple(map(int, row["bins"].split()))
        values["unique_share"] = float(row["unique_share"])
        values["simulator_profiles"] = tuple(row["simulator_profiles"].split())
        return cls(**values)


@cache
def read_platforms(path: Path = TABLE) -> tuple[Platform, ...]:
    """All platforms in the order of the table; raises VagusError when it is damaged."""
    try:
        rows = read_rows(path, KIND, [field.name for field in fields(Platform)])
        platforms = tuple(Platform.read(row) for _, row in rows)
    except (ValueError, re.error) as error:
        raise describe_damage(KIND, path, str(error)) from error
    if not platforms:
        raise describe_damage(KIND, path, "it has no rows")
    return platforms


def list_names() -> tuple[str, ...]:
    """Names of the platforms."""
    return tuple(platform.name for platform in read_platforms())


def list_schemes() -> tuple[str, ...]:
    """Quality schemes: those that qualities show, and those of platforms."""
    own = (platform.quality_scheme for platform in read_platforms() if platform.quality_scheme)
    return (FULL, BINNED7, BINNED, *own)


def list_bins() -> tuple[int, ...]:
    """The qualities of the scheme ``BINNED7``."""
    return next(platform.bins for platform in read_platforms() if platform.bins)


def find_platform(name: str) -> Platform:
    """A platform by its name; the default one for a name that is not known."""
    found = [platform for platform in read_platforms() if platform.name == name]
    return found[0] if found else read_platforms()[0]


def find_platforms(names: Iterable[str]) -> list[Platform]:
    """The platforms of some names, each once, in the order of the table."""
    wanted = {find_platform(name).name for name in names}
    return [platform for platform in read_platforms() if platform.name in wanted]


def find_simulated(profile: str) -> Platform:
    """The platform of a profile of the simulator."""
    return next(p for p in read_platforms() if profile in p.simulator_profiles)


def list_profiles() -> tuple[str, ...]:
    """Profiles of the simulator."""
    return tuple(name for platform in read_platforms() for name in platform.simulator_profiles)
