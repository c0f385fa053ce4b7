"""Walls of the house: who may import what, and how quickly programs start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "scripts"
LIBRARY = sorted((SCRIPTS / "vagus").rglob("*.py"))
PROGRAMS = sorted(SCRIPTS.glob("*.py"))
OTHERS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])


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
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
        assert all(name.startswith("vagus.kernels") for name in ours)


def _list_top_names(module: str) -> set[str]:
    """What can be imported from a module of the library, read from its source."""
    path = SCRIPTS.joinpath(*module.split("."))
    if path.is_dir():
        modules = {found.stem for found in path.glob("*.py")} | {
            found.name for found in path.iterdir() if found.is_dir()
        }
        return modules | _list_bound(path / "__init__.py")
    return _list_bound(path.with_suffix(".py"))


def _list_bound(path: Path) -> set[str]:
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bound = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    bound |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    return bound | {alias.asname or alias.name for node in imports for alias in node.names}


# the library and its programs are checked by mypy; imports within functions are seen by no start
@pytest.mark.parametrize("path", OTHERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_tests_import_exists(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("vagus"):
            assert {alias.name for alias in node.names} <= _list_top_names(node.module), node.module


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
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.MatMult) for node in ast.walk(tree))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
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
import runpy, sys
sys.argv = [sys.argv[1], *sys.argv[3:]]
try:
    run = runpy.run_path if sys.argv[0].endswith(".py") else runpy.run_module
    run(sys.argv[0], run_name="__main__")
except SystemExit as stop:
    assert not stop.code, stop.code
print("heavy:", *sorted(set({heavy}) & set(sys.modules)))
"""


def _ask_help(target: str, *words: str) -> str:
    kind = "file" if target.endswith(".py") else "module"
    code = _ASK_HELP.replace("{heavy}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", code, target, kind, *words, "--help"],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={"PYTHONPATH": str(SCRIPTS), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.name)
def test_help_of_programs_is_light(path: Path) -> None:
    text = _ask_help(str(path))
    assert "usage:" in text
    assert text.rstrip().endswith("heavy:")


@pytest.mark.parametrize("command", ["", "init", "check", "run", "demo", "reference", "simulate"])
def test_help_of_the_command_is_light(command: str) -> None:
    text = _ask_help("vagus.cli.main", *command.split())
    assert "usage:" in text
    assert text.rstrip().endswith("heavy:")
