"""Partitions that the error model was learned from, kept so that nobody makes them again.

When learning has converged, its last partition of a sample was made under the very rates
that the model contains. It is what the denoiser would find, except for omega_c, which only decides
who is assigned. A digest of reads, rates and settings shows whether a kept one fits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.archives import open_archive, write_archive
from vagus.dada.births import Birth, PartitionResult
from vagus.dada.error_model import ErrorModel
from vagus.dada.settings import DadaSettings
from vagus.errors import describe_damage
from vagus.files import write_whole
from vagus.reads.uniques import Uniques
from vagus.records import check_object, is_count

FORMAT_VERSION = 1
KIND = "file of the partitions that a model was learned from"
_FORM = {"version": is_count, "births": {str: [list]}}
# settings on which the clusters do not depend, or only through the priors
FREE = ("omega_c", "omega_p", "cache_bytes", "sensitivity")


def digest_reads(uniques: Uniques) -> bytes:
    """Digest of a sample's sequences, reads and qualities."""
    digest = hashlib.sha256()
    for array in (uniques.bases, uniques.offsets, uniques.counts, uniques.quality_sums):
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


def digest_inputs(reads: bytes, model: ErrorModel, settings: DadaSettings) -> str:
    """Digest of all that the clusters of a sample without priors depend on."""
    used = {key: value for key, value in asdict(settings).items() if key not in FREE}
    used["omega_a"] = settings.level
    digest = hashlib.sha256(json.dumps(used, sort_keys=True).encode())
    digest.update(reads)
    digest.update(model.rates.tobytes())
    return digest.hexdigest()


def save_partitions(partitions: Mapping[str, PartitionResult], path: str | PathLike[str]) -> None:
    """Write partitions by their digests; equal content gives equal bytes."""
    arrays: dict[str, NDArray] = {}
    births = {}
    for digest, result in sorted(partitions.items()):
        arrays[f"{digest}.cluster"] = result.cluster
        arrays[f"{digest}.log_p"] = result.log_p
        arrays[f"{digest}.hamming"] = result.hamming
        # float.hex keeps every digit, and nan
        births[digest] = [
            [b.centre, b.kind, float(b.log10_p).hex(), float(b.fold).hex(), b.parent, b.hamming]
            for b in result.births
        ]
    with write_whole(path) as temporary:
        write_archive(temporary, {"version": FORMAT_VERSION, "births": births}, arrays)


def find_partition(
    path: str | PathLike[str], uniques: Uniques, model: ErrorModel, settings: DadaSettings
) -> PartitionResult | None:
    """The kept partition of a sample under this model and these settings, if there is one.

    Raises VagusError for a damaged file.
    """
    digest = digest_inputs(digest_reads(uniques), model, settings)
    with open_archive(path, KIND) as archive:
        about = check_object(archive.describe(), path, KIND, _FORM)
        if about["version"] != FORMAT_VERSION or digest not in about["births"]:
            return None
        cluster = archive.take(f"{digest}.cluster")
        log_p = archive.take(f"{digest}.log_p", "f")
        hamming = archive.take(f"{digest}.hamming")
        births = tuple(
            Birth(centre, kind, float.fromhex(log10_p), float.fromhex(fold), parent, hamming_there)
            for centre, kind, log10_p, fold, parent, hamming_there in about["births"][digest]
        )
    places = [*(birth.centre for birth in births), len(hamming) - 1, len(log_p) - 1]
    clusters = [*cluster.tolist(), *(birth.parent for birth in births)]
    if len(cluster) != uniques.n_uniques or not (
        max(places) < len(cluster) == len(hamming) == len(log_p)
        and -1 <= min(clusters) <= max(clusters) < len(births)
        and (cluster >= 0).all()
        and min(places) >= 0
    ):
        raise describe_damage(KIND, path)
    everyone = np.ones(len(cluster), np.bool_)
    result = PartitionResult(births, cluster, everyone, log_p, hamming)
    return result.assign(settings.omega_c)
