"""Where the files of Vagus are that are not modules, in a checkout and in an installed wheel.

A wheel contains the folders of the checkout (workflow, resources, programs) inside the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_product"
ROOT = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parents[1]


def find_product(*parts: str) -> Path:
    """Path of a file or folder that is named as in the checkout: ``"resources", "x.tsv"``."""
    return ROOT.joinpath(*parts)
