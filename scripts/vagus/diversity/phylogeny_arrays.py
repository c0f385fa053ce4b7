"""A rooted tree as arrays, for measures that need branch lengths.

The sums over branches are array operations: with thousands of ASVs and hundreds of samples that
is an order of magnitude faster than one pair at a time, and trees with one tip or without any
length need no special case in the measures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.files import read_text
from vagus.phylogeny.newick import Node, parse_newick


@dataclass(frozen=True)
class PhylogenyArrays:
    """Nodes in an order in which every child is before its parent.

    Attributes:
        parents: int64, shape (n_nodes,); index of the parent, -1 for the root (the last).
        lengths: float64, shape (n_nodes,); length of the branch above each node, root 0.
        tips: int64, shape (n_asvs,); node of each ASV.
    """

    parents: NDArray[np.int64]
    lengths: NDArray[np.float64]
    tips: NDArray[np.int64]

    def sum_below(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Reads at or below every node: (n_samples, n_asvs) -> (n_nodes, n_samples)."""
        totals = np.zeros((self.lengths.size, counts.shape[0]), dtype=np.int64)
        totals[self.tips] = counts.T
        for node, parent in enumerate(self.parents[:-1].tolist()):
            totals[parent] += totals[node]
        return totals


def read_phylogeny(path: str | PathLike[str], asvs: Sequence[str]) -> PhylogenyArrays:
    """Read a rooted Newick tree whose tips include all ``asvs`` (it may have more).

    Raises VagusError for text that is not Newick, missing ASVs, tips that occur twice, an
    unrooted tree (more than two branches at the root) and missing or negative lengths.
    """
    text = read_text(path, "tree").strip()
    if not asvs:
        return PhylogenyArrays(np.array([-1]), np.zeros(1), np.zeros(0, dtype=np.int64))
    nodes = _list_nodes(text, path)
    tips = _index_tips(nodes, path)
    missing = [asv for asv in asvs if asv not in tips]
    if missing:
        raise VagusError(
            f"{len(missing)} of {len(asvs)} ASVs are not in the tree (first: {missing[0]})",
            file=path, fix="Build the tree from the ASVs of this table",
        )  # fmt: skip
    if len(tips) > 1 and len(nodes[-1].children) > 2:
        raise VagusError(
            "the tree is not rooted", file=path, fix="Root it, for instance at its midpoint"
        )
    return PhylogenyArrays(
        _index_parents(nodes),
        np.array([*(_length_of(node, len(tips), path) for node in nodes[:-1]), 0.0]),
        np.array([tips[asv] for asv in asvs], dtype=np.int64),
    )


def _list_nodes(text: str, path: str | PathLike[str]) -> list[Node]:
    """Nodes of a Newick text, children before parents; an absent length is NaN."""
    try:
        return parse_newick(text, absent_length=math.nan).walk_up()
    except ValueError as error:
        raise VagusError(
            f"is not a tree in Newick format: {error}",
            file=path, fix="Build it anew from the ASVs",
        ) from None  # fmt: skip


def _index_parents(nodes: list[Node]) -> NDArray[np.int64]:
    """Place of each node's parent; -1 for the root."""
    place = {id(node): index for index, node in enumerate(nodes)}
    parents = np.full(len(nodes), -1)
    for index, node in enumerate(nodes):
        for child in node.children:
            parents[place[id(child)]] = index
    return parents


def _index_tips(nodes: list[Node], path: str | PathLike[str]) -> dict[str, int]:
    tips: dict[str, int] = {}
    for index, node in enumerate(nodes):
        if not node.children:
            if node.name in tips:
                raise VagusError(
                    f"the tip '{node.name}' occurs twice in the tree", file=path,
                    fix="Build the tree anew from the ASVs",
                )  # fmt: skip
            tips[node.name] = index
    return tips


def _length_of(node: Node, n_tips: int, path: str | PathLike[str]) -> float:
    """Branch length above a node; 0 for a lone tip without one."""
    if math.isnan(node.length) and n_tips == 1:
        return 0.0
    if not 0 <= node.length < math.inf:
        raise VagusError(
            "a branch of the tree has no length, or a negative one", file=path,
            fix="Build it with branch lengths",
        )  # fmt: skip
    return node.length
