"""Which samples of a run its error model is learned from."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike

from vagus.dada.births import PartitionResult
from vagus.dada.defaults import load_default_model
from vagus.dada.error_model import ErrorModel
from vagus.dada.known_partitions import digest_inputs, digest_reads, save_partitions
from vagus.dada.settings import DadaSettings, LearningSettings
from vagus.reads.sample_sizes import SampleSize, read_size
from vagus.reads.uniques import UNKNOWN, Uniques

log = logging.getLogger(__name__)

MIXED = "mixed"
MIN_BASES = 300_000


def spread_order(n: int) -> list[int]:
    """0 .. n-1 so that any first part is spread over the whole: bit-reversal order."""
    bits = max(1, (n - 1).bit_length())
    reversed_bits = (int(format(i, f"0{bits}b")[::-1], 2) for i in range(1 << bits))
    return [i for i in reversed_bits if i < n]


def choose_samples(samples: Sequence[SampleSize], learn_bases: int) -> list[SampleSize]:
    """Whole samples until ``learn_bases`` is reached, spread over the run, sorted by name.

    The choice depends on names and reads only, not on the order in which they are given.
    """
    ordered = sorted((s for s in samples if s.n_reads), key=lambda sample: sample.sample)
    chosen: list[SampleSize] = []
    n_bases = 0
    for i in spread_order(len(ordered)):
        if n_bases >= learn_bases:
            break
        chosen.append(ordered[i])
        n_bases += ordered[i].n_bases
    return sorted(chosen, key=lambda sample: sample.sample)


def agree_scheme(samples: Sequence[SampleSize]) -> str:
    """The quality scheme of the run: that of its samples, or ``mixed`` if they differ."""
    schemes = {sample.quality_scheme for sample in samples if sample.n_reads} - {UNKNOWN}
    if len(schemes) > 1:
        log.warning("samples of one run differ in quality scheme: %s", ", ".join(sorted(schemes)))
        return MIXED
    return schemes.pop() if schemes else UNKNOWN


def learn_run(
    paths: Sequence[str | PathLike[str]],
    settings: DadaSettings,
    learning: LearningSettings | None = None,
    *,
    partitions: str | PathLike[str] | None = None,
    min_bases: int = MIN_BASES,
) -> ErrorModel:
    """Error model of one run. With too few reads a default model is borrowed, with its reason.

    Of samples that are not chosen only the sizes are read. If ``partitions`` is given, the
    last partitions of the chosen ones are kept there for the denoiser.
    """
    from vagus.dada.comparisons import Comparisons
    from vagus.dada.learning import learn_rates

    learning = learning or LearningSettings()
    settings = replace(settings, indels="ignore")  # rates are learned as the authors do
    samples = [read_size(path) for path in paths]
    scheme = agree_scheme(samples)
    chosen = choose_samples(samples, learning.learn_bases)
    n_bases = sum(sample.n_bases for sample in chosen)
    n_reads = sum(sample.n_reads for sample in chosen)
    log.info("%d reads of %d samples, quality scheme '%s'", n_reads, len(chosen), scheme)
    kept: dict[str, PartitionResult] = {}
    if n_bases < min_bases:
        reason = f"{n_bases} bases of reads; {min_bases} are needed to learn from"
        log.warning("the error model is the shipped default: %s", reason)
        model = load_default_model(scheme, reason)
    else:
        names = tuple(sample.sample for sample in chosen)
        share = settings.share_cache(len(chosen))
        comparisons, digests = [], []
        for sample in chosen:
            uniques = Uniques.load(sample.path)
            comparisons.append(Comparisons(uniques, share))
            digests.append(digest_reads(uniques))
        learned = learn_rates(comparisons, scheme, share, names, learning)
        model = learned.model
        if learned.is_settled:
            inputs = (digest_inputs(reads, model, settings) for reads in digests)
            kept = dict(zip(inputs, learned.partitions, strict=True))
    if partitions is not None:
        save_partitions(kept, partitions)
    return model
