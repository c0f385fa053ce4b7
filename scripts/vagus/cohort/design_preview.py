"""The checks of the design before any read is counted: what ``vagus check`` warns of."""

from __future__ import annotations

from collections.abc import Sequence

from vagus.cohort.alpha_metrics import SAME_ORDER
from vagus.cohort.design_checks import Sheet, check_design
from vagus.diversity.alpha import ALPHA_METRICS
from vagus.study.design import StudyDesign
from vagus.study.samples import Sample


def list_design_warnings(everyone: Sequence[Sample], design: StudyDesign) -> list[str]:
    """Errors and warnings of ``check_design`` as sentences, with all samples equally deep.

    So it finds what does not depend on the reads, in the words of the report.
    """
    if not design.groups:
        return []
    samples = design.select_samples(everyone)
    n_metrics = len(set(ALPHA_METRICS) - set(SAME_ORDER))
    found = check_design(Sheet(samples, design, {s.name: 1.0 for s in samples}, n_metrics))
    return [
        f"design, {row.check} of '{row.variable}': {row.finding}; {row.consequence}."
        for row in found
        if row.severity != "note"
    ]
