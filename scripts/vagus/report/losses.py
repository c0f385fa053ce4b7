"""What each loss in the ledger is called; ``losses.yaml`` says what it means."""

from __future__ import annotations

from vagus.report.sentences import read_sentences, write

# those whose name is not that of their column
_NAMES = {
    "duplex_parent": "strand of a duplex read",
    "primers": "no primers",
    "unoriented": "no orientation",
    "ambiguous": "ambiguous bases",
    "too_few_reads": "sample too small",
    "omega_c": "not explained",
    "inaccurate": "reads too poor",
    "few_reads": "too few similar",
    "unexplained": "different from every ASV",
}


def name_loss(column: str) -> str:
    """Short name of a ledger column ``lost_...``."""
    cause = column.removeprefix("lost_")
    return _NAMES.get(cause, cause.replace("_", " "))


def explain_loss(column: str) -> str:
    """One sentence on what a ledger column ``lost_...`` counts."""
    cause = column.removeprefix("lost_")
    known = f"losses.{cause}" in read_sentences()
    return write(f"losses.{cause}") if known else write("losses.other", name=cause)
