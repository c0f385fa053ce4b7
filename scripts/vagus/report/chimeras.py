"""Chimeras that were removed."""

from __future__ import annotations

from vagus.chimeras.bimera_limits import CLOSE_BIMERA
from vagus.engines import FALLBACK
from vagus.report.blocks import Absent, Column, Details, Prose, Section, Table
from vagus.report.engine_reports import open_report
from vagus.report.engines import count_engines
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_share
from vagus.report.sentences import write
from vagus.report.study_samples import list_asvs, take_samples

_MAX_ROWS = 100
_FEW_READS = 10


def build_chimeras(inputs: ReportInputs) -> Section:
    """How many variants and reads were removed, and the most abundant of them."""
    title = "Chimeras"
    if not inputs.config["denoise"]["remove_chimeras"]:
        return Section("chimeras", title, [Absent(write("chimeras.switched_off"))])
    table = inputs.table("denoise/chimeras")
    close = describe_close(inputs)
    uncertain = [Prose(_describe_rare(inputs)), *([Prose(close)] if close else [])]
    if table is None:
        return Section("chimeras", title, [Prose(write("chimeras.none")), *uncertain])
    removed = Details("Removed variants", [_make_table(inputs)])
    return Section("chimeras", title, [Prose(_describe_removed(inputs)), *uncertain, removed])


def _describe_removed(inputs: ReportInputs) -> str:
    """Shares of variants and denoised reads that were removed, and the fold of each engine."""
    table, asvs = inputs.table("denoise/chimeras"), inputs.table("denoise/asvs")
    n = 0 if table is None else len(table)
    n_kept = 0 if asvs is None else len(asvs)
    ledger = take_samples(inputs, inputs.ledger)
    reads = int(ledger["lost_chimera"].sum()) if "lost_chimera" in ledger else 0
    denoised = reads + int(ledger["asv_reads"].sum())
    return write(
        "chimeras.removed", n=n, share=format_share(n, n + n_kept),
        share_of_reads=format_share(reads, denoised), has_controls=bool(inputs.controls),
        folds=_list_folds(inputs),
    )  # fmt: skip


def _list_folds(inputs: ReportInputs) -> list[tuple[str, str]]:
    """By how much the parents of a chimera outnumber it, by engine."""
    denoise, engines = inputs.config["denoise"], list(count_engines(inputs)) or [FALLBACK]
    return [(name, open_report(name).describe_fold(denoise)) for name in engines]


def describe_close(inputs: ReportInputs) -> str:
    """How many ASVs might be chimeras or true copies, which a single sample cannot decide."""
    asvs = list_asvs(inputs)
    if asvs is None or "flags" not in asvs:
        return ""
    flags = asvs["flags"].fillna("").astype(str)
    parts = []
    for sentence, flag in (("chimeras.close", CLOSE_BIMERA), ("chimeras.ambiguous", "ambiguous")):
        found = asvs[flags.str.contains(flag)]
        if len(found):
            n_reads = int(found["reads"].sum())
            parts.append(write(sentence, n=len(found), n_reads=n_reads, flag=flag))
    return " ".join(parts)


def _describe_rare(inputs: ReportInputs) -> str:
    """How many ASVs are of the kind among which chimeras and errors that escaped are found."""
    asvs = list_asvs(inputs)
    if asvs is None:
        return write("chimeras.no_asvs")
    rare = asvs[(asvs["reads"] < _FEW_READS) & (asvs["n_samples"] == 1)]
    return write(
        "chimeras.rare", n=len(rare), share=format_share(len(rare), len(asvs)),
        n_reads=int(rare["reads"].sum()), few=_FEW_READS,
    )  # fmt: skip


def _make_table(inputs: ReportInputs) -> Table:
    table = inputs.table("denoise/chimeras")
    assert table is not None
    columns = [
        Column("variant"), Column("reads", "count"), Column("samples", "count"),
        Column("samples that call it a chimera", "count"), Column("left parent"),
        Column("right parent"), Column("breakpoint (bp)", "count"),
    ]  # fmt: skip
    rows = [
        [row["asv"][:8], row["reads"], row["n_samples"], row["n_samples_flagged"],
         str(row["left_parent"])[:8], str(row["right_parent"])[:8], row["breakpoint_bp"]]
        for row in table.head(_MAX_ROWS).to_dict("records")
    ]  # fmt: skip
    return Table(columns, rows, write("chimeras.table", n=min(len(table), _MAX_ROWS)))
