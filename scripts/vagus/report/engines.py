"""Which engine denoised each sample, why, and how sure its variants can be."""

from __future__ import annotations

from markupsafe import Markup

from vagus.engines import ENGINES, FALLBACK
from vagus.report.blocks import Column, Details, Link, Notice, Prose, Table
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import is_missing
from vagus.report.sentences import write_markup
from vagus.report.study_samples import count_samples

_MAX_NAMED = 12
_FEW_SAMPLES = 12


def count_engines(inputs: ReportInputs) -> dict[str, int]:
    """Samples with reads by engine; a ledger without engines is the first engine's."""
    ledger = inputs.ledger
    if "engine" not in ledger:
        return {FALLBACK: len(ledger)}
    engines = ledger.loc[ledger["engine"] != "", "engine"]
    return {str(name): int(n) for name, n in engines.value_counts().sort_index().items()}


def build_engines(inputs: ReportInputs) -> list[object]:
    """A sentence on the engines of the study and, if duplicates were few, a row a sample."""
    counts, ledger = count_engines(inputs), inputs.ledger
    parts = []
    for name in counts:
        own = (
            ledger["sample"]
            if "engine" not in ledger
            else ledger["sample"][ledger["engine"] == name]
        )
        parts.append(f"{count_samples(inputs, list(own))} by {name}")
    if not parts:
        return []
    words = "; ".join(f"{name} {ENGINES[name].summary}" for name in counts if name in ENGINES)
    blocks: list[object] = [Prose(f"Denoised: {' and '.join(parts)} ({words}).")]
    if any(not ENGINES[name].needs_duplicates for name in counts if name in ENGINES):
        table = _make_table(inputs)
        is_short = len(table.rows) <= _FEW_SAMPLES
        blocks.append(table if is_short else Details("Engine of each sample", [table]))
    return blocks


def _make_table(inputs: ReportInputs) -> Table:
    columns = [
        Column("sample"), Column("engine", "short"), Column("why", "long"),
        Column("strands", "short", "strands that were sequenced"),
        Column("errors", "percent", "measured differences of the reads from their ASVs, per base"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for row in inputs.ledger.to_dict("records"):
        if row["engine"]:
            key = inputs.keys.get(row["sample"], row["sample"])
            rate = row.get("error_rate")
            known = not is_missing(rate) and rate != ""
            rows.append(
                [Link(row["sample"], f"samples/{key}.html"), row["engine"], row["engine_reason"],
                 row.get("strands", ""), float(str(rate)) if known else None]
            )  # fmt: skip
    return Table(columns, rows, "From denoise/ledger.tsv.", search=len(rows) > _FEW_SAMPLES)


def warn_strands(inputs: ReportInputs) -> list[Notice]:
    """Samples in which errors that recur on one strand may pass for variants."""
    ledger = inputs.ledger
    if "note" not in ledger:
        return []
    notices = []
    for note, part in ledger[ledger["note"] != ""].groupby("note", sort=True):
        names = list(part["sample"])
        links = Markup(", ").join(_link(inputs, name) for name in names[:_MAX_NAMED])
        text = write_markup(
            "denoising.strands", links=links, n_more=len(names) - _MAX_NAMED, note=note
        )
        notices.append(Notice("note", text))
    return notices


def _link(inputs: ReportInputs, name: str) -> Markup:
    return Markup('<a href="samples/{}.html">{}</a>').format(inputs.keys.get(name, name), name)
