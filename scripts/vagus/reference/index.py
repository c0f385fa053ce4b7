"""The index of a reference: sequences, lineages, word lists and naive Bayes weights.

References are ordered by lineage, sequence and accession, so the index does not depend
on the order of the input. Identical sequences of one lineage are kept once, under the
first accession. A class is everything with the same names from domain to genus.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np

from vagus.errors import ReferenceFileError
from vagus.kernels.taxonomy import words as kernels
from vagus.numerics import functions
from vagus.reference.lineage import Lineage, format_lineage, parse_lineage
from vagus.reference.starter import OFF_TARGET, ReferenceRecord
from vagus.reference.store import load_arrays, save_arrays
from vagus.reference.twins import find_twins

log = logging.getLogger(__name__)

N_CLASS_RANKS = 6  # domain to genus

_LETTERS = b"ACGTUMRWSYKVHDBN"
_MASKS = bytes.maketrans(
    bytes(range(256)),
    bytes(dict(zip(_LETTERS, (1, 2, 4, 8, 8, 3, 5, 9, 6, 10, 12, 7, 11, 13, 14, 15), strict=True))
          .get(letter, 0) for letter in range(256)),
)  # fmt: skip
_MAX_SHORT = 1 << 16


def encode_masks(sequence: str) -> np.ndarray:
    """Four-bit masks (uint8) of IUPAC letters: A=1, C=2, G=4, T=8; read-only."""
    return np.frombuffer(sequence.encode("ascii").translate(_MASKS), np.uint8)


@dataclass(frozen=True)
class ReferenceIndex:
    """Arrays of one indexed reference of R sequences, L lineages and G classes.

    masks         uint8 (total bases)  four-bit masks, sequences one after another
    offsets       int64 (R + 1)        where each sequence starts in ``masks``
    lineage_of    int32 (R)            row of the lineage of each sequence, not decreasing
    class_of      int32 (R)            class of each sequence, not decreasing
    n_distinct    int32 (R)            distinct 8-base words of each sequence
    starts        int64 (65537)        where each sampled word's list starts in ``holders``
    holders       uint16 or int32      sequences that contain each sampled word, ascending
    class_starts  int64 (65537)        where each word's list starts in the next two
    class_ids     uint16 or int32      classes that contain each word, ascending
    weights       uint16               log((m(w) + P_w) / P_w), units of 1/4096 nats
    penalties     int32 (G)            log(M + 1), units of 1/4096 nats
    twins         int32 (pairs, 2)     sequences of two species that are almost identical
    names         uint8                UTF-8: accessions, then lineages, one a line

    ``key`` says what it was made of (vagus.reference.index_places), where that is known.
    """

    arrays: dict[str, np.ndarray]
    name: str
    key: str = ""

    def __getattr__(self, key: str) -> np.ndarray:
        try:
            return self.arrays[key]
        except KeyError:
            raise AttributeError(key) from None

    @property
    def n_references(self) -> int:
        """Number of sequences."""
        return len(self.arrays["class_of"])

    @property
    def n_off_target(self) -> int:
        """Number of the sequences that are Vagus' own, of organelles and eukaryotes."""
        return sum(accession.startswith(OFF_TARGET) for accession in self.accessions)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.arrays["penalties"])

    @cached_property
    def digest(self) -> str:
        """Digest of the sequences, accessions and lineages, from which all else follows."""
        digest = hashlib.sha256()
        for key in ("masks", "offsets", "lineage_of", "names"):
            digest.update(np.ascontiguousarray(self.arrays[key]).data)
        return digest.hexdigest()

    @cached_property
    def _lines(self) -> list[str]:
        return self.arrays["names"].tobytes().decode().split("\n")

    @cached_property
    def accessions(self) -> list[str]:
        """Accession of each sequence."""
        return self._lines[: self.n_references]

    @cached_property
    def lineages(self) -> list[Lineage]:
        """The distinct lineages in ascending order, seven names each."""
        return [parse_lineage(line) for line in self._lines[self.n_references :]]

    @cached_property
    def classes(self) -> list[tuple[str, ...]]:
        """Names from domain to genus of each class."""
        return sorted({lineage[:N_CLASS_RANKS] for lineage in self.lineages})

    @cached_property
    def twins_of(self) -> dict[int, list[int]]:
        """Lineages of the twins of each sequence that has any, ascending."""
        found: dict[int, set[int]] = {}
        for one, other in self.twins.tolist():
            found.setdefault(one, set()).add(int(self.lineage_of[other]))
            found.setdefault(other, set()).add(int(self.lineage_of[one]))
        return {row: sorted(lineages) for row, lineages in found.items()}

    @property
    def n_twin_species(self) -> int:
        """Number of species of which a sequence has a twin."""
        rows = np.unique(self.lineage_of[self.twins.ravel()]).tolist()
        return len({self.lineages[row][N_CLASS_RANKS] for row in rows})

    def describe(self, name: str, sha256: str) -> dict[str, object]:
        """What a study records of its reference, whose FASTA has this checksum.

        The index has sequences of organelles as well; they are counted apart.
        """
        own = self._list_own_lineages()
        return {
            "reference": name,
            "sha256": sha256,
            "sequences": self.n_references - self.n_off_target,
            "off_target_sequences": self.n_off_target,
            "lineages": len(own),
            "genus_level_classes": len({lineage[:N_CLASS_RANKS] for lineage in own}),
            "species_with_twins": self.n_twin_species,
            "index": self.digest,
            "index_bytes": sum(array.nbytes for array in self.arrays.values()),
        }

    def _list_own_lineages(self) -> set[Lineage]:
        pairs = zip(self.accessions, self.lineage_of.tolist(), strict=True)
        rows = {row for accession, row in pairs if not accession.startswith(OFF_TARGET)}
        return {self.lineages[row] for row in rows}

    def save(self, path: str | PathLike[str]) -> None:
        """Write the index as one file; equal references give equal bytes."""
        save_arrays(path, self.arrays, {"name": self.name, "digest": self.digest, "key": self.key})

    @classmethod
    def load(cls, path: str | PathLike[str]) -> ReferenceIndex:
        """Map an index; its arrays are shared between processes and read on demand."""
        arrays, notes = load_arrays(path)
        try:
            index = cls(arrays, str(notes["name"]), str(notes["key"]))
            index.__dict__["digest"] = str(notes["digest"])  # known without reading the arrays
            is_sound = index._belongs_together()
        except (ValueError, LookupError, TypeError):
            is_sound = False
        if not is_sound:
            raise ReferenceFileError(
                "the index is damaged", fix="Build it again with index_reference.py.", file=path
            )
        return index

    def _belongs_together(self) -> bool:
        """Whether the arrays have one entry for each sequence, word, class and name."""
        arrays, n = self.arrays, self.n_references
        n_lines = n + int(arrays["lineage_of"].max(initial=-1)) + 1
        return (
            len(arrays["offsets"]) == n + 1
            and len(arrays["lineage_of"]) == len(arrays["n_distinct"]) == n
            and int(arrays["offsets"][-1]) == len(arrays["masks"])
            and int(arrays["starts"][-1]) == len(arrays["holders"])
            and int(arrays["class_starts"][-1]) == len(arrays["class_ids"])
            and int(arrays["twins"].max(initial=-1)) < n
            and len(arrays["weights"]) == len(arrays["class_ids"])
            and len(self._lines) == n_lines
            and len(self.classes) == self.n_classes
        )


