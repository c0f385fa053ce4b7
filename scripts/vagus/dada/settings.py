"""Settings of the ``dada`` engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vagus.study.keys import key

# The level of DADA2, and the levels by their names. What the second finds and costs is measured by
# benchmarks/dada_sensitivity.py.
OMEGA_A = 1e-40
LEVELS = {"dada2": OMEGA_A, "high": 1e-10}


@dataclass(frozen=True)
class DadaSettings:
    """What the partition of ``dada`` depends on, apart from the error model.

    Not keys of the config: ``min_hamming``, the substitutions that a new variant has at least
    from its cluster's centre; ``max_shuffles``, the most rounds of reassignment after each new
    variant; ``cache_bytes``, alignments kept for later rounds (others are made again).
    """

    mode: str = key(
        "pruned",
        "`pruned` leaves out comparisons that cannot matter; `exact` makes all of them and is "
        "the slow reference for `pruned`.",
        choices=("pruned", "exact"),
    )
    sensitivity: str = key(
        "dada2",
        "How much evidence a new ASV needs: `dada2` is the level of R dada2 (a corrected abundance "
        "p-value below 1e-40) with its way of learning; `high` accepts 1e-10 and finds more "
        "variants of 2 to 20 reads. ASVs that only `high` calls have the `birth_type` "
        "`sensitive`.",
        choices=tuple(LEVELS),
    )
    omega_a: float | None = key(
        None,
        "Bonferroni-corrected abundance p-value below which a unique sequence starts a new ASV, "
        "instead of the level of `sensitivity`.",
        above=0,
        maximum=1,
    )
    omega_c: float = key(
        1e-40,
        "p-value below which a read that fits no ASV stays unassigned instead of being corrected.",
        minimum=0,
        maximum=1,
    )
    omega_p: float = key(
        0.0001,
        "p-value below which a prior starts an ASV in the second pass of `pseudo`; not "
        "corrected for multiple tests.",
        above=0,
        maximum=1,
    )
    band_bp: int = key(
        32,
        "Half width of the alignment band of `dada`, in bp.",
        minimum=4,
        maximum=512,
    )
    kmer_distance_cutoff: float = key(
        0.42,
        "Pairs with a greater 5-mer distance than this are not aligned.",
        above=0,
        maximum=1,
    )
    match: int = key(
        5,
        "Alignment score of a match.",
        minimum=1,
        maximum=100,
    )
    mismatch: int = key(
        -4,
        "Alignment score of a mismatch.",
        minimum=-100,
        maximum=0,
    )
    gap: int = key(
        -8,
        "Alignment score of a gap position; gaps at the ends are free.",
        minimum=-100,
        maximum=-1,
    )
    indels: str = key(
        "ignore",
        "What a gap costs in the error model of `dada`: nothing (`ignore`, as in R dada2, so "
        "that variants which differ by gaps alone merge), or the chance of an indel error in a "
        "run of that length, learned from the sample (`model`). Not with `pooling: pooled`.",
        choices=("ignore", "model"),
    )
    min_hamming: int = 1
    max_shuffles: int = 10
    cache_bytes: int = 150_000_000

    @property
    def level(self) -> float:
        """Corrected abundance p-value below which a sequence starts a variant."""
        return LEVELS[self.sensitivity] if self.omega_a is None else self.omega_a

    def share_cache(self, n_samples: int) -> DadaSettings:
        """The same for one of several samples that are in memory together."""
        return replace(self, cache_bytes=self.cache_bytes // max(1, n_samples))


@dataclass(frozen=True)
class LearningSettings:
    """How the error rates of ``dada`` are learned."""

    learn_bases: int = key(
        100000000,
        "Bases of each sequencing run from which its error model is learned.",
        minimum=1000,
    )
    max_learn_rounds: int = key(
        10,
        "Most rounds of error learning; it stops earlier when the rates no longer change.",
        minimum=1,
        maximum=100,
    )
    learn_from: str = key(
        "auto",
        "Reads whose differences from their variant count as errors when rates are learned: "
        "`all`, as R dada2 does it; `explained`: only those that a variant explains, without "
        "chimeras and reads of variants too rare to be found; `auto`: `all`, unless "
        "`sensitivity` is `high` and `max_rate_inflation` is exceeded, as in very diverse "
        "or shallow samples.",
        choices=("auto", "all", "explained"),
    )
    max_rate_inflation: float = key(
        10,
        "Times by which errors in all reads may outnumber those in explained reads before "
        "`auto` leaves unexplained reads out.",
        minimum=1,
    )
