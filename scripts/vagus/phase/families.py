"""How well each read fits the variants near the one that it is aligned to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.sketch import WORD_BP
from vagus.phase.coarse import Sketches
from vagus.phase.error_tables import ErrorTables
from vagus.phase.pileup import Pileup, describe_relative
from vagus.phase.settings import PhaseSettings
from vagus.phase.splitting import differing_columns

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MIN_FAMILY_IDENTITY = 0.965


@dataclass(frozen=True)
class Block:
    """The reads aligned to one variant, its home, and their fit to its neighbours.

    Attributes:
        home: number of the variant.
        variants: int64, shape (k,); the home, then its neighbours.
        fits: float64, shape (n, k); log P(read | variant) - log P(read | home).
        columns: for each of ``variants`` the columns of the home in which it differs.
        members: int64, shape (n,); numbers of the reads.
        weights, reverse: float64, shape (n,); reads behind each row, antisense ones of them.
        edits: int64, shape (n,); differences from the home.
    """

    home: int
    variants: Ints
    fits: Floats
    columns: list[Ints]
    members: Ints
    weights: Floats
    reverse: Floats
    edits: Ints


def find_neighbours(sequences: list[Bytes], settings: PhaseSettings) -> list[Ints]:
    """For each sequence the others that share many of its words, nearest first."""
    sketches = Sketches.of_sequences(sequences)
    targets, counts = sketches.rank(sketches, settings.max_neighbours + 1)
    n_words = np.diff(sketches.offsets)
    neighbours = []
    for i in range(len(sequences)):
        near = counts[i] >= MIN_FAMILY_IDENTITY**WORD_BP * n_words[i]
        found = targets[i][near & (targets[i] >= 0) & (targets[i] != i)]
        neighbours.append(found[: settings.max_neighbours])
    return neighbours


def build_block(
    number: int,
    pileup: Pileup,
    neighbours: Ints,
    sequences: list[Bytes],
    tables: ErrorTables,
    settings: PhaseSettings,
) -> Block:
    """Weigh the reads of a variant against its neighbours."""
    own = pileup.own_calls
    variants, fits, columns = [number], [np.zeros(pileup.n_rows)], [np.empty(0, np.int64)]
    for other in neighbours:
        calls, edits = describe_relative(sequences[other], pileup.backbone, settings)
        if not 0 <= edits <= settings.max_family_edits:
            continue
        differing = differing_columns(calls, own)
        variants.append(int(other))
        columns.append(differing)
        fits.append(pileup.weigh(pileup.rows, differing, calls[differing], own[differing], tables))
    return Block(
        number, np.array(variants), np.stack(fits, axis=1), columns,
        pileup.members, pileup.weights, pileup.reverse, pileup.edits,
    )  # fmt: skip
