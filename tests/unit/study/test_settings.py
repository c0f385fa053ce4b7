"""Settings: a key is described once, and reaches a program as it is in the config."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import pytest

from vagus.cli.settings_options import add_settings, read_settings
from vagus.study.keys import key, list_keys
from vagus.study.schema import fill_defaults
from vagus.study.sections import PARTS, SECTIONS, build_schema, list_options


@dataclass(frozen=True)
class Example:
    """One field of each kind; ``internal`` is no key."""

    share: float = key(0.5, "A share.", above=0, maximum=1)
    times: int = key(3, "A number.", minimum=1)
    limit: float | None = key(None, "A limit, or none.")
    kinds: tuple[str, ...] = key(("a", "b"), "Some kinds.", choices=("a", "b", "c"))
    names: tuple[str, ...] = key((), "Some names.")
    is_on: bool = key(True, "A switch.")
    internal: int = 7


def parse(words: list[str]) -> Example:
    parser = argparse.ArgumentParser()
    add_settings(parser, Example, "x_")
    return read_settings(parser.parse_args(words), Example, "x_")


def test_a_field_is_described_by_its_type_and_metadata() -> None:
    described = {one.name: one.describe() for one in list_keys(Example, "x_")}
    assert described == {
        "x_share": {"description": "A share.", "type": "number", "exclusiveMinimum": 0,
                    "maximum": 1, "default": 0.5},
        "x_times": {"description": "A number.", "type": "integer", "minimum": 1, "default": 3},
        "x_limit": {"description": "A limit, or none.", "type": ["number", "null"],
                    "default": None},
        "x_kinds": {"description": "Some kinds.", "type": "array", "uniqueItems": True,
                    "items": {"enum": ["a", "b", "c"]}, "default": ["a", "b"]},
        "x_names": {"description": "Some names.", "type": "array", "uniqueItems": True,
                    "items": {"type": "string", "minLength": 1}, "default": []},
        "x_is_on": {"description": "A switch.", "type": "boolean", "default": True},
    }  # fmt: skip


def test_without_options_a_program_has_the_defaults_of_the_class() -> None:
    assert parse([]) == Example()


def test_options_give_every_kind_of_value() -> None:
    words = ["--x-share=1e-40", "--x-times=4", "--x-limit=2.5", "--x-kinds=c", "--x-names=age",
             "--x-names=-strange", "--no-x-is-on"]  # fmt: skip
    assert parse(words) == Example(1e-40, 4, 2.5, ("c",), ("age", "-strange"), False)


def test_a_list_may_be_empty_although_its_default_is_not() -> None:
    assert parse(["--x-kinds="]).kinds == ()


@pytest.mark.parametrize("name", PARTS)
def test_a_config_reaches_the_program_unchanged(name: str) -> None:
    part = PARTS[name]
    config = fill_defaults({})
    parser = argparse.ArgumentParser()
    add_settings(parser, part.settings, part.prefix)
    arguments = parser.parse_args(list_options(config, name))
    values = config[part.section] if part.section else config
    for one in part.keys:
        expected = values[one.name]
        given = getattr(arguments, one.name)
        if name == "rarefaction" and one.name == "rarefaction_depth":
            expected = str(expected)
        assert given == expected, one.name


def test_values_beside_the_defaults_reach_the_program() -> None:
    config: dict[str, Any] = fill_defaults(
        {
            "reads": {"primers": {"reverse": "GGTTACCTTGTTACGACTT", "forward": "AGAGTTTGATCCTGG"}},
            "diversity": {"levels": []},
            "cohort": {"group": "arm", "covariates": ["age", "b=c"]},
        }
    )
    assert "--primers=AGAGTTTGATCCTGG/GGTTACCTTGTTACGACTT" in list_options(config, "reads")
    assert list_options(config, "diversity.levels") == ["--levels="]
    assert list_options(config, "design")[:3] == [
        "--group=arm", "--covariates=age", "--covariates=b=c",
    ]  # fmt: skip


def test_a_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="no key 'seeds'"):
        list_options(fill_defaults({}), "general.seeds")


def test_each_key_has_one_home() -> None:
    names = [(part.section, one.name) for part in PARTS.values() for one in part.keys]
    assert len(names) == len(set(names))
    assert {section for section, _ in names} == set(SECTIONS)
    written = {
        (section, name)
        for section, leaf in build_schema()["properties"].items()
        if "properties" in leaf
        for name in leaf["properties"]
    }
    assert written == {(section, name) for section, name in names if section}


def test_a_list_of_primer_pairs_is_one_word() -> None:
    own = {"forward": "ACGTACGTAA", "reverse": "TTTTACGTRR"}
    config = fill_defaults({"reads": {"primers": ["27F_1492R", own]}})
    assert "--primers=27F_1492R+ACGTACGTAA/TTTTACGTRR" in list_options(config, "reads")
