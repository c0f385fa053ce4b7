"""All readers that are given damaged files."""

from __future__ import annotations

from pathlib import Path

from fuzz.knowledge_readers import make_knowledge_targets
from fuzz.pool_readers import make_pool_targets
from fuzz.programs import make_program_targets
from fuzz.readers import make_input_targets
from fuzz.registry_readers import make_registry_targets
from fuzz.table_readers import make_table_targets
from fuzz.target import Target


def make_targets(folder: Path) -> list[Target]:
    """All targets, their seeds made in ``folder``."""
    targets = []
    makers = (
        make_input_targets, make_pool_targets, make_table_targets, make_knowledge_targets,
        make_program_targets, make_registry_targets,
    )  # fmt: skip
    for make in makers:
        own = folder / make.__name__
        own.mkdir()
        targets += make(own)
    return targets
