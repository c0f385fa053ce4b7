"""Trees as Newick text: the only reader and writer of this form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"'(?:[^']|'')*'|[(),:;]|[^\s(),:;'\[\]]+")
_SKIPPED = re.compile(r"(?:\s|\[[^\[\]]*\])*")  # blanks and comments
_MARKS = ("(", ")", ",", ":", ";")
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

    def walk_up(self) -> list[Node]:
        """This node and all below it, children before parents, in the order of the text."""
        nodes, pending = [], [self]
        while pending:
            node = pending.pop()
            nodes.append(node)
            pending.extend(node.children)
        return nodes[::-1]


def parse_newick(text: str, absent_length: float = 0.0) -> Node:
    """Tree of a Newick text; labels of inner nodes are dropped.

    ``absent_length`` is the length of branches for which the text has none. Raises ValueError
    when the text is not one complete tree.
    """
    tokens = _split(text)
    if not tokens or tokens[-1] != ";":
        raise ValueError("a Newick tree ends with ';'")
    root = Node(length=absent_length)
    path, node, before = [root], root, ""
    for token in tokens[:-1]:
        _check_order(before, token)
        if token == "(":
            path.append(node)
            node = _add_child(path[-1], absent_length)
        elif token == ",":
            node = _add_child(path[-1], absent_length)
        elif token == ")":
            if len(path) == 1:
                raise ValueError("a parenthesis of the Newick tree closes none")
            node = path.pop()
        elif before == ":":
            node.length = float(token)
        elif token != ":" and not node.children:  # labels of inner nodes are names or supports
            node.name = token[1:-1].replace("''", "'") if token[0] == "'" else token
        before = "length" if before == ":" else token if token in _MARKS else "label"
    _check_order(before, ";")
    if len(path) != 1 or node is not root:
        raise ValueError("parentheses of the Newick tree do not match")
    return root


def _check_order(before: str, token: str) -> None:
    """Raise ValueError when a token is not in its place after the one before."""
    kind = token if token in _MARKS else "label"
    if kind == "label":
        is_right = before in ("", "(", ",", ")", ":")
    elif kind == "(":
        is_right = before in ("", "(", ",")
    else:
        is_right = before != ":" and (kind != ":" or before != "length")
    if not is_right:
        raise ValueError(f"'{token}' of the Newick tree is not in its place")


def _split(text: str) -> list[str]:
    """Marks, labels and lengths of the text, up to its end."""
    tokens, place = [], _skip(text, 0)
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"the Newick tree is broken at letter {place + 1}")
        tokens.append(match[0])
        place = _skip(text, match.end())
    return tokens


def _skip(text: str, place: int) -> int:
    match = _SKIPPED.match(text, place)
    return match.end() if match else place


def _add_child(parent: Node, length: float) -> Node:
    child = Node(length=length)
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
