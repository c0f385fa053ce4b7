"""The lane-parallel aligner against its naive twin."""

from __future__ import annotations

import numpy as np
import pytest

from naive.denoise_alignment import GAP, align_naive
from vagus.kernels.dada.alignment import align_pairs
from vagus.kernels.dada.gapless import find_gapless_pairs
from vagus.reads.uniques import encode_bases

REWARDS = np.array([5, -4, -8], np.int16)


def flatten(sequences: list[str]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.zeros(len(sequences) + 1, np.int64)
    offsets[1:] = np.cumsum([len(sequence) for sequence in sequences])
    return np.concatenate([encode_bases(sequence) for sequence in sequences]), offsets


def expected_codes(centre: str, read: str, qualities: list[int], band: int) -> tuple[list, list]:
    substitutions, unpaired, j = [], [], 0
    for true, base in zip(*align_naive(centre, read, band_bp=band), strict=True):
        if base == GAP:
            continue
        code = "ACGT".index(base)
        if true == GAP:
            unpaired.append(code * 5 * 128 + qualities[j])
        elif true != base:
            substitutions.append(("ACGT".index(true) * 4 + code) * 128 + qualities[j])
        j += 1
    return sorted(substitutions), sorted(unpaired)


def mutate(rng: np.random.Generator, sequence: str, n_changes: int) -> str:
    letters = list(sequence)
    for _ in range(n_changes):
        p = int(rng.integers(len(letters)))
        base = "ACGT"[rng.integers(4)]
        letters[p] = (base, "", letters[p] + base)[rng.choice(3, p=[0.6, 0.2, 0.2])] or ""
    return "".join(letters)


def check_against_twin(centre: str, reads: list[str], band: int) -> None:
    bases, offsets = flatten(reads)
    qualities = (np.arange(bases.size) * 7 % 94).astype(np.uint8)
    starts, n_substitutions, codes = align_pairs(
        encode_bases(centre), bases, qualities, offsets,
        np.arange(len(reads), dtype=np.int32), band, REWARDS,
    )  # fmt: skip
    for row, read in enumerate(reads):
        own = codes[starts[row] : starts[row + 1]].tolist()
        middle = n_substitutions[row]
        quality = qualities[offsets[row] : offsets[row + 1]].tolist()
        found = sorted(own[:middle]), sorted(own[middle:])
        assert found == expected_codes(centre, read, quality, band), (centre, read)


@pytest.mark.parametrize("band", [32, 6, 3])
@pytest.mark.parametrize("alphabet", ["ACGT", "AC"])
def test_random_pairs_align_as_the_twin_says(band: int, alphabet: str) -> None:
    rng = np.random.default_rng([band, len(alphabet)])
    for n_reads in (1, 7, 33):
        centre = "".join(rng.choice(list(alphabet), int(rng.integers(20, 45))))
        reads = [mutate(rng, centre, int(rng.integers(9))) or "A" for _ in range(n_reads)]
        reads[0] = "".join(rng.choice(list(alphabet), int(rng.integers(15, 60))))
        check_against_twin(centre, reads, band)


def test_adversarial_pairs_align_as_the_twin_says() -> None:
    centre = "ACGTACGTTTTTTTACGGGGGGCATCATCATCAT"
    reads = [
        centre,
        centre[3:],
        centre[:-5],
        "GG" + centre,
        centre + "TTTT",
        centre[5:] + centre[:5],
        "A" * 35,
        centre[::-1],
        centre.replace("TTTTTTT", "TTTTT"),
        centre.replace("GGGGGG", "GGGGGGGG"),
        centre.replace("CATCATCATCAT", "CATCATCAT"),
        "C",
        centre[:17] + "A" + centre[18:],
    ]
    for band in (32, 4):
        check_against_twin(centre, reads, band)


def test_a_pair_with_substitutions_only_needs_no_gap() -> None:
    centre = "ACGATTGCAAGGCTTACCGATATCGGATTACA"
    read = centre[:14] + "A" + centre[15:]
    bases, offsets = flatten([read, centre[:10] + centre[11:]])
    missing = np.array([5, 5], np.int64)
    starts, n_substitutions, codes = find_gapless_pairs(
        encode_bases(centre), bases, np.full(bases.size, 30, np.uint8), offsets,
        np.array([0, 1], np.int32), missing,
    )  # fmt: skip
    assert n_substitutions.tolist() == [1, -1]
    assert starts.tolist() == [0, 1, 1]
    assert codes.tolist() == [(3 * 4 + 0) * 128 + 30]
