"""One call from the calls of several databases, and where they disagree.

1. Databases are in order of priority. The call is that of the first one that names the genus;
   when none does, that of the deepest call, the earlier database first.
2. Where that call has no species, the first other database gives it that names one in an
   agreeing genus ('species from ...' in the note).
3. A sequence that any database sets apart as an organelle or eukaryote is set apart, since
   the others may contain no organelles; the highest such database gives the call.
4. 'disagreement' lists, for every rank, the databases that name something else than the
   call; synonyms (``synonyms``) agree, and a rank that is not named contradicts nothing.
   Ranks below the first at which a database disagrees are not listed for it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.reference.lineage import RANKS
from vagus.reference.names import Names
from vagus.taxonomy.origins import SET_APART
from vagus.taxonomy.ranks import GENUS, SPECIES, format_taxon

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]


def join_databases(tables: Sequence[tuple[str, pd.DataFrame]], synonyms: Names) -> pd.DataFrame:
    """Consensus of taxonomy tables, each with the name of its database, highest priority first.

    The columns are those of the first table, then ``database`` (whose call it is) and
    ``disagreement``. Raises VagusError when the tables are not of the same ASVs.
    """
    import pandas as pd

    columns = [*tables[0][1].columns, "database", "disagreement"]
    first = tables[0][1]["Feature ID"].tolist()
    rows_of: list[tuple[str, list[Row]]] = []
    for name, table in tables:
        if table["Feature ID"].tolist() != first:
            raise VagusError(
                f"the tables of {tables[0][0]} and {name} are not of the same ASVs",
                fix="Classify the same FASTA with every database.",
            )
        filled = table.astype(object).where(table.notna(), None)
        rows_of.append((name, filled.to_dict("records")))
    joined = [
        _join([(name, rows[number]) for name, rows in rows_of], synonyms)
        for number in range(len(first))
    ]
    return pd.DataFrame(joined, columns=columns)


def join_hits(tables: Sequence[tuple[str, pd.DataFrame]], asvs: Sequence[str]) -> pd.DataFrame:
    """Hits of all databases in the order of ``asvs``, then of the databases, then of the hits.

    The columns are those of the tables with ``database`` after ``asv``.
    """
    import pandas as pd

    joined = pd.concat([table.assign(database=name) for name, table in tables], ignore_index=True)
    place = {asv: number for number, asv in enumerate(asvs)}
    order = joined["asv"].map(place).argsort(kind="stable")
    columns = ["asv", "database", *(name for name in tables[0][1].columns if name != "asv")]
    return joined.iloc[order][columns].reset_index(drop=True)


def _names(row: Row) -> list[str]:
    return [str(row[rank] or "") for rank in RANKS]


def _depth(row: Row) -> int:
    return max((number + 1 for number, name in enumerate(_names(row)) if name), default=0)


def _choose(calls: Sequence[tuple[str, Row]]) -> int:
    for number, (_, row) in enumerate(calls):
        if str(row["note"] or "").startswith(SET_APART):
            return number
    for number, (_, row) in enumerate(calls):
        if row[RANKS[GENUS]]:
            return number
    depths = [_depth(row) for _, row in calls]
    return depths.index(max(depths))


def _join(calls: Sequence[tuple[str, Row]], synonyms: Names) -> Row:
    chosen = _choose(calls)
    database, row = calls[chosen][0], dict(calls[chosen][1])
    if row[RANKS[GENUS]] and not row[RANKS[SPECIES]]:
        _add_species(row, [call for n, call in enumerate(calls) if n != chosen], synonyms)
    others = [call for n, call in enumerate(calls) if n != chosen]
    found = [text for call in others if (text := _describe(row, *call, synonyms))]
    return row | {"database": database, "disagreement": "; ".join(found) or None}


def _add_species(row: Row, others: Sequence[tuple[str, Row]], synonyms: Names) -> None:
    """Take the species of the first other database that names one in an agreeing genus."""
    for name, other in others:
        genus, species = other[RANKS[GENUS]], other[RANKS[SPECIES]]
        if genus and species and synonyms.agree(GENUS, str(row[RANKS[GENUS]]), str(genus)):
            row[RANKS[SPECIES]] = species
            for column in ("Confidence", "ties"):
                row[column] = other[column]
            row["confidence_species"] = other["confidence_species"]
            note = f"species from {name}"
            row["note"] = f"{row['note']}; {note}" if row["note"] else note
            row["Taxon"] = format_taxon(_names(row))
            return


def _describe(row: Row, database: str, other: Row, synonyms: Names) -> str:
    """The broadest rank at which a database names something else, '' when it does not."""
    for rank, (name, another) in enumerate(zip(_names(row), _names(other), strict=True)):
        if name and another and not synonyms.agree(rank, name, another):
            return f"{RANKS[rank]}: {database} {another}"
    return ""
