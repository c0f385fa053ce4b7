"""What every engine makes of a sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

from vagus.files import write_json
from vagus.tables import write_table
from vagus.tables.stages.denoise import RESCUED, VARIANTS
from vagus.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from vagus.denoise.engines import ModelFiles

NOT_NEEDED = "not needed"
SENSITIVE = "sensitive"
"""Type of the birth of a variant with less evidence than the engine's strict level asks for."""


def make_empty_rescued() -> pd.DataFrame:
    """The table of rescued reads without rows."""
    import pandas as pd

    return pd.DataFrame(columns=RESCUED.names)


@dataclass(frozen=True)
class DenoisedSample:
    """Variants of a sample, most reads first, and its read losses.

    Attributes:
        variants: columns of ``VARIANTS``.
        losses: each reason with its reads.
        rescued: lost reads near a variant, columns ``RESCUED``; not every engine looks for them.
    """

    variants: pd.DataFrame
    losses: dict[str, Any]
    rescued: pd.DataFrame = field(default_factory=make_empty_rescued)

    def save(self, variants: str | PathLike[str], losses: str | PathLike[str]) -> None:
        """Write both as TSV and JSON."""
        write_table(self.variants, variants, VARIANTS)
        write_json(self.losses, losses)


def write_unneeded(table: Table, files: ModelFiles) -> None:
    """An error model without rows, for a run in which no sample asks for it."""
    import pandas as pd

    write_table(pd.DataFrame(columns=table.names), files.model, table)
    write_json({"source": NOT_NEEDED, "samples": []}, files.description)
