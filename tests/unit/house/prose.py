"""The prose of this repository: what people read in each file, passage by passage."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
ROOT = HOUSE.parents[2]
_SUFFIXES = {".md", ".yaml", ".smk", ".j2", ".js", ".rst", ".toml", ".R", ".def", ".tsv", ".py"}
_NAMES = {"Makefile", "Snakefile", "Dockerfile"}
# outputs and lists of taxa are data, and the lists beside this file name the words themselves
_DATA = re.compile(
    r"tests/golden/.*\.(tsv|R|nwk)$|tests/unit/house/(words|test_words)|.*(taxa|genera)\.tsv$"
)
DOCSTRING = '"' * 3
_PROSE = {"STRING", "FSTRING_MIDDLE", "COMMENT"}
_FILLED = re.compile(r"\{[^{}]*\}")
_CODE = re.compile(r"``[^`]+``|`[^`]+`")


@cache
def list_files() -> list[str]:
    """Files of this repository that contain prose, committed or new."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in names.splitlines() if _has_prose(name)]


def _has_prose(name: str) -> bool:
    path = ROOT / name
    known = path.suffix in _SUFFIXES or path.name in _NAMES
    is_own = path.is_file() and not path.is_symlink()  # its target is in the list itself
    return known and is_own and not _DATA.match(name)


@cache
def read_prose(name: str) -> list[tuple[int, str]]:
    """Line and text of each passage of a file, in one line: a phrase may be broken over two.

    Code in backticks is left out.
    """
    text = (ROOT / name).read_text(encoding="utf-8")
    if name == "CHANGELOG.md":
        text = take_newest(text)
    passages = read_python(text) if name.endswith(".py") else read_paragraphs(text)
    return [(line, " ".join(_CODE.sub("", words).split())) for line, words in passages if words]


def take_newest(changelog: str) -> str:
    """The newest part of a changelog; older parts are history and stay as they are."""
    return "\n### ".join(re.split(r"\n### ", changelog)[:2])


def read_paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs of a text, without the marks of comments."""
    line = 1
    for part in re.split(r"(\n\s*\n)", text):
        yield line, " ".join(words.strip(" #") for words in part.splitlines())
        line += part.count("\n")


def read_python(text: str) -> Iterator[tuple[int, str]]:
    """Comments, docstrings and strings; literals that the compiler joins are one passage."""
    start, parts = 1, []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        if kind in _PROSE:
            start = start if parts else token.start[0]
            parts.append(_strip_literal(token.string) if kind == "STRING" else token.string)
        elif kind == "NEWLINE" or (kind == "OP" and token.string not in "(){}"):
            yield start, " ".join(part.strip("# \n") for part in parts)
            parts = []
    yield start, " ".join(part.strip("# \n") for part in parts)


def _strip_literal(literal: str) -> str:
    """The words of a string literal; a docstring begins with three quotes.

    What an f-string fills in is code, and a single word is a name.
    """
    match = re.match(r"(?s)([a-zA-Z]*)[\"']+(.*?)[\"']*$", literal)
    prefix, words = match.groups() if match else ("", "")
    if " " not in words:
        return ""
    quotes = DOCSTRING if literal.startswith(DOCSTRING) else ""
    return quotes + (_FILLED.sub("{}", words) if "f" in prefix.lower() else words)
