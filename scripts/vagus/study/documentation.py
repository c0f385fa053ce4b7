"""Config file, schema and manual, written from the settings classes so that they cannot drift."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import yaml

from vagus.study.schema import describe_values, load_schema

_WIDTH = 96


def render_config(values: dict[str, Any] | None = None) -> str:
    """A config file with every key, its meaning as a comment, and ``values`` over the defaults."""
    schema = load_schema("config")
    lines = [
        "# Vagus config. Every key is shown with its default; delete what you do not change.",
        "# The same words, with ranges, are in config/README.md of the Vagus checkout.",
        "",
    ]
    for key, part in schema["properties"].items():
        value = (values or {}).get(key)
        if part.get("type") == "object":
            lines += ["", *_comment(part["description"], ""), f"{key}:"]
            for name, leaf in part["properties"].items():
                chosen = value[name] if value and name in value else leaf["default"]
                lines += [*_comment(leaf["description"], "  "), _entry(f"  {name}", chosen)]
        else:
            chosen = part["default"] if value is None else value
            lines += [*_comment(part["description"], ""), _entry(key, chosen)]
    return "\n".join(lines) + "\n"


def _comment(text: str, indent: str) -> list[str]:
    return [f"{indent}# {line}" for line in textwrap.wrap(text, _WIDTH - len(indent))]


def _entry(key: str, value: Any) -> str:
    return f"{key}: {format_value(value)}".rstrip()


def format_value(value: Any) -> str:
    """A value as YAML on one line; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = repr(value)
        return text.replace("e", ".0e") if "e" in text and "." not in text else text
    if isinstance(value, list):
        return "[" + ", ".join(format_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {format_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str):
        plain = value.replace("_", "").replace(".", "").replace("/", "").replace("-", "")
        reserved = value.lower() in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
        safe = plain.isascii() and plain.isalpha() and value[0].isalpha() and not reserved
        return value if safe else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def render_schema() -> str:
    """``workflow/schemas/config.schema.yaml``, for editors that check a config as it is typed."""
    body = yaml.safe_dump(load_schema("config"), sort_keys=False, allow_unicode=True, width=_WIDTH)
    return f"# Written by scripts/document_config.py from the settings classes.\n{body}"


def render_manual() -> str:
    """``config/README.md``: every key with type, range, default and meaning."""
    config, sheet = load_schema("config"), load_schema("samples")
    general = {k: v for k, v in config["properties"].items() if v.get("type") != "object"}
    lines = [
        "# Config and sample sheet",
        "",
        "<!-- Written by scripts/document_config.py from the settings classes. -->",
        "",
        *textwrap.wrap(config["description"], _WIDTH),
        "",
        "## General keys",
        "",
        *_key_table("", general),
    ]
    for key, part in config["properties"].items():
        if part.get("type") == "object":
            lines += ["", f"## `{key}`", "", part["description"], ""]
            lines += _key_table(f"{key}.", part["properties"])
    lines += ["", "## Sample sheet", "", *textwrap.wrap(sheet["description"], _WIDTH), ""]
    lines += ["| column | needed | meaning | values |", "|---|---|---|---|"]
    for column, part in sheet["properties"].items():
        needed = "yes" if column in sheet["required"] else "no"
        values = describe_values(part).lstrip(", ")
        lines.append(f"| `{column}` | {needed} | {part['description']} | {values} |")
    return "\n".join(lines) + "\n"


def _key_table(prefix: str, properties: dict[str, Any]) -> list[str]:
    rows = ["| key | default | meaning | values |", "|---|---|---|---|"]
    for key, part in properties.items():
        default = format_value(part["default"]) or "(empty)"
        values = describe_values(part).replace("|", "\\|")
        description = part["description"].replace("|", "\\|")
        rows.append(f"| `{prefix}{key}` | `{default}` | {description} | {values} |")
    return rows
