"""Mock scores, repeatability and batch checks of a study as tables."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vagus.controls.batches import BatchDesign, check_batches, tabulate_batches
from vagus.controls.checks import Findings, list_checks
from vagus.controls.mock_scores import MOCK_RANKS, Calls, list_taxa, summarise, tally_reads
from vagus.controls.mocks import POSITIVE, Mock, normalise_name
from vagus.controls.replicates import compare_distances, compare_values, group_replicates
from vagus.controls.verdict import tabulate_checks, tabulate_verdicts
from vagus.diversity.alpha_table import read_alpha
from vagus.diversity.distances import Distances, read_distances
from vagus.reference.names import Names
from vagus.study.samples import Sample, read_sheet
from vagus.tables import read_table
from vagus.tables.counts import CountTable, read_count_table
from vagus.tables.stages.controls import (
    CONTAMINANT_LEDGER,
    CONTAMINANTS,
    MOCK_TAXA,
    MOCKS,
    REPEATABILITY,
    REPLICATES,
)
from vagus.taxonomy.result_tables import read_taxonomy

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ControlStudy:
    """What is assessed.

    Attributes:
        samples: all rows of the sheet.
        table: counts of the ASVs that are analysed.
        taxonomy: calls of the ASVs.
        method: how contaminants were looked for.
        reads: table of ``tabulate_reads``.
        alpha: diversity/alpha.tsv.
        distances: by metric, the first of which the verdict looks at.
    """

    samples: Sequence[Sample]
    table: CountTable
    taxonomy: pd.DataFrame
    method: str
    reads: pd.DataFrame
    alpha: pd.DataFrame
    distances: Mapping[str, Distances]


@dataclass(frozen=True)
class ControlFiles:
    """Where it is: results of earlier stages, and the sheet."""

    samples: Path
    asv_table: Path
    taxonomy: Path
    contaminants: Path
    ledger: Path
    alpha: Path
    beta: Mapping[str, Path]

    def read(self) -> ControlStudy:
        """Read all; raises VagusError for a damaged file."""
        found = read_table(self.contaminants, CONTAMINANTS, ["asv", "method"])
        return ControlStudy(
            read_sheet(self.samples),
            read_count_table(self.asv_table),
            read_taxonomy(self.taxonomy, ["genus", "species"]),
            str(found["method"].iloc[0]) if len(found) else "none",
            read_table(self.ledger, CONTAMINANT_LEDGER),
            read_alpha(self.alpha),
            {metric: read_distances(path) for metric, path in self.beta.items()},
        )


def assess(
    study: ControlStudy, mocks: Mapping[str, Mock], replicate: str | None, design: BatchDesign
) -> dict[str, pd.DataFrame]:
    """All tables of the stage by name; ``replicate`` is the column that names what was repeated."""
    scores, taxa = score_mocks(study.samples, study.table, read_calls(study.taxonomy), mocks)
    replicates, summary = measure_replicates(study.samples, replicate, study.distances, study.alpha)
    batches = [
        row
        for metric, distances in study.distances.items()
        for row in check_batches(study.samples, distances, metric, design)
    ]
    repeated = summary[summary["kind"] == "distance"].to_dict("records")
    findings = Findings(tuple(study.samples), study.reads, study.method, scores, repeated, batches)
    checks = list_checks(findings)
    return {
        "mocks": scores, "mock_taxa": taxa, "replicates": replicates, "repeatability": summary,
        "batches": tabulate_batches(batches), "checks": tabulate_checks(checks),
        "verdict": tabulate_verdicts(checks, findings.runs),
    }  # fmt: skip


ALPHA_METRICS = ("observed", "shannon")


def read_calls(taxonomy: pd.DataFrame) -> Calls:
    """Species and genus of each ASV, from the taxonomy table."""
    named = taxonomy.set_index("Feature ID")[["species", "genus"]].fillna("").astype(str)
    return Calls(named["species"].to_dict(), named["genus"].to_dict(), Names.read())


def score_mocks(
    samples: Sequence[Sample], table: CountTable, calls: Calls, mocks: Mapping[str, Mock]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Summaries (one row a positive control and rank) and taxa (one row a taxon)."""
    import pandas as pd

    place = {sample: row for row, sample in enumerate(table.samples)}
    scores: list[dict[str, Any]] = []
    taxa: list[dict[str, Any]] = []
    for sample in samples:
        if not sample.control.startswith("positive"):
            continue
        name = sample.control.removeprefix(POSITIVE)
        mock = mocks.get(normalise_name(name))
        row = table.counts[place[sample.name]] if sample.name in place else table.counts[:0].sum(0)
        counts = {a: int(n) for a, n in zip(table.asvs, row, strict=True) if n > 0}
        for rank in MOCK_RANKS:
            head = {"sample": sample.name, "run": sample.run, "mock": name, "rank": rank}
            note = _explain_mock(name, mock, counts)
            if mock is None or note:
                scores.append(head | {"note": note, "product": mock.name if mock else ""})
                continue
            tally = tally_reads(counts, mock, rank, calls)
            scores.append(head | {"product": mock.name, "note": ""} | summarise(tally))
            taxa += [head | taxon for taxon in list_taxa(tally)]
    return pd.DataFrame(scores, columns=MOCKS.names), pd.DataFrame(taxa, columns=MOCK_TAXA.names)


def _explain_mock(name: str, mock: Mock | None, counts: Mapping[str, int]) -> str:
    if mock is None:
        return f"the composition of '{name}' is not known (resources/mocks, controls.mock_folder)"
    return "" if counts else "the sample has no reads in ASVs"


def measure_replicates(
    samples: Sequence[Sample],
    column: str | None,
    distances: Mapping[str, Distances],
    alpha: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each group of replicates, and over all of them the summary of distances and alpha metrics."""
    import pandas as pd

    groups = group_replicates(samples, column) if column else {}
    others = [s.name for s in samples if not s.control]
    rows: list[dict[str, Any]] = []
    summary: list[dict[str, Any]] = []
    for metric, table in distances.items():
        found, whole = compare_distances(table, groups, others)
        rows += [{"metric": metric} | row for row in found]
        if whole is not None:
            summary.append({"metric": metric, "kind": "distance"} | whole)
    for metric in ALPHA_METRICS:
        values = compare_values(alpha, groups, metric) if metric in alpha else None
        if values is not None:
            summary.append({"metric": metric, "kind": "alpha"} | values)
    log.info("%d biological samples have replicates", len(groups))
    return (
        pd.DataFrame(rows, columns=REPLICATES.names),
        pd.DataFrame(summary, columns=REPEATABILITY.names),
    )
