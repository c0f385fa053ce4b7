"""Chimeras that were removed."""

from __future__ import annotations

from vagus.chimeras.bimera_limits import CLOSE_BIMERA
from vagus.engines import FALLBACK
from vagus.report.blocks import Absent, Column, Details, Prose, Section, Table
from vagus.report.engine_reports import open_report
from vagus.report.engines import count_engines
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun, format_share
from vagus.report.study_samples import list_asvs, take_samples

_MAX_ROWS = 100
_FEW_READS = 10


def build_chimeras(inputs: ReportInputs) -> Section:
    """How many variants and reads were removed, and the most abundant of them."""
    title = "Chimeras"
    if not inputs.config["denoise"]["remove_chimeras"]:
        reason = "Removal of chimeras is switched off (denoise.remove_chimeras)."
        return Section("chimeras", title, [Absent(reason)])
    table = inputs.table("denoise/chimeras")
    close = describe_close(inputs)
    doubtful = [Prose(_describe_doubtful(inputs)), *([Prose(close)] if close else [])]
    if table is None:
        none = Prose("No variant was found to be a chimera.")
        return Section("chimeras", title, [none, *doubtful])
    asvs = inputs.table("denoise/asvs")
    n_kept = 0 if asvs is None else len(asvs)
    ledger = take_samples(inputs, inputs.ledger)
    reads = int(ledger["lost_chimera"].sum()) if "lost_chimera" in ledger else 0
    denoised = reads + int(ledger["asv_reads"].sum())
    text = (
        f"{count_noun(len(table), 'variant')} ({format_share(len(table), len(table) + n_kept)} "
        f"of the variants, {format_share(reads, denoised)} of the denoised reads"
        f"{' of samples' if inputs.controls else ''}) "
        f"{'was' if len(table) == 1 else 'were'} removed as chimeric: a left part of one variant "
        f"joined to a right part of another, both {_tell_fold(inputs)} as abundant."
    )
    return Section(
        "chimeras",
        title,
        [Prose(text), *doubtful, Details("Removed variants", [_make_table(inputs)])],
    )


def _tell_fold(inputs: ReportInputs) -> str:
    """By how much the parents of a chimera outnumber it, by engine."""
    denoise, engines = inputs.config["denoise"], list(count_engines(inputs)) or [FALLBACK]
    first, *others = ((name, open_report(name).describe_fold(denoise)) for name in engines)
    more = "; ".join(f"{name}: {fold}" for name, fold in others)
    return f"{first[1]} ({more})" if more else first[1]


def describe_close(inputs: ReportInputs) -> str:
    """How many ASVs might be chimeras or true copies, which a single sample cannot tell."""
    asvs = list_asvs(inputs)
    if asvs is None or "flags" not in asvs:
        return ""
    flags = asvs["flags"].fillna("").astype(str)
    close = asvs[flags.str.contains(CLOSE_BIMERA)]
    doubtful = asvs[flags.str.contains("ambiguous")]
    parts = []
    if len(close):
        one = len(close) == 1
        parts.append(
            f"{count_noun(len(close), 'ASV')} ({count_noun(int(close['reads'].sum()), 'read')}) "
            f"{'is' if one else 'are'} flagged {CLOSE_BIMERA}: composed of two others of few "
            f"differences, {'a chimera or a true copy' if one else 'chimeras or true copies'} of "
            "a genome's 16S gene, which recombine. They stay until several samples tell."
        )
    if len(doubtful):
        parts.append(
            f"{count_noun(len(doubtful), 'ASV')} "
            f"({count_noun(int(doubtful['reads'].sum()), 'read')}) "
            f"{'is' if len(doubtful) == 1 else 'are'} flagged ambiguous: their own reads do not "
            "settle every base, often because several rare variants are lumped together."
        )
    return " ".join(parts)


def _describe_doubtful(inputs: ReportInputs) -> str:
    """How many ASVs are of the kind among which chimeras and errors that escaped are found."""
    asvs = list_asvs(inputs)
    if asvs is None:
        return "No ASV is left."
    rare = asvs[(asvs["reads"] < _FEW_READS) & (asvs["n_samples"] == 1)]
    share = format_share(len(rare), len(asvs))
    reads = count_noun(int(rare["reads"].sum()), "read")
    return (
        "ASVs with few reads in one sample only are the most doubtful: chimeras whose parents "
        "were not found and errors that the model does not know are among them. "
        f"{count_noun(len(rare), 'ASV')} ({share}) with {reads} "
        f"{'has' if len(rare) == 1 else 'have'} fewer than {_FEW_READS} reads and "
        f"{'is' if len(rare) == 1 else 'are'} in one sample only."
    )


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
    caption = f"The {min(len(table), _MAX_ROWS)} most abundant; all in denoise/chimeras.tsv."
    return Table(columns, rows, caption)
