"""Kernels over 8-base words: finding them, counting them, listing which sequences contain them.

Bases are four-bit masks (A=1, C=2, G=4, T=8, IUPAC codes are unions), so that
ambiguous bases of references can be compared. A word is an integer below 65,536, two
bits a base, A=0, C=1, G=2, T=3, the first base in the highest bits.
"""

from __future__ import annotations

import math

import numpy as np

from vagus.kernels.jit import kernel

WORD_BP = 8
N_WORDS = 1 << (2 * WORD_BP)
UNIT = 1 << 16  # scores are whole numbers of 1 / UNIT nats


@kernel
def code_of_mask(mask: int) -> int:
    """0-3 for A, C, G, T; -1 for anything ambiguous."""
    if mask == 1:
        return 0
    if mask == 2:
        return 1
    if mask == 4:
        return 2
    if mask == 8:
        return 3
    return -1


@kernel
def find_words(masks: np.ndarray, words: np.ndarray) -> None:
    """Fill ``words`` (n - 7) with the word at each position, -1 where a base is ambiguous."""
    word = 0
    n_clean = 0
    for position in range(masks.size):
        code = code_of_mask(masks[position])
        if code < 0:
            n_clean = 0
            word = 0
        else:
            word = ((word << 2) | code) & (N_WORDS - 1)
            n_clean += 1
        start = position - WORD_BP + 1
        if start >= 0:
            words[start] = word if n_clean >= WORD_BP else -1


@kernel
def count_holders(
    masks: np.ndarray, offsets: np.ndarray, n_holders: np.ndarray, n_distinct: np.ndarray
) -> None:
    """Count the sequences that contain each word, and the distinct words of each sequence.

    ``n_holders`` (65536) and ``n_distinct`` (n sequences) start at zero.
    """
    last = np.full(N_WORDS, -1, np.int64)
    for sequence in range(offsets.size - 1):
        start, stop = offsets[sequence], offsets[sequence + 1]
        words = np.full(max(stop - start - WORD_BP + 1, 0), -1, np.int32)
        find_words(masks[start:stop], words)
        for word in words:
            if word >= 0 and last[word] != sequence:
                last[word] = sequence
                n_holders[word] += 1
                n_distinct[sequence] += 1


@kernel
def list_holders(
    masks: np.ndarray, offsets: np.ndarray, starts: np.ndarray, holders: np.ndarray
) -> None:
    """Fill ``holders``: for word w, ``holders[starts[w]:starts[w + 1]]`` ascending."""
    last = np.full(N_WORDS, -1, np.int64)
    cursor = starts.copy()
    for sequence in range(offsets.size - 1):
        start, stop = offsets[sequence], offsets[sequence + 1]
        words = np.full(max(stop - start - WORD_BP + 1, 0), -1, np.int32)
        find_words(masks[start:stop], words)
        for word in words:
            if word >= 0 and last[word] != sequence:
                last[word] = sequence
                holders[cursor[word]] = sequence
                cursor[word] += 1


@kernel
def count_class_entries(
    starts: np.ndarray, holders: np.ndarray, class_of: np.ndarray, class_starts: np.ndarray
) -> None:
    """Fill ``class_starts`` (65537): the running number of (word, class) pairs that occur.

    ``class_of`` must not decrease along the references.
    """
    total = 0
    for word in range(N_WORDS):
        class_starts[word] = total
        previous = -1
        for entry in range(starts[word], starts[word + 1]):
            current = class_of[holders[entry]]
            if current != previous:
                total += 1
                previous = current
    class_starts[N_WORDS] = total


@kernel
def weigh_class_entries(
    starts: np.ndarray,
    holders: np.ndarray,
    class_of: np.ndarray,
    class_ids: np.ndarray,
    weights: np.ndarray,
) -> None:
    """Fill the class and the weight of each (word, class) pair, in word then class order.

    The weight of word w in class G is log((m(w) + P_w) / P_w) in units of 1/65536 nats,
    rounded: m(w) of the class's sequences contain w, and P_w = (n(w) + 0.5) / (N + 1) is the
    word's prior over all N sequences (Wang et al. 2007, Appl. Environ. Microbiol. 73:5261).
    """
    n_sequences = class_of.size
    entry_out = 0
    for word in range(N_WORDS):
        start, stop = starts[word], starts[word + 1]
        prior = (stop - start + 0.5) / (n_sequences + 1.0)
        entry = start
        while entry < stop:
            current = class_of[holders[entry]]
            n_members = 0
            while entry < stop and class_of[holders[entry]] == current:
                n_members += 1
                entry += 1
            class_ids[entry_out] = current
            weights[entry_out] = math.floor(math.log((n_members + prior) / prior) * UNIT + 0.5)
            entry_out += 1
