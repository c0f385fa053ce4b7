"""Multiple alignment of ASVs: FAMSA where it is installed, else a star alignment of our own.

Sequences are aligned in the order of their names, so the input order does not matter.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from vagus.errors import VagusError
from vagus.phylogeny.settings import TreeSettings

log = logging.getLogger(__name__)

MATCH, MISMATCH = 3.0, -1.0  # on the scale of FAMSA's gap penalties (open 14.85, extend 1.25)
_PAIR_SCORES, _PAIR_GAPS = (5, -4), (12, 2)  # match, mismatch; gap open, extend
_WORD_BP = 8
_FAMSA_ALPHABET = "ARNDCQEGHILKMFPSTWYVBZX*"

Rows = list[tuple[str, str]]


def align(
    sequences: Iterable[tuple[str, str]], aligner: str = TreeSettings.aligner, threads: int = 1
) -> Rows:
    """Align (name, sequence) pairs; returns rows of one length, sorted by name.

    ``auto`` is FAMSA (Deorowicz et al. 2016, Sci. Rep. 6:33964) with nucleotide scores, or
    the star alignment when pyfamsa cannot be imported. The rows do not depend on
    ``threads``. Raises VagusError for doubled names, or for ``famsa`` without pyfamsa.
    """
    pairs = sorted(sequences)
    for (name, _), (following, _) in pairwise(pairs):
        if name == following:
            raise VagusError(
                f"the sequence '{name}' occurs twice", fix="Give every sequence its own name."
            )
    if len(pairs) < 2:
        return pairs
    chosen = _choose_aligner(aligner)
    rows = _align_famsa(pairs, threads) if chosen == "famsa" else align_star(pairs)
    log.info("%d sequences aligned by %s: %d columns", len(rows), chosen, len(rows[0][1]))
    return rows


def _choose_aligner(aligner: str) -> str:
    if aligner == "star":
        return aligner
    try:
        import pyfamsa  # noqa: F401
    except ImportError as error:
        if aligner == "famsa":
            raise VagusError(
                f"the aligner famsa cannot be used: {error}",
                fix="Install pyfamsa, or set phylogeny: aligner to auto or star.",
            ) from error
        log.warning("pyfamsa cannot be imported (%s): star alignment instead", error)
        return "star"
    return "famsa"


def _align_famsa(pairs: Sequence[tuple[str, str]], threads: int) -> Rows:
    import numpy as np
    from pyfamsa import Aligner, Sequence
    from scoring_matrices import ScoringMatrix  # type: ignore[attr-defined]

    scores = np.full((len(_FAMSA_ALPHABET), len(_FAMSA_ALPHABET)), MISMATCH)
    np.fill_diagonal(scores, MATCH)
    matrix = ScoringMatrix(scores.tolist(), _FAMSA_ALPHABET, name="nucleotides")
    aligner = Aligner(threads=threads, scoring_matrix=matrix, keep_duplicates=True)
    aligned = aligner.align(
        Sequence(str(number).encode(), sequence.encode())
        for number, (_, sequence) in enumerate(pairs)
    )
    rows = {int(row.id): row.sequence.decode() for row in aligned}
    return [(name, rows[number]) for number, (name, _) in enumerate(pairs)]


def align_star(pairs: Sequence[tuple[str, str]]) -> Rows:
    """Align all to one central sequence and keep every gap that this opens in it.

    The centre is the sequence whose 8-base words are on average in most sequences,
    the first by name among equals. Pairs are aligned with free ends and affine gaps.
    """
    import parasail

    scores = parasail.matrix_create("ACGT", *_PAIR_SCORES)
    centre = _find_centre([sequence for _, sequence in pairs])
    placed = []
    for _, sequence in pairs:
        # The scalar version: the vectorised ones may break ties in another way.
        pair = parasail.sg_trace(sequence, centre, *_PAIR_GAPS, scores).traceback
        placed.append(_place(pair.query, pair.ref))
    widths = [max(len(gap) for gap in gaps) for gaps in zip(*(g for g, _ in placed), strict=True)]
    rows = []
    for (name, _), (gaps, bases) in zip(pairs, placed, strict=True):
        columns = [
            gap.ljust(width, "-") + base
            for gap, width, base in zip(gaps, widths, [*bases, ""], strict=True)
        ]
        rows.append((name, "".join(columns)))
    return rows


def _list_words(sequence: str) -> set[str]:
    return {sequence[i : i + _WORD_BP] for i in range(len(sequence) - _WORD_BP + 1)}


def _find_centre(sequences: Sequence[str]) -> str:
    n_holders: Counter[str] = Counter()
    for sequence in sequences:
        n_holders.update(_list_words(sequence))

    def commonness(sequence: str) -> float:
        words = _list_words(sequence)
        return sum(n_holders[word] for word in words) / max(len(words), 1)

    return max(sequences, key=commonness)


def _place(row: str, centre_row: str) -> tuple[list[str], list[str]]:
    """Bases before each position of the centre (and after its end), and at each position."""
    inserted = [""]
    bases = []
    for base, centre_base in zip(row, centre_row, strict=True):
        if centre_base == "-":
            inserted[-1] += base
        else:
            bases.append(base)
            inserted.append("")
    return inserted, bases
