"""Which ASVs are contaminants, by negative controls and, where given, DNA concentrations."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.controls.contaminant_tests import combine, score_frequency, score_prevalence
from vagus.errors import ConfigError, combine_errors
from vagus.product import find_product
from vagus.reference.names import read_names
from vagus.study.numbers import parse_number
from vagus.study.samples import Sample
from vagus.tables import make_names, read_table
from vagus.tables.counts import CountTable

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

THRESHOLD = 0.1
FEW_NEGATIVES = 5
MIN_CONCENTRATIONS = 4
RESOURCES = find_product("resources")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """What the tests rest on.

    Attributes:
        negatives: negative controls with reads.
        samples: study samples with reads.
        concentrations: DNA concentration of those study samples that have one.
        column: column of the sheet that contains it; empty when none is named.
        positives: positive controls with reads, which have no say.
    """

    negatives: tuple[str, ...]
    samples: tuple[str, ...]
    concentrations: dict[str, float]
    column: str = ""
    positives: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """prevalence, frequency, combined, or none."""
        by_frequency = len(self.concentrations) >= MIN_CONCENTRATIONS
        if self.negatives and self.samples:
            return "combined" if by_frequency else "prevalence"
        return "frequency" if by_frequency else "none"

    def explain(self) -> str:
        """One sentence on the method and how far it carries."""
        n = len(self.negatives)
        if self.method == "none":
            return (
                "Contaminants were not looked for: no negative control has reads, and there are no "
                f"DNA concentrations of at least {MIN_CONCENTRATIONS} samples."
            )
        controls = "1 negative control" if n == 1 else f"{n} negative controls"
        text = f"Contaminants were looked for by {self.method} ({controls} with reads, "
        text += f"{len(self.samples)} samples"
        if self.method != "prevalence":
            text += f", {len(self.concentrations)} with a DNA concentration"
        text += ")."
        if 0 < n < FEW_NEGATIVES:
            words = "is few: what it misses" if n == 1 else "are few: what they miss"
            text += (
                f" {controls} {words} is not found, "
                f"and one shared ASV weighs much; take {FEW_NEGATIVES} or more."
            )
        return text


def gather_evidence(
    samples: Sequence[Sample], table: CountTable, concentration: str | None
) -> Evidence:
    """Controls and samples with reads, and their concentrations.

    Raises ConfigError for a concentration that is not a number above 0.
    """
    reads = dict(zip(table.samples, table.reads.tolist(), strict=True))
    alive = [sample for sample in samples if reads.get(sample.name, 0) > 0]
    study = [sample for sample in alive if not sample.control]
    known = _read_concentrations(study, concentration) if concentration else {}
    return Evidence(
        tuple(sorted(s.name for s in alive if s.control == "negative")),
        tuple(sorted(s.name for s in study)),
        known,
        concentration or "",
        tuple(sorted(s.name for s in alive if s.control.startswith("positive"))),
    )


def _read_concentrations(samples: Sequence[Sample], column: str) -> dict[str, float]:
    if mistakes := list(list_concentration_mistakes(samples, column)):
        raise combine_errors(mistakes)
    return {s.name: float(s.value(column)) for s in samples if s.value(column)}


def list_concentration_mistakes(
    samples: Sequence[Sample], column: str, file: str | None = None
) -> Iterator[ConfigError]:
    """An error for each cell of the concentrations that is not a number above 0."""
    for sample in samples:
        text = sample.value(column)
        value = parse_number(text)
        if text and (value is None or value <= 0):
            yield ConfigError(
                f"the DNA concentration (column '{column}') is '{text}'", sample=sample.name,
                file=file, line=sample.line or None,
                fix="Give a number above 0 such as 0.35, or leave the cell empty",
            )  # fmt: skip


def find_contaminants(table: CountTable, evidence: Evidence, threshold: float) -> pd.DataFrame:
    """One row an ASV, the most likely contaminants first.

    Columns: asv, method, reads, reads_in_negatives, samples, negatives (how many contain it),
    share_in_positives (the greatest in a positive control), p_prevalence, p_frequency, p,
    contaminant ('yes' or empty). An ASV that makes up much of a mock community and is in negative
    controls got there from its well rather than from a reagent.
    """
    import pandas as pd

    tested = table.select([*evidence.negatives, *evidence.samples])
    negative = np.array([s in evidence.negatives for s in tested.samples], dtype=bool)
    prevalence = score_prevalence(tested.counts > 0, negative)
    frequency = _test_frequencies(table, evidence)
    chosen = {"prevalence": prevalence, "frequency": frequency}.get(evidence.method)
    if chosen is None:
        both = evidence.method == "combined"
        chosen = combine(prevalence, frequency) if both else np.full(len(table.asvs), np.nan)
    called = chosen < threshold
    rows = pd.DataFrame(
        {
            "asv": make_names(table.asvs),
            "method": evidence.method,
            "reads": table.counts.sum(axis=0),
            "reads_in_negatives": tested.counts[negative].sum(axis=0),
            "samples": (tested.counts[~negative] > 0).sum(axis=0),
            "negatives": (tested.counts[negative] > 0).sum(axis=0),
            "share_in_positives": _share_in_positives(table, evidence),
            "p_prevalence": prevalence,
            "p_frequency": frequency,
            "p": chosen,
            "contaminant": np.where(called, "yes", ""),
        }
    )
    log.info("%s", evidence.explain())
    log.info("%d of %d ASVs are called contaminants", int(called.sum()), len(table.asvs))
    rows = rows.sort_values(["p", "reads", "asv"], ascending=[True, False, True], kind="stable")
    return rows.reset_index(drop=True)


def _share_in_positives(table: CountTable, evidence: Evidence) -> Floats:
    part = table.select(list(evidence.positives))
    if not part.samples:
        return np.zeros(len(table.asvs))
    greatest: Floats = (part.counts / part.counts.sum(axis=1, keepdims=True)).max(axis=0)
    return greatest


def _test_frequencies(table: CountTable, evidence: Evidence) -> Floats:
    if len(evidence.concentrations) < MIN_CONCENTRATIONS:
        return np.full(len(table.asvs), np.nan)
    part = table.select(list(evidence.concentrations))
    values = np.array([evidence.concentrations[name] for name in part.samples])
    return score_frequency(part.counts / part.counts.sum(axis=1, keepdims=True), values)


def add_names(contaminants: pd.DataFrame, taxonomy: pd.DataFrame) -> pd.DataFrame:
    """Add genus, species, and whether the genus is a contaminant of reagents seen before."""
    named = taxonomy.set_index("Feature ID")[["genus", "species"]].fillna("")
    known, names = read_known_genera(), read_names()
    joined = contaminants.join(named, on="asv")
    joined["seen_in_reagents"] = [
        "" if known.isdisjoint(names.list_genera(genus)) else "yes" for genus in joined["genus"]
    ]
    return joined


def read_known_genera() -> frozenset[str]:
    """Genera seen as contaminants of reagents, of ``resources/contaminant_genera.tsv``."""
    return frozenset(read_table(RESOURCES / "contaminant_genera.tsv", dtype=str)["genus"])


def tabulate_reads(table: CountTable, contaminants: pd.DataFrame) -> pd.DataFrame:
    """Reads of contaminants in each sample, before any is removed.

    Columns: sample, reads, contaminant_reads, share (NaN without reads).
    """
    import pandas as pd

    called = set(contaminants.loc[contaminants["contaminant"] == "yes", "asv"])
    columns = np.array([asv in called for asv in table.asvs], dtype=bool)
    reads = table.counts[:, columns].sum(axis=1)
    total = table.reads
    return pd.DataFrame(
        {
            "sample": make_names(table.samples),
            "reads": total,
            "contaminant_reads": reads,
            "share": np.where(total > 0, reads / np.maximum(total, 1), np.nan),
        }
    )
