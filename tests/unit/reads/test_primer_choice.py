from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vagus.errors import ConfigError
from vagus.reads.pair_evidence import detect_pair, weigh_pairs
from vagus.reads.primers import (
    PrimerPair,
    clean_primer,
    list_candidates,
    read_primer_table,
)
from vagus.reads.settings import ReadSettings
from vagus.reads.sources import Read
from vagus.sequences import reverse_complement
from vagus.study.keys import write_value

from .conftest import make_insert

TABLE = read_primer_table()


def spell(primer: str) -> str:
    """One of the sequences that an IUPAC primer stands for."""
    return primer.translate(str.maketrans("RYMWSKBDHVN", "GTATCTGTACA"))


def detect(sequences: list[str]) -> PrimerPair | None:
    reads = [Read("r", s, np.zeros(len(s), np.uint8)) for s in sequences]
    return detect_pair(weigh_pairs(reads, TABLE, 0.2))


def test_table_has_unique_names_and_a_source_for_each_pair() -> None:
    assert len({pair.name for pair in TABLE}) == len(TABLE) >= 8
    assert all(pair.source for pair in TABLE)
    assert TABLE[0] == PrimerPair(
        "27F_1492R", "AGRGTTYGATYMTGGCTCAG", "RGYTACCTTGTTACGACTT", TABLE[0].source
    )
    inner = {pair.name for pair in TABLE if pair.is_forward_inner or pair.is_reverse_inner}
    assert inner == {"27F_1391R", "8F_1391R", "63F_1387R"}


def test_primers_are_cleaned() -> None:
    assert clean_primer(" agr gtu ygi tym ") == "AGRGTTYGNTYM"
    with pytest.raises(ConfigError, match="'Z'"):
        clean_primer("ACGTACGTACGZ")
    with pytest.raises(ConfigError, match="shorter than 10"):
        clean_primer("ACGT")


def test_choices() -> None:
    assert list_candidates("auto") == TABLE
    assert list_candidates("none") == ()
    assert [pair.name for pair in list_candidates("8F_1391R")] == ["8F_1391R"]
    (own,) = list_candidates(write_value({"forward": "ACGTACGTAA", "reverse": "TTTTACGTRR"}))
    assert (own.name, own.forward, own.reverse) == ("custom", "ACGTACGTAA", "TTTTACGTRR")
    assert write_value("auto") == "auto"


def test_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match=r"'27F_1429R'.*Did you mean '27F_1492R'\?"):
        list_candidates("27F_1429R")


@pytest.mark.parametrize("pair", TABLE, ids=lambda pair: pair.name)
@pytest.mark.parametrize("overhang", ["", "CACTG"])
def test_the_pair_that_made_the_reads_is_found(pair: PrimerPair, overhang: str) -> None:
    sequences = []
    for seed in range(6):
        middle = make_insert(seed)
        read = overhang + spell(pair.forward) + middle + reverse_complement(spell(pair.reverse))
        sequences.append(read if seed % 2 else reverse_complement(read))
    found = detect(sequences)
    assert found is not None
    # at one site several pairs may fit all reads: then the first in the table is taken
    same_site = found.forward[-8:] == pair.forward[-8:] and found.reverse[-8:] == pair.reverse[-8:]
    assert found == pair or same_site


def test_no_pair_is_found_in_trimmed_reads() -> None:
    assert detect([make_insert(seed) for seed in range(5)]) is None


def test_inner_sites_of_trimmed_reads_are_not_taken_for_primers() -> None:
    # 63F starts 15 bp, and 1387R ends 88 bp, inside of an amplicon of 27F and 1492R
    by_name = {pair.name: pair for pair in TABLE}
    inner = by_name["63F_1387R"]
    head, tail = "ATTGAACGCTGGCGG", make_insert(50, 88)[:75]
    reads = [
        head
        + spell(inner.forward)
        + make_insert(i)
        + reverse_complement(spell(inner.reverse))
        + tail
        for i in range(5)
    ]
    assert detect(reads) is None


def test_a_fifth_of_the_reads_with_both_primers_suffices() -> None:
    pair = TABLE[0]
    with_primers = spell(pair.forward) + make_insert(1) + reverse_complement(spell(pair.reverse))
    assert detect([with_primers] * 2 + [make_insert(2)] * 8) == pair
    assert detect([with_primers] * 2 + [make_insert(2)] * 9) is None


def test_half_of_the_reads_with_one_primer_suffices() -> None:
    one = spell(TABLE[0].forward) + make_insert(1)
    found = detect([one] * 5 + [make_insert(2)] * 5)
    assert found is not None
    assert found.forward == TABLE[0].forward
    assert detect([one] * 4 + [make_insert(2)] * 5) is None


def test_settings_that_no_read_can_meet_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"min_length_bp \(1700\)"):
        ReadSettings(min_length_bp=1700)
    with pytest.raises(ConfigError, match="max_primer_error_rate"):
        ReadSettings(max_primer_error_rate=0.9)
