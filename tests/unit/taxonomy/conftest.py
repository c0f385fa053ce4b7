"""Made-up references with known relations, and the starter reference indexed once."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.lineage import Lineage
from vagus.reference.starter import ReferenceRecord, read_starter


def make_sequence(seed: int, length: int = 600) -> str:
    """A random sequence."""
    return "".join(random.Random(seed).choices("ACGT", k=length))


def mutate(sequence: str, seed: int, n_substitutions: int) -> str:
    """The sequence with exactly this many substitutions at distinct, seeded positions."""
    generator = random.Random(seed)
    bases = list(sequence)
    for position in generator.sample(range(len(bases)), n_substitutions):
        bases[position] = generator.choice([b for b in "ACGT" if b != bases[position]])
    return "".join(bases)


def make_lineage(family: str, genus: str, species: str) -> Lineage:
    """A bacterial lineage of one order."""
    return ("Bacteria", "P", "C", "O", family, genus, species)


def make_records() -> list[ReferenceRecord]:
    """Two families of two genera of two species each; 25 %, 8 % and 3 % apart."""
    records = []
    for f in range(2):
        family = make_sequence(f)
        for g in range(2):
            genus = mutate(family, 10 * f + g + 100, 48)
            for s in range(2):
                name = f"Genus{f}{g} species{s}"
                lineage = make_lineage(f"Family{f}", f"Genus{f}{g}", name)
                sequence = mutate(genus, 100 * f + 10 * g + s + 1000, 18)
                records.append(ReferenceRecord(f"ref{f}{g}{s}", sequence, lineage))
    return records


@pytest.fixture(scope="session")
def records() -> list[ReferenceRecord]:
    return make_records()


@pytest.fixture(scope="session")
def index(records: list[ReferenceRecord]) -> ReferenceIndex:
    return build_index(records, "made-up")


@pytest.fixture(scope="session")
def starter() -> list[ReferenceRecord]:
    return read_starter()


@pytest.fixture
def change() -> Callable[[str, int, int], str]:
    return mutate
