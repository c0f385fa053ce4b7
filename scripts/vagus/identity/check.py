"""The identity check: from the ASV table and the sheet to its two tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vagus.identity.evidence import MIN_OTHERS, MIN_PAIRS, Evidence, collect_evidence
from vagus.identity.findings import (
    DUPLICATE,
    MAX_OWN,
    MIN_OTHER,
    Finding,
    count_only,
    list_findings,
)
from vagus.identity.people import People, compare_people
from vagus.identity.settings import IdentitySettings
from vagus.study.samples import Sample
from vagus.tables.counts import CountTable
from vagus.tables.stages.identity import IDENTITY_FINDINGS, IDENTITY_SAMPLES

if TYPE_CHECKING:
    import pandas as pd

FITS, FITS_OTHER, CANNOT_TELL = "fits its subject", "fits another subject", "cannot tell"
FITS_NONE = "fits no subject"
MIN_FIT = 0.95
_MIN_ODDS = 1.0


def check_identity(
    table: CountTable, samples: Sequence[Sample], subject: str, settings: IdentitySettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of samples and of findings; controls are left out, the order of samples is no matter."""
    import pandas as pd

    own = sorted((s for s in samples if not s.control), key=lambda s: s.name)
    place = {name: row for row, name in enumerate(table.samples)}
    subjects = {s.name: s.value(subject) for s in own}
    rows = [_start_row(s.name, subjects[s.name], table, place, settings) for s in own]
    names = [row["sample"] for row in rows if not row["reason"]]
    counts = table.counts[[place[name] for name in names]]
    evidence = collect_evidence(counts, names, [subjects[name] for name in names])
    people = compare_people(evidence)
    findings = list_findings(evidence, people, counts > 0)
    of_name = {row["sample"]: row for row in rows}
    for at, name in enumerate(names):
        of_name[name].update(_judge(at, evidence, people))
    written = [_write_finding(one, evidence, people, counts > 0) for one in findings]
    return (
        pd.DataFrame(rows, columns=IDENTITY_SAMPLES.names),
        pd.DataFrame(written, columns=IDENTITY_FINDINGS.names),
    )


def _start_row(
    name: str, subject: str, table: CountTable, place: dict[str, int], settings: IdentitySettings
) -> dict[str, Any]:
    """A row with the reason why the sample is not compared, empty when it is."""
    counts = table.counts[place[name]] if name in place else np.zeros(0, np.int64)
    reads, n_asvs = int(counts.sum()), int((counts > 0).sum())
    reason = ""
    if not subject:
        reason = "no subject in the sheet"
    elif reads < settings.min_reads:
        reason = f"{reads} reads in ASVs, fewer than {settings.min_reads}"
    elif n_asvs < settings.min_asvs:
        reason = f"{n_asvs} ASVs, fewer than {settings.min_asvs}"
    row = dict.fromkeys(IDENTITY_SAMPLES.names, None)
    status = CANNOT_TELL
    return {**row, "sample": name, "subject": subject, "reads": reads, "n_asvs": n_asvs,
            "n_own": 0, "status": status, "reason": reason, "best_other": ""}  # fmt: skip


def _judge(at: int, evidence: Evidence, people: People) -> dict[str, Any]:
    """What the row of a compared sample says."""
    owner, best = int(people.owners[at]), int(people.best[at])
    sizes = Counter(evidence.subjects)
    found: dict[str, Any] = {"n_own": int(people.sizes[at, owner])}
    n_pairs = sum(n * (n - 1) // 2 for n in sizes.values())
    if not found["n_own"]:
        return found | {"reason": "no other sample of the subject to compare with"}
    if len(sizes) <= MIN_OTHERS:
        reason = f"fewer than {MIN_OTHERS} other subjects to compare with"
        return found | {"reason": reason}
    if n_pairs < MIN_PAIRS:
        return found | {"reason": f"fewer than {MIN_PAIRS} pairs of samples of one subject"}
    others = np.asarray(evidence.subjects) != evidence.subjects[at]
    probability, other = float(people.own[at]), float(people.best_probability[at])
    found |= {
        "probability": probability,
        "shared_own": float(people.shares[at, owner]),
        "shared_others": float(np.median(evidence.shares[at, others])),
        "best_other": people.names[best],
        "shared_best_other": float(people.shares[at, best]),
        "probability_best_other": other,
    }
    status, reason = _name_status(probability, other, float(people.odds[at, owner]))
    return found | {"status": status, "reason": reason}


def _name_status(probability: float, other: float, odds: float) -> tuple[str, str]:
    if probability >= MIN_FIT and odds >= _MIN_ODDS:
        return FITS, ""
    if probability < MAX_OWN and other > MIN_OTHER:
        return FITS_OTHER, ""
    if odds < -_MIN_ODDS:
        return FITS_NONE, ""
    return CANNOT_TELL, "as much in common with its own as with other subjects"


def _write_finding(
    finding: Finding, evidence: Evidence, people: People, has_asv: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """A row of the findings."""
    a, b, at = finding.subject, finding.other_subject, finding.sample
    row = {
        "finding": finding.kind,
        "sample": evidence.samples[at] if at >= 0 else "",
        "subject": people.names[a],
        "other_sample": evidence.samples[finding.other_sample] if finding.other_sample >= 0 else "",
        "other_subject": people.names[b],
    }
    if finding.kind == DUPLICATE:
        first, second = people.owners == a, people.owners == b
        common = has_asv[first].any(axis=0) & has_asv[second].any(axis=0)
        return row | {
            "probability": None, "shared_own": None,
            "shared_other": float(evidence.shares[np.ix_(first, second)].mean()),
            "n_only_own": None, "n_only_other": None, "n_common": int(common.sum()),
            "log10_odds": None, "share_fitting": finding.log_odds,
        }  # fmt: skip
    n_own, n_other = count_only(people, has_asv, at, a, b)
    shared_own = float(people.shares[at, a])
    return row | {
        "probability": None if np.isnan(people.own[at]) else float(people.own[at]),
        "shared_own": None if np.isnan(shared_own) else shared_own,
        "shared_other": float(people.shares[at, b]),
        "n_only_own": n_own, "n_only_other": n_other, "n_common": None,
        "log10_odds": finding.log_odds * 0.4342944819032518, "share_fitting": None,
    }  # fmt: skip
