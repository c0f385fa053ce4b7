"""Settings of the denoise stage and of the ``dada`` engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vagus.study.keys import key


@dataclass(frozen=True)
class DenoiseSettings:
    """Which engine denoises which samples, and what becomes of its variants."""

    engine: str = key(
        "auto",
        "`dada` founds ASVs on reads that are exact duplicates (HiFi); `phase` compares the "
        "columns of aligned reads, for reads that are nearly all unique (Nanopore, few passes)."
        " `auto` chooses by the platform of a sample and by the unique and error-free shares of"
        " the reads of its run; ledger and report say which and why.",
        choices=("auto", "dada", "phase"),
    )
    pooling: str = key(
        "independent",
        "`independent`: each sample by itself, the cheapest. `pseudo`: variants that several "
        "samples hold are priors for a second pass over each sample, which finds them there "
        "from one or two reads on (`phase`: two); twice the time. `pooled`: the samples of a "
        "run that one engine denoises are one pool, in which reads of all samples are evidence "
        "together: a variant is found in a sample from one read on. The pool is cut by "
        "similarity into jobs.",
        choices=("independent", "pseudo", "pooled"),
    )
    pool_shard_uniques: int = key(
        50000,
        "Unique sequences in one job of a pool, about. It bounds the memory of such a job (some"
        " 15 kB for each; `phase`: 8 kB). It has no influence on the results of `dada`, of "
        "which one job sees the whole pool, but only numbers: some 200 bytes a unique sequence."
        " `phase` cuts between groups of reads that differ by 2 % or more.",
        minimum=100,
    )
    pseudo_min_samples: int = key(
        2,
        "Samples in which the first pass of `pseudo` must find a variant to make it a prior.",
        minimum=1,
    )
    rescue: bool = key(
        False,
        "Count unassigned reads (p-value below `omega_c`) near an ASV apart, in "
        "`denoise/rescued.tsv`. They never enter the ASV table: many are chimeras or rare "
        "relatives of the ASV.",
    )
    omega_rescue: float = key(
        1e-80,
        "p-value below which not even `rescue` takes an unassigned read; smaller than `omega_c`.",
        above=0,
        maximum=1,
    )
    remove_chimeras: bool = key(
        True,
        "Remove ASVs that are chimeras (bimeras) of two more abundant ASVs. The rule is in the "
        "manual (README, The denoiser).",
    )


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
    omega_a: float = key(
        1e-40,
        "Bonferroni-corrected abundance p-value below which a unique sequence founds a new ASV.",
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
        "p-value below which a prior founds an ASV in the second pass of `pseudo`; not "
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
        "`max_rate_inflation` is exceeded, as in very diverse samples.",
        choices=("auto", "all", "explained"),
    )
    max_rate_inflation: float = key(
        10,
        "Times by which errors in all reads may outnumber those in explained reads before "
        "`auto` leaves unexplained reads out.",
        minimum=1,
    )


@dataclass(frozen=True)
class ChimeraSettings:
    """When a variant of ``dada`` counts as a chimera; a parent has ``min_parent_reads`` or more."""

    min_fold: float = key(
        3.5,
        "For samples denoised by `dada`, how many times more abundant than a chimera both its "
        "parents must be.",
        minimum=1,
    )
    min_sample_fraction: float = key(
        0.9,
        "For samples denoised by `dada`, the share of the samples with an ASV that must call it"
        " a chimera.",
        above=0,
        maximum=1,
    )
    ignore_samples: int = key(
        1,
        "For samples denoised by `dada`, so many samples that do not call it a chimera are "
        "ignored in that share.",
        minimum=0,
    )
    min_parent_reads: int = 2
