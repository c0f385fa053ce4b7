from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.evolution import Evolution
from vagus.errors import VagusError
from vagus.phylogeny.alignment import align, align_star
from vagus.phylogeny.newick import parse_newick
from vagus.sequences import read_fasta, write_fasta


@pytest.fixture(scope="module")
def tips(clades: str) -> list[tuple[str, str]]:
    return Evolution(3).run(parse_newick(clades))


def take_bases(row: str) -> str:
    return row.replace("-", "").replace(".", "").upper()


@pytest.mark.parametrize("aligner", ["famsa", "star", "auto"])
def test_rows_are_the_sequences_in_equal_length(tips: list[tuple[str, str]], aligner: str) -> None:
    rows = align(tips, aligner)
    assert [(name, take_bases(row)) for name, row in rows] == sorted(tips)
    assert len({len(row) for _, row in rows}) == 1
    assert len(rows[0][1]) < 1.1 * max(len(sequence) for _, sequence in tips)


@pytest.mark.parametrize("aligner", ["famsa", "star"])
def test_homologous_bases_share_columns(aligner: str) -> None:
    """Without indels the right alignment has no gap."""
    tree = parse_newick("((a:0.03,b:0.05):0.05,(c:0.02,d:0.04):0.05);")
    rows = align(Evolution(5, length=700, indel_share=0.0).run(tree), aligner)
    assert {len(row) for _, row in rows} == {700}


@pytest.mark.parametrize("aligner", ["famsa", "star"])
def test_order_and_threads_do_not_matter(tips: list[tuple[str, str]], aligner: str) -> None:
    shuffled = tips.copy()
    random.Random(1).shuffle(shuffled)
    assert align(shuffled, aligner, threads=2) == align(tips, aligner)


@pytest.mark.parametrize("aligner", ["famsa", "star"])
def test_few_and_equal_sequences(aligner: str) -> None:
    assert align([], aligner) == []
    assert align([("a", "ACGT")], aligner) == [("a", "ACGT")]
    same = "ACGTTGCAACGTACCATG" * 10
    assert align([("b", same), ("a", same)], aligner) == [("a", same), ("b", same)]


def test_star_by_hand() -> None:
    rows = align_star([("a", "ACGTACGTTT"), ("b", "ACGTCGTTT"), ("c", "ACGTACGGTTT")])
    assert [take_bases(row) for _, row in rows] == ["ACGTACGTTT", "ACGTCGTTT", "ACGTACGGTTT"]
    assert {len(row) for _, row in rows} == {11}


def test_bases_between_those_of_the_centre_are_marked() -> None:
    """As in A2M: each row has them in lower case, the others dots; the centre is the most usual."""
    centre = "ACGTTGCAACGTACCATGGATC" * 4
    longer = f"{centre[:40]}TTT{centre[40:]}"
    rows = dict(align_star([("a", centre), ("b", centre), ("c", longer), ("d", centre)]))
    assert {rows[name].replace(".", "") for name in "abd"} == {centre}
    assert "".join(base for base in rows["c"] if base.isupper()) == centre
    assert rows["c"].lower() == longer.lower()
    assert sum(base.islower() for base in rows["c"]) == 3
    assert all((a == ".") == c.islower() for a, c in zip(rows["a"], rows["c"], strict=True))


@settings(max_examples=60)
@given(st.lists(st.text("ACGT", min_size=1, max_size=20), min_size=2, max_size=6))
def test_star_keeps_every_base(sequences: list[str]) -> None:
    rows = align_star([(str(number), s) for number, s in enumerate(sequences)])
    assert [take_bases(row) for _, row in rows] == sequences
    assert len({len(row) for _, row in rows}) == 1


def test_doubled_names_are_refused() -> None:
    with pytest.raises(VagusError, match="'a' occurs twice"):
        align([("a", "ACGT"), ("a", "ACGG")])


def test_without_pyfamsa(tips: list[tuple[str, str]], root: Path, tmp_path: Path) -> None:
    """The program where pyfamsa cannot be imported."""
    (tmp_path / "pyfamsa.py").write_text("raise ImportError('no such processor')\n")
    write_fasta(tips, tmp_path / "asvs.fasta")

    def run(aligner: str) -> tuple[int, str]:
        command = [sys.executable, root / "scripts/align_asvs.py", "--asvs", "asvs.fasta",
                   "--aligner", aligner, "--alignment", f"{aligner}.fasta"]  # fmt: skip
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )  # fmt: skip
        return done.returncode, done.stderr

    code, told = run("auto")
    assert code == 0, told
    assert "star alignment instead" in told
    rows = [(name, row.upper()) for name, row in align(tips, "star")]
    assert list(read_fasta(tmp_path / "auto.fasta")) == rows
    code, told = run("famsa")
    assert code == 2
    assert "the aligner famsa cannot be used: no such processor" in told
    assert not (tmp_path / "famsa.fasta").exists()


def test_a_process_that_is_killed_is_a_lack_of_memory(root: Path, tmp_path: Path) -> None:
    """As the system does it when memory is short; the scheduler then gives the step more."""
    draw = random.Random(5)
    genes = [(f"g{n}", "".join(draw.choices("ACGT", k=1500))) for n in range(400)]
    write_fasta(genes, tmp_path / "asvs.fasta")
    command = [sys.executable, root / "scripts/align_asvs.py", "--asvs", "asvs.fasta",
               "--threads", "2", "--alignment", "rows.fasta"]  # fmt: skip
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        step = psutil.Process(running.pid)
        while not (workers := step.children()):
            assert running.poll() is None
        workers[0].kill()
        _, said = running.communicate()
    assert running.returncode == 3, said
    assert "there is not enough memory" in said
    assert "Traceback" not in said
    assert not (tmp_path / "rows.fasta").exists()
