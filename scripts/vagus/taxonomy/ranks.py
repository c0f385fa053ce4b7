"""How a lineage of the seven ranks is written in results."""

from __future__ import annotations

from collections.abc import Sequence

from vagus.reference.lineage import PREFIXES, RANKS

FAMILY = RANKS.index("family")
GENUS = RANKS.index("genus")
SPECIES = RANKS.index("species")
UNASSIGNED = "Unassigned"


def format_taxon(names: Sequence[str]) -> str:
    """'d__Bacteria; p__...', the unassigned tail left out; 'Unassigned' when nothing is named.

    A rank without a name above a named one keeps its bare prefix ('o__'), so that the
    position of a name always gives its rank.
    """
    n_named = max((rank + 1 for rank, name in enumerate(names) if name), default=0)
    if n_named == 0:
        return UNASSIGNED
    pairs = zip(PREFIXES, names[:n_named], strict=False)
    return "; ".join(prefix + name for prefix, name in pairs)