def build_index(
    records: Sequence[ReferenceRecord], name: str, *, key: str = "", consume: bool = False
) -> ReferenceIndex:
    """Index references; with ``consume`` the list is emptied as soon as it is not needed.

    Memory: 4 bytes for each distinct word of each class, a quarter or half of one for each of each
    sequence, 1 for each base; without ``consume`` one more, and some 400 for each record.
    """
    n_records = len(records)
    ordered = _merge_duplicates(records)
    if consume and isinstance(records, list):
        records.clear()
    lineages = sorted({record.lineage for record in ordered})
    row_of = {lineage: row for row, lineage in enumerate(lineages)}
    classes = sorted({lineage[:N_CLASS_RANKS] for lineage in lineages})
    label_of = {label: row for row, label in enumerate(classes)}
    sizes = [len(record.sequence) for record in ordered]
    lines = [record.accession for record in ordered] + [format_lineage(names) for names in lineages]
    arrays = {
        "masks": np.empty(sum(sizes), np.uint8),
        "offsets": _sum_up(np.array(sizes, np.int64)),
        "lineage_of": np.array([row_of[r.lineage] for r in ordered], np.int32),
        "class_of": np.array([label_of[r.lineage[:N_CLASS_RANKS]] for r in ordered], np.int32),
        "twins": find_twins(ordered),
        "names": np.frombuffer("\n".join(lines).encode(), np.uint8),
    }
    n_ordered = len(ordered)
    for row, start in enumerate(arrays["offsets"][:-1].tolist()):
        arrays["masks"][start : start + sizes[row]] = encode_masks(ordered[row].sequence)
    del ordered
    _add_words(arrays, len(classes))
    for array in arrays.values():
        array.flags.writeable = False
    index = ReferenceIndex(arrays, name, key)
    log.info(
        "%s: %d sequences of %d lineages in %d genus-level classes indexed; "
        "%d copies of a sequence within its lineage merged; "
        "%d species have a sequence that differs by 0.1 %% or less from another's",
        name, n_ordered, len(lineages), len(classes), n_records - n_ordered, index.n_twin_species,
    )  # fmt: skip
    return index


