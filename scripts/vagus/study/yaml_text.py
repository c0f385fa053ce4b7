"""YAML as a config needs it: keys, lists, texts, numbers. Everything else is refused with its line.

Dates stay text, as in the sample sheet. What would make a small file large in memory (aliases of
aliases, deep nesting) is refused before anything is built of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from vagus.errors import ConfigError

MAX_NODES, MAX_LETTERS = 20_000, 4_000
MAX_DEPTH = 20
_TOO_DEEP = "it is nested too deeply"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_KINDS = ("null", "bool", "int", "float", "str", "seq", "map", "merge")
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)


class _PlainLoader(yaml.SafeLoader):
    """A loader that knows ``_TAGS`` alone, and stops where brackets are too deep."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node and those below it."""
        if self.depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, _TOO_DEEP, mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag in _TAGS]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str, file: Path) -> object:
    """The content of a YAML text. Raises ConfigError, with the line where that is known."""
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _check_node(node, {})
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read")
        raise ConfigError(
            f"is not valid YAML: {problem}", file=file, line=mark.line + 1 if mark else None,
            fix="Correct that line; keys and values are written 'key: value', indented by spaces",
        ) from None  # fmt: skip


def _check_node(node: yaml.Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Nodes and levels in and below ``node``, those behind an alias each time.

    Raises YAMLError for what is refused.
    """
    if id(node) in known:
        return known[id(node)]
    if node.tag not in _TAGS:
        raise _refuse(f"the tag '{node.tag}' is unknown", node)
    known[id(node)] = MAX_NODES, 0  # what contains itself is without end
    children: list[yaml.Node] = []
    if isinstance(node, yaml.ScalarNode):
        _check_scalar(node)
    elif isinstance(node, yaml.MappingNode):
        _check_keys(node)
        children = [part for pair in node.value for part in pair]
    else:
        children = node.value
    below = [_check_node(child, known) for child in children]
    size = 1 + sum(n for n, _ in below)
    height = 1 + max((levels for _, levels in below), default=0)
    if size > MAX_NODES or height > MAX_DEPTH:
        many = f"it has more than {MAX_NODES:,} keys and values"
        raise _refuse(many if size > MAX_NODES else _TOO_DEEP, node)
    known[id(node)] = size, height
    return size, height


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[Hashable] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refuse("a key is a list or has keys of its own", key)
        if key.value in seen:
            raise _refuse(f"the key '{key.value[:80]}' is given twice", key)
        seen.add(key.value)


def _check_scalar(node: yaml.ScalarNode) -> None:
    if len(node.value) > MAX_LETTERS:
        raise _refuse(f"a value has {len(node.value):,} characters", node)
    if _UNPRINTABLE.search(node.value):
        raise _refuse("a value has a control character", node)
    kind = node.tag.rpartition(":")[2]
    if kind in ("str", "null", "merge"):
        return
    try:
        value = _convert(kind, node)
    except (ValueError, LookupError, OverflowError, yaml.YAMLError):
        raise _refuse(f"'{node.value[:40]}' is not a value of this kind", node) from None
    if not math.isfinite(value):
        raise _refuse(f"'{node.value[:40]}' is not a finite number", node)


def _convert(kind: str, node: yaml.ScalarNode) -> float:
    loader = yaml.SafeLoader("")
    convert: Any = getattr(loader, f"construct_yaml_{kind}")
    return float(convert(node))


def _refuse(problem: str, node: yaml.Node) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
