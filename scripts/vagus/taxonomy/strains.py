"""Group the ASVs that look like the 16S copies of one strain.

A genome contains 1 to 15 copies of the gene (Stoddard et al. 2015, Nucleic Acids Res. 43:D593)
that may differ, by less than 1 % as a rule (Acinas et al. 2004, J. Bacteriol. 186:2629; Pei et
al. 2010, Appl. Environ. Microbiol. 76:3886), so that one strain gives several ASVs whose reads
keep the ratio of its copies. The rule, in order:

1. ASVs by descending reads, then name. Only those with at least five reads in ``min_samples``
   units are judged; a unit is a sample or, where the design names a subject, all samples of
   one subject, since two strains that live in one person may well keep one ratio there.
2. An ASV joins the first group whose most abundant ASV shares a species name with it, is at
   least ``min_identity`` identical and keeps a constant ratio to it (``ratios``), unless the
   ratio to another ASV of the group varies. Otherwise it starts a group of its own.
3. A copy that two strains share varies against the copies of either and stays alone.

With few samples or few reads nothing can be judged and nothing is grouped (a copy that is a
seventh of a strain needs some 200 reads of it in four samples). Two strains that always occur
together in one ratio cannot be distinguished from one by any such rule.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from vagus.edits import count_edits
from vagus.errors import VagusError
from vagus.reference.lineage import TIE_SEPARATOR
from vagus.tables.stages.taxonomy import STRAINS
from vagus.taxonomy.ratios import CONSTANT, VARYING, Ratio, compare_ratios
from vagus.taxonomy.settings import StrainSettings

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

MIN_READS = 5  # of an ASV in a unit, for the unit to count
MAX_COPIES = 15  # of the gene in one genome
RATIO_TOLERANCE = 0.08  # of a log share, beyond the counting of reads
GROUPED, SEED, APART, ALONE = "copy", "main copy", "apart", "alone"
UNJUDGED, NAMELESS = "cannot be judged", "no species name"


@dataclass
class _Asv:
    """One ASV: where it is and what the rule found."""

    name: str
    species: frozenset[str]
    counts: np.ndarray  # reads by sample
    units: np.ndarray  # number of the unit of each sample
    sequence: str
    verdict: str = ALONE
    partner: str = ""
    identity: float | None = None
    ratio: Ratio | None = None


@dataclass
class Strain:
    """ASVs of one strain, the most abundant first."""

    members: list[_Asv] = field(default_factory=list)


def measure_identity(one: str, two: str, min_identity: float) -> float:
    """1 - edits / longer length where that reaches ``min_identity``, else 0."""
    longer = max(len(one), len(two), 1)
    limit = int((1.0 - min_identity) * longer + 1e-9)
    edits = count_edits(one, two, limit)
    return 1.0 - edits / longer if edits >= 0 else 0.0


def group_strains(
    asv_table: pd.DataFrame,
    sequences: Mapping[str, str],
    species: Mapping[str, str],
    rule: StrainSettings | None = None,
    unit_of: Mapping[str, str] | None = None,
) -> list[Strain]:
    """Strains in the order of their most abundant ASV; every ASV is in exactly one.

    ``asv_table`` is wide (ASVs are its index, samples its columns), ``species`` has the called
    species of each ASV ('' or ties joined by '/'), ``unit_of`` the unit of each sample (its own
    where absent). Raises VagusError for an ASV without sequence.
    """
    rule = rule or StrainSettings()
    asvs = _list_asvs(asv_table, sequences, species, unit_of or {})
    strains: list[Strain] = []
    of_species: dict[str, list[Strain]] = {}
    for asv in asvs:
        chosen = _find_strain(asv, of_species, rule)
        if chosen is None:
            chosen = Strain()
            strains.append(chosen)
            if _is_judgeable(asv, rule):
                for name in sorted(asv.species):
                    of_species.setdefault(name, []).append(chosen)
        chosen.members.append(asv)
    _mark_unjudged(asvs, rule)
    n_grouped = sum(len(s.members) > 1 for s in strains)
    log.info("%d ASVs, %d strains of which %d of several ASVs", len(asvs), len(strains), n_grouped)
    return strains


def _list_asvs(
    table: pd.DataFrame,
    sequences: Mapping[str, str],
    species: Mapping[str, str],
    unit_of: Mapping[str, str],
) -> list[_Asv]:
    names = table.index.tolist()
    missing = [name for name in names if name not in sequences]
    if missing:
        raise VagusError(
            f"{len(missing)} ASVs have no sequence, the first is {missing[0]}",
            fix="Give the FASTA that belongs to the ASV table.",
        )
    names_of_units = [unit_of.get(sample, sample) for sample in table.columns]
    place = {unit: n for n, unit in enumerate(sorted(set(names_of_units)))}
    units = np.array([place[unit] for unit in names_of_units], np.int64)
    counts = table.to_numpy(np.int64)
    rows = [
        _Asv(
            name,
            frozenset(part for part in species.get(name, "").split(TIE_SEPARATOR) if part),
            counts[number],
            units,
            sequences[name],
        )
        for number, name in enumerate(names)
    ]
    return sorted(rows, key=lambda asv: (-int(asv.counts.sum()), asv.name))


def _is_judgeable(asv: _Asv, rule: StrainSettings) -> bool:
    n_units = len(np.unique(asv.units[asv.counts >= MIN_READS]))
    return bool(asv.species) and n_units >= rule.min_samples


def _compare(one: _Asv, two: _Asv, rule: StrainSettings) -> Ratio:
    return compare_ratios(one.counts, two.counts, rule.min_samples, one.units)


def _find_strain(
    asv: _Asv, of_species: Mapping[str, Sequence[Strain]], rule: StrainSettings
) -> Strain | None:
    """The first strain that the ASV belongs to; what was found is noted on the ASV."""
    if not _is_judgeable(asv, rule):
        return None
    for name in sorted(asv.species):
        for strain in of_species.get(name, ()):
            seed = strain.members[0]
            identity = measure_identity(asv.sequence, seed.sequence, rule.min_identity)
            if not identity:
                continue
            ratio = _compare(seed, asv, rule)
            belongs = ratio.verdict == CONSTANT and not any(
                _compare(other, asv, rule).verdict == VARYING for other in strain.members[1:]
            )
            if belongs or asv.ratio is None:
                asv.partner, asv.identity, asv.ratio = seed.name, identity, ratio
            if seed.ratio is None or (belongs and len(strain.members) == 1):
                seed.partner, seed.identity, seed.ratio = asv.name, identity, ratio
            if belongs:
                return strain
    return None


def _mark_unjudged(asvs: Sequence[_Asv], rule: StrainSettings) -> None:
    """Describe what the rule found for each ASV; a strain's first ASV is named if it has others."""
    n_of: dict[str, int] = {}
    for asv in asvs:
        for name in asv.species:
            n_of[name] = n_of.get(name, 0) + 1
    for asv in asvs:
        if not asv.species:
            asv.verdict = NAMELESS
        elif not _is_judgeable(asv, rule):
            asv.verdict = UNJUDGED if any(n_of[name] > 1 for name in asv.species) else ALONE
        elif asv.ratio is not None:
            asv.verdict = UNJUDGED if asv.ratio.verdict not in (CONSTANT, VARYING) else APART


