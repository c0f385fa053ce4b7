"""Options of step programs, made from the settings classes whose keys they are."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast

from vagus.study.keys import Key, list_keys

S = TypeVar("S")


class _GatherItems(argparse.Action):
    """A list: the option once for each item; given once and empty, a list without items."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any,
        option_string: str | None = None,
    ) -> None:  # fmt: skip
        """Add one item to those given so far."""
        given = getattr(namespace, f"_given_{self.dest}", [])
        given = given if values == "" else [*given, values]
        setattr(namespace, f"_given_{self.dest}", given)
        setattr(namespace, self.dest, given)


def add_settings(
    parser: argparse.ArgumentParser,
    settings: type,
    prefix: str = "",
    only: Collection[str] = (),
) -> None:
    """Add an option for each key of a settings class, or for the keys named ``only``."""
    keys = {key.name: key for key in list_keys(settings, prefix)}
    for name in only or keys:
        _add_key(parser, keys[name])


def _add_key(parser: argparse.ArgumentParser, key: Key) -> None:
    schema, words = key.schema, key.words.replace("%", "%%")
    if schema.get("type") == "boolean":
        parser.add_argument(key.option, action=argparse.BooleanOptionalAction,
            default=key.default, help=words)  # fmt: skip
        return
    more: dict[str, Any] = {}
    if key.is_list:
        more = {"action": _GatherItems, "metavar": key.name.upper()}
    elif "enum" in schema:
        more = {"choices": schema["enum"]}
    kinds = schema.get("type", "string")
    for name, kind in (("integer", int), ("number", float)):
        if name in ([kinds] if isinstance(kinds, str) else kinds):
            more["type"] = kind
    parser.add_argument(key.option, default=key.default, help=words, **more)


def read_settings(
    arguments: argparse.Namespace, settings: Callable[..., S], prefix: str = "", **internal: Any
) -> S:
    """An instance of a settings class from parsed options.

    A key that the program has no option for has its default; ``internal`` are further fields.
    """
    values = {}
    for key in list_keys(cast("type", settings), prefix):
        if hasattr(arguments, key.name):
            value = getattr(arguments, key.name)
            values[key.field] = tuple(value) if isinstance(value, list) else value
    return settings(**values, **internal)
