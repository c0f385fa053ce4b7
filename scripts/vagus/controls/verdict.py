"""One verdict a sequencing run, pass, caution or fail, with its reasons.

Every check is a row with its value and limits. A run fails when a check fails, and calls for
caution when a check does or when it has no negative control. Limits are conventions, fixed before
any data were looked at, and say where a reader should stop and look, not where data are worthless:

| check | caution from | fail from | why |
|---|---|---|---|
| reads in negative controls / in samples (medians) | 0.1 | - | blanks contain little; they may be
  sequenced deep when pooled by equal amounts, hence no fail |
| median share of contaminant reads in samples | 1 % | 10 % | below, no taxon of note changes |
| foreign reads in a mock (genus) | 1 % | 5 % | makers warrant less than 0.01 % |
| missed genera of a mock | any | a quarter | those with 10 expected reads or more |
| Bray-Curtis of a mock to its composition (genus) | 0.25 | 0.5 | makers warrant 15 % a taxon;
  extraction and PCR add bias |
| samples without ASVs | 5 % | 20 % | |
| distance within / between replicates | 0.5 | 1 | at 1 replicates are strangers |
| batches: omega squared, when p < 0.05 | 0.01 | - | or any batch that is confounded with a group |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vagus.tables.stages.controls import CHECKS, VERDICT

if TYPE_CHECKING:
    import pandas as pd

PASS, CAUTION, FAIL, UNCHECKED = "pass", "caution", "fail", "not checked"
_WEIGHTS = {FAIL: 2, CAUTION: 1, PASS: 0, UNCHECKED: 0}


@dataclass(frozen=True)
class Limits:
    """Values from which a check calls for caution, or fails (infinite: never)."""

    caution: float
    fail: float = math.inf

    def judge(self, value: float) -> str:
        """Outcome of a value; NaN is not checked."""
        if math.isnan(value):
            return UNCHECKED
        if value >= self.fail:
            return FAIL
        return CAUTION if value >= self.caution else PASS


NEGATIVE_READS = Limits(0.1)
CONTAMINATION = Limits(0.01, 0.1)
FOREIGN = Limits(1.0, 5.0)
MISSED = Limits(1e-9, 0.25)
MOCK_DISTANCE = Limits(0.25, 0.5)
LOST_SAMPLES = Limits(0.05, 0.2)
REPEATABILITY = Limits(0.5, 1.0)
BATCH = Limits(0.01)
MAX_P = 0.05


@dataclass(frozen=True)
class Check:
    """One check of one run."""

    run: str
    check: str
    outcome: str
    reason: str
    value: float = math.nan
    limits: Limits | None = None

    @property
    def row(self) -> dict[str, object]:
        """As a row of checks.tsv."""
        caution = self.limits.caution if self.limits else math.nan
        fail = self.limits.fail if self.limits else math.nan
        return {
            "run": self.run, "check": self.check, "outcome": self.outcome, "value": self.value,
            "caution_from": caution, "fail_from": fail if math.isfinite(fail) else math.nan,
            "reason": self.reason,
        }  # fmt: skip


def judge(run: str, name: str, value: float, limits: Limits, reason: str) -> Check:
    """A check of a value against its limits."""
    return Check(run, name, limits.judge(value), reason, value, limits)


def tabulate_checks(checks: Iterable[Check]) -> pd.DataFrame:
    """All checks, as in ``CHECKS``."""
    import pandas as pd

    return pd.DataFrame([check.row for check in checks], columns=CHECKS.names)


def tabulate_verdicts(checks: Sequence[Check], runs: Sequence[str]) -> pd.DataFrame:
    """One row a run, as in ``VERDICT``.

    Reasons are those of the checks that failed or call for caution, the gravest first; of all
    that passed when there are none.
    """
    import pandas as pd

    rows = []
    for run in runs:
        own = [check for check in checks if check.run == run]
        grave = sorted((c for c in own if _WEIGHTS[c.outcome]), key=lambda c: -_WEIGHTS[c.outcome])
        verdict = grave[0].outcome if grave else PASS
        counts = {o: sum(c.outcome == o for c in own) for o in (FAIL, CAUTION, PASS, UNCHECKED)}
        told = grave or [c for c in own if c.outcome == PASS]
        rows.append((run, verdict, *counts.values(), " ".join(c.reason for c in told)))
    return pd.DataFrame(rows, columns=VERDICT.names)
