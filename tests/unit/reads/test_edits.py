"""Edit distances by edlib and by the kernel for machines without it: both are the table's."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naive.edits import measure
from vagus import edits
from vagus.edits import (
    count_edits,
    count_edits_to_start,
    count_edits_within,
    find_places,
    find_start,
)

CODES = (("R", "A"), ("R", "G"), ("N", "A"), ("N", "C"), ("N", "G"), ("N", "T"))
MODES = {"NW": "whole", "SHW": "start", "HW": "within"}
BY = {"edlib": edits._measure_by_edlib, "kernel": edits._measure_by_kernel}
words = st.text("ACGTRN", min_size=1, max_size=90)


@pytest.mark.parametrize("way", BY)
@given(words, words, st.sampled_from(sorted(MODES)))
def test_both_ways_are_the_table(way: str, pattern: str, text: str, mode: str) -> None:
    best, lasts = measure(pattern, text, MODES[mode], CODES)
    assert BY[way](pattern, text, mode, -1, CODES) == (best, lasts)
    assert BY[way](pattern, text, mode, best, CODES) == (best, lasts)
    if best:
        assert BY[way](pattern, text, mode, best - 1, CODES) == (-1, [])


@pytest.mark.parametrize("n_bp", [63, 64, 65, 127, 128, 129, 1450])
def test_patterns_about_a_block_of_64(n_bp: int) -> None:
    draw = random.Random(n_bp)
    text = "".join(draw.choice("ACGT") for _ in range(n_bp + 40))
    pattern = "".join(base for base in text[20 : 20 + n_bp] if draw.random() > 0.03)
    for mode in MODES:
        by_kernel = BY["kernel"](pattern, text, mode, -1, ())
        assert by_kernel == BY["edlib"](pattern, text, mode, -1, ())
        assert (by_kernel.edits, by_kernel.lasts) == measure(pattern, text, MODES[mode])


def test_by_hand() -> None:
    assert count_edits("ACGT", "AGT") == 1
    assert count_edits("ACGT", "TTTT", 2) == -1
    assert count_edits_to_start("ACGT", "ACGGTTTT") == 1
    assert count_edits_within("CGG", "AAACGGAAA") == 0
    assert find_places("CG", "ACGACG") == (0, [2, 5])
    assert find_places("TTTTT", "ACGACG", 2) is None
    assert find_places("CR", "ACGACA", 0, CODES) == (0, [2, 5])
    assert find_start("ACG", "TTACGTT", 4) == 2


@pytest.mark.parametrize(("one", "other"), [("", ""), ("", "AC"), ("AC", "")])
def test_nothing_at_all(one: str, other: str) -> None:
    assert count_edits(one, other) == max(len(one), len(other))
    assert count_edits_within(one, other) == len(one)
    assert find_places(one, other, 1) == (None if len(one) > 1 else (len(one), []))


def test_a_machine_without_edlib_uses_the_kernel(tmp_path: Path, root: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['edlib'] = None\n")
    code = (
        "from vagus import edits; print(edits.HAS_EDLIB, edits.count_edits('ACGT', 'AGT'), "
        "edits.find_places('CR', 'ACGACA', 0, [('R', 'A'), ('R', 'G')]).lasts)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root / 'scripts'}"},
    )  # fmt: skip
    assert done.stdout == "False 1 [2, 5]\n", done.stderr
