"""How often a read shows what is not there: the error model of the ``phase`` engine.

Rates are events per chance, by strand of the read and quality bin:

- substitutions: of each true base by each other base, by the quality of the base itself;
- deletions and insertions: by the length of the run of equal bases (1 to 8 and more) and the
  worst quality in it and beside it. An insertion repeats the base of the run or does not;
- in *hot* sequence contexts, what errs there on one strand regardless of quality
  (``vagus.phase.contexts``).

They are counted in the columns of large clusters in which one state is nearly alone, and drawn
towards what the qualities promise where chances are few. Floors are used for what no table knows:
contexts that no large cluster has shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.kernels.phase.columns import MAX_RUN, N_BINS
from vagus.numerics.functions import log, power
from vagus.phase.contexts import HotContext, tabulate_excess
from vagus.phase.error_tables import ErrorTables, read_context, spell_context
from vagus.phase.read_set import BIN_TOPS
from vagus.phase.settings import PhaseSettings
from vagus.tables.stages.denoise import PHASE_ERROR_MODEL

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

SHAPE = (2, 7, MAX_RUN, N_BINS)
PRIOR_CHANCES = 200.0
STRANDS = ("sense", "antisense")
DELETION, RUN_INSERTION, OTHER_INSERTION = 4, 5, 6
_KINDS = ("A", "C", "G", "T", "deletion", "run_insertion", "other_insertion")
_CONTEXT = "context"
_SEEN = "ACGT-"
_BIN_FLOORS = np.concatenate([[0], BIN_TOPS + 1])


@dataclass(frozen=True)
class PhaseErrorModel:
    """Counts of errors and the rates drawn from them.

    Attributes:
        observed, chances, rates: float64, shape (2 strands, 7, 8, 16 quality bins); planes 0 to
            3 of the second axis are substitutions of A, C, G, T by the base of the third; the
            other planes have run lengths on the third axis.
        contexts: events that are systematic in a sequence context on one strand.
    """

    observed: Floats
    chances: Floats
    rates: Floats
    contexts: tuple[HotContext, ...] = ()

    @classmethod
    def from_counts(
        cls, observed: Floats, chances: Floats, contexts: tuple[HotContext, ...] = ()
    ) -> PhaseErrorModel:
        """Rates that weigh the counts against what the qualities promise.

        A strand's rates are drawn to those of both strands, these to the nominal ones, each
        with the weight of ``PRIOR_CHANCES``.
        """
        nominal = make_nominal_rates()
        observed, chances = blank_unused(observed), blank_unused(chances)
        both = (observed.sum(axis=0) + PRIOR_CHANCES * nominal) / (
            chances.sum(axis=0) + PRIOR_CHANCES
        )
        rates = (observed + PRIOR_CHANCES * both) / (chances + PRIOR_CHANCES)
        return cls(observed, chances, blank_unused(np.clip(rates, 1e-7, 0.5)), contexts)

    @classmethod
    def nominal(cls) -> PhaseErrorModel:
        """The model of no counts."""
        return cls.from_counts(np.zeros(SHAPE), np.zeros(SHAPE))

    def make_tables(self, settings: PhaseSettings) -> ErrorTables:
        """What the kernels weigh reads with, floors included."""
        tables = log(2 * self.rates + settings.min_indel_rate)
        tables[:, OTHER_INSERTION] -= math.log(3.0)
        wrong = self.rates[:, :4, :4] + settings.min_substitution_rate
        same = np.arange(4)
        wrong[:, same, same] = 0.0
        tables[:, :4, :4] = log(np.maximum(wrong, 1e-12))
        tables[:, same, same] = log(np.maximum(0.05, 1.0 - wrong.sum(axis=2)))
        return ErrorTables(tables, *tabulate_excess(self.contexts))

    def save(self, path: str | PathLike[str]) -> None:
        """Write a TSV with one row a strand, kind of error, base or run length, and bin.

        Hot contexts follow: ``to_or_run_bp`` is the context, '>' and what is seen in place of its
        middle base ('-' for nothing); ``expected`` the events that the qualities promise.
        """
        import pandas as pd

        from vagus.tables import write_table

        rows: list[tuple[object, ...]] = [
            (
                STRANDS[s], _KINDS[k], "ACGT"[x] if k < 4 else str(x + 1), int(_BIN_FLOORS[b]),
                self.observed[s, k, x, b], self.chances[s, k, x, b], self.rates[s, k, x, b],
                np.nan,
            )
            for s in range(2) for k in range(7) for x in range(MAX_RUN) for b in range(N_BINS)
            if k > 3 or (x < 4 and x != k)
        ]  # fmt: skip
        rows += [_describe_context(context) for context in self.contexts]
        write_table(pd.DataFrame(rows, columns=PHASE_ERROR_MODEL.names), path, PHASE_ERROR_MODEL)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> PhaseErrorModel:
        """Read what ``save`` wrote.

        Raises:
            VagusError: the file is not such a table.
        """
        from vagus.tables import read_table

        table = read_table(path, PHASE_ERROR_MODEL)
        try:
            return cls._from_table(table)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise VagusError(
                "this is no error model of the phase engine",
                fix="Delete the file and learn the model again",
                file=path,
            ) from error

    @classmethod
    def _from_table(cls, table: pd.DataFrame) -> PhaseErrorModel:
        if list(table.columns) != PHASE_ERROR_MODEL.names:
            raise ValueError("the columns are others")
        numbers = table[["observed", "chances"]].to_numpy(np.float64)
        if not (np.isfinite(numbers) & (numbers >= 0)).all():
            raise ValueError("counts are missing or negative")
        observed, chances = np.zeros(SHAPE), np.zeros(SHAPE)
        contexts = []
        rows = zip(*(table[name].tolist() for name in PHASE_ERROR_MODEL.names), strict=True)
        for strand, kind, detail, floor, n, total, _, expected in rows:
            if kind == _CONTEXT:
                contexts.append(_make_context(strand, detail, n, total, expected))
                continue
            k = _KINDS.index(kind)
            x = "ACGT".index(detail) if k < 4 else int(detail) - 1
            if not 0 <= x < MAX_RUN or n > total:
                raise ValueError("a run length or a count is out of range")
            place = (STRANDS.index(strand), k, x, int(np.searchsorted(_BIN_FLOORS, floor)))
            observed[place], chances[place] = n, total
        return cls.from_counts(observed, chances, tuple(contexts))

    def measure_error_rate(self) -> float:
        """Errors per base that were observed, of all kinds; NaN where nothing was counted."""
        chances = float(self.chances[:, DELETION].sum())
        return float(self.observed.sum()) / chances if chances else float("nan")


def _describe_context(context: HotContext) -> tuple[object, ...]:
    """Row of the table."""
    detail = f"{spell_context(context.flank, context.middle)}>{_SEEN[context.state]}"
    return (
        STRANDS[context.strand], _CONTEXT, detail, 0,
        context.observed, context.chances, context.rate, context.expected,
    )  # fmt: skip


def _make_context(
    strand: str, detail: str, observed: float, chances: float, expected: float
) -> HotContext:
    """Inverse of ``_describe_context``."""
    text, state = detail.split(">")
    flank, middle = read_context(text)
    place = STRANDS.index(strand)
    return HotContext(place, flank, middle, _SEEN.index(state), observed, chances, expected)


def blank_unused(table: Floats) -> Floats:
    """The table with zeros where there is no error: a base seen as itself, a fifth base."""
    table = table.copy()
    table[:, np.arange(4), np.arange(4)] = 0.0
    table[:, :4, 4:] = 0.0
    return table


def make_nominal_rates() -> Floats:
    """Rates that the qualities promise: a third each of substitutions, deletions, insertions."""
    tops = np.concatenate([BIN_TOPS, [93]])
    middle = (_BIN_FLOORS + tops) / 2
    error = np.minimum(0.5, power(10.0, -middle / 10))
    rates = np.zeros(SHAPE[1:])
    rates[:4, :4] = error / 9
    rates[4:] = error / 3
    return rates
