"""Name all ASVs of a study and lay the results out as tables."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vagus.reads.gene_span import cut_gene
from vagus.reference.index import ReferenceIndex
from vagus.reference.lineage import TIE_SEPARATOR, format_lineage
from vagus.study.general_settings import GeneralSettings
from vagus.tables.stages.taxonomy import HITS, TAXONOMY
from vagus.taxonomy.call import Call, call_names
from vagus.taxonomy.evidence import Hit, gather_evidence
from vagus.taxonomy.ranks import GENUS, SPECIES, format_taxon
from vagus.taxonomy.settings import SearchSettings, Thresholds

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How sequences are classified; the words are those of the config."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    bootstraps: int = SearchSettings.bootstraps
    max_hits: int = SearchSettings.max_hits
    seed: int = GeneralSettings.seed


@dataclass(frozen=True)
class NamedSequence:
    """One sequence with its call and its best hits."""

    name: str
    call: Call
    hits: tuple[Hit, ...]


def classify(
    index: ReferenceIndex,
    sequences: Iterable[tuple[str, str]],
    settings: Settings,
    threads: int = 1,
) -> list[NamedSequence]:
    """Name (name, sense-strand sequence) pairs, in their order; operons by their 16S part.

    Each result depends on its sequence, the index and the settings only, not on the other
    sequences or on ``threads``.
    """

    def name_one(pair: tuple[str, str]) -> NamedSequence:
        name, sequence = pair
        evidence = gather_evidence(
            index, cut_gene(sequence), bootstraps=settings.bootstraps, seed=settings.seed
        )
        call = call_names(index, evidence, settings.thresholds)
        return NamedSequence(name, call, evidence.hits[: settings.max_hits])

    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        named = list(pool.map(name_one, sequences))
    n_genus = sum(bool(item.call.names[GENUS]) for item in named)
    n_species = sum(bool(item.call.names[SPECIES]) for item in named)
    log.info("%d sequences: %d with genus, %d with species", len(named), n_genus, n_species)
    return named


def tabulate_taxonomy(index: ReferenceIndex, named: Sequence[NamedSequence]) -> pd.DataFrame:
    """Table of calls with the columns of ``TAXONOMY``, one row a sequence."""
    import pandas as pd

    accessions = index.accessions
    rows = []
    for item in named:
        call = item.call
        best = call.nearest[0] if call.nearest else None
        rows.append(
            (
                item.name,
                format_taxon(call.names),
                round(call.confidence, 4),
                *(name or None for name in call.names),
                *(
                    round(value, 4) if name else None
                    for name, value in zip(call.names, call.confidences, strict=True)
                ),
                round(best.identity, 6) if best else None,
                round(best.coverage, 6) if best else None,
                ";".join(accessions[hit.reference] for hit in call.nearest) or None,
                TIE_SEPARATOR.join(call.tied_species) or None,
                "; ".join(call.notes) or None,
            )
        )
    return pd.DataFrame(rows, columns=TAXONOMY.names)


def tabulate_hits(index: ReferenceIndex, named: Sequence[NamedSequence]) -> pd.DataFrame:
    """Table of the best hits with the columns of ``HITS``, best first."""
    import pandas as pd

    accessions = index.accessions
    rows = [
        (
            item.name,
            number,
            accessions[hit.reference],
            round(hit.identity, 6),
            round(hit.coverage, 6),
            format_lineage(index.lineages[index.lineage_of[hit.reference]]),
        )
        for item in named
        for number, hit in enumerate(item.hits, 1)
    ]
    return pd.DataFrame(rows, columns=HITS.names)
