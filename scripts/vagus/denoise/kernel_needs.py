"""Which kernels the jobs of a study run, in the words of ``vagus/kernels/versions.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vagus.engines import ENGINES

# every study names its ASVs
TAXONOMY = "taxonomy"
_POOLINGS = ("pseudo", "pooled")
NEEDS = (
    TAXONOMY,
    *ENGINES,
    *(f"{engine}-{pooling}" for engine in ENGINES for pooling in _POOLINGS),
    *(f"{facts.name}-{more}" for facts in ENGINES.values() for _, _, more in facts.kernel_needs),
)


def list_needs(denoise: Mapping[str, Any], engines: set[str]) -> list[str]:
    """Needs of a study from its section ``denoise`` and the engines that its samples may get."""
    needs = {TAXONOMY, *engines, *(f"{engine}-{denoise['pooling']}" for engine in engines)}
    for engine in engines:
        wanted = ENGINES[engine].kernel_needs
        needs |= {f"{engine}-{more}" for key, value, more in wanted if denoise[key] == value}
    return [need for need in NEEDS if need in needs]
