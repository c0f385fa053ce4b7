"""The config as it is read, checked against its schema and filled with defaults."""

from __future__ import annotations

import copy
import difflib
import math
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from vagus.errors import ConfigError
from vagus.files import read_input
from vagus.product import find_product
from vagus.study.sections import build_schema
from vagus.study.yaml_text import parse_yaml

WORKFLOW = find_product("workflow")
SCHEMAS = WORKFLOW / "schemas"
MAX_CONFIG_BYTES = 200_000
_MAX_NAMED = 40


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema ``config``, made from the settings classes, or ``samples``."""
    if name == "config":
        return build_schema()
    with open(SCHEMAS / f"{name}.schema.yaml", encoding="utf-8") as stream:
        schema: dict[str, Any] = yaml.safe_load(stream)
    return schema


def read_config(path: Path) -> dict[str, Any]:
    """Read a config file as it is, without defaults or checks against the schema."""
    fix = "Write one with 'vagus init READS_DIR', or name yours with --configfile"
    missing = ("there is no such config file", fix)
    text = read_input(path, ConfigError, missing, "utf-8-sig", MAX_CONFIG_BYTES)
    config = parse_yaml(text, path)
    if config is None:
        return {}
    if not isinstance(config, dict):
        raise ConfigError("has no keys", file=path, fix="Write 'key: value' lines")
    return config


def fill_defaults(config: dict[str, Any], schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """A copy of ``config`` in which every key of the schema has a value, in schema order."""
    schema = load_schema("config") if schema is None else schema
    filled: dict[str, Any] = {}
    for key, part in schema["properties"].items():
        value = config.get(key, copy.deepcopy(part.get("default")))
        if part.get("type") == "object" and "properties" in part:
            value = fill_defaults(value or {}, part)
        filled[key] = value
    return filled


def convert_numbers(config: Any, schema: dict[str, Any]) -> Any:
    """Numbers that YAML reads as text, such as ``1e-40`` without a decimal point, as numbers."""
    if isinstance(config, dict):
        parts = schema.get("properties", {})
        return {key: convert_numbers(value, parts.get(key, {})) for key, value in config.items()}
    kinds = schema.get("type")
    if isinstance(config, str) and "number" in (kinds if isinstance(kinds, list) else [kinds]):
        try:
            number = float(config)
        except ValueError:
            return config
        return number if math.isfinite(number) else config
    return config


def validate_config(config: dict[str, Any], file: Path | str | None = None) -> dict[str, Any]:
    """Check ``config`` against the schema and fill its defaults.

    Raises ConfigError for the first violation in schema order, with the nearest valid
    name for a key or value that the schema does not know.
    """
    import jsonschema

    schema = load_schema("config")
    # an empty section ('reads:' with nothing below) means its defaults
    config = {
        key: {} if value is None and _is_section(schema, key) else value
        for key, value in config.items()
    }
    config = convert_numbers(config, schema)
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(validator.iter_errors(config), key=lambda error: [str(p) for p in error.path])
    if errors:
        raise _explain(errors[0], file)
    return fill_defaults(config)


def _is_section(schema: dict[str, Any], key: str) -> bool:
    return bool(schema["properties"].get(key, {}).get("type") == "object")


def _explain(error: Any, file: Path | str | None, outer: str = "") -> ConfigError:
    """Turn a schema violation into one sentence with what to do."""
    path = ".".join([outer, *map(str, error.path)] if outer else map(str, error.absolute_path))
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = sorted(str(key) for key in error.instance if key not in known)
        name = f"{path}.{unknown[0]}" if path else unknown[0]
        return ConfigError(
            f"the key '{name}' is unknown", file=file, fix=suggest_name(unknown[0], known)
        )
    if error.validator == "oneOf" and isinstance(error.instance, dict):
        inner = [part for part in error.context if part.validator != "type"]
        if inner:
            return _explain(inner[0], file, path)
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return ConfigError(
            f"'{missing[0]}' is missing from '{path}'", file=file,
            fix=f"It takes {describe_values(error.schema)}",
        )  # fmt: skip
    what = f"'{path}' is {error.instance!r}, which is not allowed"
    if error.validator == "pattern":
        fix = error.schema["description"]
    elif error.validator == "enum":
        fix = suggest_name(str(error.instance), [str(value) for value in error.validator_value])
    else:
        fix = f"It takes {describe_values(error.schema)}"
    return ConfigError(what, file=file, fix=fix)


def suggest_name(name: str, known: list[str]) -> str:
    """What to write instead of an unknown name: the nearest one, and all there are."""
    short = [one for one in known if len(one) <= 80]
    near = difflib.get_close_matches(name[:80].lower(), short, n=1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    more = f" and {len(known) - _MAX_NAMED} more" if len(known) > _MAX_NAMED else ""
    return f"{hint}Known here: {', '.join(known[:_MAX_NAMED])}{more}"


def describe_values(schema: dict[str, Any]) -> str:
    """The values that a key takes, in words: type, choices and range."""
    if "oneOf" in schema:
        return " or ".join(describe_values(part) for part in schema["oneOf"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    kind_or_kinds = schema.get("type", "anything")
    kinds: list[str] = kind_or_kinds if isinstance(kind_or_kinds, list) else [kind_or_kinds]
    words = {
        "integer": "a whole number", "number": "a number", "string": "text",
        "boolean": "true or false", "array": "a list", "object": "keys and values",
        "null": "nothing (empty)",
    }  # fmt: skip
    text = " or ".join(words.get(kind, kind) for kind in kinds)
    if "array" in kinds and "items" in schema:
        text += f" of {describe_values(schema['items'])}"
    if "object" in kinds and "properties" in schema:
        text += f" ({', '.join(schema['properties'])})"
    return text + _describe_range(schema)


def _describe_range(schema: dict[str, Any]) -> str:
    bounds = []
    for key, words in (
        ("minimum", "at least"), ("exclusiveMinimum", "above"),
        ("maximum", "at most"), ("exclusiveMaximum", "below"),
    ):  # fmt: skip
        if key in schema:
            bounds.append(f"{words} {schema[key]}")
    return f", {' and '.join(bounds)}" if bounds else ""
