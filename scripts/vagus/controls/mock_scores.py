"""A mock sample against its known composition, at species and at genus level.

| value | meaning |
|---|---|
| found, missed, below_detection | expected taxa with reads; without; without, where fewer than 10
  reads were expected: the three make up the expected ones |
| wrong | reads named as a species that is not in the mock, of a genus that is: a wrong name, since
  the mock contains another species of the genus, or contamination |
| foreign | other reads named at the rank as something that is not in the mock, or unnamed there but
  of a genus that is not in it: contamination, cross-talk or misnaming |
| unnamed | reads without a name at the rank (and not foreign) |
| bray_curtis | half the sum of absolute differences of shares; wrong, foreign and unnamed reads are
  differences |
| log2_error | root mean square of log2(observed / expected share) over found taxa that are not
  below detection; shares among the reads of expected taxa |

Expected shares are of 16S genes. Names agree across databases by ``vagus.reference.names``
and by the synonyms of the mock's table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vagus.controls.mocks import Member, Mock
from vagus.reference.lineage import RANKS
from vagus.reference.names import Names

MOCK_RANKS = ("species", "genus")
MIN_EXPECTED_READS = 10


@dataclass(frozen=True)
class Calls:
    """Names of ASVs, and which names agree."""

    species: Mapping[str, str]
    genus: Mapping[str, str]
    synonyms: Names

    def find(self, name: str, members: Sequence[Member], rank: str) -> int | None:
        """Place of the first member that a name agrees with."""
        place = RANKS.index(rank)
        for index, member in enumerate(members):
            if any(self.synonyms.agree(place, name, other) for other in member.names):
                return index
        return None


@dataclass
class Tally:
    """Reads of one mock sample at one rank."""

    reads: int
    members: list[Member]
    found: list[int]
    foreign: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    unnamed: int = 0

    @property
    def foreign_reads(self) -> int:
        """Reads of taxa that are not in the mock."""
        return sum(self.foreign.values())

    @property
    def wrong_reads(self) -> int:
        """Reads named as another species of a genus of the mock."""
        return sum(self.wrong.values())

    def expected_reads(self, index: int) -> float:
        """Reads that a member would have were the sample perfect."""
        return self.reads * self.members[index].share


def tally_reads(counts: Mapping[str, int], mock: Mock, rank: str, calls: Calls) -> Tally:
    """Sort the reads of a sample (ASV -> reads) into expected, foreign and unnamed."""
    members, genera = mock.expect(rank), mock.expect("genus")
    tally = Tally(sum(counts.values()), members, [0] * len(members))
    names = calls.species if rank == "species" else calls.genus
    for asv, reads in counts.items():
        name, genus = names.get(asv, ""), calls.genus.get(asv, "")
        place = calls.find(name, members, rank) if name else None
        is_known = bool(genus) and calls.find(genus, genera, "genus") is not None
        if place is not None:
            tally.found[place] += reads
        elif not name and (is_known or not genus):
            tally.unnamed += reads
        else:
            label = name or f"unnamed {genus}"
            group = tally.wrong if rank == "species" and is_known else tally.foreign
            group[label] = group.get(label, 0) + reads
    return tally


def list_taxa(tally: Tally) -> list[dict[str, object]]:
    """One row a taxon: taxon, status, expected_percent, observed_percent, reads, log2_ratio."""
    rows = []
    total, matched = tally.reads, sum(tally.found)
    for index, (member, reads) in enumerate(zip(tally.members, tally.found, strict=True)):
        low = tally.expected_reads(index) < MIN_EXPECTED_READS
        missing = "below detection" if low else "missed"
        ratio = math.log2(reads / matched / member.share) if reads else math.nan
        status = "found" if reads else missing
        rows.append(_row(member.names[0], status, member.share, reads, total) | {
            "log2_ratio": ratio})  # fmt: skip
    for status, group in (("wrong species", tally.wrong), ("foreign", tally.foreign)):
        ordered = sorted(group.items(), key=lambda item: (-item[1], item[0]))
        rows += [_row(name, status, 0.0, reads, total) for name, reads in ordered]
    if tally.unnamed:
        rows.append(_row("(unnamed)", "unnamed", 0.0, tally.unnamed, total))
    return rows


def _row(taxon: str, status: str, share: float, reads: int, total: int) -> dict[str, object]:
    observed = 100 * reads / total if total else math.nan
    return {
        "taxon": taxon, "status": status, "expected_percent": 100 * share,
        "observed_percent": observed, "reads": reads, "log2_ratio": math.nan,
    }  # fmt: skip


def summarise(tally: Tally) -> dict[str, object]:
    """Key numbers of one tally (see the module)."""
    places = range(len(tally.members))
    seen = [i for i in places if tally.found[i]]
    strong = [i for i in places if tally.expected_reads(i) >= MIN_EXPECTED_READS]
    missed = [i for i in strong if not tally.found[i]]
    total, matched = tally.reads, sum(tally.found)
    ratios = [
        math.log2(tally.found[i] / matched / tally.members[i].share)
        for i in strong
        if tally.found[i]
    ]
    return {
        "reads": total,
        "expected": len(tally.members),
        "detectable": len(strong),
        "found": len(seen),
        "missed": len(missed),
        "missed_taxa": "; ".join(tally.members[i].names[0] for i in missed),
        "below_detection": len(tally.members) - len(seen) - len(missed),
        "wrong_species": len(tally.wrong),
        "wrong_percent": 100 * tally.wrong_reads / total if total else math.nan,
        "foreign_taxa": len(tally.foreign),
        "foreign_percent": 100 * tally.foreign_reads / total if total else math.nan,
        "unnamed_percent": 100 * tally.unnamed / total if total else math.nan,
        "bray_curtis": _bray_curtis(tally),
        "log2_error": math.sqrt(sum(r * r for r in ratios) / len(ratios)) if ratios else math.nan,
    }


def _bray_curtis(tally: Tally) -> float:
    if not tally.reads:
        return math.nan
    pairs = zip(tally.members, tally.found, strict=True)
    apart = sum(abs(member.share - reads / tally.reads) for member, reads in pairs)
    others = tally.foreign_reads + tally.wrong_reads + tally.unnamed
    return (apart + others / tally.reads) / 2
