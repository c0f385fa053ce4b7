"""PCR by cycles: how many errors reads have, who shares them, and on which strand they are read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vagus.demo.amplicon import FORWARD_PRIMER, REVERSE_PRIMER
from vagus.demo.pcr import PcrModel, Substitutions, amplify, list_mutants
from vagus.demo.platforms import PLATFORMS
from vagus.demo.reads import MoleculeSet, simulate_batches
from vagus.sequences import reverse_complement

LENGTH = 1000
TEXT = "".join(np.random.default_rng(1).choice(list("ACGT"), LENGTH))


def run(n_reads: int, model: PcrModel, seed: int = 1) -> Substitutions:
    molecule = np.zeros(n_reads, np.int64)
    return amplify(molecule, [TEXT], model, np.random.default_rng(seed))


@pytest.mark.parametrize(("efficiency", "copies"), [(1.0, 12.5), (0.5, 25 / 3)])
def test_errors_per_read_follow_the_copies_in_its_past(efficiency: float, copies: float) -> None:
    """A read has been copied cycles x e / (1 + e) times on average."""
    model = PcrModel(25, 1e-5, efficiency, reads_per_molecule=1.0)
    found = run(20_000, model)
    expected = copies * 1e-5 * LENGTH
    assert len(found.read) / 20_000 == pytest.approx(expected, rel=0.05)


def test_without_errors_nothing_changes() -> None:
    assert not len(run(500, PcrModel(error_rate=0.0)).read)


def test_few_starting_molecules_make_jackpots() -> None:
    """0.1 errors a copy: in 3 cycles none of 7 copies has one with probability exp(-0.7) = 0.50.

    Reads of a copy of the third cycle are an eighth of all, 50; lonely molecules share nothing.
    """
    sizes = []
    for seed in range(40):
        found = run(400, PcrModel(25, 1e-4, 1.0, reads_per_molecule=400.0), seed)
        _, families = np.unique(found.place, return_counts=True)
        sizes.append(families.max())
    lonely = run(400, PcrModel(25, 1e-4, 1.0, reads_per_molecule=0.01))
    assert 0.3 < np.mean(np.array(sizes) >= 38) < 0.7
    assert np.unique(lonely.place, return_counts=True)[1].max() < 8


def test_mutants_are_counted_by_sequence() -> None:
    found = Substitutions(
        np.array([0, 1, 2, 2]), np.array([0, 0, 0, 2]), np.array([3, 3, 3, 1], np.uint8)
    )
    molecule = np.zeros(4, np.int64)
    assert list_mutants(molecule, ["AAAA"], found) == {"TAAA": 2, "TACA": 1}
    assert list_mutants(molecule, ["AAAA", "TAAA"], found) == {"TACA": 1}


def test_substitutions_are_read_on_both_strands() -> None:
    """Reads without sequencing errors contain the changed molecule, or its reverse complement."""
    clean = replace(
        PLATFORMS["hifi"], median_errors=0.0, top_share=0.999999, background=(92, 92),
        pcr_error_rate=0.0,
    )  # fmt: skip
    base = "ACGT"[("ACGT".index(TEXT[10]) + 1) % 4]
    changed = TEXT[:10] + base + TEXT[11:]
    pcr = Substitutions(
        np.array([0, 1]), np.array([10, 10]), np.array(["ACGT".index(base)] * 2, np.uint8)
    )
    molecules = MoleculeSet.build([TEXT], clean)
    (batch,) = simulate_batches(
        molecules, np.array([0, 1, 0]), clean, np.random.default_rng(1), pcr
    )
    reads = [
        batch.letters[a:b].tobytes().decode()
        for a, b in zip(batch.offsets, batch.offsets[1:], strict=False)
    ]
    inner = slice(len(FORWARD_PRIMER) + 2, -len(REVERSE_PRIMER) - 2)
    assert changed[5:-5] in reads[0]
    assert reverse_complement(changed[5:-5]) in reads[1]
    assert TEXT[5:-5] in reads[2]
    assert len(reads[0][inner]) > LENGTH - 10
