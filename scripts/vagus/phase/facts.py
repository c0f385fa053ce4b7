"""What is known of the ``phase`` engine before it is loaded."""

from __future__ import annotations

from vagus.chimeras.settings import RECURRENCE
from vagus.engine_facts import EngineFacts

NAME = "phase"
FACTS = EngineFacts(
    name=NAME,
    summary="compares the columns of aligned reads, where duplicates are few",
    chimera_rule=RECURRENCE,
    needs_duplicates=False,
    prefix="phase_",
    settings={NAME: "vagus.phase.settings:PhaseSettings"},
    learning=(NAME,),
    planning=(NAME,),
    denoising=(NAME,),
    plan=("plan.json", "shards.npz"),
    pool=("plan.json", "variants.tsv", "shares.npz"),
)
