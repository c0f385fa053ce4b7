"""What is known of the ``dada`` engine before it is loaded."""

from __future__ import annotations

from vagus.chimeras.settings import ABUNDANCE
from vagus.engine_facts import EngineFacts

NAME = "dada"
FACTS = EngineFacts(
    name=NAME,
    summary="forms ASVs from exact duplicates",
    chimera_rule=ABUNDANCE,
    needs_duplicates=True,
    prefix="",
    settings={
        NAME: "vagus.dada.settings:DadaSettings",
        "learning": "vagus.dada.settings:LearningSettings",
    },
    learning=("learning", NAME),
    denoising=(NAME,),
    kernel_needs=(("mode", "exact", "exact"), ("indels", "model", "indels")),
    keeps_partitions=True,
    plan=("plan.json", "groups.npz"),
    pool=("plan.json", "births.tsv", "shares.npz"),
)
