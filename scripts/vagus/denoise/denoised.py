"""What every engine makes of a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

from vagus.files import open_whole, write_json
from vagus.tables import write_table

if TYPE_CHECKING:
    import pandas as pd

    from vagus.denoise.engines import ModelFiles

COLUMNS = (
    "asv", "sequence", "reads", "uniques", "engine", "birth_type", "birth_p_value", "birth_fold",
    "parent", "hamming", "exact_reads", "flags",
)  # fmt: skip
RESCUED = ("sample", "asv", "reads", "uniques", "max_hamming", "lowest_log10_p")
NOT_NEEDED = "not needed"


def make_empty_rescued() -> pd.DataFrame:
    """The table of rescued reads without rows."""
    import pandas as pd

    return pd.DataFrame(columns=list(RESCUED))


@dataclass(frozen=True)
class DenoisedSample:
    """Variants of a sample, most reads first, and its read losses.

    Attributes:
        variants: columns ``COLUMNS``, then those of the engine alone.
        losses: each reason with its reads.
        rescued: lost reads near a variant, columns ``RESCUED``; not every engine looks for them.
    """

    variants: pd.DataFrame
    losses: dict[str, Any]
    rescued: pd.DataFrame = field(default_factory=make_empty_rescued)

    def save(self, variants: str | PathLike[str], losses: str | PathLike[str]) -> None:
        """Write both as TSV and JSON."""
        write_table(self.variants, variants)
        write_json(self.losses, losses)


def write_unneeded(columns: Sequence[str], files: ModelFiles) -> None:
    """An error model without rows, for a run in which no sample asks for it."""
    with open_whole(files.model) as stream:
        stream.write("\t".join(columns) + "\n")
    write_json({"source": NOT_NEEDED, "samples": []}, files.description)
