"""The unique sequences of one sample: what the reads stage hands to the denoiser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from os import PathLike
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from vagus.archives import open_archive, write_archive
from vagus.errors import ReadsError, VagusError
from vagus.files import write_whole
from vagus.numerics.functions import exp, log1p, power
from vagus.reads.platforms import FULL, list_names
from vagus.records import has_form, is_number

FORMAT_VERSION = 2
BASES = "ACGT"
UNKNOWN = "unknown"

_ARRAYS = ("packed_bases", "lengths", "counts", "repeated_sums", "single_qualities")
REVERSE_COUNTS = "reverse_counts"
_DESCRIPTION = {
    "sample": str, "platform": str, "quality_scheme": str, "error_free_share": is_number,
}  # fmt: skip
KIND = "file of unique sequences"
AGAIN = "Delete the file and run the reads stage again"
_LETTERS = np.frombuffer(BASES.encode(), dtype=np.uint8)
_CODES = np.full(256, 255, dtype=np.uint8)
_CODES[_LETTERS] = np.arange(4, dtype=np.uint8)
_LOG_RIGHT = log1p(-np.minimum(0.75, power(10.0, -np.arange(256) / 10)))
_CHUNK = 1000


@dataclass(frozen=True)
class Uniques:
    """Unique sequences of one sample with their read counts and summed qualities.

    All sequences are sense strand, primer-free, ACGT only. The order is: count
    descending, then sequence ascending, so singletons come last.

    Attributes:
        bases: uint8, shape (total bases,); A=0, C=1, G=2, T=3; sequence ``i`` is
            ``bases[offsets[i]:offsets[i + 1]]``.
        offsets: int64, shape (n_uniques + 1,), starting with 0.
        counts: int32, shape (n_uniques,); reads that are exactly this sequence.
        quality_sums: uint32, shape of ``bases``; Phred qualities summed over these reads.
        sample: name of the sample as the user wrote it.
        platform: ``hifi``, ``ont`` or, where no read was seen, ``unknown``.
        quality_scheme: ``full``, ``binned7``, ``binned``, ``ont``, or ``unknown`` without reads.
        reverse_counts: int32, shape (n_uniques,); those of the reads that were sequenced on
            the antisense strand; None where the strands of origin are not known.
    """

    bases: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    counts: NDArray[np.int32]
    quality_sums: NDArray[np.uint32]
    sample: str = ""
    platform: str = UNKNOWN
    quality_scheme: str = UNKNOWN
    reverse_counts: NDArray[np.int32] | None = None

    @property
    def n_uniques(self) -> int:
        """Number of unique sequences."""
        return len(self.counts)

    @property
    def n_reads(self) -> int:
        """Number of reads behind them."""
        return int(self.counts.sum(dtype=np.int64))

    @property
    def n_repeated(self) -> int:
        """Number of sequences seen more than once; they come first."""
        return int(np.searchsorted(-self.counts, -1, side="left"))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each sequence in bp, int64, shape (n_uniques,)."""
        return np.diff(self.offsets)

    def sequence(self, i: int) -> str:
        """Sequence ``i`` in letters."""
        codes = self.bases[self.offsets[i] : self.offsets[i + 1]]
        return _LETTERS[codes].tobytes().decode("ascii")

    def rounded_mean_quality(self) -> NDArray[np.uint8]:
        """Mean Phred quality of each base, rounded half up in integers; uint8, flat."""
        start_of_singles = int(self.offsets[self.n_repeated])
        rounded = np.empty(len(self.bases), np.uint8)
        counts = np.repeat(
            self.counts[: self.n_repeated].astype(np.uint32), self.lengths[: self.n_repeated]
        )
        rounded[:start_of_singles] = (self.quality_sums[:start_of_singles] + counts // 2) // counts
        rounded[start_of_singles:] = self.quality_sums[start_of_singles:]
        return rounded

    @property
    def error_free_share(self) -> float:
        """Share of the reads without any error if the qualities are right, 0 to 1.

        Mean over the reads of the product over their bases of 1 - 10^(-Q / 10), to four
        decimals; 0 without reads.
        """
        qualities, chances = self.rounded_mean_quality(), np.zeros(self.n_uniques)
        for first in range(0, self.n_uniques, _CHUNK):  # to save memory
            bounds = self.offsets[first : first + _CHUNK + 1]
            logs = np.concatenate([[0.0], np.cumsum(_LOG_RIGHT[qualities[bounds[0] : bounds[-1]]])])
            chances[first : first + _CHUNK] = exp(np.diff(logs[bounds - bounds[0]]))
        return round(float((self.counts * chances).sum()) / max(1, self.n_reads), 4)

    @classmethod
    def from_reads(
        cls,
        sequences: Iterable[str],
        qualities: Iterable[Sequence[int] | NDArray],
        *,
        sample: str = "",
        platform: str = "",
        quality_scheme: str = FULL,
        are_reverse: Iterable[bool] | None = None,
    ) -> Uniques:
        """Dereplicate reads that are already trimmed, oriented and filtered.

        Args:
            sequences: reads of the letters ACGT.
            qualities: for each read its Phred qualities (integers 0-93, one a base).
            platform: by default the first of the table of platforms.
            are_reverse: for each read whether it was sequenced on the antisense strand.
        """
        from vagus.reads.dereplication import Dereplicator

        dereplicator = Dereplicator()
        strands = repeat(None) if are_reverse is None else iter(are_reverse)
        for sequence, quality in zip(sequences, qualities, strict=True):
            dereplicator.add(sequence, np.asarray(quality, dtype=np.uint8), next(strands))
        return dereplicator.finish(sample, platform or list_names()[0], quality_scheme)

    @classmethod
    def empty(
        cls, sample: str = "", platform: str = UNKNOWN, quality_scheme: str = UNKNOWN
    ) -> Uniques:
        """The sample from which no read is left."""
        return cls(
            bases=np.empty(0, np.uint8),
            offsets=np.zeros(1, np.int64),
            counts=np.empty(0, np.int32),
            quality_sums=np.empty(0, np.uint32),
            sample=sample,
            platform=platform,
            quality_scheme=quality_scheme,
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write an ``.npz`` file whole or not at all; equal content gives equal bytes.

        On disk bases take two bits, the qualities of singletons one byte, and the
        sums of repeated sequences the smallest unsigned type that contains them.
        """
        start_of_singles = int(self.offsets[self.n_repeated])
        description: dict[str, Any] = {
            "version": FORMAT_VERSION,
            "sample": self.sample,
            "platform": self.platform,
            "quality_scheme": self.quality_scheme,
            "error_free_share": self.error_free_share,
        }
        arrays: dict[str, NDArray] = {
            "packed_bases": pack_bases(self.bases),
            "lengths": self.lengths.astype(np.int32),
            "counts": self.counts,
            "repeated_sums": narrow(self.quality_sums[:start_of_singles]),
            "single_qualities": self.quality_sums[start_of_singles:].astype(np.uint8),
        }
        if self.reverse_counts is not None:
            arrays[REVERSE_COUNTS] = narrow(self.reverse_counts)
        with write_whole(path) as temporary:
            write_archive(temporary, description, arrays)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Uniques:
        """Read what ``save`` wrote.

        Raises:
            ReadsError: the file is damaged or of another version.
        """
        description, arrays = read_archive(path)
        sums = np.concatenate(
            [arrays["repeated_sums"].astype(np.uint32), arrays["single_qualities"]], dtype=np.uint32
        )
        return cls._assemble(description, arrays, sums)

    @classmethod
    def _assemble(
        cls, description: dict[str, str], arrays: dict[str, NDArray], sums: NDArray
    ) -> Self:
        lengths = arrays["lengths"].astype(np.int64)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return cls(
            bases=unpack_bases(arrays["packed_bases"], int(offsets[-1])),
            offsets=offsets,
            counts=arrays["counts"],
            quality_sums=sums,
            sample=description["sample"],
            platform=description["platform"],
            quality_scheme=description["quality_scheme"],
            reverse_counts=(
                arrays[REVERSE_COUNTS].astype(np.int32) if REVERSE_COUNTS in arrays else None
            ),
        )


@dataclass(frozen=True)
class RoundedUniques(Uniques):
    """Unique sequences to read only, with uint8 mean qualities in place of the sums.

    A quarter of the memory; ``quality_sums`` are the rounded means themselves.
    """

    def rounded_mean_quality(self) -> NDArray[np.uint8]:
        """Mean Phred quality of each base, as in ``Uniques``."""
        return self.quality_sums.astype(np.uint8, copy=False)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> RoundedUniques:
        """Read what ``Uniques.save`` wrote; raises as there."""
        description, arrays = read_archive(path)
        sums = arrays.pop("repeated_sums")
        n = int(np.searchsorted(-arrays["counts"], -1, side="left"))
        counts = np.repeat(arrays["counts"][:n].astype(np.uint32), arrays["lengths"][:n])
        means = np.empty(len(sums) + arrays["single_qualities"].size, np.uint8)
        means[: len(sums)] = (sums + counts // 2) // counts
        means[len(sums) :] = arrays.pop("single_qualities")
        return cls._assemble(description, arrays, means)

    def take(self, rows: NDArray[np.int64]) -> RoundedUniques:
        """Some of the sequences, in this order."""
        lengths = self.lengths[rows]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        index = np.repeat(self.offsets[rows] - ends[:-1], lengths) + np.arange(ends[-1])
        return replace(
            self,
            bases=self.bases[index],
            offsets=ends,
            counts=self.counts[rows],
            quality_sums=self.quality_sums[index],
            reverse_counts=None if self.reverse_counts is None else self.reverse_counts[rows],
        )

    @classmethod
    def join(cls, parts: Sequence[RoundedUniques]) -> RoundedUniques:
        """Sequences of one part after the other, equal ones not summed; strands 0 if unknown."""
        lengths = [np.zeros(1, np.int64), *(part.lengths for part in parts)]
        strands = [
            np.zeros(part.n_uniques, np.int32) if part.reverse_counts is None
            else part.reverse_counts
            for part in parts
        ]  # fmt: skip
        return cls(
            bases=np.concatenate([np.empty(0, np.uint8), *(part.bases for part in parts)]),
            offsets=np.cumsum(np.concatenate(lengths)),
            counts=np.concatenate([np.empty(0, np.int32), *(part.counts for part in parts)]),
            quality_sums=np.concatenate(
                [np.empty(0, np.uint8), *(part.quality_sums for part in parts)]
            ),
            reverse_counts=np.concatenate([np.empty(0, np.int32), *strands]),
        )


def encode_bases(sequence: str) -> NDArray[np.uint8]:
    """Codes A=0, C=1, G=2, T=3 of a sequence.

    Raises:
        ValueError: another letter is in it.
    """
    codes = _CODES[np.frombuffer(sequence.encode("ascii"), dtype=np.uint8)]
    if codes.size and codes.max() > 3:
        raise ValueError("a unique sequence may contain only the letters A, C, G and T")
    return codes


def pack_bases(bases: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Four bases a byte, the first in the lowest bits; padded with A."""
    padded = np.zeros(-(-len(bases) // 4) * 4, np.uint8)
    padded[: len(bases)] = bases
    quads = padded.reshape(-1, 4) << np.array([0, 2, 4, 6], np.uint8)
    packed: NDArray[np.uint8] = np.bitwise_or.reduce(quads, axis=1)
    return packed


def unpack_bases(packed: NDArray[np.uint8], n_bases: int) -> NDArray[np.uint8]:
    """Undo ``pack_bases``."""
    quads = np.empty((len(packed), 4), np.uint8)
    for column in range(4):
        np.bitwise_and(packed >> (2 * column), 3, out=quads[:, column])
    return quads.reshape(-1)[:n_bases]


def narrow(sums: NDArray) -> NDArray:
    """The same numbers in the smallest unsigned type that contains them."""
    largest = int(sums.max()) if sums.size else 0
    return sums.astype(np.min_scalar_type(largest))


def read_archive(path: str | PathLike[str]) -> tuple[dict[str, Any], dict[str, NDArray]]:
    """Read the description and the arrays of a file of unique sequences.

    Raises:
        ReadsError: the file is damaged or of another version.
    """
    try:
        with open_archive(path, KIND) as archive:
            description = archive.describe()
            names = [*_ARRAYS, *({REVERSE_COUNTS} & set(archive.names))]
            arrays = {name: archive.take(name) for name in names}
    except VagusError as error:
        raise ReadsError(error.what, fix=AGAIN, file=path) from error
    check_description(description, path)
    if not _belong_together(arrays):
        raise ReadsError(f"this is not a whole {KIND}", fix=AGAIN, file=path)
    return description, arrays


def check_description(description: Any, path: str | PathLike[str]) -> None:
    """Raise ReadsError where a description is of another version or not whole."""
    if not isinstance(description, dict) or description.get("version") != FORMAT_VERSION:
        raise ReadsError("the file was written by another version", fix=AGAIN, file=path)
    if not has_form(description, _DESCRIPTION):
        raise ReadsError(f"this is not a whole {KIND}", fix=AGAIN, file=path)


def _belong_together(arrays: dict[str, NDArray]) -> bool:
    """Whether the arrays have one entry for each sequence, base or read named by the others."""
    lengths, counts = arrays["lengths"], arrays["counts"]
    if lengths.shape != counts.shape or (lengths < 0).any() or (counts < 1).any():
        return False
    n_bases = int(lengths.sum(dtype=np.int64))
    n_sums = arrays["repeated_sums"].size + arrays["single_qualities"].size
    has_strands = REVERSE_COUNTS not in arrays or arrays[REVERSE_COUNTS].shape == counts.shape
    return n_sums == n_bases and 4 * arrays["packed_bases"].size >= n_bases and has_strands
