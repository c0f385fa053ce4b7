"""Settings of the ``phase`` engine."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class PhaseSettings:
    """What the engine depends on, apart from the error model.

    The first four are keys of the config (with ``phase_`` before them). The others:

    Attributes:
        min_identity: identity, without read errors, at which reads share a coarse cluster.
        max_read_error_rate: reads with more expected errors per base start no cluster.
        max_excess_rate: reads with more differences per base from a backbone than their
            qualities and this rate allow are clustered again.
        overhang_bp: bases by which reads and backbones may differ in length at no cost.
        polish_reads: best reads that the first consensus of a cluster is made of.
        max_family_edits: variants with at most so many differences compete for reads.
        max_neighbours: of these, the nearest are kept.
        min_substitution_rate, min_indel_rate: floors of the error model.
        min_prior_reads: reads of a variant known from other samples, at least.
        min_pair_reads: reads that carry two differences together, for a seed.
        max_learn_reads: reads that the error model is learned from, at most.
    """

    min_reads: int = key(
        4,
        "Reads of an ASV that `phase` finds, at least.",
        minimum=2,
    )
    margin: float = key(
        4,
        "Evidence (in nats) asked of an ASV by `phase` beyond what the best of all sequences "
        "reaches by chance.",
        minimum=0,
    )
    max_strand_odds: float = key(
        20,
        "`phase` refuses an ASV that rests on a single site if the strands of its reads make an"
        " error of one strand more likely than a variant by more than this.",
        minimum=1,
    )
    max_error_rate: float = key(
        0.03,
        "A sample whose reads have more errors per base, as measured, is not denoised by "
        "`phase`: it becomes a row with the reason.",
        above=0,
        maximum=0.1,
    )
    min_identity: float = 0.98
    max_read_error_rate: float = 0.03
    max_excess_rate: float = 0.08
    overhang_bp: int = 24
    polish_reads: int = 60
    max_family_edits: int = 40
    max_neighbours: int = 24
    min_substitution_rate: float = 5e-4
    min_indel_rate: float = 1e-3
    min_prior_reads: int = 2
    min_pair_reads: int = 3
    max_learn_reads: int = 10_000
