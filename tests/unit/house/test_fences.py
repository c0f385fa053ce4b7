"""Walls of the house: who may import what, and how quickly programs start."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from unit.house.sources import walk

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "scripts"
LIBRARY = sorted((SCRIPTS / "vagus").rglob("*.py"))
PROGRAMS = sorted(SCRIPTS.glob("*.py"))


# the policy itself: what is compiled, for which processor, and where it is cached
POLICY = {
    "jit.py": {"collections", "contextlib", "functools", "hashlib", "llvmlite", "pathlib",
               "pickle", "platform", "typing"},
    "cache_files.py": {"collections", "errno", "hashlib", "os", "pathlib", "secrets", "stat"},
    "address_space.py": {"mmap", "resource"},
    "cache_age.py": {"contextlib", "os", "pathlib", "re", "secrets", "stat", "time"},
    "registry.py": {"collections", "concurrent", "dataclasses", "importlib", "itertools", "os",
                    "pathlib", "typing"},
}  # fmt: skip


def is_kernel(path: Path) -> bool:
    """Whether a file is in the package of the kernels, at any depth."""
    return SCRIPTS / "vagus" / "kernels" in path.parents


def _list_imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in walk(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def _first_words(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _list_imports(path)}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: str(p.relative_to(SCRIPTS)))
def test_library_imports(path: Path) -> None:
    words = _first_words(path)
    in_kernels = is_kernel(path)
    in_cli = path.parent.name == "cli"
    assert path.name.startswith("snakemake_") or not any(w.startswith("snakemake") for w in words)
    assert in_cli or "argparse" not in words
    assert in_kernels or "numba" not in words
    if in_kernels:
        allowed = {"__future__", "numba", "numpy", "math", "vagus"}
        assert words <= allowed | POLICY.get(path.name, set())
        ours = {name for name in _list_imports(path) if name.startswith("vagus")}
        if path.name == "cache_files.py":  # compiled code that is shared is beside the product
            ours.discard("vagus.product")
        assert all(name.startswith("vagus.kernels") for name in ours)


# What numpy and OpenBLAS compute with other last digits on another processor; see vagus.numerics.
OF_THE_PROCESSOR = frozenset(
    [
        "arccos",
        "arccosh",
        "arcsin",
        "arcsinh",
        "arctan",
        "arctan2",
        "arctanh",
        "cbrt",
        "convolve",
        "corrcoef",
        "correlate",
        "cos",
        "cosh",
        "cov",
        "dot",
        "exp",
        "exp2",
        "expm1",
        "float_power",
        "geomspace",
        "hypot",
        "inner",
        "linalg",
        "log",
        "log10",
        "log1p",
        "log2",
        "logaddexp",
        "logaddexp2",
        "logspace",
        "matmul",
        "polyfit",
        "power",
        "sin",
        "sinh",
        "tan",
        "tanh",
        "tensordot",
        "vdot",
    ]
)


def _list_of_the_processor(path: Path) -> list[str]:
    found = []
    for node in walk(path):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Attribute) and node.attr in OF_THE_PROCESSOR:
            if isinstance(node.value, ast.Name) and node.value.id == "np":
                found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "np.einsum":
            found += [
                f"{node.lineno}: optimize" for word in node.keywords if word.arg == "optimize"
            ]
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in LIBRARY if path.parent.name != "numerics" and not is_kernel(path)],
    ids=lambda p: str(p.relative_to(SCRIPTS)),
)
def test_digits_do_not_come_from_the_processor(path: Path) -> None:
    assert _list_of_the_processor(path) == []


@pytest.mark.parametrize(
    "path", list(filter(is_kernel, LIBRARY)), ids=lambda p: str(p.relative_to(SCRIPTS))
)
def test_kernels_call_no_blas(path: Path) -> None:
    """exp and log are those of the C library there, one value at a time."""
    assert not any(isinstance(node, ast.MatMult) for node in walk(path))
    names = {node.attr for node in walk(path) if isinstance(node, ast.Attribute)}
    assert not names & {"dot", "vdot", "linalg", "matmul", "convolve", "correlate"}


def test_the_fence_sees_what_it_should(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("a @ b\nnp.exp(x)\nnp.einsum('i,i', a, b, optimize=True)\nnp.sqrt(x)\n")
    assert len(_list_of_the_processor(path)) == 3


# What makes a start slow. A clock would fail on a busy machine; this says the same and does not.
HEAVY = (
    "numpy", "pandas", "scipy", "skbio", "numba", "matplotlib", "jinja2", "jsonschema",
    "cutadapt", "dnaio", "pysam", "Bio", "statsmodels", "biom", "snakemake",
)  # fmt: skip
_ASK_HELP = """
import json, os, runpy, sys

def ask(target, *words):
    sys.argv = [target, *words, "--help"]
    try:
        run = runpy.run_path if target.endswith(".py") else runpy.run_module
        run(target, run_name="__main__")
    except SystemExit as stop:
        assert not stop.code, stop.code
    print("heavy:", *sorted(set({heavy}) & set(sys.modules)))

for words in json.load(sys.stdin):
    print(json.dumps(words), flush=True)
    child = os.fork()  # each starts from the same few modules
    if not child:
        ask(*words)
        sys.stdout.flush()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, words
"""
COMMANDS = ["", "init", "check", "run", "demo", "reference", "simulate"]


def list_targets() -> dict[str, list[str]]:
    """What is asked for help, by its name here."""
    programs = {path.name: [str(path)] for path in PROGRAMS}
    return programs | {name: ["vagus.cli.main", *name.split()] for name in COMMANDS}


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """What each program and command prints when asked for help, and which modules it loaded."""
    targets = list_targets()
    done = subprocess.run(
        [sys.executable, "-c", _ASK_HELP.replace("{heavy}", repr(HEAVY))],
        input=json.dumps(list(targets.values())), capture_output=True, text=True, check=False,
        cwd=ROOT, env={"PYTHONPATH": str(SCRIPTS), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    texts = {}
    rest = done.stdout
    for name, words in reversed(targets.items()):
        rest, _, texts[name] = rest.rpartition(json.dumps(words) + "\n")
    return texts


@pytest.mark.parametrize("name", list_targets())
def test_help_is_light(name: str, helps: dict[str, str]) -> None:
    assert "usage:" in helps[name]
    assert helps[name].rstrip().endswith("heavy:")


def test_heavy_modules_are_seen(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("import numpy\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _ASK_HELP.replace("{heavy}", repr(HEAVY))],
        input=json.dumps([[str(tmp_path / "one.py")]]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.rstrip().endswith("heavy: numpy")
