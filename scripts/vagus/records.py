"""JSON files read back: objects whose entries have the form on which their readers rely."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from vagus.errors import describe_damage

MAX_WHOLE = 2**53
"""Whole numbers below it are the same in a float."""


NOTHING = type(None)


@dataclass(frozen=True)
class Maybe:
    """The form of an entry that may be absent."""

    form: object


def is_count(value: object) -> bool:
    """Whether ``value`` is a whole number, 0 or more."""
    return type(value) is int and 0 <= value < MAX_WHOLE


def is_number(value: object) -> bool:
    """Whether ``value`` is a number."""
    return type(value) in (int, float)


def has_form(value: object, form: object) -> bool:
    """Whether a value has the form that is asked for.

    A form is a type; a predicate; ``[form]``, a list of such; a mapping of names to forms, an
    object with these entries and any others; ``{str: form}``, an object of such; or a tuple
    of forms of which one must fit.
    """
    if isinstance(form, tuple):
        return any(has_form(value, one) for one in form)
    if isinstance(form, list):
        return isinstance(value, list) and all(has_form(own, form[0]) for own in value)
    if isinstance(form, Mapping):
        if not isinstance(value, dict):
            return False
        if str in form:
            return all(has_form(own, form[str]) for own in value.values())
        return all(_has_entry(value, name, own) for name, own in form.items())
    if isinstance(form, type):
        return isinstance(value, form)
    return bool(form(value))  # type: ignore[operator]


def _has_entry(value: dict[str, Any], name: str, form: object) -> bool:
    if isinstance(form, Maybe):
        return name not in value or has_form(value[name], form.form)
    return name in value and has_form(value[name], form)


def read_object(
    path: str | PathLike[str],
    kind: str,
    form: Mapping[Any, object],
    is_sound: Callable[[dict[str, Any]], bool] | None = None,
) -> dict[str, Any]:
    """Read a file of one JSON object, a ``kind`` of file, of a form (see ``has_form``).

    ``is_sound`` may look at what a form cannot express. Raises VagusError for a damaged file.
    """
    try:
        with open(path, encoding="utf-8") as stream:
            content: dict[str, Any] = json.load(stream)
    except (ValueError, RecursionError) as error:
        raise describe_damage(kind, path) from error
    return check_object(content, path, kind, form, is_sound)


def check_object(
    content: dict[str, Any],
    path: str | PathLike[str],
    kind: str,
    form: Mapping[Any, object],
    is_sound: Callable[[dict[str, Any]], bool] | None = None,
) -> dict[str, Any]:
    """The content of a file if it is of the form; raises VagusError as ``read_object`` does."""
    if not has_form(content, form):
        raise describe_damage(kind, path, find_flaw(content, form))
    if is_sound is not None and not is_sound(content):
        raise describe_damage(kind, path, "its entries contradict each other")
    return content


def find_flaw(content: object, form: Mapping[Any, object]) -> str:
    """Which entry of an object is not as it should be."""
    if not isinstance(content, dict):
        return "it is not one JSON object"
    names = [name for name in form if isinstance(name, str)]
    wrong = [name for name in names if not _has_entry(content, name, form[name])]
    return f"'{wrong[0]}' is missing or not of its kind" if wrong else "an entry is not of its kind"
