"""Tables of the taxonomy and gut-brain stages of a made study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vagus.selection.composition import gather_taxa

if TYPE_CHECKING:
    from unit.report.made_study import MadeStudy

RANKS = ("domain", "phylum", "class", "order", "family", "genus", "species")
GENERA = (
    ("Bacillota", "Clostridia", "Lachnospirales", "Lachnospiraceae", "Blautia"),
    ("Bacillota", "Clostridia", "Eubacteriales", "Ruminococcaceae", "Faecalibacterium"),
    ("Bacillota", "Clostridia", "Lachnospirales", "Lachnospiraceae", "Roseburia"),
    ("Bacillota", "Bacilli", "Lactobacillales", "Lactobacillaceae", "Lactobacillus"),
    ("Bacteroidota", "Bacteroidia", "Bacteroidales", "Bacteroidaceae", "Bacteroides"),
    ("Bacteroidota", "Bacteroidia", "Bacteroidales", "Prevotellaceae", "Prevotella"),
    ("Bacteroidota", "Bacteroidia", "Bacteroidales", "Rikenellaceae", "Alistipes"),
    (
        "Actinomycetota",
        "Actinomycetes",
        "Bifidobacteriales",
        "Bifidobacteriaceae",
        "Bifidobacterium",
    ),
    (
        "Verrucomicrobiota",
        "Verrucomicrobiia",
        "Verrucomicrobiales",
        "Akkermansiaceae",
        "Akkermansia",
    ),
    (
        "Pseudomonadota",
        "Gammaproteobacteria",
        "Enterobacterales",
        "Enterobacteriaceae",
        "Escherichia",
    ),
)


def write_taxonomy(study: MadeStudy) -> None:
    rows = []
    for i, asv in enumerate(study.counts.index):
        lineage = ["Bacteria", *GENERA[i % len(GENERA)]]
        lineage.append(f"{lineage[-1]} species{i % 4}" if i % 3 else "")
        if i % 17 == 16:
            lineage = lineage[:4] + [""] * 3
        taxon = "; ".join(f"{r[0]}__{x}" for r, x in zip(RANKS, lineage, strict=True) if x)
        row: dict[str, object] = {
            "Feature ID": asv,
            "Taxon": taxon,
            "Confidence": 0.8 + 0.01 * (i % 20),
        }
        row |= dict(zip(RANKS, lineage, strict=True))
        row |= {f"confidence_{r}": 0.9 for r in RANKS}
        row |= {
            "identity": 0.99 + 0.0005 * (i % 20),
            "coverage": 1.0,
            "nearest": f"ACC{i};ACC{i + 1}",
            "ties": "Blautia a/Blautia b" if i % 5 == 0 else "",
            "note": "",
        }
        rows.append(row)
    columns = ["Feature ID", "Taxon", "Confidence", *RANKS, *(f"confidence_{r}" for r in RANKS),
               "identity", "coverage", "nearest", "ties", "note"]  # fmt: skip
    study.taxonomy = pd.DataFrame(rows, columns=columns)
    study.write("taxonomy/taxonomy", study.taxonomy)
    for rank in RANKS[1:]:
        taxa = gather_taxa(study.counts, study.taxonomy, rank)
        study.write_wide(f"selection/composition_{rank}", taxa)


def write_gut_brain(study: MadeStudy) -> None:
    """As the stage's program does it."""
    from vagus.gut_brain.knowledge import read_knowledge
    from vagus.gut_brain.summary import (
        match_asvs,
        measure_coverage,
        summarise_groups,
        summarise_samples,
    )
    from vagus.tables.counts import CountTable

    asvs, counts = list(study.counts.index), study.counts.T.to_numpy()
    table = CountTable.from_counts(study.names, asvs, counts)
    knowledge = read_knowledge()
    matches = match_asvs(study.taxonomy, asvs, knowledge)
    samples = summarise_samples(table, matches, list(knowledge.capacities))
    levels = {name: level for name, level in study.levels("group").items() if level}
    study.write("gut_brain/taxa", matches)
    study.write("gut_brain/samples", samples)
    study.write("gut_brain/coverage", measure_coverage(table, study.taxonomy, matches))
    study.write("gut_brain/groups", summarise_groups(samples, {"group": levels}))
