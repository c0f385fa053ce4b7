"""Which engine suits a sample: ``dada`` counts duplicates, ``phase`` compares columns.

``dada`` needs two error-free reads of a variant, ``phase`` four reads of any kind. So ``dada``
keeps more of a shallow sample of good reads, in which most variants have two or three reads, and
``phase`` more where errors leave few duplicates and where variants differ little from more
abundant ones. Reads may be unique for either reason; their qualities tell which: the *rare* share
is the share of unique reads less the share of reads that should hold errors.

Measured on simulated HiFi and 7-bin reads of a gut community of about 200 variants, 250 to 4,000
reads, true reads kept by dada / phase:

- unique share 0.26 to 0.42, rare share 0.16 to 0.22 (deep): 97.4 to 98.4 % / 98.5 to 98.8 %;
- 0.36 to 0.68, rare 0.25 to 0.47, error-free share 0.79 or more (shallow, good reads): 61 to 93 % /
  58 to 90 %;
- 0.54 to 0.83, error-free share below 0.75 (many errors): 44 to 94 % / 49 to 97 %.

In deep samples ``phase`` keeps more from a unique share of about 0.25 on. It also finds more of the
variants near an abundant one, of which few reads are alike (``benchmarks/phase_accuracy.py``, gut,
variants of 5 to 19 reads, dada / phase; no engine found more than one false one):

- unique share 0.54 (5,000 reads) 52 of 91 / 90; 0.31 (7-bin, 17,051) 22 of 43 / 42;
- other draws: 0.34 (5,000) 63 of 91 / 90; 0.27 (2,000) 71 of 85 / 85, with the same
  reads kept (97.8 %).

Up to 0.4, where they keep the same reads to within 2 %, ``dada`` is taken: its answers are those of
the field's standard, and can be compared with published ones. ``engine: phase`` finds more there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

DADA, PHASE = "dada", "phase"
MAX_DADA_UNIQUE_SHARE = 0.4
MIN_RARE_SHARE = 0.25
MIN_ERROR_FREE_SHARE = 0.75


class Sample(Protocol):
    """What the choice depends on; ``Uniques`` has it, and so has its description on disk."""

    @property
    def n_reads(self) -> int: ...  # noqa: D102

    @property
    def n_uniques(self) -> int: ...  # noqa: D102

    @property
    def platform(self) -> str: ...  # noqa: D102

    @property
    def error_free_share(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Choice:
    """An engine and why it was taken."""

    engine: str
    reason: str
    unique_share: float = 0.0


def choose_engine(uniques: Sample) -> Choice:
    """Choose by platform, the share of unique reads, and the errors that qualities tell."""
    if not uniques.n_reads:
        return Choice(DADA, "no reads", 0.0)
    share = uniques.n_uniques / uniques.n_reads
    text = f"{100 * share:.0f} % of the reads are unique"
    if uniques.platform == "ont":
        return Choice(PHASE, f"ONT reads; {text}", share)
    if share <= MAX_DADA_UNIQUE_SHARE:
        return Choice(DADA, f"{text}: duplicates are plenty", share)
    error_free = uniques.error_free_share
    text += f", {100 * error_free:.0f} % free of errors by their qualities"
    if error_free >= MIN_ERROR_FREE_SHARE and share - (1 - error_free) >= MIN_RARE_SHARE:
        return Choice(DADA, f"{text}: two equal reads of a variant are likely", share)
    return Choice(PHASE, f"{text}: too few duplicates for dada", share)
