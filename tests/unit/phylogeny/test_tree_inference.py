from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from skbio import TreeNode

import align_asvs
import build_tree
from naive.evolution import Evolution, list_splits
from vagus.errors import VagusError
from vagus.phylogeny.alignment import align
from vagus.phylogeny.inference import infer_rooted_tree, measure_distances
from vagus.phylogeny.newick import Node, format_newick, parse_newick
from vagus.phylogeny.programs import find_program
from vagus.sequences import write_fasta


@pytest.fixture(scope="module")
def rows(clades: str) -> list[tuple[str, str]]:
    return align(Evolution(3).run(parse_newick(clades)))


def infer(rows: list[tuple[str, str]]) -> Node:
    tree = infer_rooted_tree(rows)
    assert tree is not None
    return tree


def check_form(tree: Node, names: list[str]) -> None:
    assert sorted(tip.name for tip in tree.tips()) == sorted(names)
    assert all(node.length >= 0 for node in tree.walk())
    assert all(len(node.children) != 1 for node in tree.walk()) or len(names) == 1


def test_simulated_clades_are_recovered_with_the_root_between_them(
    rows: list[tuple[str, str]], clades: str
) -> None:
    tree = infer(rows)
    check_form(tree, [name for name, _ in rows])
    assert list_splits(tree) == list_splits(parse_newick(clades))
    sides = [{tip.name[0] for tip in child.tips()} for child in tree.children]
    assert sides in ([{"a"}, {"b"}], [{"b"}, {"a"}])


def test_larger_simulated_tree() -> None:
    """32 tips, every branch about 20 substitutions long: nearly all splits can be found."""
    nodes = [Node(f"t{number:02}", 0.02) for number in range(32)]
    while len(nodes) > 2:
        nodes = [Node("", 0.02, list(nodes[i : i + 2])) for i in range(0, len(nodes), 2)]
    true_tree = Node(children=nodes)
    tree = infer(align(Evolution(8, length=1000).run(true_tree)))
    truth = list_splits(true_tree)
    assert len(list_splits(tree) & truth) >= 0.95 * len(truth)


def test_order_of_rows_does_not_matter(rows: list[tuple[str, str]]) -> None:
    shuffled = rows.copy()
    random.Random(2).shuffle(shuffled)
    assert format_newick(infer(shuffled)) == format_newick(infer(rows))


def test_copies_are_put_back_as_siblings(rows: list[tuple[str, str]]) -> None:
    copies = [*rows, ("a1 again", dict(rows)["a1"]), ("zz", dict(rows)["a1"])]
    tree = infer(copies)
    check_form(tree, [name for name, _ in copies])
    parent = next(n for n in tree.walk() if "a1" in {child.name for child in n.children})
    assert {child.name for child in parent.children} == {"a1", "a1 again", "zz"}
    assert [child.length for child in parent.children] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_all_rows_equal(n: int) -> None:
    tree = infer([(f"s{number}", "ACGTACGTAC") for number in range(n)])
    check_form(tree, [f"s{number}" for number in range(n)])
    assert sum(node.length for node in tree.walk()) == 0.0


def test_none_one_two_three() -> None:
    assert infer_rooted_tree([]) is None
    assert format_newick(infer([("a", "ACGT")])) == "(a:0.000000000);\n"
    two = infer([("b", "ACGTACGTAC"), ("a", "ACGTACGTAA")])
    distance = -0.75 * math.log(1 - 4 / 3 * 0.1)
    assert [(tip.name, tip.length) for tip in two.tips()] == [
        ("a", pytest.approx(distance / 2)),
        ("b", pytest.approx(distance / 2)),
    ]
    base = "ACGTACGTAC" * 10
    three = infer([("a", base), ("b", "T" + base[1:]), ("c", "TTTTT" + base[5:])])
    check_form(three, ["a", "b", "c"])
    distances = measure_distances([base, "T" + base[1:], "TTTTT" + base[5:]])
    depth = {tip.name: tip.length for child in three.children for tip in child.tips()}
    inner = next(child for child in three.children if child.children)
    assert depth["c"] == pytest.approx(distances[0, 2] / 2)
    path = inner.length + max(tip.length for tip in inner.children)
    assert path == pytest.approx(distances[0, 2] / 2)


def test_jukes_cantor_by_hand() -> None:
    distances = measure_distances(["ACGTACGT--", "ACGAACGTAC", "TGCATGCA--"])
    assert distances[0, 1] == pytest.approx(-0.75 * math.log(1 - 4 / 3 * (1 / 8)))
    assert distances[0, 2] == 3.0  # nothing in common: saturated
    np.testing.assert_array_equal(distances, distances.T)
    assert measure_distances(["AC--", "--GT"])[0, 1] == 3.0


def test_columns_of_gaps_are_dropped() -> None:
    """Only the row with the insertion differs there, so the trees are equal."""
    base = [(f"s{n:02}", "ACGTACGTAC" * 8) for n in range(25)]
    rows = [(name, row[:10] + ("GATTACA" if name == "s03" else "-" * 7) + row[10:])
            for name, row in base]  # fmt: skip
    assert format_newick(infer(rows)) == format_newick(infer(base))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("echo out of memory >&2; exit 1", "failed: out of memory"),
        ("echo '(0,1'", "ends with ';'"),
        ("echo '(0,1);'", "does not have all tips"),
    ],
)
def test_a_broken_veryfasttree_is_an_error(
    rows: list[tuple[str, str]], root: Path, tmp_path: Path, program: str, words: str
) -> None:
    """An installation that is found first and is broken: another tree would not be noticed."""
    place_veryfasttree(tmp_path, program)
    done = build(rows, root, tmp_path)
    assert done.returncode == 2
    assert "VeryFastTree" in done.stderr
    assert words in done.stderr
    assert not (tmp_path / "tree.nwk").exists()


