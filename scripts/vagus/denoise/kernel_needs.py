"""Which kernels the jobs of a study run, in the words of ``vagus/kernels/versions.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vagus.denoise.engines import DADA, ENGINES

# every study names its ASVs
TAXONOMY = "taxonomy"
_POOLINGS = ("pseudo", "pooled")
_EXACT, _INDELS = f"{DADA}-exact", f"{DADA}-indels"
NEEDS = (
    TAXONOMY,
    *ENGINES,
    *(f"{engine}-{pooling}" for engine in ENGINES for pooling in _POOLINGS),
    _EXACT,
    _INDELS,
)


def list_needs(denoise: Mapping[str, Any], engines: set[str]) -> list[str]:
    """Needs of a study from its section ``denoise`` and the engines that its samples may get."""
    needs = {TAXONOMY, *engines, *(f"{engine}-{denoise['pooling']}" for engine in engines)}
    if denoise["mode"] == "exact":
        needs.add(_EXACT)
    if denoise["indels"] == "model":
        needs.add(_INDELS)
    return [need for need in NEEDS if need in needs and _is_for(need, engines)]


def _is_for(need: str, engines: set[str]) -> bool:
    return need == TAXONOMY or need.partition("-")[0] in engines