def _merge_duplicates(records: Sequence[ReferenceRecord]) -> list[ReferenceRecord]:
    ordered = sorted(records, key=lambda r: (r.lineage, r.sequence, r.accession))
    return [
        record
        for position, record in enumerate(ordered)
        if position == 0
        or (record.lineage, record.sequence)
        != (ordered[position - 1].lineage, ordered[position - 1].sequence)
    ]


def _add_words(arrays: dict[str, np.ndarray], n_classes: int) -> None:
    masks, offsets, class_of = arrays["masks"], arrays["offsets"], arrays["class_of"]
    n_holders, n_with = np.zeros(kernels.N_WORDS, np.int64), np.zeros(kernels.N_WORDS, np.int64)
    n_distinct = np.zeros(len(class_of), np.int32)
    kernels.count_words(masks, offsets, class_of, n_holders, n_with, n_distinct)
    is_sampled = [kernels.is_sampled(word) for word in range(kernels.N_WORDS)]
    starts = _sum_up(np.where(is_sampled, n_holders, 0))
    holders = np.empty(starts[-1], _choose_type(len(class_of)))
    kernels.list_holders(masks, offsets, starts, holders)
    class_starts = _sum_up(n_with)
    class_ids = np.empty(class_starts[-1], _choose_type(n_classes))
    weights = np.empty(class_starts[-1], np.uint16)
    kernels.weigh_words(masks, offsets, class_of, n_holders, class_starts, class_ids, weights)
    n_members = np.bincount(class_of, minlength=n_classes)
    penalties = np.floor(functions.log(n_members + 1.0) * kernels.UNIT + 0.5).astype(np.int32)
    arrays.update(
        n_distinct=n_distinct, starts=starts, holders=holders, class_starts=class_starts,
        class_ids=class_ids, weights=weights, penalties=penalties,
    )  # fmt: skip


def _sum_up(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _choose_type(n: int) -> type:
    """Type of numbers below n: 16 bits where they suffice."""
    return np.uint16 if n <= _MAX_SHORT else np.int32
