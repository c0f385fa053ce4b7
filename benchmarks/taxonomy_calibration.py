"""How often species and genera are right, by margin and confidence, when the species is left out.

300 species of the starter lose all their sequences ('absent'), 300 of those with several lose one
('present'); these 600 sequences are named by the rest, with groups of inseparable species and
organelles, as a study has it. Prints right and wrong names at several margins
(``taxonomy.min_species_margin``), and at the default by band of confidence.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.inseparable import group_records
from vagus.reference.lineage import TIE_SEPARATOR
from vagus.reference.starter import (
    ReferenceRecord,
    read_off_target,
    read_starter,
)
from vagus.taxonomy.classify import Settings, classify
from vagus.taxonomy.ranks import GENUS, SPECIES
from vagus.taxonomy.settings import Thresholds

MARGINS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
BANDS = (0.0, 0.5, 0.8, 0.95, 0.99, 1.01)


@dataclass(frozen=True)
class Query:
    """A sequence that was left out, and whether its species still has others."""

    record: ReferenceRecord
    kind: str


def leave_out(
    records: Sequence[ReferenceRecord], n: int, seed: int
) -> tuple[list[Query], list[ReferenceRecord]]:
    """Queries of ``n`` species of either kind, and the records that stay."""
    generator, of_species = random.Random(seed), defaultdict(list)
    for record in records:
        if TIE_SEPARATOR not in record.lineage[SPECIES]:
            of_species[record.lineage[SPECIES]].append(record)
    whole = {
        species: [r for r in found if set(r.sequence) <= set("ACGT")]
        for species, found in sorted(of_species.items())
    }
    names = [species for species, found in whole.items() if found]
    absent = generator.sample(names, n)
    several = [s for s in names if len(of_species[s]) > 1 and s not in set(absent)]
    present = generator.sample(several, n)
    queries = [Query(generator.choice(whole[s]), "absent") for s in sorted(absent)]
    queries += [Query(generator.choice(whole[s]), "present") for s in sorted(present)]
    gone = {r.accession for s in absent for r in of_species[s]}
    gone |= {query.record.accession for query in queries}
    return queries, [record for record in records if record.accession not in gone]


def is_right(truth: str, called: str) -> bool:
    """Whether any of the joined names is true."""
    return not set(truth.split(TIE_SEPARATOR)).isdisjoint(called.split(TIE_SEPARATOR))


def name_queries(
    index: ReferenceIndex, queries: Sequence[Query], margin: float
) -> list[tuple[Query, list[str], list[float]]]:
    """Names and confidences of each query at a margin."""
    settings = Settings(thresholds=Thresholds(min_species_margin=margin))
    pairs = [(q.record.accession, q.record.sequence) for q in queries]
    named = classify(index, pairs, settings)
    return [(q, n.call.names, n.call.confidences) for q, n in zip(queries, named, strict=True)]


def print_counts(title: str, calls: Sequence[tuple[Query, list[str], list[float]]]) -> None:
    """Queries, names given, right and wrong, by kind and rank."""
    for kind in ("present", "absent"):
        for rank in (GENUS, SPECIES):
            known = [c for c in calls if c[0].kind == kind and c[0].record.lineage[rank]]
            given = [c for c in known if c[1][rank]]
            right = sum(is_right(c[0].record.lineage[rank], c[1][rank]) for c in given)
            word = "genus" if rank == GENUS else "species"
            print(title, kind, word, len(known), len(given), right, len(given) - right, sep="\t")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--species", type=int, default=300, help="species of either kind")
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args(argv)
    records = group_records(read_starter())
    queries, kept = leave_out(records, arguments.species, arguments.seed)
    index = build_index([*kept, *read_off_target()], "left", consume=True)
    print("margin", "species_is", "rank", "queries", "named", "right", "wrong", sep="\t")
    for margin in MARGINS:
        calls = name_queries(index, queries, margin)
        print_counts(f"{margin:g}", calls)
        if margin != Thresholds.min_species_margin:
            continue
        for low, high in pairwise(BANDS):
            band = [c for c in calls if low <= c[2][SPECIES] < high]
            print_counts(f"{margin:g}, confidence {low:g}-{min(high, 1):g}", band)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
