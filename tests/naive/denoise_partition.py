"""The partition of unique sequences in plain Python, without caches or pruning (slow twin)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from naive.denoise_alignment import GAP, align_naive

WORD_BP = 5


def count_words(sequence: str) -> dict[str, int]:
    """5-mers of a sequence."""
    counts: dict[str, int] = {}
    for i in range(len(sequence) - WORD_BP + 1):
        word = sequence[i : i + WORD_BP]
        counts[word] = counts.get(word, 0) + 1
    return counts


def compare_words(a: str, b: str) -> tuple[float, bool]:
    """5-mer distance, and whether as many 5-mers agree in place as at all."""
    counts_a, counts_b = count_words(a), count_words(b)
    shared = sum(min(n, counts_b.get(word, 0)) for word, n in counts_a.items())
    n_words = min(len(a), len(b)) - WORD_BP + 1
    in_place = sum(a[i : i + WORD_BP] == b[i : i + WORD_BP] for i in range(n_words))
    return 1 - shared / n_words, in_place == shared


def align_pair(centre: str, read: str) -> tuple[str, str]:
    """Position by position where the 5-mers allow it, else by dynamic programming."""
    if compare_words(centre, read)[1]:
        length = max(len(centre), len(read))
        return centre.ljust(length, GAP), read.ljust(length, GAP)
    return align_naive(centre, read, band_bp=32)


def measure_log_lambda(
    aligned: tuple[str, str], qualities: list[int], rates: list[list[float]]
) -> tuple[float, int]:
    """ln lambda and the number of substitutions; unpaired bases count as read without error."""
    total, hamming, j = 0.0, 0, 0
    for true, base in zip(*aligned, strict=True):
        if base == GAP:
            continue
        row = "ACGT".index(base) * 5 if true == GAP else 4 * "ACGT".index(true) + "ACGT".index(base)
        hamming += true not in (GAP, base)
        total += math.log(rates[row][qualities[j]])
        j += 1
    return total, hamming


def log_tail(n: int, log_mu: float, is_conditional: bool = True) -> float:
    """ln P(X >= n | X >= 1), or without the condition, X ~ Poisson, in high precision."""
    import mpmath

    with mpmath.workdps(60):
        mu = mpmath.exp(mpmath.mpf(log_mu))
        tail = mpmath.gammainc(n, 0, mu, regularized=True)
        presence = -mpmath.expm1(-mu) if is_conditional else mpmath.mpf(1)
        return float(mpmath.log(tail) - mpmath.log(presence))


@dataclass
class NaivePartition:
    """Clusters found by comparing everything with everything, one step after the other."""

    sequences: list[str]
    counts: list[int]
    qualities: list[list[int]]
    rates: list[list[float]]
    omega_a: float = 1e-40
    priors: frozenset[int] = frozenset()
    omega_p: float = 1e-4
    centres: list[int] = field(default_factory=list)
    cluster: list[int] = field(default_factory=list)
    kept: list[dict[int, tuple[float, int]]] = field(default_factory=list)

    def run(self) -> NaivePartition:
        """Partition; ``centres`` and ``cluster`` contain the result."""
        n = len(self.sequences)
        self.cluster = [0] * n
        self.kept = [{} for _ in range(n)]
        self.floor = [0.0] * n
        self.locked: set[int] = set()
        self.open_cluster(0)
        while True:
            self.shuffle()
            self.lock()
            founder = self.find_founder()
            if founder is None:
                return self
            self.open_cluster(founder)

    def reads_of(self, cluster: int) -> int:
        return sum(n for n, own in zip(self.counts, self.cluster, strict=True) if own == cluster)

    def open_cluster(self, centre: int) -> None:
        number = len(self.centres)
        self.centres.append(centre)
        self.cluster[centre] = number
        for i, sequence in enumerate(self.sequences):
            if i in self.locked and i != centre:
                continue
            if number and compare_words(self.sequences[centre], sequence)[0] > 0.42:
                continue
            aligned = align_pair(self.sequences[centre], sequence)
            result = measure_log_lambda(aligned, self.qualities[i], self.rates)
            value = math.exp(result[0])
            if number == 0 or i == centre or value * sum(self.counts) > self.floor[i]:
                self.kept[i][number] = result
                self.floor[i] = max(self.floor[i], value * self.counts[centre])

    def shuffle(self) -> None:
        for _ in range(10):
            reads = [self.reads_of(c) for c in range(len(self.centres))]
            best = [
                max(kept, key=lambda c: (math.exp(kept[c][0]) * reads[c], -c)) for kept in self.kept
            ]
            moves = [
                i for i in range(len(best)) if i not in self.centres and best[i] != self.cluster[i]
            ]
            for i in moves:
                self.cluster[i] = best[i]
            if not moves:
                return

    def lock(self) -> None:
        newest = len(self.centres) - 1
        centre = self.centres[newest]
        for i, own in enumerate(self.cluster):
            explained = math.exp(self.kept[i].get(newest, (-math.inf, 0))[0]) * self.counts[centre]
            if own == newest and (i == centre or explained > self.counts[i]):
                self.locked.add(i)

    def find_founder(self) -> int | None:
        ranks = []
        for i, n in enumerate(self.counts):
            log_lambda, hamming = self.kept[i].get(self.cluster[i], (0.0, 0))
            if i in self.centres or hamming < 1:
                continue
            log_mu = log_lambda + math.log(self.reads_of(self.cluster[i]))
            log_p = log_tail(n, log_mu, i not in self.priors)
            ranks.append((math.exp(log_p) if log_p > -745 else 0.0, -n, log_mu, i))
        ranks.sort()
        for p, n, _, i in ranks:
            if n < -1 and p * len(self.counts) < self.omega_a:
                return i
        for p, _, _, i in ranks:
            if i in self.priors and p < self.omega_p:
                return i
        return None
