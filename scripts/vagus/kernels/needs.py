"""What of a study decides which kernels its jobs run; the words of ``versions.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DADA, PHASE = "dada", "phase"
ENGINES = (DADA, PHASE)
# every study names its ASVs
TAXONOMY = "taxonomy"
_POOLINGS = ("pseudo", "pooled")
NEEDS = (
    TAXONOMY,
    *ENGINES,
    *(f"{engine}-{pooling}" for engine in ENGINES for pooling in _POOLINGS),
    "dada-exact",
    "dada-indels",
)


def list_needs(denoise: Mapping[str, Any], engines: set[str]) -> list[str]:
    """Needs of a study from its section ``denoise`` and the engines that its samples may get."""
    needs = {TAXONOMY, *engines, *(f"{engine}-{denoise['pooling']}" for engine in engines)}
    if denoise["mode"] == "exact":
        needs.add("dada-exact")
    if denoise["indels"] == "model":
        needs.add("dada-indels")
    return [need for need in NEEDS if need in needs and _is_for(need, engines)]


def _is_for(need: str, engines: set[str]) -> bool:
    return need == TAXONOMY or need.partition("-")[0] in engines
