"""Kernels of the naive Bayes classifier: scores of all classes and bootstrap votes.

Scores are sums of whole numbers, so they do not depend on the order of summation and
equal scores are true ties.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel
from vagus.kernels.taxonomy.words import N_WORDS, WORD_BP, find_words


@kernel
def score_classes(
    words: np.ndarray,
    class_starts: np.ndarray,
    class_ids: np.ndarray,
    weights: np.ndarray,
    penalties: np.ndarray,
    scores: np.ndarray,
) -> None:
    """Fill ``scores`` (n classes, int64) with sum over words of log P(w|G) - log P_w.

    Only words that the class contains carry a weight; every word costs the class's penalty
    log(M + 1), M being its number of sequences.
    """
    for label in range(scores.size):
        scores[label] = -np.int64(words.size) * penalties[label]
    for word in words:
        for entry in range(class_starts[word], class_starts[word + 1]):
            scores[class_ids[entry]] += weights[entry]


@kernel
def gather_weights(
    words: np.ndarray,
    class_starts: np.ndarray,
    class_ids: np.ndarray,
    weights: np.ndarray,
    column_of: np.ndarray,
    table: np.ndarray,
) -> None:
    """Fill ``table`` (n words, n columns) with the weights of chosen classes, else zero.

    ``column_of`` (n classes) is the column of each class, -1 for classes left out.
    """
    n_columns = table.shape[1]
    buffer = np.zeros(n_columns + 1, np.uint16)  # the last place takes what is left out
    place_of = np.empty(column_of.size, np.int32)
    for label in range(column_of.size):
        place_of[label] = column_of[label] if column_of[label] >= 0 else n_columns
    for row in range(words.size):
        word = words[row]
        buffer[:] = 0
        for entry in range(class_starts[word], class_starts[word + 1]):
            buffer[place_of[class_ids[entry]]] = weights[entry]
        table[row] = buffer[:n_columns]


@kernel
def mark_holders(
    words: np.ndarray,
    masks: np.ndarray,
    offsets: np.ndarray,
    references: np.ndarray,
    table: np.ndarray,
) -> None:
    """Fill ``table`` (n words, n references), zero at first: 1 where a reference contains a
    word."""
    row_of = np.full(N_WORDS, -1, np.int32)
    for row in range(words.size):
        row_of[words[row]] = row
    for column in range(references.size):
        start, stop = offsets[references[column]], offsets[references[column] + 1]
        found = np.full(max(stop - start - WORD_BP + 1, 0), -1, np.int32)
        find_words(masks[start:stop], found)
        for word in found:
            if word >= 0 and row_of[word] >= 0:
                table[row_of[word], column] = 1


@kernel
def count_votes(
    table: np.ndarray,
    penalties: np.ndarray,
    group_of: np.ndarray,
    draws: np.ndarray,
    votes: np.ndarray,
) -> None:
    """Add to ``votes`` (n groups, float64) one vote a bootstrap for the best column's group.

    ``table`` (n rows, n columns, uint16) contains the weights, ``penalties`` (n columns) the
    cost of each drawn row, ``group_of`` (n columns) the group of each column. Groups whose
    best columns tie share the vote equally, however many columns they have.
    """
    n_columns = table.shape[1]
    sums = np.empty(n_columns, np.int32)
    seen_in = np.full(votes.size, -1, np.int32)
    for trial in range(draws.shape[0]):
        for column in range(n_columns):
            sums[column] = -np.int32(draws.shape[1]) * penalties[column]
        for slot in range(draws.shape[1]):
            row = table[draws[trial, slot]]
            for column in range(n_columns):
                sums[column] += row[column]
        best = sums.max()
        n_best = 0
        for column in range(n_columns):
            if sums[column] == best and seen_in[group_of[column]] != trial:
                seen_in[group_of[column]] = trial
                n_best += 1
        for group in range(votes.size):
            if seen_in[group] == trial:
                votes[group] += 1.0 / n_best
