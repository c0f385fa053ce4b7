"""Tables without contaminants."""

from __future__ import annotations

import logging
from collections.abc import Collection
from os import PathLike
from pathlib import Path

from vagus.errors import VagusError
from vagus.sequences import read_fasta, write_fasta
from vagus.wide_tables import read_wide, write_wide

log = logging.getLogger(__name__)


def write_without(
    called: Collection[str],
    table: str | PathLike[str],
    asvs: str | PathLike[str] | None,
    kept_table: str | PathLike[str],
    kept_asvs: str | PathLike[str] | None,
) -> None:
    """Write the ASV table and sequences without the ASVs of ``called``; order stays.

    Raises VagusError when sequences are not given on both sides.
    """
    if asvs is None or kept_asvs is None:
        raise VagusError(
            "contaminants cannot be removed from the table alone",
            fix="Give --asvs and --kept-asvs as well",
        )
    counts = read_wide(table)
    kept = counts[~counts.index.isin(list(called))]
    write_wide(kept, kept_table)
    write_fasta([record for record in read_fasta(Path(asvs)) if record[0] not in called], kept_asvs)
    log.info("%d contaminants removed, %d ASVs stay", len(counts) - len(kept), len(kept))
