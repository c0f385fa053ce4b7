"""Taxa of one sample: its ASVs gathered by their deepest name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.composition import RANKS, UNASSIGNED_LABEL, strip_prefix
from vagus.report.inputs import ReportInputs
from vagus.tables.stages.report import SAMPLE_TAXA

if TYPE_CHECKING:
    import pandas as pd

_ALL_RANKS = ("domain", *RANKS)


def count_asvs(inputs: ReportInputs, sample: str) -> pd.DataFrame:
    """ASVs of a sample with their reads and taxonomy, most abundant first.

    Columns: asv, reads and those of taxonomy.tsv; no rows when the sample has no ASV that is
    analysed.
    """
    import pandas as pd

    counts = inputs.table("selection/asv_table")
    taxonomy = inputs.table("taxonomy/taxonomy")
    if counts is None or sample not in counts:
        return pd.DataFrame({"asv": [], "reads": []})
    reads = counts[sample]
    own = pd.DataFrame({"asv": counts.index, "reads": reads.to_numpy("int64")})
    own = own[own["reads"] > 0].sort_values(["reads", "asv"], ascending=[False, True])
    if taxonomy is None:
        return own.reset_index(drop=True)
    return own.merge(taxonomy, how="left", left_on="asv", right_on="Feature ID")


def gather_taxa(asvs: pd.DataFrame) -> pd.DataFrame:
    """One row a taxon, most reads first, with the columns ``SAMPLE_TAXA``.

    confidence and identity: means over the taxon's ASVs weighted by reads (0 to 1); nearest and
    ties: of its most abundant ASV.
    """
    import pandas as pd

    if not len(asvs):
        return pd.DataFrame(columns=SAMPLE_TAXA.names)
    total = int(asvs["reads"].sum())
    lineages = [name_lineage(row) for row in asvs.to_dict("records")]
    rows = []
    for lineage, members in asvs.groupby(pd.Series(lineages, index=asvs.index), sort=False):
        rows.append(_describe_taxon(str(lineage), members, total))
    table = pd.DataFrame(rows, columns=SAMPLE_TAXA.names)
    return table.sort_values(["reads", "lineage"], ascending=[False, True], ignore_index=True)


def name_lineage(row: dict[str, object]) -> str:
    """Lineage 'd__...; p__...' as far as it is named, or 'Unassigned'."""
    names = [row.get(rank) for rank in _ALL_RANKS]
    parts = [
        f"{rank[0]}__{strip_prefix(name)}"
        for rank, name in zip(_ALL_RANKS, names, strict=True)
        if isinstance(name, str) and name
    ]
    return "; ".join(parts) or UNASSIGNED_LABEL


def _describe_taxon(lineage: str, members: pd.DataFrame, total: int) -> dict[str, object]:
    deepest = lineage.split("; ")[-1]
    ranks = {rank[0]: rank for rank in _ALL_RANKS}
    reads = int(members["reads"].sum())
    first = members.iloc[0]
    return {
        "taxon": strip_prefix(deepest),
        "rank": "" if lineage == UNASSIGNED_LABEL else ranks[deepest[0]],
        "lineage": lineage,
        "reads": reads,
        "percent": 100 * reads / total,
        "n_asvs": len(members),
        "confidence": _weigh(members, "Confidence"),
        "identity": _weigh(members, "identity"),
        "lowest_identity": members["identity"].min() if "identity" in members else None,
        "nearest": first.get("nearest"),
        "ties": first.get("ties"),
    }


def _weigh(members: pd.DataFrame, column: str) -> float | None:
    """Mean weighted by reads over the members that have a value."""
    if column not in members:
        return None
    known = members.dropna(subset=[column])
    if not len(known):
        return None
    return float((known[column] * known["reads"]).sum() / known["reads"].sum())
