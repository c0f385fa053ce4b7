from __future__ import annotations

import io
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skbio import TreeNode

from vagus.phylogeny.newick import Node, format_newick, parse_newick


def test_round_trip_and_scikit_bio_agree() -> None:
    text = (
        "((a:0.100000000,'b c':0.250000000):0.000000001,'d_e':2.000000000,'it''s':0.000000000);\n"
    )
    tree = parse_newick(text)
    assert format_newick(tree) == text
    read = TreeNode.read(io.StringIO(text))
    assert [tip.name for tip in read.tips()] == ["a", "b c", "d_e", "it's"]
    assert [tip.name for tip in tree.tips()] != []
    assert sorted(tip.length for tip in read.tips()) == sorted(t.length for t in tree.tips())


def test_inner_labels_are_dropped_and_lengths_read() -> None:
    tree = parse_newick("((a:1e-3,b)0.93:2,c)root:5;")
    inner, tip = tree.children
    assert (inner.name, inner.length, tip.name, tip.length) == ("", 2.0, "c", 0.0)
    assert [(t.name, t.length) for t in inner.children] == [("a", 0.001), ("b", 0.0)]


@pytest.mark.parametrize("text", ["", "(a,b)", "((a,b);", "(a,b));", "(a,b);;("])
def test_broken_trees(text: str) -> None:
    with pytest.raises(ValueError, match="Newick"):
        parse_newick(text)


def test_deep_trees_need_no_recursion() -> None:
    tree = Node("x")
    for number in range(20000):
        tree = Node(children=[tree, Node(f"t{number}")])
    assert len(parse_newick(format_newick(tree)).tips()) == 20001


def test_no_tree_is_a_semicolon() -> None:
    assert format_newick(None) == ";\n"


@pytest.mark.parametrize(
    "text",
    ["(a b,c);", "(a,b:);", "(a:x,b);", "(a,'b);", "(a,b)c d;", "(a[,b);", "(a,(b,c)(d,e));"],
)
def test_what_is_not_quite_a_tree(text: str) -> None:
    with pytest.raises(ValueError, match=r"Newick|float"):
        parse_newick(text)


def test_comments_are_skipped_and_absent_lengths_marked() -> None:
    tree = parse_newick("[&R] (a[x, y]:1 , b) ;\n", absent_length=-1.0)
    assert [(tip.name, tip.length) for tip in tree.tips()] == [("a", 1.0), ("b", -1.0)]


@settings(max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_nodes_and_lengths_are_those_of_scikit_bio(chance: Random, n: int) -> None:
    """In its order, children before parents: sums over branches are made in that order."""
    nodes = [Node(f"t_{number}", chance.random()) for number in range(n)]
    while len(nodes) > 1:
        taken = [nodes.pop(chance.randrange(len(nodes))) for _ in range(min(2, len(nodes)))]
        nodes.append(Node("", chance.random(), taken))
    text = format_newick(nodes[0])
    ours = [(node.name, node.length) for node in parse_newick(text).walk_up()]
    tree = TreeNode.read(io.StringIO(text), format="newick", convert_underscores=False)
    theirs = [(node.name or "", node.length or 0.0) for node in tree.postorder()]
    assert ours == theirs
