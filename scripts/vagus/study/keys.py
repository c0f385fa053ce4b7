"""A key of the config is a field of a settings class; it is described nowhere else.

The field gives the type, the default and, as metadata, the words, range and choices. The config
schema, ``config/config.yaml``, the manual and the options of the step programs are made from it.
A field without metadata is internal: no key of the config, no option of a program.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

_METADATA = "vagus"
JOINT = "+"  # between the items of a list in one word
_JSON_TYPES = {int: "integer", float: "number", str: "string", bool: "boolean", type(None): "null"}
Schema = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """One key of the config, as its field describes it.

    Attributes:
        field: name of the field in its settings class.
        name: name of the key in its section, and of the option of a program (with ``-``).
        default: a list where the field is a tuple.
        words: what the key means, for the manual and ``--help``.
        schema: JSON schema of its values, without default and description.
    """

    field: str
    name: str
    default: Any
    words: str
    schema: Mapping[str, Any]

    @property
    def option(self) -> str:
        """Option of a step program, such as ``--min-length-bp``."""
        return "--" + self.name.replace("_", "-")

    @property
    def is_list(self) -> bool:
        """Whether the key takes a list, so that its option may be given several times.

        A list of items of several forms, as of pairs of primers, is one word (``write_value``).
        """
        kinds = (self.schema, *self.schema.get("oneOf", ()))
        return any(kind.get("type") == "array" and "oneOf" not in kind["items"] for kind in kinds)

    def describe(self) -> Schema:
        """The whole schema of the key: words, values and default, in this order."""
        return {"description": self.words, **self.schema, "default": self.default}


def key(
    default: Any,
    words: str,
    *,
    choices: tuple[Any, ...] = (),
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
    min_items: int | None = None,
    values: Schema | None = None,
) -> Any:
    """A field of a settings class that is a key of the config.

    ``choices`` are the values allowed (of a list: of its items); ``minimum`` and ``maximum``
    belong to the range, ``above`` does not; ``values`` is a JSON schema that replaces what would
    be made of the field's type.
    """
    limits = {"minimum": minimum, "exclusiveMinimum": above, "maximum": maximum}
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    about = {"words": words, "choices": choices, "limits": limits, "values": values,
             "min_items": min_items}  # fmt: skip
    return dataclasses.field(default=default, metadata={_METADATA: about})


@cache
def list_keys(settings: type, prefix: str = "") -> tuple[Key, ...]:
    """The keys of a settings class, in the order of its fields; names begin with ``prefix``."""
    kinds = typing.get_type_hints(settings)
    return tuple(
        _make_key(field, kinds[field.name], prefix)
        for field in dataclasses.fields(settings)
        if _METADATA in field.metadata
    )


def _make_key(field: dataclasses.Field[Any], kind: Any, prefix: str) -> Key:
    about = field.metadata[_METADATA]
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    schema = about["values"] or _make_schema(kind, about)
    return Key(field.name, prefix + field.name, default, about["words"], schema)


def _make_schema(kind: Any, about: Mapping[str, Any]) -> Schema:
    """JSON schema of the values of one field."""
    choices = list(about["choices"])
    if typing.get_origin(kind) is tuple:
        items: Schema = {"enum": choices} if choices else {"type": "string", "minLength": 1}
        least = {"minItems": about["min_items"]} if about["min_items"] else {}
        return {"type": "array", **least, "uniqueItems": True, "items": items}
    if choices:
        return {"enum": choices}
    kinds = typing.get_args(kind) if typing.get_origin(kind) is types.UnionType else (kind,)
    names = [_JSON_TYPES[one] for one in kinds]
    shortest = {"minLength": 1} if names == ["string"] else {}
    return {"type": names[0] if len(names) == 1 else names, **about["limits"], **shortest}


def write_value(value: Any) -> str:
    """A value as one word; a pair of primers is FORWARD/REVERSE, a list is joined by ``+``."""
    if isinstance(value, list):
        return JOINT.join(map(write_value, value))
    if isinstance(value, Mapping):
        return f"{value['forward']}/{value['reverse']}"
    return str(value)
