"""Midpoint rooting and one canonical order of the children."""

from __future__ import annotations

from vagus.phylogeny.newick import Node

Neighbours = dict[Node, list[tuple[Node, float]]]


def root_at_midpoint(tree: Node) -> Node:
    """The tree rooted halfway between its two most distant tips (Farris 1972).

    Inner nodes with one child are removed, negative lengths become 0, and children are
    put in order of their number of tips, then of their first tip name. The point does not
    depend on which of several longest paths is taken. A tree of one tip stays as it is.
    """
    tips = tree.tips()
    if len(tips) < 2:
        return order_children(tree)
    neighbours = _connect(tree)
    first = min(tips, key=lambda tip: tip.name)
    start = _find_farthest(neighbours, first)[0]
    end, path = _find_farthest(neighbours, start)
    return order_children(_suppress_unary(_hang(neighbours, path, start, end)))


def order_children(root: Node) -> Node:
    """Sort children by number of tips, then by the first tip name below, in place."""
    n_tips: dict[Node, int] = {}
    first_name: dict[Node, str] = {}
    for node in reversed(root.walk()):
        n_tips[node] = sum(n_tips[child] for child in node.children) or 1
        first_name[node] = min((first_name[c] for c in node.children), default=node.name)
        node.children.sort(key=lambda child: (n_tips[child], first_name[child]))
    return root


def _connect(tree: Node) -> Neighbours:
    neighbours: Neighbours = {node: [] for node in tree.walk()}
    for node in tree.walk():
        for child in node.children:
            length = max(child.length, 0.0)
            neighbours[node].append((child, length))
            neighbours[child].append((node, length))
    return neighbours


def _find_farthest(neighbours: Neighbours, start: Node) -> tuple[Node, list[tuple[Node, float]]]:
    """Tip farthest from ``start`` (first name among equals) and the way to it.

    The way lists each node after ``start`` with the length of the branch that leads to it.
    """
    came_from: dict[Node, tuple[Node, float]] = {}
    distance = {start: 0.0}
    order = [start]
    for node in order:
        for neighbour, length in neighbours[node]:
            if neighbour not in distance:
                distance[neighbour] = distance[node] + length
                came_from[neighbour] = (node, length)
                order.append(neighbour)
    tips = [node for node in order if node.name and node is not start]
    end = min(tips, key=lambda tip: (-distance[tip], tip.name))
    way = []
    node = end
    while node is not start:
        previous, length = came_from[node]
        way.append((node, length))
        node = previous
    return end, way[::-1]


def _hang(neighbours: Neighbours, way: list[tuple[Node, float]], start: Node, end: Node) -> Node:
    """New tree hung from the middle of the way from ``start`` to ``end``."""
    half = sum(length for _, length in way) / 2
    walked, before = 0.0, start
    for node, length in way:
        if walked + length >= half and (length > 0 or node is end):
            break
        walked += length
        before = node
    above = min(max(half - walked, 0.0), length)
    root = Node()
    root.children = [
        _copy_away_from(neighbours, before, node, above),
        _copy_away_from(neighbours, node, before, length - above),
    ]
    return root


def _copy_away_from(neighbours: Neighbours, node: Node, origin: Node, length: float) -> Node:
    top = Node(node.name, length)
    stack = [(node, origin, top)]
    while stack:
        current, parent, copy = stack.pop()
        for neighbour, branch in neighbours[current]:
            if neighbour is not parent:
                child = Node(neighbour.name, branch)
                copy.children.append(child)
                stack.append((neighbour, current, child))
    return top


def _suppress_unary(root: Node) -> Node:
    """Join the branches around inner nodes with one child, in place."""
    for node in root.walk():
        for position, child in enumerate(node.children):
            while len(child.children) == 1:
                only = child.children[0]
                only.length += child.length
                child = only
            node.children[position] = child
    return root
