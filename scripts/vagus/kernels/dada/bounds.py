"""How many substitutions make a read impossible, whatever they are."""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

QUALITY_SPAN = 128
N_CELLS = 4 * QUALITY_SPAN


@kernel
def count_fatal_substitutions(
    bases: np.ndarray,
    qualities: np.ndarray,
    offsets: np.ndarray,
    log_self: np.ndarray,
    best_ratios: np.ndarray,
    limit: float,
) -> np.ndarray:
    """Least number of substitutions with which ln lambda of a read is below ``limit``, int32.

    Parameters: ``log_self`` (n,) ln of the chance to read each sequence without an error;
    ``best_ratios`` (512,) the greatest ln(rate of a substitution / no-error rate) for each
    read base * 128 + quality. The substitutions are put where they cost least; a read that
    cannot get below the limit has a number greater than its length.
    """
    n = offsets.size - 1
    order = np.argsort(-best_ratios)
    fatal = np.empty(n, np.int32)
    for i in range(n):
        cells = np.zeros(N_CELLS, np.int64)
        for p in range(offsets[i], offsets[i + 1]):
            cells[np.int64(bases[p]) * QUALITY_SPAN + qualities[p]] += 1
        room = log_self[i] - limit
        needed = np.int64(0)
        for cell in order:
            ratio = best_ratios[cell]
            if cells[cell] == 0:
                continue
            if ratio < 0.0 and room + cells[cell] * ratio < 0.0:
                needed += np.int64(room / -ratio) + 1
                room = -1.0
                break
            needed += cells[cell]
            room += cells[cell] * ratio
        fatal[i] = needed if room < 0.0 else needed + 1
    return fatal
