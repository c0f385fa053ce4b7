"""The config: unknown names, values out of range, defaults, documentation that cannot drift."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from vagus.errors import ConfigError
from vagus.study.documentation import render_config, render_manual, render_schema
from vagus.study.schema import fill_defaults, load_schema, read_config, validate_config


def test_rendered_config_is_the_defaults() -> None:
    assert validate_config(yaml.safe_load(render_config())) == fill_defaults({})


def test_every_default_is_valid() -> None:
    assert validate_config(fill_defaults({})) == fill_defaults({})


@pytest.mark.parametrize(
    ("name", "render"),
    [
        ("config/config.yaml", render_config),
        ("config/README.md", render_manual),
        ("workflow/schemas/config.schema.yaml", render_schema),
    ],
)
def test_documentation_is_current(root: Path, name: str, render: object) -> None:
    written = (root / name).read_text(encoding="utf-8")
    assert written == render(), "run 'make docs'"  # type: ignore[operator]


def test_every_key_is_described() -> None:
    def walk(properties: dict) -> None:
        for key, part in properties.items():
            assert part.get("description", "").endswith((".", ".)")), key
            if "properties" in part:
                walk(part["properties"])

    walk(load_schema("config")["properties"])


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"redas": {}}, ["'redas' is unknown", "Did you mean 'reads'"]),
        (
            {"reads": {"max_expected_error": 2}},
            ["'reads.max_expected_error' is unknown", "'max_expected_errors'"],
        ),
        ({"denoise": {"engine": "dda"}}, ["'denoise.engine' is 'dda'", "'dada'"]),
        ({"cohort": {"permutations": 5}}, ["'cohort.permutations' is 5", "at least 99"]),
        ({"reads": {"primers": 3}}, ["'reads.primers' is 3", "text"]),
        (
            {"reads": {"primers": {"forward": "ACGTACGTACGT"}}},
            ["'reverse' is missing from 'reads.primers'"],
        ),
        ({"diversity": {"metrics": ["bray"]}}, ["'diversity.metrics.0'", "braycurtis"]),
        ({"seed": True}, ["'seed' is True"]),
        ({"reads": []}, ["'reads' is []"]),
    ],
)
def test_mistakes_are_named(config: dict, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        validate_config(config, "config.yaml")
    assert str(caught.value).startswith("config.yaml: ")
    for word in words:
        assert word in str(caught.value)


def test_number_without_decimal_point_is_a_number() -> None:
    # YAML 1.1 reads 1e-30 as text
    config = yaml.safe_load("denoise: {omega_a: 1e-30}")
    assert config["denoise"]["omega_a"] == "1e-30"
    assert validate_config(config)["denoise"]["omega_a"] == 1e-30


def test_empty_section_means_defaults() -> None:
    assert validate_config({"reads": None}) == fill_defaults({})


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("seed: 1\nseed: 2\n", 2, "given twice"),
        ("reads:\n  primers: [\n", 3, "not valid YAML"),
        ("- a\n- b\n", None, "has no keys"),
    ],
)
def test_bad_yaml(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as caught:
        read_config(path)
    assert caught.value.line == line


def test_missing_and_binary_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such config"):
        read_config(tmp_path / "none.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_config(tmp_path / "binary.yaml")
