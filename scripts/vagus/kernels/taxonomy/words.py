"""Kernels over 8-base words: finding them, counting them, listing which classes contain them.

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
SAMPLED_SHARE = 8  # of the words, one in so many is listed with the sequences that contain it
_SPREAD = 40503  # odd, so that multiplying by it only permutes the words
UNIT = 1 << 12  # scores are whole numbers of 1 / UNIT nats: 16 bits up to 8 million sequences


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
def is_sampled(word: int) -> bool:
    """Whether a word is one of the eighth whose sequences are listed, spread by hashing."""
    # without the compiler int32 would overflow
    return bool((np.int64(word) * _SPREAD) & (N_WORDS - 1) < N_WORDS // SAMPLED_SHARE)


@kernel
def list_holders(
    masks: np.ndarray, offsets: np.ndarray, starts: np.ndarray, holders: np.ndarray
) -> None:
    """Fill ``holders``: for sampled word w, ``holders[starts[w]:starts[w + 1]]`` ascending."""
    last = np.full(N_WORDS, -1, np.int64)
    cursor = starts.copy()
    for sequence in range(offsets.size - 1):
        start, stop = offsets[sequence], offsets[sequence + 1]
        words = np.full(max(stop - start - WORD_BP + 1, 0), -1, np.int32)
        find_words(masks[start:stop], words)
        for word in words:
            if word >= 0 and last[word] != sequence and is_sampled(word):
                last[word] = sequence
                holders[cursor[word]] = sequence
                cursor[word] += 1


@kernel
def list_words(masks: np.ndarray, words: np.ndarray) -> int:
    """Fill ``words`` (int32) with the distinct words of a sequence, ascending; returns how many."""
    found = np.full(max(masks.size - WORD_BP + 1, 0), -1, np.int32)
    find_words(masks, found)
    is_there = np.zeros(N_WORDS, np.uint8)
    for word in found:
        if word >= 0:
            is_there[word] = 1
    n_words = 0
    for code in range(N_WORDS):
        if is_there[code]:
            words[n_words] = code
            n_words += 1
    return n_words


@kernel
def count_words(
    masks: np.ndarray,
    offsets: np.ndarray,
    class_of: np.ndarray,
    n_holders: np.ndarray,
    n_classes: np.ndarray,
    n_distinct: np.ndarray,
) -> None:
    """Count the sequences and the classes that contain each word, and the words of each sequence.

    ``n_holders`` and ``n_classes`` (65536) and ``n_distinct`` (n sequences) start at zero;
    ``class_of`` must not decrease along the sequences.
    """
    last = np.full(N_WORDS, -1, np.int64)
    last_class = np.full(N_WORDS, -1, np.int64)
    for sequence in range(offsets.size - 1):
        start, stop = offsets[sequence], offsets[sequence + 1]
        words = np.full(max(stop - start - WORD_BP + 1, 0), -1, np.int32)
        find_words(masks[start:stop], words)
        for word in words:
            if word >= 0 and last[word] != sequence:
                last[word] = sequence
                n_holders[word] += 1
                n_distinct[sequence] += 1
                if last_class[word] != class_of[sequence]:
                    last_class[word] = class_of[sequence]
                    n_classes[word] += 1


@kernel
def weigh_words(
    masks: np.ndarray,
    offsets: np.ndarray,
    class_of: np.ndarray,
    n_holders: np.ndarray,
    class_starts: np.ndarray,
    class_ids: np.ndarray,
    weights: np.ndarray,
) -> None:
    """Fill the class and the weight of each (word, class) pair, in word then class order.

    The weight of word w in class G is log((m(w) + P_w) / P_w) in units of 1/4096 nats,
    rounded: m(w) of the class's sequences contain w, and P_w = (n(w) + 0.5) / (N + 1) is the
    word's prior over all N sequences (Wang et al. 2007, Appl. Environ. Microbiol. 73:5261).
    """
    n_sequences = class_of.size
    last = np.full(N_WORDS, -1, np.int64)
    n_members = np.zeros(N_WORDS, np.int32)
    met = np.empty(N_WORDS, np.int32)  # words of the class, in the order in which they are met
    cursor = class_starts.copy()
    sequence = 0
    while sequence < n_sequences:
        label = class_of[sequence]
        n_met = 0
        while sequence < n_sequences and class_of[sequence] == label:
            start, stop = offsets[sequence], offsets[sequence + 1]
            words = np.full(max(stop - start - WORD_BP + 1, 0), -1, np.int32)
            find_words(masks[start:stop], words)
            for word in words:
                if word >= 0 and last[word] != sequence:
                    last[word] = sequence
                    if n_members[word] == 0:
                        met[n_met] = word
                        n_met += 1
                    n_members[word] += 1
            sequence += 1
        for word in met[:n_met]:
            prior = (n_holders[word] + 0.5) / (n_sequences + 1.0)
            class_ids[cursor[word]] = label
            weights[cursor[word]] = math.floor(
                math.log((n_members[word] + prior) / prior) * UNIT + 0.5
            )
            cursor[word] += 1
            n_members[word] = 0
