"""MultiQC custom content: columns of its general statistics, where reads went, composition.

Each file is a TSV whose head of '#' lines is YAML that defines how MultiQC draws it. Sample
names are in quotes, so that '01' stays a name and '#1' is no comment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vagus.exports.content import is_given
from vagus.files import write_text
from vagus.taxonomy.ranks import UNASSIGNED

if TYPE_CHECKING:
    import pandas as pd

N_TOP = 15


def write_multiqc(
    ledger: str | PathLike[str],
    alpha: str | PathLike[str],
    genera: str | PathLike[str],
    folder: Path,
    controls: Collection[str] = (),
) -> None:
    """Write vagus_general_mqc.tsv, vagus_reads_mqc.tsv and vagus_genera_mqc.tsv.

    Samples named in ``controls`` are rows, but have no say in which genera are shown.
    """
    from vagus.diversity.alpha_table import read_alpha
    from vagus.reads.ledger_table import read_ledger
    from vagus.selection.composition import join_unnamed
    from vagus.tables.wide import read_wide

    reads = read_ledger(ledger, ["asv_reads", "n_asvs"])
    values = read_alpha(alpha, ["shannon"])
    shannon = dict(zip(values["sample"], values["shannon"], strict=True))
    _write_general(reads, shannon, folder / "vagus_general_mqc.tsv")
    _write_reads(reads, folder / "vagus_reads_mqc.tsv")
    counts = join_unnamed(read_wide(genera, ["genus"]))
    _write_genera(counts, folder / "vagus_genera_mqc.tsv", controls)


def _write_general(ledger: pd.DataFrame, shannon: dict[str, float], path: Path) -> None:
    counts = "{:,.0f}"
    columns: list[dict[str, Any]] = [
        {"vagus_input": {"title": "Reads", "description": "Reads in the sample's files",
                         "min": 0, "format": counts, "scale": "Blues"}},
        {"vagus_in_asvs": {"title": "In ASVs", "description": "Reads that ended in an ASV (%)",
                           "min": 0, "max": 100, "suffix": "%", "scale": "Greens"}},
        {"vagus_asvs": {"title": "ASVs", "description": "Amplicon sequence variants",
                        "min": 0, "format": counts, "scale": "Purples"}},
        {"vagus_shannon": {"title": "Shannon", "description":
                           "Shannon entropy of the ASV shares (natural logarithm), rarefied",
                           "min": 0, "scale": "Oranges"}},
    ]  # fmt: skip
    head = {"id": "vagus_general", "plot_type": "generalstats", "file_format": "tsv",
            "namespace": "Vagus", "pconfig": columns}  # fmt: skip
    rows = []
    for row in ledger.to_dict("records"):
        n_input, n_reads = _count(row["input"]), _count(row["asv_reads"])
        share = 100 * n_reads / n_input if n_input else 0.0
        numbers = [n_input, share, _count(row["n_asvs"]), shannon.get(row["sample"])]
        rows.append([row["sample"], *numbers])
    _write_content(path, head, [next(iter(column)) for column in columns], rows)


def _write_reads(ledger: pd.DataFrame, path: Path) -> None:
    losses = [column for column in ledger if str(column).startswith("lost_")]
    losses = [column for column in losses if ledger[column].fillna(0).sum() > 0]
    labels = [column.removeprefix("lost_").replace("_", " ") for column in losses]
    head = {
        "id": "vagus_reads", "section_name": "Vagus: where reads went", "file_format": "tsv",
        "description": "Reads of each sample that ended in ASVs, and those lost, by the step.",
        "plot_type": "bargraph",
        "pconfig": {"id": "vagus_reads_plot", "title": "Vagus: where reads went",
                    "ylab": "reads"},
    }  # fmt: skip
    rows = [
        [row["sample"], *(_count(row[column]) for column in ("asv_reads", *losses))]
        for row in ledger.to_dict("records")
    ]
    _write_content(path, head, ["in ASVs", *(f"lost: {label}" for label in labels)], rows)


def _write_genera(counts: pd.DataFrame, path: Path, controls: Collection[str]) -> None:
    """The genera with the greatest mean share in samples; all others together."""
    counts = counts.loc[:, counts.sum() > 0]
    own = counts.drop(columns=list(controls), errors="ignore")
    own = own if own.shape[1] else counts
    means = (own / own.sum()).mean(axis=1)
    named = sorted((g for g in counts.index if g != UNASSIGNED), key=lambda g: (-means[g], g))
    top = named[:N_TOP]
    head = {
        "id": "vagus_genera", "section_name": "Vagus: composition by genus",
        "file_format": "tsv", "plot_type": "bargraph",
        "description": f"Reads in ASVs by genus: the {len(top)} with the greatest mean share"
                       f"{' in samples that are not controls' if controls else ''}. "
                       "Read shares are not cell shares.",
        "pconfig": {"id": "vagus_genera_plot", "title": "Vagus: composition by genus",
                    "ylab": "reads in ASVs", "cpswitch_c_active": False},
    }  # fmt: skip
    other = counts.drop(index=[*top, UNASSIGNED], errors="ignore").sum()
    rows = []
    for sample in counts.columns:
        unnamed = counts.at[UNASSIGNED, sample] if UNASSIGNED in counts.index else 0
        own = [int(counts.at[genus, sample]) for genus in top]
        rows.append([sample, *own, int(other[sample]), int(unnamed)])
    _write_content(path, head, [*top, "other genera", "without a genus"], rows)


def _write_content(
    path: Path, head: dict[str, Any], columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    import yaml

    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=1000)
    lines = [f"# {line}" for line in text.splitlines()]
    lines.append("\t".join(["Sample", *columns]))
    for name, *numbers in rows:
        lines.append("\t".join([f'"{name}"', *(_write_number(number) for number in numbers)]))
    write_text(path, "\n".join(lines) + "\n")


def _count(value: object) -> int:
    return int(value) if is_given(value) else 0  # type: ignore[call-overload, no-any-return]


def _write_number(value: object) -> str:
    return f"{value:.10g}" if is_given(value) else ""
