"""Plain English: no word of ``words.tsv`` in what people read; exceptions give their reason."""

from __future__ import annotations

import re

import pytest

from unit.house.prose import HOUSE, ROOT, list_files, read_paragraphs, read_prose, read_python


def _read_rows(name: str) -> list[list[str]]:
    """Cells of the rows of a list, without comments and its head."""
    lines = (HOUSE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


WORDS = [(re.compile(pattern), better) for pattern, better in _read_rows("words.tsv")]
EXCEPTIONS = _read_rows("words_exceptions.tsv")
ANY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in WORDS))


def list_odd(passage: str, allowed: list[str]) -> list[str]:
    """Words of the list in a passage, each with what to write instead."""
    for phrase in allowed:
        passage = passage.replace(phrase, "")
    if not ANY.search(passage):
        return []
    return [
        f"'{match[0]}' -> {better}"
        for pattern, better in WORDS
        for match in pattern.finditer(passage)
    ]


@pytest.mark.parametrize("name", list_files())
def test_words_are_plain(name: str) -> None:
    allowed = [phrase for file, phrase, _ in EXCEPTIONS if re.fullmatch(file, name)]
    odd = [
        f"{name}:{line}: {problem}"
        for line, passage in read_prose(name)
        for problem in list_odd(passage, allowed)
    ]
    assert not odd, "\n".join(odd)


@pytest.mark.parametrize(("file", "phrase", "reason"), EXCEPTIONS)
def test_exceptions_are_needed(file: str, phrase: str, reason: str) -> None:
    """An exception is used, is one by the list, and says why it stays."""
    assert reason
    assert list_odd(phrase, []), "not a word of the list"
    used = [name for name in list_files() if re.fullmatch(file, name)]
    assert any(phrase in passage for name in used for _, passage in read_prose(name))


@pytest.mark.parametrize(
    ("passage", "word"),
    [
        ("The table holds 3 reads.", "holds"),
        ("This was mended.", "mended"),
        ("Equal but for ties.", "but for"),
        ("the sheet lacks a column", "lacks"),
        ('"""Is it a number.', '"""Is it a number.'),
        ("It is no bimera.", "is no bimera"),
        ("two rules are alike", "are alike"),
    ],
)
def test_an_odd_word_is_reported(passage: str, word: str) -> None:
    (problem,) = list_odd(passage, [])
    assert problem.startswith(f"'{word}' -> ")


@pytest.mark.parametrize(
    "passage",
    [
        "a mock stands for itself",
        "We found 3 ASVs.",
        '"""Is it a number?',
        "Is it a number.",
        "black plates",
    ],
)
def test_a_plain_word_is_not(passage: str) -> None:
    assert list_odd(passage, []) == []


def test_passages_of_python() -> None:
    """Joined literals are one passage; what an f-string fills in is code, not prose."""
    source = '''
# first
# second
def f() -> str:
    """A line
    broken."""
    return g("one " f"two {held} three", other="four five", key="six")
'''
    passages = [" ".join(words.split()) for _, words in read_python(source) if words]
    assert passages == ["first second", '"""A line broken.', "one two {} three", "four five"]


def test_passages_of_text() -> None:
    passages = list(read_paragraphs("# a\n# b\n\nc\n"))
    assert [passages[0], passages[-1]] == [(1, "a b"), (4, "c")]


def test_lists_of_words_are_read() -> None:
    assert (ROOT / "README.md").is_file()
    assert "README.md" in list_files()
    assert len(WORDS) > 15
