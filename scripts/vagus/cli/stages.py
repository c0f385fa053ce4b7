"""The stages of the workflow, in order: the table of contents that the Snakefile is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vagus.study.schema import WORKFLOW

_STAGE = re.compile(r'^include: "rules/(\w+)\.smk"$', re.MULTILINE)
# Snakemake's exception for it
NO_TARGET = "MissingRuleException"
_SHARED = ("common", "plumbing")  # rule files that are no stage


def list_stages() -> list[str]:
    """Names of the stages; each is a target of ``vagus run``."""
    text = (WORKFLOW / "Snakefile").read_text(encoding="utf-8")
    return [name for name in _STAGE.findall(text) if name not in _SHARED]


def choose_stages(words: Sequence[str]) -> list[str]:
    """The stages among words of a command line; a word after an option may be its value."""
    stages = set(list_stages())
    before = ["", *words]
    return [w for b, w in zip(before, words, strict=False) if w in stages and b[:2] != "--"]


def explain_error(kind: str, text: str) -> str:
    """An exception of Snakemake for a person; a target that nothing makes, with the stages."""
    text = text.strip()
    if kind != NO_TARGET:
        return text
    return f"{text}\nStages that can be named: {', '.join(list_stages())}"
