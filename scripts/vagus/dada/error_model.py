"""The error model: the chance of each transition (true base -> read base) at each quality."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.files import open_whole
from vagus.numerics.functions import log
from vagus.records import is_count, is_number, read_object
from vagus.tables import read_table, write_table
from vagus.tables.stages.denoise import ERROR_MODEL

BASES = "ACGT"
TRANSITIONS = tuple(f"{true}2{read}" for true in BASES for read in BASES)
MAX_QUALITY = 93
N_QUALITIES = MAX_QUALITY + 1
QUALITY_SPAN = 128
SELF_ROWS = np.array([0, 5, 10, 15])

_ABOUT = {
    "scheme": str, "source": str, "reason": str, "rounds": is_count, "converged": bool,
    "samples": [str], "n_reads": is_count, "unexplained_share": is_number, "learned_from": str,
}  # fmt: skip

Rates = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ErrorModel:
    """Rates of the 16 transitions at qualities 0-93, and where they come from.

    Attributes:
        rates: float64 (16, 94), fitted; the four rows of one true base sum to 1.
        observed: int64 (16, 94), bases behind the fit.
        scheme: quality scheme of the run: ``full``, ``binned7``, ``binned``, ``mixed`` ...
        source: ``learned`` or ``default``.
        rounds: rounds of learning that were run.
        converged: the last round found the same transitions as an earlier one.
        samples: names of the samples behind the fit.
        n_reads: reads behind the fit.
        unexplained_share: share of the observed errors that are in reads which no variant
            explains; where it is large, diversity has inflated the rates.
        learned_from: ``all`` reads, or those that a variant ``explained``.
        reason: why the default was taken; empty when learned.
    """

    rates: Rates
    observed: Counts = field(default_factory=lambda: np.zeros((16, N_QUALITIES), np.int64))
    scheme: str = "full"
    source: str = "learned"
    rounds: int = 0
    converged: bool = True
    samples: tuple[str, ...] = ()
    n_reads: int = 0
    unexplained_share: float = 0.0
    learned_from: str = "all"
    reason: str = ""

    def log_rates(self) -> Rates:
        """ln of the rates as a flat table (16 * 128,) indexed by transition * 128 + quality."""
        table = np.zeros((16, QUALITY_SPAN))
        table[:, :N_QUALITIES] = log(self.rates)
        table[:, N_QUALITIES:] = table[:, MAX_QUALITY : MAX_QUALITY + 1]
        return table.ravel()

    def log_ratios(self) -> Rates:
        """ln of (rate of the transition / rate of reading that base without error), flat."""
        table = self.log_rates().reshape(4, 4, QUALITY_SPAN)
        no_error = table[np.arange(4), np.arange(4)]
        ratios: Rates = (table - no_error[None]).ravel()
        return ratios

    def save(self, table_path: str | PathLike[str], json_path: str | PathLike[str]) -> None:
        """Write the rates as a TSV and the rest as JSON."""
        write_table(self.to_table(), table_path, ERROR_MODEL)
        with open_whole(json_path) as stream:
            json.dump(self.describe(), stream, indent=2, ensure_ascii=False)
            stream.write("\n")

    def to_table(self) -> pd.DataFrame:
        """One row a transition and quality: observed errors, total, rate, fitted rate."""
        import pandas as pd

        totals = sum_by_true_base(self.observed)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(totals > 0, self.observed / totals, np.nan)
        return pd.DataFrame(
            {
                "transition": np.repeat(TRANSITIONS, N_QUALITIES),
                "quality": np.tile(np.arange(N_QUALITIES), len(TRANSITIONS)),
                "observed_errors": self.observed.ravel(),
                "total": totals.ravel(),
                "rate": rate.ravel(),
                # all digits, so that a model read back is the model that was learned
                "fitted_rate": [f"{value:.17g}" for value in self.rates.ravel()],
            }
        )

    def describe(self) -> dict[str, Any]:
        """All but the tables, for JSON."""
        return {
            "scheme": self.scheme,
            "source": self.source,
            "reason": self.reason,
            "rounds": self.rounds,
            "converged": self.converged,
            "samples": list(self.samples),
            "n_reads": self.n_reads,
            "unexplained_share": round(self.unexplained_share, 6),
            "learned_from": self.learned_from,
        }

    @classmethod
    def load(
        cls, table_path: str | PathLike[str], json_path: str | PathLike[str] | None = None
    ) -> ErrorModel:
        """Read a model back. Raises VagusError if the table is not a whole one."""
        table = read_table(table_path, ERROR_MODEL)
        shape = (len(TRANSITIONS), N_QUALITIES)
        expected = np.repeat(TRANSITIONS, N_QUALITIES)
        if list(table["transition"]) != list(expected):
            raise VagusError(
                "The error model is not a whole table of 16 transitions x 94 qualities",
                fix="Learn it again with learn_errors.py.",
                file=table_path,
            )
        about: dict[str, Any] = {}
        if json_path is not None:
            about = read_object(json_path, "description of an error model", _ABOUT)
            about = {name: about[name] for name in _ABOUT}
            about["samples"] = tuple(about["samples"])
        return cls(
            rates=table["fitted_rate"].to_numpy(np.float64).reshape(shape),
            observed=table["observed_errors"].to_numpy(np.int64).reshape(shape),
            **about,
        )


def sum_by_true_base(observed: Counts) -> Counts:
    """Bases of the same true base and quality, repeated for its four transitions; (16, q)."""
    totals: Counts = observed.reshape(4, 4, -1).sum(axis=1).repeat(4, axis=0)
    return totals
