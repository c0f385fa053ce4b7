"""Alignment with both ends free, over the whole matrix (slow twin of the taxonomy kernel)."""

from __future__ import annotations

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "M": "AC", "R": "AG", "W": "AT", "S": "CG",
    "Y": "CT", "K": "GT", "V": "ACG", "H": "ACT", "D": "AGT", "B": "CGT", "N": "ACGT",
}  # fmt: skip


def align_free_ends(query: str, reference: str) -> tuple[int, int, int, int]:
    """Score, matches, columns and query bases of the best alignment.

    Best means: highest score (match 5, mismatch -4, gap -8), then most matches, fewest
    columns, latest start in the query, and the first such end by antidiagonal.
    """
    n, m = len(query), len(reference)
    best = (0, 0, 0, 0)
    best_end = 0
    cells: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for total in range(n + m + 1):
        for i in range(max(0, total - m), min(n, total) + 1):
            j = total - i
            if i == 0 or j == 0:
                cells[i, j] = (0, 0, 0, i)
                continue
            is_match = bool(set(IUPAC[query[i - 1]]) & set(IUPAC[reference[j - 1]]))
            cells[i, j] = max(
                _step(cells[i - 1, j - 1], 5 if is_match else -4, int(is_match)),
                _step(cells[i - 1, j], -8, 0),
                _step(cells[i, j - 1], -8, 0),
            )
        for i, j in ((n, total - n), (total - m, m)):
            if i > 0 and j > 0 and (i, j) in cells and cells[i, j] > best:
                best, best_end = cells[i, j], i
    score, matches, minus_columns, start = best
    return score, matches, -minus_columns, best_end - start


def _step(cell: tuple[int, int, int, int], score: int, match: int) -> tuple[int, int, int, int]:
    return (cell[0] + score, cell[1] + match, cell[2] - 1, cell[3])
