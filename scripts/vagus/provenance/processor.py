"""The processor that made the results: its name and the level of its instructions."""

from __future__ import annotations

import platform
from pathlib import Path

# Levels of x86-64 as its psABI defines them, by flags of which none is in the level below.
LEVELS = (
    ("x86-64-v4", frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})),
    ("x86-64-v3", frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"})),
    ("x86-64-v2", frozenset({"cx16", "popcnt", "sse4_1", "sse4_2", "ssse3"})),
)
CPUINFO = Path("/proc/cpuinfo")


def describe_processor(cpuinfo: Path = CPUINFO) -> dict[str, str]:
    """``model`` and ``level``, as far as the system names them; the architecture else."""
    machine = platform.machine()
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {"model": platform.processor() or machine, "level": machine}
    words = {}
    for line in text.split("\n\n", 1)[0].splitlines():
        name, _, value = line.partition(":")
        words[name.strip()] = value.strip()
    return {"model": words.get("model name", machine), "level": _name_level(words, machine)}


def _name_level(words: dict[str, str], machine: str) -> str:
    flags = frozenset(words.get("flags", "").split())
    names = [LEVELS[i][0] for i in range(len(LEVELS)) if flags.issuperset(_list_flags(i))]
    return names[0] if names else machine


def _list_flags(place: int) -> frozenset[str]:
    """Flags of a level and of all below it."""
    return frozenset().union(*(flags for _, flags in LEVELS[place:]))
