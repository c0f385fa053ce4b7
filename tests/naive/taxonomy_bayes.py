"""Naive Bayes over 8-base words with dictionaries (slow twin of the taxonomy kernels)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

WORD_BP = 8
UNIT = 1 << 12
_WRAP = (1 << 64) - 1


def list_words(sequence: str) -> list[str]:
    """Distinct words without ambiguous bases, in alphabetical order."""
    words = {sequence[i : i + WORD_BP] for i in range(len(sequence) - WORD_BP + 1)}
    return sorted(word for word in words if set(word) <= set("ACGT"))


class NaiveBayes:
    """Trained on (class, sequence) pairs; scores are log P(w|G) - log P_w in whole units."""

    def __init__(self, training: Sequence[tuple[Hashable, str]]) -> None:
        self.n_sequences = len(training)
        self.members = Counter(label for label, _ in training)
        self.holders: Counter[str] = Counter()
        self.class_holders: dict[Hashable, Counter[str]] = {
            label: Counter() for label, _ in training
        }
        for label, sequence in training:
            words = list_words(sequence)
            self.holders.update(words)
            self.class_holders[label].update(words)

    def prior(self, word: str) -> float:
        """P_w of Wang et al. 2007."""
        return (self.holders[word] + 0.5) / (self.n_sequences + 1)

    def probability(self, word: str, label: Hashable) -> float:
        """P(w|G) of Wang et al. 2007."""
        return (self.class_holders[label][word] + self.prior(word)) / (self.members[label] + 1)

    def score(self, words: Sequence[str], label: Hashable) -> int:
        """Sum over words, each term rounded to the unit."""
        penalty = math.floor(math.log(self.members[label] + 1) * UNIT + 0.5)
        total = 0
        for word in words:
            held = self.class_holders[label][word]
            if held:
                prior = self.prior(word)
                total += math.floor(math.log((held + prior) / prior) * UNIT + 0.5)
            total -= penalty
        return total

    def vote(
        self, words: Sequence[str], draws: Sequence[Sequence[int]]
    ) -> Mapping[Hashable, Fraction]:
        """Share of the draws won by each class, ties shared."""
        votes: dict[Hashable, Fraction] = {}
        for draw in draws:
            drawn = [words[row] for row in draw]
            scores = {label: self.score(drawn, label) for label in self.members}
            best = [label for label, score in scores.items() if score == max(scores.values())]
            for label in best:
                votes[label] = votes.get(label, Fraction()) + Fraction(1, len(best) * len(draws))
        return votes


def split_mix(seed: int, n: int) -> list[int]:
    """First n outputs of SplitMix64."""
    outputs = []
    state = seed
    for _ in range(n):
        state = (state + 0x9E3779B97F4A7C15) & _WRAP
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _WRAP
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WRAP
        outputs.append(z ^ (z >> 31))
    return outputs
