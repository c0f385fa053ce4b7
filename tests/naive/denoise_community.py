"""Small made-up communities and reads with errors and qualities, for tests of the denoiser."""

from __future__ import annotations

import numpy as np

from vagus.reads.uniques import Uniques

BASES = np.array(list("ACGT"))


def make_sequence(rng: np.random.Generator, length: int) -> str:
    """Random bases."""
    return "".join(BASES[rng.integers(0, 4, length)])


def substitute(sequence: str, positions: list[int]) -> str:
    """Each base at ``positions`` replaced by the next one in ACGT."""
    letters = list(sequence)
    for p in positions:
        letters[p] = "ACGT"["ACGT".index(letters[p]) ^ 1]
    return "".join(letters)


def make_variants(rng: np.random.Generator, n: int, length: int) -> list[str]:
    """Some unrelated families, each of a sequence and close or distant relatives of it."""
    variants = [make_sequence(rng, length)]
    while len(variants) < n:
        parent = variants[rng.integers(len(variants))]
        kind = rng.random()
        if kind < 0.2:
            variants.append(make_sequence(rng, length))
            continue
        k = int(rng.choice([1, 2, 3, 8, 20, 40]))
        child = substitute(parent, rng.choice(len(parent), min(k, length // 3), False).tolist())
        if kind < 0.35:
            cut = int(rng.integers(len(child)))
            child = child[:cut] + child[cut + 1 :]
        variants.append(child)
    return sorted(set(variants))


def read_with_errors(
    rng: np.random.Generator, sequence: str, error_rate: float
) -> tuple[str, list[int]]:
    """One read: mostly substitutions, some indels; qualities that predict most of the errors."""
    letters: list[str] = []
    qualities: list[int] = []
    for base in sequence:
        rate = error_rate * rng.gamma(0.5, 2.0)
        quality = int(np.clip(round(-10 * np.log10(rate + 1e-9) + rng.normal(0, 2)), 2, 93))
        event = rng.random() if rng.random() < rate else 1.0
        if event < 0.7:
            letters.append("ACGT"[("ACGT".index(base) + int(rng.integers(1, 4))) % 4])
            qualities.append(quality)
        elif event < 0.85:
            letters += [base, base]
            qualities += [quality, quality]
        elif event == 1.0:
            letters.append(base)
            qualities.append(quality)
    return "".join(letters), qualities


def make_community(
    seed: int, *, n_variants: int = 8, n_reads: int = 250, length: int = 150,
    error_rate: float = 0.004,
) -> tuple[Uniques, dict[str, int]]:  # fmt: skip
    """Dereplicated reads of a made-up sample, and the reads that each true variant gave."""
    rng = np.random.default_rng(seed)
    variants = make_variants(rng, n_variants, length)
    shares = rng.lognormal(0, 1.3, len(variants))
    drawn = rng.multinomial(n_reads, shares / shares.sum())
    reads = [
        read_with_errors(rng, variant, error_rate)
        for variant, n in zip(variants, drawn, strict=True)
        for _ in range(n)
    ]
    uniques = Uniques.from_reads([s for s, _ in reads], [q for _, q in reads], sample="made")
    return uniques, dict(zip(variants, drawn.tolist(), strict=True))
