"""The default of a key of the config is in its settings class and nowhere else.

A literal counts that has the name and the value of a default: as the default of a function's
parameter, of a field, of a program's option, of ``.get(name, literal)``, as a constant, and in a
rule file. What is generated from the settings (schema, config.yaml, manual) is compared with them
in tests/unit/study/test_schema.py.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from unit.house.sources import walk
from vagus.study.sections import PARTS

ROOT = Path(__file__).resolve().parents[3]
# of a simulation, whose seed is not that of the study that is made of it
SIMULATION = {"simulate_reads.py", "vagus/cli/demo.py", "vagus/demo/cohort.py",
              "vagus/demo/study.py"}  # fmt: skip
# a cell of the sheet that says nothing, which happens to be written as the config's 'auto'
OTHER = {("platform", "vagus/study/samples.py")}


def list_defaults() -> dict[str, list[Any]]:
    """Defaults by the names that a key has: in the config, and as a field of its class."""
    defaults: dict[str, list[Any]] = {}
    for part in PARTS.values():
        for key in part.keys:
            if key.default not in (None, "", [], False):  # says only that there is nothing
                for name in {key.name, key.field}:
                    defaults.setdefault(name, []).append(key.default)
    return defaults


DEFAULTS = list_defaults()
CONFIG_NAMES = {key.name for part in PARTS.values() for key in part.keys}


def is_default(name: str, node: ast.expr | None) -> bool:
    """Whether a literal is the default of the key of this name."""
    try:
        value = ast.literal_eval(node) if node is not None else None
    except ValueError:
        return False
    value = list(value) if isinstance(value, tuple) else value
    # True is 1 for Python
    return any(type(value) is type(one) or {type(value), type(one)} <= {int, float}
               for one in DEFAULTS.get(name, []) if one == value)  # fmt: skip


def list_named(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Names with the literals that they have by default in one node."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        named = [*node.args.posonlyargs, *node.args.args]
        with_default = named[len(named) - len(node.args.defaults) :]
        yield from ((a.arg, d) for a, d in zip(with_default, node.args.defaults, strict=True))
        keywords = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        yield from ((a.arg, d) for a, d in keywords)
    elif isinstance(node, ast.ClassDef):
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                yield one.target.id, one.value
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for one in targets:
            name = one.id.lower().removeprefix("default_") if isinstance(one, ast.Name) else ""
            if isinstance(one, ast.Name) and one.id.isupper() and name in CONFIG_NAMES:
                yield name, node.value
    elif isinstance(node, ast.Call):
        yield from list_called(node)


def list_called(node: ast.Call) -> Iterator[tuple[str, ast.expr | None]]:
    """Names with literals in a call: an option with a default, ``.get("name", literal)``."""
    words = [one.value for one in node.args
             if isinstance(one, ast.Constant) and isinstance(one.value, str)]  # fmt: skip
    option = next((word for word in words if word.startswith("--")), "")
    for keyword in node.keywords:
        if option and keyword.arg == "default":
            yield option.removeprefix("--").replace("-", "_"), keyword.value
    if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and len(node.args) == 2:
        yield str(words[0] if words else ""), node.args[1]


def list_second_homes(scripts: Path) -> list[str]:
    """Places in the programs and the library where a default is written again."""
    return [
        f"{path.relative_to(scripts)}:{node.lineno}: {name} = {ast.unparse(value)}"
        for path in sorted(scripts.rglob("*.py"))
        for node in walk(path)
        for name, value in list_named(node)
        if value is not None and is_default(name, value)
        and not (name == "seed" and str(path.relative_to(scripts)) in SIMULATION)
        and (name, str(path.relative_to(scripts))) not in OTHER
        and not (isinstance(node, ast.Assign) and path.name.endswith("settings.py"))
    ]  # fmt: skip


def list_in_rules(workflow: Path) -> list[str]:
    """Places in rule files where an option, a lookup or a parameter has a default's value."""
    found = []
    for path in sorted([workflow / "Snakefile", *(workflow / "rules").rglob("*.smk")]):
        text = path.read_text(encoding="utf-8")
        for name in DEFAULTS:
            option = re.escape(name.replace("_", "-"))
            forms = (rf"--{option}[= ]([^\s\"'{{]+)", rf"\.get\([\"']{name}[\"'], *([^)]+)\)",
                     rf"(?m)^ +{name}=([^,\n]+),$")  # fmt: skip
            for match in (m for form in forms for m in re.finditer(form, text)):
                value = match[1].strip("\"'")
                if value in map(str, DEFAULTS[name]):
                    found.append(f"{path.relative_to(workflow)}: {match[0].strip()}")
    return found


def test_programs_and_library_have_no_default_of_their_own() -> None:
    assert list_second_homes(ROOT / "scripts") == []


def test_rules_have_no_default_of_their_own() -> None:
    assert list_in_rules(ROOT / "workflow") == []


@pytest.mark.parametrize(
    "text",
    [
        "def call(names, min_confidence=0.8): ...",
        "def call(names, *, bootstraps: int = 100): ...",
        "class Settings:\n    min_confidence: float = 0.8\n",
        "parser.add_argument('--min-confidence', type=float, default=0.8)",
        "add('--metrics', nargs='*', default=('braycurtis', 'jaccard', 'weighted_unifrac',"
        " 'unweighted_unifrac', 'aitchison', 'robust_aitchison'))",
        "x = config['taxonomy'].get('min_confidence', 0.8)",
        "DEFAULT_MIN_CONFIDENCE = 0.8",
    ],
)
def test_a_second_home_in_a_program_is_seen(text: str, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    assert len(list_second_homes(tmp_path)) == 1
    other = text.replace("0.8", "Thresholds.min_confidence").replace("('bray", "('other', 'bray")
    other = other.replace("100", "SearchSettings.bootstraps")
    (tmp_path / "one.py").write_text(other, encoding="utf-8")
    assert list_second_homes(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        '"{params.program} --min-confidence 0.8 --table {input.table:q}"',
        '"{params.program} --min-confidence=0.8 2> {log:q}"',
        "        min_confidence=0.8,",
        'STUDY.config["taxonomy"].get("min_confidence", 0.8)',
    ],
)
def test_a_second_home_in_a_rule_is_seen(line: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "workflow", tmp_path / "workflow")
    with open(tmp_path / "workflow" / "rules" / "taxonomy.smk", "a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    assert len(list_in_rules(tmp_path / "workflow")) == 1
