"""Modules of other libraries, compiled once more with our products and functions for numpy's.

Statistics that a library is the reference for should be the library's. Its digits depend on the
processor all the same, and where it searches an optimum step by step, rounding at the end does not
help: another last digit can be another step. ``borrow`` makes a private copy of an installed
function's module, from its own source, in which ``np`` is ``OrderedNumpy`` and ``a @ b`` is
``np.matmul``. The library itself stays as it is.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vagus.numerics import functions, systems
from vagus.numerics.products import multiply

Floats = NDArray[np.float64]


def _write_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with numpy's ``out``."""

    def call(*values: ArrayLike, out: Any = None) -> Any:
        result = function(*values)
        if out is None:
            return result
        out[...] = result
        return out

    return call


def _matmul(left: Floats, right: Floats) -> Floats:
    left, right = np.asarray(left), np.asarray(right)
    if left.ndim > 2 or right.ndim > 2:
        product: Floats = np.einsum("...ij,...jk->...ik", left, right)
        return product
    return multiply(left, right)


def _dot(left: Floats, right: Floats) -> Any:
    return (np.ravel(left) * np.ravel(right)).sum()


def _einsum(subscripts: str, *arrays: Floats, out: Any = None, **_: object) -> Any:
    return np.einsum(subscripts, *arrays, out=out)


def _svd(matrix: Floats, full_matrices: bool = True) -> tuple[Floats, Floats, Floats]:
    if full_matrices or matrix.ndim != 2 or matrix.shape[0] < matrix.shape[1]:
        raise NotImplementedError("singular values of a matrix with at least as many rows only")
    left, sizes, right = systems.decompose_columns(matrix)
    return left, sizes, right.T


def _norm(values: Floats) -> Any:
    return np.sqrt((np.ravel(values) ** 2).sum())


class OrderedNumpy:
    """numpy, with what is not the same on every processor replaced; anything else of it as is.

    Of ``linalg`` only what is replaced is there, so that nothing else is used unseen.
    """

    exp = staticmethod(_write_out(functions.exp))
    log = staticmethod(_write_out(functions.log))
    log1p = staticmethod(_write_out(functions.log1p))
    matmul = staticmethod(_write_out(_matmul))
    dot = staticmethod(_dot)
    vdot = staticmethod(_dot)
    einsum = staticmethod(_einsum)
    linalg = SimpleNamespace(
        LinAlgError=np.linalg.LinAlgError,
        inv=systems.invert,
        norm=_norm,
        slogdet=systems.log_determinant,
        solve=systems.solve,
        svd=_svd,
    )

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


class _NameProducts(ast.NodeTransformer):
    """``a @ b`` becomes ``np.matmul(a, b)``."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Called for each operation of two values."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        name = ast.Attribute(ast.Name("np", ast.Load()), "matmul", ast.Load())
        return ast.copy_location(ast.Call(name, [node.left, node.right], []), node)


_Function = TypeVar("_Function", bound=Callable[..., Any])


def borrow(function: _Function) -> _Function:
    """The same function from a copy of its module; modules beside it are copied as well."""
    copied: _Function = getattr(_copy_module(function.__module__), function.__name__)
    return copied


@cache
def _copy_module(name: str) -> ModuleType:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named '{name}'", name=name)
    module = importlib.util.module_from_spec(ModuleSpec(name, None, origin=spec.origin))
    module.__package__ = name.rpartition(".")[0]
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    siblings = {
        f"{module.__package__}.{node.module}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
    }
    tree = ast.fix_missing_locations(_NameProducts().visit(tree))
    exec(compile(tree, spec.origin, "exec"), module.__dict__)
    for sibling in sorted(siblings):
        original, copied = vars(sys.modules[sibling]), vars(_copy_module(sibling))
        names = [word for word, value in vars(module).items() if callable(value)]
        same = [word for word in names if original.get(word) is vars(module)[word]]
        vars(module).update({word: copied[word] for word in same})
    vars(module)["np"] = OrderedNumpy()
    return module
