"""Rules name files only as inputs and outputs, so that results may be in a remote store.

A path that a parameter makes up is not fetched from a store, and what is written there is not
brought to it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

RULES = sorted((Path(__file__).resolve().parents[3] / "workflow" / "rules").rglob("*.smk"))
_MADE_UP = re.compile(
    r"<results>|\bRESULTS\b|\.parents?\b|\bdirname\b|STUDY\.config\[.(?:samples|results).\]"
)


def list_blocks(text: str) -> list[str]:
    """The parameters and commands of all rules in a file of rules."""
    blocks: list[str] = []
    depth: int | None = None  # of the section that the line belongs to
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        if line.strip() and (depth is None or indent <= depth):
            depth = indent if line.strip() in ("params:", "shell:") else None
            blocks += [""] if depth is not None else []
        elif depth is not None:
            blocks[-1] += line
    return blocks


def find_made_up(text: str) -> list[str]:
    """Lines of parameters and commands that name results, or folders of paths."""
    lines = [line.strip() for block in list_blocks(text) for line in block.splitlines()]
    return [line for line in lines if _MADE_UP.search(line)]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_parameters_name_no_results(path: Path) -> None:
    assert find_made_up(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_no_folder_is_taken_from_a_path(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # the checkout is no result
    text = text.replace("CHECKOUT = RULES.parents[1]\n", "")
    assert re.findall(r".*\.parents?\b.*|.*\bdirname\b.*", text) == []


def test_every_rule_is_looked_at() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in RULES)
    n_shells = len(re.findall(r"^ +shell:$", text, re.MULTILINE))
    n_params = len(re.findall(r"^ +params:$", text, re.MULTILINE))
    assert n_shells > 40
    assert n_params > 30
    assert len(list_blocks(text)) == n_shells + n_params


@pytest.mark.parametrize(
    "line",
    [
        'folder=lambda wildcards: f"{RESULTS}/diversity",',
        'known="<results>/taxonomy/known.gz",',
        "folder=lambda wildcards, input: str(Path(input[0]).parents[1]),",
        "folder=lambda wildcards, input: os.path.dirname(input[0]),",
        "subject=f\"--samples={STUDY.config['samples']}\",",
    ],
)
def test_what_is_found(line: str) -> None:
    rule = f"rule one:\n    input:\n        '<results>/a',\n    params:\n        {line}\n"
    rule += "    shell:\n"
    assert find_made_up(rule + '        "{params.program}"\n') == [line]
