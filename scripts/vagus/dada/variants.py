"""Variants of one sample with their birth records, and the reads that were not assigned."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np

from vagus.dada.births import Birth, PartitionResult
from vagus.dada.error_model import ErrorModel
from vagus.dada.facts import NAME
from vagus.dada.rescue import tabulate_rescued
from vagus.dada.settings import DadaSettings
from vagus.denoise.denoised import DenoisedSample
from vagus.denoise.priors import mark_priors
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv
from vagus.tables.stages.denoise import VARIANTS

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

NEARLY_UNIQUE_SHARE = 0.9


def denoise_sample(
    uniques: Uniques,
    model: ErrorModel,
    settings: DadaSettings,
    priors: Collection[str] = (),
    omega_rescue: float = 1.0,
    known: PartitionResult | None = None,
) -> DenoisedSample:
    """Denoise one sample; one without reads gives an empty table and a reason.

    ``priors`` are sequences that are believed to exist. Nothing is rescued unless
    ``omega_rescue`` is smaller than omega_c. ``known`` is the sample's partition if that was
    made before.
    """
    import pandas as pd

    warn_if_nearly_unique(uniques)
    if uniques.n_uniques == 0:
        empty = pd.DataFrame(columns=VARIANTS.names)
        losses = describe_losses(uniques, 0, 0, "no reads to denoise")
        return DenoisedSample(empty, losses)
    result = known or divide_sample(uniques, model, settings, priors)
    lost = uniques.counts[~result.assigned]
    losses = describe_losses(uniques, int((lost == 1).sum()), int(lost[lost > 1].sum()), "")
    log.info(
        "%d reads, %d unique: %d variants with %d reads; not assigned: %d singletons, %d others",
        uniques.n_reads, uniques.n_uniques, len(result.births), losses["assigned"],
        losses["lost_singleton"], losses["lost_omega_c"],
    )  # fmt: skip
    rescued = tabulate_rescued(uniques, result, omega_rescue)
    return DenoisedSample(tabulate_variants(uniques, result), losses, rescued)


def divide_sample(
    uniques: Uniques, model: ErrorModel, settings: DadaSettings, priors: Collection[str]
) -> PartitionResult:
    """Partition a sample; the kernels are not loaded before they are needed."""
    from vagus.dada.comparisons import Comparisons
    from vagus.dada.partition import partition_sample

    comparisons = Comparisons(uniques, settings)
    is_prior = mark_priors(uniques, priors)
    if settings.indels == "model":
        from vagus.dada.indels import partition_with_indels

        return partition_with_indels(comparisons, model, settings, is_prior)
    return partition_sample(comparisons, model, settings, is_prior)


def warn_if_nearly_unique(uniques: Uniques) -> None:
    """Say so where the model has too few duplicates to work with."""
    if uniques.n_reads and uniques.n_uniques > NEARLY_UNIQUE_SHARE * uniques.n_reads:
        log.warning(
            "%.0f %% of the reads are unique: the dada engine needs duplicates and will leave "
            "most of these reads unassigned",
            100 * uniques.n_uniques / uniques.n_reads,
        )


def describe_losses(
    uniques: Uniques, lost_singleton: int, lost_omega_c: int, reason: str
) -> dict[str, Any]:
    """Account for every read of the sample."""
    return {
        "sample": uniques.sample,
        "reads_in": uniques.n_reads,
        "lost_singleton": lost_singleton,
        "lost_omega_c": lost_omega_c,
        "assigned": uniques.n_reads - lost_singleton - lost_omega_c,
        "engine": NAME,
        "reason": reason,
    }


def tabulate_variants(uniques: Uniques, result: PartitionResult) -> pd.DataFrame:
    """One row a variant: most reads first, then by name."""
    import pandas as pd

    n = len(result.births)
    own = result.cluster[result.assigned]
    reads = np.bincount(own, weights=uniques.counts[result.assigned], minlength=n)
    members = np.bincount(own, minlength=n)
    sequences = [uniques.sequence(birth.centre) for birth in result.births]
    names = [identify_asv(sequence) for sequence in sequences]
    rows = [
        (
            names[i], sequences[i], int(reads[i]), int(members[i]), NAME, birth.kind,
            birth.log10_p, birth.fold, name_parent(birth, names), birth.hamming,
            int(uniques.counts[birth.centre]), "",
        )
        for i, birth in enumerate(result.births)
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row[2], row[0]))
    return pd.DataFrame(rows, columns=VARIANTS.names)


def name_parent(birth: Birth, names: list[str]) -> str:
    """ASV whose cluster a variant left; empty for the first."""
    return names[birth.parent] if birth.parent >= 0 else ""
