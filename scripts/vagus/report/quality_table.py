"""Quality numbers as a table: one row a sample, before beside after."""

from __future__ import annotations

from vagus.report.blocks import Column, Link, Table
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_count, format_percent, format_value, is_missing
from vagus.report.sentences import write_markup

# Measures of reads/qc.tsv on the study page: form, and the stages in which they are shown.
_SHOWN = {
    "n_reads": ("count", ("before", "after")),
    "median_length_bp": ("count", ("before", "after")),
    "median_expected_errors": ("value", ("before", "after")),
    "median_accuracy": ("exact", ("before", "after")),
    "unique_share": ("percent", ("after",)),
    "accuracy_source": ("text", ("after",)),
}
_NAMES = {
    "n_reads": "reads",
    "n_bases": "bases",
    "median_length_bp": "median length (bp)",
    "unique_share": "unique reads",
    "median_passes": "median passes",
}


def name_measure(column: str) -> str:
    """Name of a column of reads/qc.tsv for readers."""
    if column in _NAMES:
        return _NAMES[column]
    if column.startswith("n_"):
        return f"reads, {column.removeprefix('n_').replace('_', ' ')}"
    return column.replace("_", " ")


def show_measure(column: str, value: object) -> str:
    """A value of reads/qc.tsv in words."""
    if is_missing(value):
        return ""
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if column.startswith("n_") or column.endswith("_bp"):
        return format_count(number)
    if column.endswith("_share"):
        return format_percent(number)
    return format_value(number, 5 if "accuracy" in column else 3)


def make_qc_table(inputs: ReportInputs) -> Table | None:
    """The measures that readers look for; the others are in reads/qc.tsv."""
    table = inputs.table("reads/qc")
    if table is None:
        return None
    values = {(row["sample"], row["stage"]): row for row in table.to_dict("records")}
    chosen = [
        (measure, form, stage)
        for measure, (form, stages) in _SHOWN.items()
        for stage in stages
        if measure in table
    ]
    columns = [Column("sample")]
    for measure, form, stage in chosen:
        both = len(_SHOWN[measure][1]) == 2
        columns.append(Column(f"{name_measure(measure)}{', ' + stage if both else ''}", form))
    rows = [
        [Link(name, f"samples/{inputs.keys.get(name, name)}.html"),
         *(values.get((name, stage), {}).get(measure) for measure, _, stage in chosen)]
        for name in sorted(set(table["sample"]))
    ]  # fmt: skip
    return Table(columns, rows, write_markup("quality.table"), search=True)