def place_veryfasttree(tmp_path: Path, program: str) -> None:
    about = tmp_path / "veryfasttree-9.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: veryfasttree\nVersion: 9\n")
    (tmp_path / "veryfasttree" / "bin").mkdir(parents=True)
    if program:
        write_program(tmp_path / "veryfasttree" / "bin" / "VeryFastTree-sse2", program)


def write_program(path: Path, program: str) -> None:
    path.write_text(f"#!/bin/sh\ncat > input\n{program}\n")
    path.chmod(0o755)


def build(
    rows: list[tuple[str, str]], root: Path, tmp_path: Path, programs: str = os.environ["PATH"]
) -> subprocess.CompletedProcess[str]:
    write_fasta(rows, tmp_path / "rows.fasta")
    return subprocess.run(
        [sys.executable, root / "scripts/build_tree.py", "--alignment", "rows.fasta",
         "--tree", "tree.nwk"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PATH": programs},
    )  # fmt: skip


def test_neighbour_joining_where_there_is_no_program(
    rows: list[tuple[str, str]], clades: str, root: Path, tmp_path: Path
) -> None:
    place_veryfasttree(tmp_path, "")
    done = build(rows, root, tmp_path, programs=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "the tree is made by neighbour joining. Install FastTree" in done.stderr
    tree = parse_newick((tmp_path / "tree.nwk").read_text())
    check_form(tree, [name for name, _ in rows])
    assert list_splits(tree) == list_splits(parse_newick(clades))


def test_bad_alignments() -> None:
    with pytest.raises(VagusError, match="differ in length"):
        infer_rooted_tree([("a", "ACG"), ("b", "AC")])
    with pytest.raises(VagusError, match="occurs twice"):
        infer_rooted_tree([("a", "ACG"), ("a", "ACG")])


@pytest.mark.parametrize("n", [0, 1, 2, 8])
def test_programs(tmp_path: Path, clades: str, n: int) -> None:
    tips = Evolution(4).run(parse_newick(clades))[:n]
    asvs, alignment = tmp_path / "asvs.fasta", tmp_path / "alignment.fasta.gz"
    tree = tmp_path / "tree.nwk"

    def run(threads: str) -> tuple[bytes, bytes]:
        pair = ["--asvs", str(asvs), "--alignment", str(alignment), "--threads", threads]
        assert align_asvs.main(pair) == 0
        assert build_tree.main(["--alignment", str(alignment), "--tree", str(tree)]) == 0
        return alignment.read_bytes(), tree.read_bytes()

    write_fasta(tips, asvs)
    first = run("1")
    write_fasta(tips[::-1], asvs)
    assert run("2") == first
    if n == 0:
        assert tree.read_text() == ";\n"
        return
    read = TreeNode.read(str(tree))
    assert sorted(tip.name for tip in read.tips()) == sorted(name for name, _ in tips)


def test_fasttree_on_the_path_serves_where_veryfasttree_has_no_build(
    rows: list[tuple[str, str]], clades: str, root: Path, tmp_path: Path
) -> None:
    """VeryFastTree takes FastTree's options, so that it can be called here by that name."""
    program = find_program()
    assert program is not None
    place_veryfasttree(tmp_path, "")
    (tmp_path / "FastTree").write_text(f'#!/bin/sh\nexec {program.path} -threads 1 "$@"\n')
    (tmp_path / "FastTree").chmod(0o755)
    done = build(rows, root, tmp_path, programs=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert "tree by FastTree" in done.stderr
    tree = parse_newick((tmp_path / "tree.nwk").read_text())
    assert list_splits(tree) == list_splits(parse_newick(clades))


def test_a_machine_without_openmp_uses_that_of_a_package(
    rows: list[tuple[str, str]], clades: str, root: Path, tmp_path: Path
) -> None:
    """As in a small image: the system's library is hidden in a mount namespace of its own."""
    library = next(Path("/").glob("*lib*/*/libgomp.so.1"), None)
    hide = ["unshare", "--mount", "sh", "-c", f'mount --bind /dev/null {library} && exec "$@"', "-"]
    if library is None or subprocess.run([*hide, "true"], capture_output=True).returncode:
        pytest.skip("mounts are not allowed here, or there is no such library")
    program = find_program()
    assert program is not None
    bare = subprocess.run([*hide, program.path, "-help"], capture_output=True, text=True)
    assert "libgomp.so.1" in bare.stderr
    write_fasta(rows, tmp_path / "rows.fasta")
    build = [sys.executable, root / "scripts/build_tree.py", "--alignment", "rows.fasta",
             "--tree", "tree.nwk"]  # fmt: skip
    done = subprocess.run(
        [*hide, *build], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "tree by VeryFastTree" in done.stderr
    tree = parse_newick((tmp_path / "tree.nwk").read_text())
    assert list_splits(tree) == list_splits(parse_newick(clades))
