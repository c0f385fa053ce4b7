"""Which kernels the jobs of a study run, in the words of ``vagus/kernels/versions.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vagus.edits import HAS_EDLIB
from vagus.engines import ENGINES

# every study names its ASVs; edit distances are edlib's where that has a build
TAXONOMY, EDITS = "taxonomy", "edits"
_POOLINGS = ("pseudo", "pooled")
NEEDS = (
    TAXONOMY,
    EDITS,
    *ENGINES,
    *(f"{engine}-{pooling}" for engine in ENGINES for pooling in _POOLINGS),
    *(f"{facts.name}-{more}" for facts in ENGINES.values() for _, _, more in facts.kernel_needs),
)
_MACHINE = () if HAS_EDLIB else (EDITS,)


def list_all_needs() -> list[str]:
    """Needs that a study may have on this machine."""
    return [need for need in NEEDS if need != EDITS or need in _MACHINE]


def list_needs(denoise: Mapping[str, Any], engines: set[str]) -> list[str]:
    """Needs of a study from its section ``denoise`` and the engines that its samples may get."""
    needs = {
        TAXONOMY,
        *_MACHINE,
        *engines,
        *(f"{engine}-{denoise['pooling']}" for engine in engines),
    }
    for engine in engines:
        wanted = ENGINES[engine].kernel_needs
        needs |= {f"{engine}-{more}" for key, value, more in wanted if denoise[key] == value}
    return [need for need in NEEDS if need in needs]