def estimate_copies(reads: Sequence[int]) -> list[int]:
    """The smallest whole numbers, at most 15 in all, whose ratio is that of the reads.

    They fit when every share is within 8 % (PCR does not copy all equally well) and twice the error
    of counting. All zeros when none do. The numbers say how copies relate: a genome may contain a
    multiple of them, and 4:3 is written as 3:2, which it cannot be distinguished from.
    """
    total = sum(reads)
    for n_copies in range(len(reads), MAX_COPIES + 1):
        copies = [max(round(n_copies * n / total), 1) for n in reads]
        if sum(copies) == n_copies and all(
            abs(math.log(n / total * n_copies / copy)) <= RATIO_TOLERANCE + 2.0 / math.sqrt(n)
            for n, copy in zip(reads, copies, strict=True)
        ):
            return copies
    return [0] * len(reads)


def tabulate_strains(strains: Sequence[Strain]) -> pd.DataFrame:
    """One row an ASV with the columns of ``STRAINS``, strain by strain."""
    import pandas as pd

    rows = []
    for strain in strains:
        reads = [int(asv.counts.sum()) for asv in strain.members]
        is_group = len(reads) > 1
        copies = estimate_copies(reads) if is_group else [0]
        for number, asv in enumerate(strain.members):
            ratio = asv.ratio
            verdict = (GROUPED if number else SEED) if is_group else asv.verdict
            rows.append(
                (
                    asv.name, strain.members[0].name,
                    TIE_SEPARATOR.join(sorted(asv.species)) or None,
                    len(reads), reads[number], reads[number] / max(sum(reads), 1),
                    str(copies[number]) if copies[number] else None, verdict,
                    asv.partner or None, asv.identity,
                    str(ratio.n_units) if ratio else None,
                    ratio.p_constant if ratio else None, ratio.p_varying if ratio else None,
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=STRAINS.names)


def sum_strains(asv_table: pd.DataFrame, strains: Sequence[Strain]) -> pd.DataFrame:
    """Reads of each strain in each sample; column sums equal those of the ASV table.

    A strain has the name of its most abundant ASV; rows are by descending reads, then name.
    """
    strain_of = {asv.name: s.members[0].name for s in strains for asv in s.members}
    labels = asv_table.index.map(strain_of)
    sums = asv_table.groupby(labels.to_numpy()).sum()
    order = sorted(sums.index, key=lambda name: (-int(sums.loc[name].sum()), name))
    return sums.loc[order].rename_axis("strain")
