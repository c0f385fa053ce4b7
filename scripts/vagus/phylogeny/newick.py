"""Trees as Newick text, and the undirected form in which they are rooted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),:;]|[^\s(),:;']+)")
_PLAIN = re.compile(r"^[A-Za-z0-9.\-]+$")
EMPTY = ";"


@dataclass(eq=False)
class Node:
    """A node with the length of the branch above it; tips have names, inner nodes do not."""

    name: str = ""
    length: float = 0.0
    children: list[Node] = field(default_factory=list)

    def walk(self) -> list[Node]:
        """This node and all below it, parents before children."""
        nodes = [self]
        for node in nodes:
            nodes.extend(node.children)
        return nodes

    def tips(self) -> list[Node]:
        """Tips below this node, or the node itself."""
        return [node for node in self.walk() if not node.children]


def parse_newick(text: str) -> Node:
    """Tree of a Newick text; labels of inner nodes are dropped, absent lengths are 0.

    Raises ValueError when the text is not one complete tree.
    """
    root = Node()
    path = [root]
    node, expects_length = root, False
    tokens = _TOKEN.findall(text)
    if not tokens or tokens[-1] != ";":
        raise ValueError("a Newick tree ends with ';'")
    for token in tokens[:-1]:
        if token == "(":
            path.append(node)
            node = _add_child(path[-1])
        elif token == ",":
            node = _add_child(path[-1])
        elif token == ")":
            if len(path) == 1:
                raise ValueError("a parenthesis of the Newick tree closes none")
            node = path.pop()
        elif token == ":":
            expects_length = True
            continue
        elif expects_length:
            node.length = float(token)
        elif not node.children:
            node.name = token[1:-1].replace("''", "'") if token[0] == "'" else token
        expects_length = False
    if len(path) != 1 or node is not root:
        raise ValueError("parentheses of the Newick tree do not match")
    return root


def _add_child(parent: Node) -> Node:
    child = Node()
    parent.children.append(child)
    return child


def format_newick(root: Node | None) -> str:
    """Newick text with nine decimals; ';' for no tree. Names are quoted where needed.

    Underscores are quoted too, because some readers take a bare one for a blank.
    """
    if root is None:
        return EMPTY + "\n"
    parts: list[str] = []
    stack: list[Node | str] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        tail = f"{quote(item.name)}:{item.length:.9f}" if item is not root else quote(item.name)
        if not item.children:
            parts.append(tail)
            continue
        parts.append("(")
        stack.append(")" + tail)
        for number, child in enumerate(reversed(item.children)):
            if number:
                stack.append(",")
            stack.append(child)
    return "".join(parts) + ";\n"


def quote(name: str) -> str:
    """The name as Newick wants it."""
    if not name or _PLAIN.match(name):
        return name
    return "'" + name.replace("'", "''") + "'"
