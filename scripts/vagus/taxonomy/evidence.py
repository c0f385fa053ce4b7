"""What speaks for each name of a sequence: bootstrap votes and the nearest references."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from vagus.kernels.taxonomy import alignment as alignment_kernels
from vagus.kernels.taxonomy import bayes as bayes_kernels
from vagus.kernels.taxonomy.words import list_words
from vagus.reference.index import ReferenceIndex, encode_masks
from vagus.sequences import reverse_complement
from vagus.taxonomy.ranks import SPECIES

DRAWN_SHARE = 8  # each bootstrap draws one word in eight (Wang et al. 2007)
MAX_CLASSES = 256  # best classes by the score over all words that take part in bootstraps
MIN_SHARED_WORDS = 0.1  # share of the words below which a reference is not aligned


@dataclass(frozen=True)
class SearchLimits:
    """How far candidates are searched.

    max_candidates  references that are aligned, plus those that tie with the last
    max_tied        the same with ties
    max_entries     entries of word lists that are read; the starter needs 2 million
    min_rare_words  words whose lists are read in any case
    shortlist       references whose words are counted in full
    """

    max_candidates: int = 50
    max_tied: int = 500
    max_entries: int = 4_000_000
    min_rare_words: int = 100
    shortlist: int = 300


LIMITS = SearchLimits()


@dataclass(frozen=True)
class Hit:
    """A reference aligned to the sequence: identity and coverage are fractions."""

    reference: int
    identity: float
    coverage: float


@dataclass(frozen=True)
class Evidence:
    """All that is known of one sequence before names are decided.

    best_class      class with the highest naive Bayes score, -1 without any word
    class_votes     share of the bootstraps of each class that got any
    species_votes   share of the bootstraps of each species name among the candidates,
                    references without a species name left out
    hits            candidates by identity, coverage (both falling), then accession
    is_antisense    the reverse complement shares far more words with its nearest reference
    """

    best_class: int = -1
    class_votes: dict[int, float] = field(default_factory=dict)
    species_votes: dict[str, float] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    is_antisense: bool = False


def derive_seed(sequence: str, seed: int) -> int:
    """64-bit seed of one sequence's bootstraps: from its MD5 and the study's seed only."""
    digest = hashlib.md5(f"{seed}:{sequence}".encode("ascii")).digest()
    return int.from_bytes(digest[:8], "little")


def draw_rows(seed: int, n_rows: int, shape: tuple[int, int]) -> np.ndarray:
    """Rows drawn with replacement (int32, of ``shape``), from a generator of our own.

    Number k is output k of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA, fig. 14); its high
    32 bits are scaled to the range by multiplication. The stream is part of the results,
    so it may not depend on the version of a library.
    """
    steps = np.arange(1, shape[0] * shape[1] + 1, dtype=np.uint64)
    mixed = np.uint64(seed) + steps * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    high = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32)
    return ((high * np.uint64(n_rows)) >> np.uint64(32)).astype(np.int32).reshape(shape)


def list_distinct_words(sequence: str) -> np.ndarray:
    """Distinct 8-base words of a sequence, ascending (int32)."""
    words = np.empty(len(sequence), np.int32)
    return words[: list_words(encode_masks(sequence), words)]


def gather_evidence(
    index: ReferenceIndex, sequence: str, *, bootstraps: int, seed: int
) -> Evidence:
    """Classify and align one sense-strand sequence.

    Naive Bayes follows Wang et al. 2007 over the sequence's distinct words. Species are
    voted with the same draws: each bootstrap goes to the species of the candidate that
    contains most of the drawn words, ties sharing the vote (after SINTAX, Edgar 2016).
    """
    words = list_distinct_words(sequence)
    if words.size == 0 or len(sequence) > alignment_kernels.MAX_LENGTH_BP:
        return Evidence()
    candidates, best_share = find_candidates(index, words)
    if candidates.size == 0:
        return Evidence(is_antisense=_is_antisense(index, sequence, best_share))
    n_drawn = max(words.size // DRAWN_SHARE, 1)
    draws = draw_rows(derive_seed(sequence, seed), words.size, (bootstraps, n_drawn))
    best_class, class_votes = _vote_classes(index, words, draws)
    return Evidence(
        best_class,
        class_votes,
        _vote_species(index, words, draws, candidates),
        _align(index, sequence, candidates),
        _is_antisense(index, sequence, best_share),
    )


def find_candidates(
    index: ReferenceIndex, words: np.ndarray, limits: SearchLimits = LIMITS
) -> tuple[np.ndarray, float]:
    """References by share of words in common (falling), then row; and the best share.

    In all but small references, those are counted in full that contain most of the sampled words.
    """
    rows = np.arange(index.n_references)
    if rows.size > limits.shortlist:
        rows = _shortlist(index, words, limits)
    shared = np.empty(rows.size, np.int32)
    alignment_kernels.recount_shared(words, index.masks, index.offsets, rows, shared)
    shares = shared / np.maximum(np.minimum(index.n_distinct[rows], words.size), 1)
    order = np.argsort(-shares, kind="stable")
    if order.size > limits.max_candidates:
        last = shares[order[limits.max_candidates - 1]]
        n_tied = np.searchsorted(-shares[order], -last, "right")
        order = order[: min(n_tied, limits.max_tied)]
    return rows[order[shares[order] >= MIN_SHARED_WORDS]], float(shares.max())


def _shortlist(index: ReferenceIndex, words: np.ndarray, limits: SearchLimits) -> np.ndarray:
    """Rows with most of the sampled words: of the rarest as many as ``max_entries`` allows."""
    sizes = index.starts[words + 1] - index.starts[words]
    words, sizes = words[sizes > 0], sizes[sizes > 0]
    order = np.argsort(sizes, kind="stable")
    n_allowed = int(np.searchsorted(np.cumsum(sizes[order]), limits.max_entries))
    shared = np.zeros(index.n_references, np.int32)
    rare = words[order[: max(n_allowed, limits.min_rare_words)]]
    alignment_kernels.count_shared(rare, index.starts, index.holders, shared)
    chosen = np.empty(2 * limits.shortlist, np.int64)
    return chosen[: alignment_kernels.select_most(shared, limits.shortlist, chosen)]


def _vote_classes(
    index: ReferenceIndex, words: np.ndarray, draws: np.ndarray
) -> tuple[int, dict[int, float]]:
    scores = np.empty(index.n_classes, np.int64)
    bayes_kernels.score_classes(
        words, index.class_starts, index.class_ids, index.weights, index.penalties, scores
    )
    chosen = np.sort(np.argsort(-scores, kind="stable")[:MAX_CLASSES])
    column_of = np.full(index.n_classes, -1, np.int32)
    column_of[chosen] = np.arange(chosen.size)
    table = np.empty((words.size, chosen.size), np.uint16)
    bayes_kernels.gather_weights(
        words, index.class_starts, index.class_ids, index.weights, column_of, table
    )
    votes = np.zeros(chosen.size)
    itself = np.arange(chosen.size, dtype=np.int32)
    bayes_kernels.count_votes(table, index.penalties[chosen], itself, draws, votes)
    shares = {
        int(chosen[column]): float(votes[column] / len(draws)) for column in votes.nonzero()[0]
    }
    tied = np.flatnonzero(scores == scores.max()).tolist()
    return max(tied, key=lambda label: (shares.get(label, 0.0), -label)), shares


def _vote_species(
    index: ReferenceIndex, words: np.ndarray, draws: np.ndarray, candidates: np.ndarray
) -> dict[str, float]:
    names = [index.lineages[row][SPECIES] for row in index.lineage_of[candidates].tolist()]
    named = np.array([bool(name) for name in names])
    species = sorted({name for name in names if name})
    if not species:
        return {}
    group_of = np.array([species.index(name) for name in names if name], np.int32)
    table = np.zeros((words.size, group_of.size), np.uint16)
    bayes_kernels.mark_holders(words, index.masks, index.offsets, candidates[named], table)
    votes = np.zeros(len(species))
    bayes_kernels.count_votes(table, np.zeros_like(group_of), group_of, draws, votes)
    return dict(zip(species, (votes / len(draws)).tolist(), strict=True))


def _align(index: ReferenceIndex, sequence: str, candidates: np.ndarray) -> tuple[Hit, ...]:
    results = np.zeros((candidates.size, 3), np.int64)
    alignment_kernels.align_candidates(
        encode_masks(sequence), index.masks, index.offsets, candidates, results
    )
    hits = [
        Hit(reference, matches / columns, n_bases / len(sequence))
        for reference, (matches, columns, n_bases) in zip(
            candidates.tolist(), results.tolist(), strict=True
        )
        if columns > 0
    ]
    accessions = index.accessions
    return tuple(sorted(hits, key=lambda h: (-h.identity, -h.coverage, accessions[h.reference])))


def _is_antisense(index: ReferenceIndex, sequence: str, best_share: float) -> bool:
    if best_share >= 0.5:
        return False
    words = list_distinct_words(reverse_complement(sequence))
    return find_candidates(index, words)[1] >= max(2 * best_share, 0.3)
