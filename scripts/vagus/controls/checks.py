"""The checks behind the verdict of each run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vagus.controls import verdict
from vagus.controls.batches import RUN
from vagus.controls.contaminants import FEW_NEGATIVES
from vagus.controls.mock_scores import MIN_EXPECTED_READS
from vagus.controls.verdict import CAUTION, PASS, UNCHECKED, Check, judge
from vagus.study.samples import Sample

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Findings:
    """What the checks look at.

    Attributes:
        samples: all rows of the sheet.
        reads: table of ``tabulate_reads``: reads and contaminant reads of each sample.
        method: how contaminants were looked for: prevalence, frequency, combined or none.
        mocks: table of mocks.tsv.
        repeatability: rows of repeatability.tsv on distances.
        batches: rows of batches.tsv.
    """

    samples: tuple[Sample, ...]
    reads: pd.DataFrame
    method: str
    mocks: pd.DataFrame
    repeatability: list[dict[str, Any]]
    batches: list[dict[str, Any]]

    @property
    def runs(self) -> list[str]:
        """Runs of the sheet, sorted."""
        return sorted({sample.run for sample in self.samples})

    def reads_of(self, run: str, kind: str) -> pd.DataFrame:
        """A row a sample of a run: 'negative', 'positive', or '' for study samples.

        A sample that is in no table since it has no read in an ASV is a row with 0 reads.
        """
        names = [s.name for s in self.samples if s.run == run and s.control.split(":")[0] == kind]
        found = self.reads.set_index("sample").reindex(names)
        counts = [column for column in found.columns if column != "share"]
        found[counts] = found[counts].fillna(0)
        return found.rename_axis("sample").reset_index()


def list_checks(findings: Findings) -> list[Check]:
    """All checks of all runs."""
    checks: list[Check] = []
    for run in findings.runs:
        checks += check_negatives(findings, run)
        checks.append(check_contamination(findings, run))
        checks += check_mocks(findings, run)
        checks.append(check_losses(findings, run))
        checks.append(check_repeatability(findings, run))
        checks += check_batches(findings, run)
    return checks


def check_negatives(findings: Findings, run: str) -> Iterator[Check]:
    """Whether there is a negative control, and how many reads it contains."""
    blanks, study = findings.reads_of(run, "negative"), findings.reads_of(run, "")
    if not len(blanks):
        text = "The run has no negative control: contamination cannot be judged."
        yield Check(run, "negative controls", CAUTION, text, 0)
        return
    ours, theirs = float(blanks["reads"].median()), float(study["reads"].median())
    ratio = ours / theirs if theirs > 0 else math.nan
    n = f"{len(blanks)} negative control{'s' * (len(blanks) > 1)}"
    text = (
        f"Median reads in ASVs: {ours:.0f} in {n}, {theirs:.0f} in samples ({100 * ratio:.2g} %)."
    )
    if len(blanks) < FEW_NEGATIVES:
        text += (
            f" With fewer than {FEW_NEGATIVES} negative controls many contaminants go unseen: "
            "finding few does not show that there are few."
        )
    yield judge(run, "negative controls", ratio, verdict.NEGATIVE_READS, text)


def check_contamination(findings: Findings, run: str) -> Check:
    """Median share of contaminant reads in study samples."""
    name = "contaminants in samples"
    if findings.method == "none":
        return Check(run, name, UNCHECKED, "Contaminants could not be looked for.")
    shares = findings.reads_of(run, "")["share"].dropna()
    if not len(shares):
        return Check(run, name, UNCHECKED, "No sample of the run has reads.")
    median, most = float(shares.median()), float(shares.max())
    n_high = int((shares >= verdict.CONTAMINATION.fail).sum())
    text = (
        f"Reads of ASVs called contaminants: median {100 * median:.2g} % of a sample's, at most "
        f"{100 * most:.2g} %; {n_high} of {len(shares)} samples have 10 % or more."
    )
    return judge(run, name, median, verdict.CONTAMINATION, text)


def check_mocks(findings: Findings, run: str) -> Iterator[Check]:
    """Foreign reads, missed genera and distance of each mock sample of the run."""
    table = findings.mocks
    own = table[(table["run"] == run) & (table["rank"] == "genus")]
    scored = own[own["bray_curtis"].notna()]
    if not len(scored):
        why = "; ".join(sorted({str(note) for note in own["note"] if note})) or (
            "the run has no positive control"
        )
        yield Check(run, "mock community", UNCHECKED, f"Accuracy was not checked: {why}.")
        return
    for row in scored.to_dict("records"):
        name = f"mock {row['sample']}"
        text = f"Mock {row['sample']}: {row['foreign_percent']:.2g} % foreign reads."
        yield judge(run, f"{name}: foreign", row["foreign_percent"], verdict.FOREIGN, text)
        share = row["missed"] / max(row["detectable"], 1)
        missed = f" ({row['missed_taxa']})" if row["missed"] else ""
        text = (
            f"Mock {row['sample']}: of {row['detectable']} genera with {MIN_EXPECTED_READS} "
            f"expected reads or more, {row['missed']} missed{missed}."
        )
        yield judge(run, f"{name}: missed", share, verdict.MISSED, text)
        far = row["bray_curtis"]
        text = f"Mock {row['sample']}: Bray-Curtis {far:.2f} to the expected composition."
        yield judge(run, f"{name}: composition", far, verdict.MOCK_DISTANCE, text)


def check_losses(findings: Findings, run: str) -> Check:
    """Share of study samples without reads in ASVs."""
    study = findings.reads_of(run, "")
    if not len(study):
        return Check(run, "samples lost", UNCHECKED, "The run has controls only.")
    lost = int((study["reads"] == 0).sum())
    text = f"{lost} of {len(study)} samples have no reads in ASVs."
    return judge(run, "samples lost", lost / len(study), verdict.LOST_SAMPLES, text)


def check_repeatability(findings: Findings, run: str) -> Check:
    """Distances within replicates against those between samples, over all runs."""
    known = [row for row in findings.repeatability if not np.isnan(row["ratio"])]
    if not known:
        text = "Repeatability was not checked: there are no replicates."
        return Check(run, "replicates", UNCHECKED, text)
    row = known[0]
    text = (
        f"Replicates ({row['metric']}, {int(row['pairs_within'])} pairs): distance "
        f"{row['median_within']:.2g} within, {row['median_between']:.2g} between samples."
    )
    return judge(run, "replicates", row["ratio"], verdict.REPEATABILITY, text)


def check_batches(findings: Findings, run: str) -> Iterator[Check]:
    """Differences between batches, and batches confounded with a group, over all runs."""
    if not findings.batches:
        text = "Batches were not checked: there is one run and no other batch column."
        yield Check(run, "batches", UNCHECKED, text)
    for row in findings.batches:
        name = "sequencing run" if row["batch"] == RUN else row["batch"]
        p, omega, confounded = row["p_value"], row["omega2"], row["confounded_with"]
        text = f"Batch {name}: not tested ({row['note']})."
        value = math.nan
        if not np.isnan(p):
            text = f"Batch {name}: omega squared {omega:.2g}, p = {p:.2g} ({row['metric']})."
            value = omega if p < verdict.MAX_P else min(omega, 0.0)
        check = judge(run, f"batch {row['batch']}", value, verdict.BATCH, text)
        if confounded:
            text += f" It is confounded with {confounded}."
            outcome = CAUTION if check.outcome in (PASS, UNCHECKED) else check.outcome
            check = Check(run, check.check, outcome, text, value, verdict.BATCH)
        yield check
