"""Multiple alignment of ASVs: a star alignment, or FAMSA on request where it is installed.

Trees of both are about as good (``benchmarks/alignment_quality.py``). The star needs nothing that
some machines have no build of, and its cost grows with the number of sequences alone. Sequences are
aligned in the order of their names, so the input order does not matter.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.phylogeny.programs import FAMSA, STAR, explain_no_famsa, name_aligner
from vagus.phylogeny.settings import TreeSettings

if TYPE_CHECKING:
    from Bio.Align import PairwiseAligner

log = logging.getLogger(__name__)

MATCH, MISMATCH = 3.0, -1.0  # on the scale of FAMSA's gap penalties (open 14.85, extend 1.25)
_PAIR_SCORES = {
    "match_score": 5.0,
    "mismatch_score": -4.0,
    "open_gap_score": -12.0,  # of the first base of a gap
    "extend_gap_score": -2.0,
    "end_gap_score": 0.0,
}
_WORD_BP = 8
_MIN_PARALLEL = 64
INSERT_GAP = "."  # of rows without bases between those of the centre
_FAMSA_ALPHABET = "ARNDCQEGHILKMFPSTWYVBZX*"

Rows = list[tuple[str, str]]


def align(
    sequences: Iterable[tuple[str, str]], aligner: str = TreeSettings.aligner, threads: int = 1
) -> Rows:
    """Align (name, sequence) pairs; returns rows of one length, sorted by name.

    ``famsa`` (Deorowicz et al. 2016, Sci. Rep. 6:33964) has nucleotide scores here; ``auto`` is
    the star alignment where pyfamsa cannot be loaded. The rows do not depend on
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
    rows = _align_famsa(pairs, threads) if chosen == FAMSA else align_star(pairs, threads)
    log.info("%d sequences aligned by %s: %d columns", len(rows), chosen, len(rows[0][1]))
    return rows


def _choose_aligner(setting: str) -> str:
    chosen = name_aligner(setting)
    if setting != "star" and chosen == STAR:
        reason = explain_no_famsa()
        if setting == "famsa":
            raise VagusError(
                f"the aligner famsa cannot be used: {reason}",
                fix="Install pyfamsa, or set phylogeny: aligner to auto or star.",
            )
        log.warning("pyfamsa cannot be loaded (%s): star alignment instead", reason)
    return chosen


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


def align_star(pairs: Sequence[tuple[str, str]], threads: int = 1) -> Rows:
    """Align all to one central sequence, by Bio.Align with free ends and affine gaps.

    The centre is the sequence whose 8-base words are on average in most sequences, the first
    by name among equals. Bases that a row has between those of the centre are not aligned to
    each other: as in the A2M format they are lower-case, in columns of their own in which the
    other rows have ``.``.
    """
    sequences = [sequence for _, sequence in pairs]
    place = partial(_align_to, _find_centre(sequences))
    if threads > 1 and len(pairs) >= _MIN_PARALLEL:
        with ProcessPoolExecutor(threads) as pool:
            placed = list(pool.map(place, sequences, chunksize=_MIN_PARALLEL // 8))
    else:
        placed = list(map(place, sequences))
    widths = [max(len(gap) for gap in gaps) for gaps in zip(*(g for g, _ in placed), strict=True)]
    rows = []
    for (name, _), (gaps, bases) in zip(pairs, placed, strict=True):
        columns = [
            gap.lower().ljust(width, INSERT_GAP) + base
            for gap, width, base in zip(gaps, widths, [*bases, ""], strict=True)
        ]
        rows.append((name, "".join(columns)))
    return rows


def _align_to(centre: str, sequence: str) -> tuple[list[str], list[str]]:
    pair = _make_aligner().align(centre, sequence)[0]
    return _place(pair[1], pair[0])


@cache
def _make_aligner() -> PairwiseAligner:
    from Bio.Align import PairwiseAligner

    return PairwiseAligner(mode="global", **_PAIR_SCORES)


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
