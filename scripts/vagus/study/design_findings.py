"""What a check of the design looks at, and what it gives: one row of design.tsv a finding.

``severity``: ``error`` - a test is not made, or would mislead; ``warning`` - a result can have
another reason or little power; ``note`` - good to know. Every row says what follows from it
(``consequence``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vagus.study.design import StudyDesign
from vagus.study.samples import Sample

ALPHA = 0.05


@dataclass(frozen=True)
class Finding:
    """One row of design.tsv."""

    check: str
    variable: str
    finding: str
    severity: str
    consequence: str


@dataclass(frozen=True)
class Sheet:
    """Samples that are not controls, the design, and the reads of each sample.

    ``batches`` are columns that name batches besides the sequencing run.
    """

    samples: Sequence[Sample]
    design: StudyDesign
    depths: Mapping[str, float]
    n_metrics: int
    batches: tuple[str, ...] = ()

    def unit(self, sample: Sample) -> str:
        """The subject of a sample, or the sample itself."""
        subject = self.design.person
        return (sample.value(subject) if subject else "") or sample.name

    @property
    def unit_words(self) -> str:
        """What is counted: 'subjects' where the design names them."""
        return "subjects" if self.design.person else "samples"

    def values(self, name: str) -> dict[str, str]:
        """Values of a column by sample, missing ones left out; 'run' and 'platform' are known."""
        if name == "run":
            return {s.name: s.run for s in self.samples}
        if name == "platform":
            return {s.name: s.platform for s in self.samples}
        return {s.name: s.value(name) for s in self.samples if s.value(name)}
