"""Sketches of reads (a fixed sixth of their 15-mers) and coarse clusters made with them.

Which words belong to a sketch follows from a hash of the word alone (FracMinHash, Irber et al.
2022, bioRxiv 2022.01.11.475838), so the sketches of two reads share what their words share.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

WORD_BP = 15
MODULUS = 6
_MASK = (1 << (2 * WORD_BP)) - 1
_EMPTY = -1
FIRST_CAPACITY = 1 << 12
"""Slots of the index of centres before it grows."""


@kernel
def mix_word(word: int) -> np.uint64:
    """Scatter the bits of a word evenly over 64 bits."""
    mixed = (np.uint64(word) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(32)
    return mixed


@kernel
def sketch_sequences(
    bases: np.ndarray, qualities: np.ndarray, offsets: np.ndarray, log_right: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sketch of each sequence, and how many of its words are expected to be free of errors.

    Parameters
    ----------
    bases : uint8, flat; sequence i is bases[offsets[i]:offsets[i + 1]].
    qualities : uint8, as bases.
    log_right : float64, shape (256,); logarithm of the probability that a base of each quality
        is right.

    Returns
    -------
    words : int32, flat; the words (below 4 ** 15) of the sketches in reading order.
    word_offsets : int64, one longer than the number of sequences.
    n_right : float64, expected number of error-free words of each sketch.
    """
    n = len(offsets) - 1
    word_offsets = np.zeros(n + 1, np.int64)
    n_right = np.zeros(n)
    words = np.empty(max(16, len(bases) // MODULUS * 2), np.int32)
    n_words = 0
    for i in range(n):
        word = 0
        log_sum = 0.0
        for j in range(offsets[i], offsets[i + 1]):
            word = ((word << 2) + int(np.int64(bases[j]))) & _MASK
            log_sum += log_right[qualities[j]]
            length = j - offsets[i] + 1
            if length > WORD_BP:
                log_sum -= log_right[qualities[j - WORD_BP]]
            if length < WORD_BP or mix_word(word) % np.uint64(MODULUS) != 0:
                continue
            if n_words == len(words):
                longer = np.empty(2 * n_words, np.int32)
                longer[:n_words] = words
                words = longer
            words[n_words] = word
            n_words += 1
            n_right[i] += np.exp(log_sum)
        word_offsets[i + 1] = n_words
    return words[:n_words].copy(), word_offsets, n_right


@kernel
def find_slot(keys: np.ndarray, word: int) -> np.uint64:
    """Place of a word in an open-addressing table, or the free place where it belongs."""
    mask = np.uint64(len(keys) - 1)
    slot = (mix_word(word) >> np.uint64(7)) & mask
    while keys[slot] != _EMPTY and keys[slot] != word:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel
def add_to_index(
    words: np.ndarray,
    start: int,
    stop: int,
    number: int,
    keys: np.ndarray,
    heads: np.ndarray,
    nexts: np.ndarray,
    owners: np.ndarray,
    n_posted: int,
) -> int:
    """Post the words of centre ``number``; returns the number of postings now."""
    for j in range(start, stop):
        slot = find_slot(keys, words[j])
        if keys[slot] == _EMPTY:
            keys[slot] = words[j]
            heads[slot] = _EMPTY
        if heads[slot] != _EMPTY and owners[heads[slot]] == number:
            continue
        nexts[n_posted] = heads[slot]
        owners[n_posted] = number
        heads[slot] = n_posted
        n_posted += 1
    return n_posted


@kernel
def enlarge_index(
    keys: np.ndarray, heads: np.ndarray, nexts: np.ndarray, owners: np.ndarray, n_posted: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The index with twice the room."""
    more_keys = np.full(2 * len(keys), _EMPTY, np.int32)
    more_heads = np.empty(2 * len(keys), np.int32)
    for old in range(len(keys)):
        if keys[old] != _EMPTY:
            slot = find_slot(more_keys, keys[old])
            more_keys[slot] = keys[old]
            more_heads[slot] = heads[old]
    more_nexts = np.empty(2 * len(nexts), np.int32)
    more_owners = np.empty(2 * len(owners), np.int32)
    more_nexts[:n_posted] = nexts[:n_posted]
    more_owners[:n_posted] = owners[:n_posted]
    return more_keys, more_heads, more_nexts, more_owners


@kernel
def count_shared(
    words: np.ndarray,
    start: int,
    stop: int,
    keys: np.ndarray,
    heads: np.ndarray,
    nexts: np.ndarray,
    owners: np.ndarray,
    shared: np.ndarray,
) -> None:
    """Add to ``shared`` the words that the sketch has in common with each centre."""
    for j in range(start, stop):
        slot = find_slot(keys, words[j])
        if keys[slot] == _EMPTY:
            continue
        posting = heads[slot]
        while posting != _EMPTY:
            shared[owners[posting]] += 1
            posting = nexts[posting]


@kernel
def cluster_greedily(
    words: np.ndarray,
    word_offsets: np.ndarray,
    n_right: np.ndarray,
    order: np.ndarray,
    can_found: np.ndarray,
    min_shared: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Join each sequence to the centre most like it, or make it a centre.

    Sequences are taken in ``order``. The likeness is the number of shared words over the
    number of error-free words expected of the read; at or above ``min_shared`` it joins (ties:
    the earlier centre). Else it becomes a centre if ``can_found``, or stays apart (-1).

    Returns
    -------
    labels : int64; number of the centre of each sequence, in order of foundation.
    likeness : float64; to that centre.
    """
    n = len(word_offsets) - 1
    keys = np.full(FIRST_CAPACITY, _EMPTY, np.int32)
    heads = np.empty(FIRST_CAPACITY, np.int32)
    nexts = np.empty(FIRST_CAPACITY // 2, np.int32)
    owners = np.empty(FIRST_CAPACITY // 2, np.int32)
    labels = np.full(n, -1, np.int64)
    likeness = np.zeros(n)
    shared = np.zeros(n, np.int32)
    n_centres = 0
    n_posted = 0
    for i in order:
        start, stop = word_offsets[i], word_offsets[i + 1]
        shared[:n_centres] = 0
        count_shared(words, start, stop, keys, heads, nexts, owners, shared)
        best = -1
        for centre in range(n_centres):
            if shared[centre] > 0 and (best < 0 or shared[centre] > shared[best]):
                best = centre
        ratio = shared[best] / max(n_right[i], 1.0) if best >= 0 else 0.0
        if best >= 0 and ratio >= min_shared:
            labels[i] = best
            likeness[i] = ratio
        elif can_found[i]:
            labels[i] = n_centres
            likeness[i] = 1.0
            while n_posted + stop - start >= len(nexts):
                keys, heads, nexts, owners = enlarge_index(keys, heads, nexts, owners, n_posted)
            n_posted = add_to_index(
                words, start, stop, n_centres, keys, heads, nexts, owners, n_posted
            )
            n_centres += 1
    return labels, likeness


@kernel
def rank_targets(
    words: np.ndarray,
    word_offsets: np.ndarray,
    target_words: np.ndarray,
    target_offsets: np.ndarray,
    n_best: int,
) -> tuple[np.ndarray, np.ndarray]:
    """For each sequence the targets that share most of its words, best first.

    Returns
    -------
    targets : int64, shape (n sequences, n_best); -1 where fewer share a word. Ties: the lower.
    counts : int64, same shape; the number of shared words.
    """
    n, n_targets = len(word_offsets) - 1, len(target_offsets) - 1
    capacity = 1 << 10
    while capacity < 2 * len(target_words) + 2:
        capacity *= 2
    keys = np.full(capacity, _EMPTY, np.int32)
    heads = np.empty(capacity, np.int32)
    nexts = np.empty(len(target_words) + 1, np.int32)
    owners = np.empty(len(target_words) + 1, np.int32)
    n_posted = 0
    for t in range(n_targets):
        n_posted = add_to_index(
            target_words, target_offsets[t], target_offsets[t + 1], t,
            keys, heads, nexts, owners, n_posted,
        )  # fmt: skip
    targets = np.full((n, n_best), -1, np.int64)
    counts = np.zeros((n, n_best), np.int64)
    shared = np.zeros(max(1, n_targets), np.int32)
    for i in range(n):
        shared[:] = 0
        count_shared(
            words, word_offsets[i], word_offsets[i + 1], keys, heads, nexts, owners, shared
        )
        for rank in range(n_best):
            best = -1
            for t in range(n_targets):
                if shared[t] > 0 and (best < 0 or shared[t] > shared[best]):
                    best = t
            if best < 0:
                break
            targets[i, rank] = best
            counts[i, rank] = shared[best]
            shared[best] = 0
    return targets, counts
