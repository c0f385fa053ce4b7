"""Settings of the ``dada`` engine, with the authors' values for full-length HiFi reads."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class DadaSettings:
    """What the partition depends on, apart from the error model.

    Attributes:
        mode: ``pruned`` leaves out comparisons that cannot matter in practice;
            ``exact`` makes them all and is the oracle.
        omega_a: a sequence founds a variant if its p-value, times the number of unique
            sequences, is smaller.
        omega_c: a sequence whose p-value in its final cluster is smaller is not assigned.
        omega_p: a sequence that is among the priors founds a variant if its p-value is smaller;
            not corrected, and not conditioned on presence.
        band_bp: half-width of the band of the alignments.
        kmer_distance_cutoff: pairs with a greater 5-mer distance are not compared.
        match, mismatch, gap: alignment scores.
        indels: ``ignore``: gaps cost nothing, as in DADA2; ``model``: ``vagus.denoise.indels``.
        min_hamming: substitutions that a new variant has at least from its cluster's centre.
        max_shuffles: rounds of reassignment after each new variant, at most.
        cache_bytes: alignments kept for later rounds; beyond that they are made again.
    """

    mode: str = "pruned"
    omega_a: float = 1e-40
    omega_c: float = 1e-40
    omega_p: float = 1e-4
    band_bp: int = 32
    kmer_distance_cutoff: float = 0.42
    match: int = 5
    mismatch: int = -4
    gap: int = -8
    indels: str = "ignore"
    min_hamming: int = 1
    max_shuffles: int = 10
    cache_bytes: int = 150_000_000

    def share_cache(self, n_samples: int) -> DadaSettings:
        """The same for one of several samples that are in memory together."""
        return replace(self, cache_bytes=self.cache_bytes // max(1, n_samples))
