from __future__ import annotations

import io
import random

import pytest
from skbio import TreeNode

from vagus.phylogeny.newick import Node, format_newick, parse_newick
from vagus.phylogeny.rooting import order_children, root_at_midpoint


def make_random_tree(seed: int, n_tips: int) -> Node:
    generator = random.Random(seed)
    nodes = [Node(f"t{number}", generator.random()) for number in range(n_tips)]
    while len(nodes) > 3:
        pair = [nodes.pop(generator.randrange(len(nodes))) for _ in range(2)]
        nodes.append(Node("", generator.random() / 3, pair))
    return Node(children=nodes)


def measure_depths(root: Node) -> dict[str, float]:
    depth = {root: 0.0}
    for node in root.walk():
        for child in node.children:
            depth[child] = depth[node] + child.length
    return {tip.name: depth[tip] for tip in root.tips()}


def read(tree: Node) -> TreeNode:
    return TreeNode.read(io.StringIO(format_newick(tree)))


@pytest.mark.parametrize("seed", range(8))
def test_same_root_as_scikit_bio_and_same_unrooted_tree(seed: int) -> None:
    tree = make_random_tree(seed, 5 + 4 * seed)
    before = read(tree)
    rooted = root_at_midpoint(tree)
    expected = before.copy().root_at_midpoint()
    depths = {
        tip.name: sum(node.length or 0 for node in [tip, *tip.ancestors()])
        for tip in expected.tips()
    }
    assert measure_depths(rooted) == pytest.approx(depths, abs=1e-6)
    after = read(rooted)
    assert after.compare_rfd(before, rooted=False) == 0
    assert len(rooted.children) == 2
    deepest = sorted(measure_depths(rooted).values())
    assert deepest[-1] == pytest.approx(deepest[-2])


def test_rotation_of_children_and_of_the_root_does_not_matter() -> None:
    one = parse_newick("((a:1,b:2):1,(c:3,d:1):2,e:1);")
    two = parse_newick("((d:1,c:3):1.5,((b:2,a:1):1,e:1):0.5);")
    assert format_newick(root_at_midpoint(one)) == format_newick(root_at_midpoint(two))


def test_midpoint_by_hand() -> None:
    """a-c is the longest path, 1 + 1 + 5 = 7: the root is 3.5 above c."""
    rooted = root_at_midpoint(parse_newick("((a:1,b:0.5):1,c:5);"))
    assert measure_depths(rooted) == pytest.approx({"a": 3.5, "b": 3.0, "c": 3.5})


def test_negative_lengths_become_zero() -> None:
    rooted = root_at_midpoint(parse_newick("(a:-0.1,b:2,c:1);"))
    assert min(node.length for node in rooted.walk()) == 0.0
    assert measure_depths(rooted) == pytest.approx({"a": 0.5, "b": 1.5, "c": 1.5})


def test_all_lengths_zero() -> None:
    rooted = root_at_midpoint(parse_newick("((a,b),(c,d),e);"))
    assert sorted(tip.name for tip in rooted.tips()) == list("abcde")
    assert all(len(node.children) != 1 for node in rooted.walk())


def test_children_are_ordered_by_size_then_name() -> None:
    tree = order_children(parse_newick("((z:1,y:1):1,x:1,(w:1,(v:1,u:1):1):1);"))
    assert tree.children[0].name == "x"
    assert [len(child.tips()) for child in tree.children] == [1, 2, 3]
    assert [tip.name for tip in tree.children[1].tips()] == ["y", "z"]
