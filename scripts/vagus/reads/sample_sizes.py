"""The size of a sample: what is known of its unique sequences without reading them all."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np

from vagus.archives import open_archive
from vagus.errors import ReadsError, VagusError
from vagus.reads.uniques import AGAIN, KIND, UNKNOWN, check_description


@dataclass(frozen=True)
class SampleSize:
    """A sample's name, reads, bases of these and quality scheme.

    Unique sequences, platform and the share of error-free reads decide between the engines.
    """

    path: str | PathLike[str]
    sample: str
    n_reads: int
    n_bases: int
    quality_scheme: str
    n_uniques: int = 0
    platform: str = UNKNOWN
    error_free_share: float = 0.0


def read_size(path: str | PathLike[str]) -> SampleSize:
    """Size of one sample without its bases and qualities.

    Raises ReadsError if the file is damaged or of another version.
    """
    try:
        with open_archive(path, KIND) as archive:
            description = archive.describe()
            counts = archive.take("counts").astype(np.int64)
            n_bases = int((archive.take("lengths") * counts).sum())
    except VagusError as error:
        raise ReadsError(error.what, fix=AGAIN, file=path) from error
    check_description(description, path)
    return SampleSize(
        path, description["sample"], int(counts.sum()), n_bases, description["quality_scheme"],
        len(counts), description["platform"], description["error_free_share"],
    )  # fmt: skip
