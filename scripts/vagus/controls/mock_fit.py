"""Which mock community do reads fit? Judged by words that they share with genes of its species.

The genes are those of the starter reference under the names in the mocks' tables. Of genes and
reads the words of 24 bases that begin with ``GA`` are compared, about 100 of a gene. A read with a
share e of expected errors has about (1 - e)^24 of the words of its gene; it is of a species if it
has at least 0.9 (1 - 2 e)^24 of them, and of the species of which it has most. Reads of other
species of a genus share 60 to 85 % of their words.

A mock fits if at least 70 % of the reads are of its species and the distance from its composition
(half the sum of absolute differences of shares) is at most 0.6. Of several, the nearest. Of reads
of three real mocks 82 to 100 % were of the right one, at distances of 0.16 to 0.44; of four stool
samples at most 68 % were of species of a mock (in one of them, *Akkermansia*), at 0.76 or more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from vagus.controls.mocks import Member, Mock
from vagus.reference.starter import STARTER_FASTA

WORD_BP, MIN_WORDS = 24, 20
MAX_READS, FIRST_READS, MIN_READS = 50, 10, 8
MAX_ERROR_RATE, MIN_WORDS_SHARE = 0.02, 0.9
MIN_SHARE, MAX_DISTANCE = 0.7, 0.6
OTHER = frozenset({""})

_WORDS = re.compile(rf"(?=(GA[ACGT]{{{WORD_BP - 2}}}))")


@dataclass(frozen=True)
class MockFit:
    """A mock and how well the reads of a sample fit it.

    Attributes:
        key: name of the mock's table.
        n_reads: reads that were compared.
        share: share of them that are of its species.
        distance: from its composition, 0 to 1.
    """

    key: str
    n_reads: int
    share: float
    distance: float

    @property
    def is_good(self) -> bool:
        """Whether the reads are of the species of the mock, in about its composition."""
        return self.share >= MIN_SHARE and self.distance <= MAX_DISTANCE


@dataclass(frozen=True)
class SpeciesWords:
    """Which species have which words: bool, shape (n_words, n_species)."""

    species: tuple[str, ...]
    rows: dict[str, int]
    has_word: NDArray[np.bool_]

    def name_read(self, sequence: str, error_rate: float) -> frozenset[str]:
        """Species that a read may be of, ``OTHER`` for others; empty where it is too short."""
        words = list_words(sequence)
        if len(words) < MIN_WORDS:
            return frozenset()
        known = [row for word in words if (row := self.rows.get(word)) is not None]
        hits = self.has_word[known].sum(axis=0)
        least = MIN_WORDS_SHARE * (1 - 2 * error_rate) ** WORD_BP * len(words)
        if not known or hits.max() < least:
            return OTHER
        return frozenset(self.species[i] for i in np.flatnonzero(hits == hits.max()))


def list_words(sequence: str) -> set[str]:
    """The words of a sequence that are compared."""
    return set(_WORDS.findall(sequence))


def index_genes(genes: Iterable[tuple[str, str]]) -> SpeciesWords:
    """The words of genes (species, sequence)."""
    found: dict[str, set[str]] = {}
    for species, sequence in genes:
        found.setdefault(species, set()).update(list_words(sequence))
    species_names = tuple(sorted(found))
    rows = {word: row for row, word in enumerate(sorted(set().union(*found.values())))}
    has_word = np.zeros((len(rows), len(species_names)), np.bool_)
    for column, name in enumerate(species_names):
        has_word[[rows[word] for word in found[name]], column] = True
    return SpeciesWords(species_names, rows, has_word)


@cache
def read_words(names: frozenset[str]) -> SpeciesWords:
    """The words of these species' genes in the starter reference; read once a process."""
    return index_genes(_read_genes(names))


def _read_genes(names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Genes of some species; the others of the 43 MB are passed over without being decoded."""
    from xopen import xopen

    with xopen(STARTER_FASTA, "rb", threads=0) as stream:
        records = stream.read().split(b">")
    wanted = {name.encode() for name in names}
    for record in records:
        header, _, sequence = record.partition(b"\n")
        species = header.rpartition(b";")[2]
        if species in wanted:
            yield species.decode(), sequence.replace(b"\n", b"").decode()


def list_fits(reads: Iterable[tuple[str, float]], mocks: Sequence[Mock]) -> list[MockFit]:
    """How well reads (sequence on the sense strand, expected errors) fit mocks, best first.

    Nothing where too few reads can be compared. Samples of whose first ten reads most are of no
    mock are not compared further.
    """
    names = frozenset(name for mock in mocks for member in mock.members for name in member.names)
    named = (
        species
        for sequence, errors in reads
        if errors <= MAX_ERROR_RATE * len(sequence)
        and (species := read_words(names).name_read(sequence, errors / len(sequence)))
    )
    found = list(islice(named, FIRST_READS))
    if found.count(OTHER) * 2 <= len(found):
        found += islice(named, MAX_READS - FIRST_READS)
    if len(found) < MIN_READS:
        return []
    fits = [_fit(mock, found) for mock in mocks]
    return sorted(fits, key=lambda fit: (not fit.is_good, fit.distance, fit.key))


def _fit(mock: Mock, found: Sequence[frozenset[str]]) -> MockFit:
    counts = Counter(_find_member(mock.members, species) for species in found)
    share = 1 - counts[None] / len(found)
    apart = sum(abs(m.share - counts[m] / len(found)) for m in mock.members)
    return MockFit(mock.key, len(found), share, (apart + 1 - share) / 2)


def _find_member(members: Sequence[Member], species: frozenset[str]) -> Member | None:
    """The first member of which a read may be."""
    return next((member for member in members if species & set(member.names)), None)
