"""Edit distances by bit vectors, for machines that edlib has no build for.

Myers (1999, J. ACM 46:395) in blocks of 64 rows, as Hyyro (2003, Nordic J. Comput. 10:29) has it:
column by column, each block hands the difference of its last row to the block below.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

GLOBAL, PREFIX, INFIX = 0, 1, 2
_BLOCK = 64


@kernel
def list_matches(pattern: np.ndarray, equal: np.ndarray, matches: np.ndarray) -> None:
    """Fill ``matches`` (256, blocks): bit r of letter c is set where row r equals c.

    ``equal`` (n, 2) has further pairs of letters that count as equal.
    """
    for row in range(pattern.size):
        block, bit = row // _BLOCK, np.uint64(1) << np.uint64(row % _BLOCK)
        matches[pattern[row], block] |= bit
        for pair in range(equal.shape[0]):
            for side in range(2):
                if equal[pair, side] == pattern[row]:
                    matches[equal[pair, 1 - side], block] |= bit


@kernel
def measure_edits(
    pattern: np.ndarray, text: np.ndarray, equal: np.ndarray, mode: int, ends: np.ndarray
) -> tuple[int, int]:
    """Least distance of a pattern to a text, and how many ends reach it, which go into ``ends``.

    Args:
        pattern: uint8, one letter or more.
        text: uint8, one letter or more.
        equal: uint8, shape (n, 2); see ``list_matches``.
        mode: GLOBAL takes the whole text, PREFIX its start, INFIX any part of it.
        ends: int64, as long as the text; last positions in it, ascending.
    """
    n_blocks = (pattern.size + _BLOCK - 1) // _BLOCK
    matches = np.zeros((256, n_blocks), np.uint64)
    list_matches(pattern, equal, matches)
    plus = np.full(n_blocks, ~np.uint64(0))
    minus = np.zeros(n_blocks, np.uint64)
    one, none = np.uint64(1), np.uint64(0)
    high = np.uint64(_BLOCK - 1)
    last = np.uint64((pattern.size - 1) % _BLOCK)
    score = pattern.size
    n_ends = 0
    best = pattern.size + text.size + 1
    for column in range(text.size):
        above_plus = none if mode == INFIX else one
        above_minus = none
        for block in range(n_blocks):
            equals = matches[text[column], block]
            vertical = equals | minus[block]
            equals |= above_minus
            horizontal = (((equals & plus[block]) + plus[block]) ^ plus[block]) | equals
            rises = minus[block] | ~(horizontal | plus[block])
            falls = plus[block] & horizontal
            row = last if block == n_blocks - 1 else high
            next_plus, next_minus = (rises >> row) & one, (falls >> row) & one
            rises = (rises << one) | above_plus
            falls = (falls << one) | above_minus
            plus[block] = falls | ~(vertical | rises)
            minus[block] = rises & vertical
            above_plus, above_minus = next_plus, next_minus
        score += int(above_plus) - int(above_minus)
        if mode == GLOBAL and column < text.size - 1:
            continue
        if score < best:
            best, n_ends = score, 0
        if score == best:
            ends[n_ends] = column
            n_ends += 1
    return best, n_ends
