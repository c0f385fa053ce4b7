"""Which mock fits: simulated reads of genes of its species, and real reads of mocks and stool."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from vagus.controls.mock_fit import list_fits
from vagus.controls.mocks import Mock, list_mocks, read_mock
from vagus.reads.preflight import inspect_sample
from vagus.reference.starter import read_starter

MOCKS = [read_mock(path)[0] for path in list_mocks()]


def find(key: str) -> Mock:
    return next(mock for mock in MOCKS if mock.key == key)


@pytest.fixture(scope="module")
def genes() -> dict[str, str]:
    """The first gene of each species of the starter reference."""
    found: dict[str, str] = {}
    for record in read_starter():
        found.setdefault(record.lineage[6], record.sequence)
    return found


def simulate(mock: Mock, genes: dict[str, str], rate: float = 0.0) -> list[tuple[str, float]]:
    """60 reads by the composition of a mock, with substitutions at a rate."""
    source = random.Random(5)
    shares = [member.share for member in mock.members]
    reads = []
    for member in source.choices(mock.members, shares, k=60):
        name = next(name for name in member.names if name in genes)
        gene = "".join(
            source.choice("ACGT") if source.random() < rate else base for base in genes[name]
        )
        reads.append((gene, rate * len(gene)))
    return reads


@pytest.mark.parametrize("rate", [0.0, 0.01])
@pytest.mark.parametrize("key", [mock.key for mock in MOCKS])
def test_each_mock_fits_itself_best(key: str, rate: float, genes: dict[str, str]) -> None:
    best = list_fits(simulate(find(key), genes, rate), MOCKS)[0]
    assert (best.key, best.is_good) == (key, True)


def test_other_species_of_the_same_genera_fit_no_mock(genes: dict[str, str]) -> None:
    gut = find("D6331")
    own = {name for member in gut.members for name in member.names}
    genera = {name.split()[0] for name in own}
    others = [g for name, g in genes.items() if name.split()[0] in genera and name not in own]
    assert len(others) > 60
    reads = [(gene, 0.0) for gene in random.Random(2).sample(others, 60)]
    assert not any(fit.is_good for fit in list_fits(reads, MOCKS))


def test_reads_of_one_species_are_no_mock(genes: dict[str, str]) -> None:
    # Akkermansia is in the gut standard, where it has 1 %
    reads: Sequence[tuple[str, float]] = [(genes["Akkermansia muciniphila"], 0.0)] * 50
    best = list_fits(reads, MOCKS)[0]
    assert not best.is_good
    own = next(fit for fit in list_fits(reads, MOCKS) if fit.key == "D6331")
    assert (own.share, own.distance) == (1.0, pytest.approx(1 - 0.0097, abs=0.001))


def test_too_few_or_too_inaccurate_reads_are_not_compared(genes: dict[str, str]) -> None:
    reads = simulate(find("D6300"), genes)
    assert list_fits(reads[:5], MOCKS) == []
    assert list_fits([(gene, 0.05 * len(gene)) for gene, _ in reads], MOCKS) == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("msa1003_hifi/test_1000_reads.fastq.gz", "MSA-1003"),
        ("zymo_gut_ont/ont_zymo_1000.trimmed.fq.gz", "D6331"),
        ("stool_ccs/R3_1_P2C2_2_L001_R1_001.fastq.gz", ""),
        ("stool_ccs/R3_2_P2C2_3_L001_R1_001.fastq.gz", ""),
        ("stool_ccs/R3_3_P2C2_0_L001_R1_001.fastq.gz", ""),
        ("stool_ccs/R11_1_P2C2_8_L001_R1_001.fastq.gz", ""),
    ],
)
def test_real_mocks_are_recognised_and_stool_is_none(
    shared_data: Path, name: str, key: str
) -> None:
    seen = inspect_sample(
        [str(shared_data / name)], compare=lambda reads: list_fits(islice(reads, 200), MOCKS)
    )
    good = [fit.key for fit in seen.mock_fits if fit.is_good]
    assert good[:1] == ([key] if key else [])
