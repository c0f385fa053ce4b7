"""The error model as the pileup kernels take it: log-probabilities and hot sequence contexts.

A context is the ``FLANK_BP`` bases on either side of a base, in sense direction. In a *hot*
context reads of one strand err far more often than their qualities say; the rates come from
``vagus.phase.contexts``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FLANK_BP = 5
CONTEXT_BP = 2 * FLANK_BP + 1
_WEIGHTS = np.array([4 ** (2 * FLANK_BP - 1 - i) for i in range(2 * FLANK_BP)], np.int64)
_OFFSETS = np.array([i for i in range(CONTEXT_BP) if i != FLANK_BP])
_MEMORY = 128

Errors = tuple[Floats, NDArray[np.int32], Floats]


@dataclass(frozen=True)
class ErrorTables:
    """What ``vagus.kernels.phase.columns`` weighs the reads with.

    Attributes:
        rates: float64, shape (2, 7, 8, 16); see ``weigh_cell``.
        flanks: int64, shape (n,), ascending; the hot contexts without their middle base.
        excess: float64, shape (n + 1, 2, 4, 5); see ``weigh_hot_cell``; the first is zero.
    """

    rates: Floats
    flanks: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    excess: Floats = field(default_factory=lambda: np.zeros((1, 2, 4, 5)))
    _known: dict[bytes, NDArray[np.int32]] = field(default_factory=dict, repr=False, compare=False)

    def at(self, backbone: NDArray[np.uint8]) -> Errors:
        """Tables, the number of each column's context (0: none), and the contexts' excess."""
        text = backbone.tobytes()
        if text not in self._known:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[text] = self._find_contexts(backbone)
        return self.rates, self._known[text], self.excess

    def _find_contexts(self, backbone: NDArray[np.uint8]) -> NDArray[np.int32]:
        numbers = np.zeros(2 * len(backbone), np.int32)
        if not len(self.flanks) or len(backbone) < CONTEXT_BP:
            return numbers
        codes = encode_flanks(backbone)
        places = np.minimum(np.searchsorted(self.flanks, codes), len(self.flanks) - 1)
        found = self.flanks[places] == codes
        middle = 2 * (np.arange(len(codes)) + FLANK_BP) + 1
        numbers[middle] = np.where(found, places + 1, 0)
        return numbers


def encode_flanks(sequence: NDArray[np.uint8]) -> Ints:
    """Number of the flanks of each base but the outer ``FLANK_BP``; empty for short sequences."""
    if len(sequence) < CONTEXT_BP:
        return np.empty(0, np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(sequence, CONTEXT_BP)
    codes: Ints = (windows[:, _OFFSETS].astype(np.int64) * _WEIGHTS).sum(axis=1)
    return codes


def spell_context(flank: int, middle: int) -> str:
    """Letters of a context."""
    letters = ["ACGT"[flank // 4 ** (2 * FLANK_BP - 1 - i) % 4] for i in range(2 * FLANK_BP)]
    return "".join([*letters[:FLANK_BP], "ACGT"[middle], *letters[FLANK_BP:]])


def read_context(text: str) -> tuple[int, int]:
    """Number of the flanks and the middle base of a context in letters."""
    codes = np.array(["ACGT".index(letter) for letter in text], np.int64)
    return int((codes[_OFFSETS] * _WEIGHTS).sum()), int(codes[FLANK_BP])
