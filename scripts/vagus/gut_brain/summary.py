"""Reads of taxa with a documented capacity, by sample and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vagus.gut_brain.knowledge import Knowledge
from vagus.gut_brain.overlap import measure_overlap
from vagus.study.people import check_columns, group_by_person
from vagus.study.samples import Sample
from vagus.tables.stages.gut_brain import CAPACITIES, CAPACITY_GROUPS, CAPACITY_TAXA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vagus.tables.counts import CountTable


@dataclass(frozen=True)
class Summary:
    """The tables of sums and what they cover."""

    taxa: pd.DataFrame
    samples: pd.DataFrame
    coverage: pd.DataFrame
    groups: pd.DataFrame
    overlap: pd.DataFrame


def summarise(
    table: CountTable,
    taxonomy: pd.DataFrame,
    samples: Sequence[Sample],
    columns: Sequence[str],
    knowledge: Knowledge,
    person: str | None = None,
) -> Summary:
    """Match names and sum reads; groups are the levels of ``columns``, without controls.

    ``person`` is the column of the person of each sample; None: each is of another one.
    """
    reads = dict(zip(table.asvs, table.counts.sum(axis=0).tolist(), strict=True))
    order = sorted(table.asvs, key=lambda asv: (-reads[asv], asv))
    matches = match_asvs(taxonomy, order, knowledge)
    sums = summarise_samples(table, matches, list(knowledge.capacities))
    own = [sample for sample in samples if not sample.control]
    check_columns(own, columns)
    groups = {name: {s.name: s.value(name) for s in own if s.value(name)} for name in columns}
    people = group_by_person(own, person) if person else {}
    coverage = measure_coverage(table, taxonomy, matches)
    controls = {sample.name for sample in samples if sample.control}
    overlap = measure_overlap(table, matches, list(knowledge.capacities), controls)
    return Summary(matches, sums, coverage, summarise_groups(sums, groups, people), overlap)


def match_asvs(taxonomy: pd.DataFrame, asvs: Sequence[str], knowledge: Knowledge) -> pd.DataFrame:
    """One row an ASV, capacity and source, with ``CAPACITY_TAXA``; ASVs in the given order."""
    names = taxonomy.set_index("Feature ID")[["genus", "species"]].fillna("")
    rows = []
    for asv in asvs:
        genus, species = (str(names.at[asv, rank]) for rank in ("genus", "species"))
        for claim in knowledge.find(species, genus):
            what = [claim.taxon, claim.rank, claim.evidence, claim.source]
            rows.append([asv, species or genus, claim.capacity, *what])
    return pd.DataFrame(rows, columns=CAPACITY_TAXA.names)


def summarise_samples(
    table: CountTable, matches: pd.DataFrame, capacities: Sequence[str]
) -> pd.DataFrame:
    """Reads of ASVs with each capacity in each sample.

    Columns: sample, capacity, reads, share (of the sample's reads, 0 to 1; empty when it has
    none), reads_by_species (reads matched by a species name, the others by their genus), n_asvs.
    """
    column_of = {asv: column for column, asv in enumerate(table.asvs)}
    rows = []
    for capacity in capacities:
        part = matches[matches["capacity"] == capacity].drop_duplicates("asv")
        every = [column_of[asv] for asv in part["asv"]]
        exact = [column_of[asv] for asv in part.loc[part["rank"] == "species", "asv"]]
        counts = table.counts[:, every]
        by_species = table.counts[:, exact].sum(axis=1)
        for i, sample in enumerate(table.samples):
            reads = int(counts[i].sum())
            rows.append(
                [sample, capacity, reads, _divide(reads, int(table.reads[i])), int(by_species[i]),
                 int((counts[i] > 0).sum())]
            )  # fmt: skip
    order = {capacity: i for i, capacity in enumerate(capacities)}
    made = pd.DataFrame(rows, columns=CAPACITIES.names)
    keys = made["capacity"].map(order)
    return made.assign(_key=keys).sort_values(["sample", "_key"], kind="stable").drop(
        columns="_key"
    ).reset_index(drop=True)  # fmt: skip


def measure_coverage(
    table: CountTable, taxonomy: pd.DataFrame, matches: pd.DataFrame
) -> pd.DataFrame:
    """How much of each sample the tables can speak of.

    Columns: sample, reads, share_species (reads with a species name), share_genus (with a genus
    name), share_listed (reads of ASVs with at least one capacity); shares from 0 to 1.
    """
    names = taxonomy.set_index("Feature ID").reindex(list(table.asvs))
    listed = set(matches["asv"])
    masks = {
        "share_species": names["species"].fillna("").astype(bool).to_numpy(),
        "share_genus": names["genus"].fillna("").astype(bool).to_numpy(),
        "share_listed": np.array([asv in listed for asv in table.asvs], dtype=bool),
    }
    columns: dict[str, object] = {"sample": list(table.samples), "reads": table.reads}
    for column, mask in masks.items():
        sums: NDArray[np.int64] = table.counts[:, mask].sum(axis=1)
        columns[column] = [_divide(int(n), int(t)) for n, t in zip(sums, table.reads, strict=True)]
    return pd.DataFrame(columns)


def summarise_groups(
    samples: pd.DataFrame,
    groups: Mapping[str, Mapping[str, str]],
    people: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Median and quartiles of the shares in each level of each variable.

    ``groups``: for each variable, the level of each sample. ``people``: the person of each sample;
    several samples of one at one level count as one, with their mean. Columns: variable, level,
    capacity, n (people, or samples, with reads), median, lower_quartile, upper_quartile (shares,
    0 to 1).
    """
    person_of = people or {}
    rows = []
    known = samples.dropna(subset=["share"])
    for variable, levels in groups.items():
        part = known[known["sample"].isin(levels)]
        level_of = part["sample"].map(levels)
        for level in sorted(set(level_of)):
            for capacity in dict.fromkeys(samples["capacity"]):
                here = part[(level_of == level) & (part["capacity"] == capacity)]
                person = here["sample"].map(lambda name: person_of.get(name, name))
                values = here["share"].astype(float).groupby(person).mean().to_numpy()
                low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
                rows.append([variable, level, capacity, len(values), middle, low, high])
    return pd.DataFrame(rows, columns=CAPACITY_GROUPS.names)


def _divide(part: int, whole: int) -> float | None:
    return part / whole if whole else None
