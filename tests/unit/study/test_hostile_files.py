"""Configs and sheets that attack or are broken: one message, exit 2, no traceback, soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from vagus.cli.main import main
from vagus.errors import ConfigError
from vagus.study.schema import read_config
from vagus.study.yaml_text import parse_yaml

BOMB = "x0: &x0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"x{i}: &x{i} [{','.join(10 * [f'*x{i - 1}'])}]\n" for i in range(1, 12)
)
CONFIGS = {
    "aliases of aliases": (BOMB, "line 5: is not valid YAML: it has more than 20,000 keys"),
    "an alias of itself": ("cohort: &a {group: [*a]}\n", "more than 20,000 keys"),
    "a chain of aliases": (
        "".join(f"x{i}: &x{i} [{f'*x{i - 1}' if i else ''}]\n" for i in range(3000)),
        "nested too deeply",
    ),
    "brackets": (f"cohort: {{group: {'[' * 3000}\n", "nested too deeply"),
    "braces": (f"a: {'{b: ' * 3000}\n", "nested too deeply"),
    "indents": ("".join(" " * i + "a:\n" for i in range(300)), "nested too deeply"),
    "5,000 digits": (f"seed: 1{'0' * 5000}\n", "a value has 5,001 characters"),
    "3,000 digits": (f"seed: 1{'0' * 3000}\n", "is not a value of this kind"),
    "hexadecimal": (f"seed: 0x{'f' * 3000}\n", "is not a value of this kind"),
    "infinite": ("denoise: {omega_c: .inf}\n", "'.inf' is not a finite number"),
    "not a number": ("denoise: {omega_c: .nan}\n", "'.nan' is not a finite number"),
    "1e400": ("denoise: {omega_c: 1e400}\n", "'denoise.omega_c' is '1e400'"),
    "1.0e+400": ("denoise: {omega_c: 1.0e+400}\n", "is not a finite number"),
    "no such date": ("seed: 2026-13-45\n", "'seed' is '2026-13-45'"),
    "a date": ("seed: 2026-11-30\n", "'seed' is '2026-11-30'"),
    "a tag of Python": ("seed: !!python/object/apply:os.getcwd []\n", "is unknown"),
    "a tag of its own": ("seed: !x 1\n", "the tag '!x' is unknown"),
    "bytes": ("samples: !!binary aGk=\n", "is unknown"),
    "a set": ("cohort: {group: !!set {a, b}}\n", "is unknown"),
    "false bool": ("seed: !!bool x\n", "is not a value of this kind"),
    "a list as key": ("? [a, b]\n: 1\n", "a key is a list"),
    "keys as key": ("? {a: 1}\n: 2\n", "a key is a list or has keys of its own"),
    "a key twice": ("seed: 1\nseed: 2\n", "the key 'seed' is given twice"),
    "NUL": ('samples: "a\\0b"\n', "has a control character"),
    "a lone surrogate": ('results: "\\uD800"\n', "has a control character"),
    "a long path": (f"samples: {'x' * 300}\n", "File name too long"),
    "a long text": (f"samples: {'x' * 5000}\n", "a value has 5,000 characters"),
    "two documents": ("seed: 1\n---\nseed: 2\n", "is not valid YAML"),
    "a long file": ("# " + "x" * 300_000, "is larger than 200 kB"),
    "a list": ("- 1\n", "no keys"),
    "a folder as sheet": ("samples: .\n", "this is a folder, not a file"),
}  # fmt: skip
SHEETS = {
    "a long cell": (f"sample\treads\tx\nA\tr\t{'y' * 200_000}\n", "'x' has 200,000 characters"),
    "a long header": (f"sample\treads\t{'y' * 200_000}\nA\tr\t1\n", "200,000 characters"),
    "NUL in a path": ("sample\treads\nA\tr\0.fastq\n", "line 2: 'reads' has a control character"),
    "NUL in a column": ("sample\treads\tx\nA\tr.fastq\t\0\n", "'x' has a control character"),
    "an escape": ("sample\treads\tx\nA\tr.fastq\t\x1b[31m\n", "'x' has a control character"),
    "a line separator": ("sample\treads\tx\nA\tr.fastq\ta\u2028b\n", "has a control character"),
    "20,000 columns": (
        "\t".join(["sample", "reads", *(f"c{i}" for i in range(20_000))]) + "\nA\tr\n",
        "has 20,002 columns",
    ),
    "a column twice": ("sample\treads\tx\tx\nA\tr\t1\t2\n", "has the column 'x' twice"),
    "a long path": (f"sample\treads\nA\t{'x' * 300}\n", "too long"),
}  # fmt: skip


def check_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What ``vagus check`` reports about the study in a folder: one line, exit code 2."""
    assert main(["check", "--configfile", "config.yaml"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert len(line) < 2500
    assert sorted(path.name for path in folder.iterdir()) == ["config.yaml", "samples.tsv"]
    return line


@pytest.mark.parametrize("name", CONFIGS)
def test_configs(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, words = CONFIGS[name]
    (tmp_path / "samples.tsv").write_text("sample\treads\nA\ta.fastq\n", encoding="utf-8")
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    assert words in check_once(tmp_path, capsys)


@pytest.mark.parametrize("name", SHEETS)
def test_sheets(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, words = SHEETS[name]
    (tmp_path / "samples.tsv").write_text(text, encoding="utf-8")
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    assert words in check_once(tmp_path, capsys)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("config.yaml", b"\xff\xfe"),
        ("config.yaml", "seed: 1\n".encode("utf-16")),
        ("config.yaml", b"seed: \xe9\n"),
        ("samples.tsv", b"seed: \xe9\n"),
        ("samples.tsv", b"\xff\xfes"),
    ],
)
def test_other_encodings(
    name: str, data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples.tsv").write_text("sample\treads\nA\ta.fastq\n", encoding="utf-8")
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    (tmp_path / name).write_bytes(data)
    assert "is not text in UTF-8" in check_once(tmp_path, capsys)


def test_yaml_that_people_write_is_read(tmp_path: Path) -> None:
    text = """\
seed: 7
reads: &r {min_length_bp: 1000, primers: none}
cohort:
  group: [a, 'b c', "é"]
  reference: 2026-01-01
denoise:
  omega_c: 1.0e-40
  rescue: yes
truth: ~
other: {<<: *r, primers: auto}
"""
    (tmp_path / "c.yaml").write_text("\ufeff" + text, encoding="utf-8")
    assert read_config(tmp_path / "c.yaml") == {
        "seed": 7,
        "reads": {"min_length_bp": 1000, "primers": "none"},
        "cohort": {"group": ["a", "b c", "é"], "reference": "2026-01-01"},
        "denoise": {"omega_c": 1e-40, "rescue": True},
        "truth": None,
        "other": {"min_length_bp": 1000, "primers": "auto"},
    }


def test_an_empty_text_is_nothing() -> None:
    assert parse_yaml("# only a remark\n", Path("x")) is None
    with pytest.raises(ConfigError, match="line 3: is not valid YAML"):
        parse_yaml("a: 1\nb: [\n", Path("x"))
