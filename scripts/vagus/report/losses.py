"""What each loss in the ledger means, in words for people who did not write the filters."""

from __future__ import annotations

_KNOWN = {
    "lost_unreadable": (
        "unreadable",
        "Could not be read: the file is damaged or ends within a read.",
    ),
    "lost_malformed": (
        "malformed",
        "Not of the form of its file: sequence and qualities of different length, a letter that is "
        "no base, a line missing.",
    ),
    "lost_duplex_parent": (
        "strand of a duplex read",
        "One of the two strands of a duplex read, which has counted the molecule already.",
    ),
    "lost_repeated": (
        "repeated",
        "Has the name of a read before it: the same molecule, not counted twice.",
    ),
    "lost_primers": (
        "no primers",
        "Fewer primers than the config requires were found, in either orientation.",
    ),
    "lost_unoriented": (
        "no orientation",
        "Neither primers nor conserved 16S motifs show which strand was read.",
    ),
    "lost_too_short": ("too short", "Shorter than the least length after trimming."),
    "lost_too_long": ("too long", "Longer than the greatest length after trimming."),
    "lost_ambiguous": ("ambiguous bases", "Contains bases that were not called (N)."),
    "lost_expected_errors": (
        "expected errors",
        "More errors expected from the read's accuracy or qualities than allowed.",
    ),
    "lost_low_accuracy": ("low accuracy", "Read accuracy below the least accuracy allowed."),
    "lost_too_few_reads": (
        "sample too small",
        "The sample kept fewer reads than the least number with which a sample is used.",
    ),
    "lost_singleton": (
        "singleton",
        "A sequence seen once that no ASV explains. It takes at least two identical reads to "
        "found an ASV, so this loss is a consequence of depth: the fewer reads a sample has, the "
        "more of its sequences are seen only once.",
    ),
    "lost_omega_c": (
        "not explained",
        "Further from its nearest ASV than sequencing errors explain (p below omega_C), and not "
        "significant enough to found an ASV of its own.",
    ),
    "lost_inaccurate": (
        "reads too poor",
        "Reads of a sample whose measured error rate is too high to distinguish variants from "
        "errors.",
    ),
    "lost_few_reads": (
        "too few similar",
        "Reads of no group that is large enough to distinguish a variant from errors (phase "
        "engine).",
    ),
    "lost_unexplained": (
        "different from every ASV",
        "Differ from every ASV by more than sequencing errors account for, and too few are similar "
        "to make an ASV of their own (phase engine): reads of very poor stretches, of rare "
        "variants or chimeras.",
    ),
    "lost_chimera": (
        "chimera",
        "Joined in PCR from two more abundant sequences: its left part is one ASV's, its right "
        "part another's.",
    ),
}


def name_loss(column: str) -> str:
    """Short name of a ledger column ``lost_...``."""
    if column in _KNOWN:
        return _KNOWN[column][0]
    return column.removeprefix("lost_").replace("_", " ")


def explain_loss(column: str) -> str:
    """One sentence on what a ledger column ``lost_...`` counts."""
    if column in _KNOWN:
        return _KNOWN[column][1]
    return f"Removed by the filter '{column.removeprefix('lost_')}'."
