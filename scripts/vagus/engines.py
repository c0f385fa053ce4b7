"""The engines: their names, once, and what is known of each before it is loaded.

An engine is a package of its name below ``vagus`` with these modules:

- ``facts``: ``FACTS``, an ``EngineFacts`` (``vagus.engine_facts``); light, since every program
  asks it.
- ``engine``: a class ``Engine`` of four verbs, learn, denoise, plan, shard
  (``vagus.denoise.engines``).
- ``report``: functions that write and draw what the pages show of it
  (``vagus.report.engine_reports``).

A further engine is one such package and its name in ``NAMES``. One with a pool has the rules of
its pool beyond plan and split in ``workflow/rules/denoise/<name>_pool.smk``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from vagus.engine_facts import EngineFacts

AUTO = "auto"
NAMES = ("dada", "phase")


def _read_facts(name: str) -> EngineFacts:
    facts: EngineFacts = import_module(f"vagus.{name}.facts").FACTS
    return facts


ENGINES: Mapping[str, EngineFacts] = {name: _read_facts(name) for name in NAMES}
# for samples without reads
FALLBACK = NAMES[0]
# for reads with many exact duplicates, and with few
FOR_MANY = next(facts.name for facts in ENGINES.values() if facts.needs_duplicates)
FOR_FEW = next(facts.name for facts in ENGINES.values() if not facts.needs_duplicates)
