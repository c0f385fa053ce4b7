"""Settings of the ``phase`` engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PhaseSettings:
    """What the engine depends on, apart from the error model.

    Attributes:
        min_reads: reads of a variant, at least.
        margin: nats by which a variant's likelihood ratio must exceed what the best of all
            sequences with as many differences reaches by chance.
        max_strand_odds: a variant that rests on one site is refused if the strands of its reads
            make an error of one strand more likely than a variant by more than this; squared
            for two sites.
        min_identity: identity, without read errors, at which reads share a coarse cluster.
        max_error_rate: reads with more expected errors per base found no cluster.
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
        max_measured_error_rate: a sample with more errors per base is not denoised.
    """

    min_reads: int = 4
    margin: float = 4.0
    max_strand_odds: float = 20.0
    min_identity: float = 0.98
    max_error_rate: float = 0.03
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
    max_measured_error_rate: float = 0.03
