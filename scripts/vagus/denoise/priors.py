"""Priors of pseudo-pooling: variants that several samples of the study contain.

Each sample is denoised by itself; a variant that at least so many samples contain is then a
prior in the second pass over each sample, where a few of its reads are evidence enough.
Both passes use the error model of the sample's run. R dada2 1.26 with pool="pseudo" fits the
error rates anew between its passes; its argument ``priors`` does not, and is what this equals.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.denoise.variant_tables import read_variants
from vagus.errors import describe_damage
from vagus.reads.uniques import Uniques, encode_bases
from vagus.sequences import is_sequence, read_fasta

log = logging.getLogger(__name__)


def choose_priors(tables: Iterable[str | PathLike[str]], min_samples: int) -> list[tuple[str, str]]:
    """Variants (name, sequence) in at least ``min_samples`` of the tables, sorted by name.

    ``tables`` are the ``variants.tsv`` of the first pass, one a sample, read one by one.
    """
    n_samples: Counter[tuple[str, str]] = Counter()
    for path in tables:
        table = read_variants(path)
        n_samples.update(set(zip(table["asv"], table["sequence"], strict=True)))
    priors = sorted(variant for variant, n in n_samples.items() if n >= min_samples)
    log.info(
        "%d of %d variants are in %d samples or more", len(priors), len(n_samples), min_samples
    )
    return priors


def read_priors(path: str | PathLike[str]) -> list[str]:
    """Sequences of a FASTA of priors; raises VagusError when it is damaged."""
    sequences = [sequence for _, sequence in read_fasta(path)]
    if not all(map(is_sequence, sequences)):
        raise describe_damage("FASTA of priors", path, "a sequence has other letters than ACGT")
    return sequences


def mark_priors(uniques: Uniques, priors: Collection[str]) -> NDArray[np.bool_]:
    """Which unique sequences are among the priors, bool (n_uniques,)."""
    wanted = {encode_bases(sequence).tobytes() for sequence in priors}
    lengths = np.array(sorted({len(sequence) for sequence in wanted}), np.int64)
    marked = np.zeros(uniques.n_uniques, np.bool_)
    for i in np.flatnonzero(np.isin(uniques.lengths, lengths)).tolist():
        marked[i] = uniques.bases[uniques.offsets[i] : uniques.offsets[i + 1]].tobytes() in wanted
    return marked
