"""Settings of the denoise stage, whichever engine runs."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.engines import AUTO, ENGINES
from vagus.study.keys import key


@dataclass(frozen=True)
class DenoiseSettings:
    """Which engine denoises which samples, and what becomes of its variants."""

    engine: str = key(
        AUTO,
        "`dada` forms ASVs from reads that are exact duplicates (HiFi); `phase` compares the "
        "columns of aligned reads, for reads that are nearly all unique (Nanopore, few passes)."
        " `auto` chooses by the platform of a sample and by the unique and error-free shares of"
        " the reads of its run; the ledger and the report give it with the reason.",
        choices=(AUTO, *ENGINES),
    )
    pooling: str = key(
        "independent",
        "`independent`: each sample by itself, the cheapest. `pseudo`: variants that several "
        "samples contain are priors for a second pass over each sample, which finds them there "
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
        "manual (docs/algorithms/phase.md, Chimeras).",
    )
