"""The summary: key numbers, and what a reader must know before trusting the rest."""

from __future__ import annotations

from markupsafe import Markup

from vagus.reference.starter import STARTER_DOUBT
from vagus.report.blocks import Card, Cards, Notice, Notices, Prose, Section
from vagus.report.composition import UNASSIGNED_LABEL
from vagus.report.controls import list_verdicts
from vagus.report.engines import warn_strands
from vagus.report.identity import warn_identity
from vagus.report.inputs import ReportInputs
from vagus.report.losses import name_loss
from vagus.report.numbers import format_count, format_share
from vagus.report.sentences import write, write_markup
from vagus.report.study_samples import list_asvs, sum_taxa, take_controls, take_samples

HIGH_LOSS_SHARE = 0.5
_MAX_NAMED = 12


def build_summary(inputs: ReportInputs) -> Section:
    """Cards, then notices in the order of weight."""
    notices = list_notices(inputs)
    blocks: list[object] = [Cards(list_cards(inputs))]
    if notices:
        blocks.append(Notices(notices))
    else:
        blocks.append(Prose(write("summary.all_well")))
    return Section("summary", "Summary", blocks)


def list_notices(inputs: ReportInputs) -> list[Notice]:
    """What a reader must know, in the order of weight."""
    return [
        *list_verdicts(inputs),
        *warn_failures(inputs),
        *warn_unbalanced(inputs),
        *warn_identity(inputs, lambda name: _link(inputs, name)),
        *warn_losses(inputs),
        *warn_models(inputs),
        *warn_strands(inputs),
        *warn_reference(inputs),
        *note_controls(inputs),
    ]


def list_cards(inputs: ReportInputs) -> list[Card]:
    """Samples, their reads, reads in ASVs, ASVs and named species; controls by themselves."""
    ledger = take_samples(inputs, inputs.ledger)
    total, kept = int(ledger["input"].sum()), int(ledger["asv_reads"].sum())
    asvs = list_asvs(inputs)
    good = ledger.loc[ledger["asv_reads"] > 0]
    per_sample = f"median {format_count(good['n_asvs'].median())} a sample" if len(good) else ""
    depth = f"median {format_count(ledger['input'].median())} a sample" if len(ledger) else ""
    return [
        Card("samples", format_count(len(ledger)), f"{len(good)} with ASVs"),
        Card("reads", format_count(total), depth),
        Card("reads in ASVs", format_share(kept, total), f"{format_count(kept)} reads"),
        Card("ASVs", format_count(0 if asvs is None else len(asvs)), per_sample),
        _make_species_card(inputs),
        *_make_control_card(inputs),
    ]


def _make_control_card(inputs: ReportInputs) -> list[Card]:
    """Controls, which none of the other cards counts."""
    if not inputs.controls:
        return []
    ledger = take_controls(inputs, inputs.ledger)
    total, kept = int(ledger["input"].sum()), int(ledger["asv_reads"].sum())
    text = write("summary.controls_card", n_reads=total, n_kept=kept)
    return [Card("controls", format_count(len(inputs.controls)), text)]


def _make_species_card(inputs: ReportInputs) -> Card:
    counts = sum_taxa(inputs, "species")
    if counts is None or not counts.sum():
        return Card("species", "0", "no ASVs to name")
    named = counts.drop(UNASSIGNED_LABEL, errors="ignore")
    share = format_share(float(named.sum()), float(counts.sum()))
    return Card("species", format_count((named > 0).sum()), f"{share} of reads named")


def warn_failures(inputs: ReportInputs) -> list[Notice]:
    """Samples without a result, each with its reason."""
    notices = []
    for row in inputs.ledger.to_dict("records"):
        expected = row["sample"] in inputs.controls
        link = _link(inputs, row["sample"])
        if row["status"] == "failed":
            text = write_markup("summary.failed", sample=link, reason=_end(row["reason"]))
            notices.append(Notice("error", text))
        elif row["status"] == "empty" or row["asv_reads"] == 0:
            reason = _end(row["reason"] or write("summary.no_asv"))
            text = write_markup("summary.empty", sample=link, is_control=expected, reason=reason)
            notices.append(Notice("note" if expected else "warning", text))
    return notices


def warn_unbalanced(inputs: ReportInputs) -> list[Notice]:
    """Samples whose ledger does not add up: a fault of the program, shown rather than hidden."""
    ledger = inputs.ledger
    if "lost_chimera" not in ledger:
        return []
    gap = ledger["input"] - ledger["asv_reads"] - ledger[inputs.losses].sum(axis=1)
    wrong = list(ledger.loc[gap != 0, "sample"])
    if not wrong:
        return []
    samples = _list_links(inputs, wrong)
    return [Notice("error", write_markup("summary.unbalanced", samples=samples))]


def warn_losses(inputs: ReportInputs) -> list[Notice]:
    """Samples that lost more than half of their reads, by the loss that took the most."""
    by_cause: dict[str, list[str]] = {}
    for row in inputs.ledger.to_dict("records"):
        alive = row["asv_reads"] > 0 and row["sample"] not in inputs.controls
        if alive and row["asv_reads"] < (1 - HIGH_LOSS_SHARE) * row["input"]:
            cause = max(inputs.losses, key=lambda column: row[column])
            by_cause.setdefault(cause, []).append(row["sample"])
    notices = []
    for cause, names in by_cause.items():
        part = inputs.ledger[inputs.ledger["sample"].isin(names)]
        text = write_markup(
            "summary.lost", n=len(names), limit=HIGH_LOSS_SHARE, loss=name_loss(cause),
            share=format_share(part[cause].sum(), part["input"].sum()),
            samples=_list_links(inputs, names),
        )  # fmt: skip
        notices.append(Notice("warning", text))
    return notices


def warn_models(inputs: ReportInputs) -> list[Notice]:
    """Runs whose error model was not learned or did not settle."""
    notices = []
    for run in inputs.run_names:
        about = inputs.read_json(f"denoise/runs/{run}/error_model.json") or {}
        if about.get("source") == "default":
            notices.append(Notice("warning", write_markup("summary.default_rates", run=run)))
        elif about.get("converged") is False:
            notices.append(Notice("warning", write_markup("summary.not_converged", run=run)))
    return notices


def warn_reference(inputs: ReportInputs) -> list[Notice]:
    """Names from the starter reference, in a study that is not simulated from it."""
    simulated = inputs.truth is not None or inputs.config["truth"]
    if simulated or inputs.config["taxonomy"]["reference"] != "starter":
        return []
    return [Notice("warning", Markup("{}").format(f"N{STARTER_DOUBT[1:]}."))]


def note_controls(inputs: ReportInputs) -> list[Notice]:
    """Negative controls that contain reads."""
    ledger = inputs.ledger.set_index("sample")
    notices = []
    for name, kind in inputs.controls.items():
        if kind != "negative" or name not in ledger.index or not ledger.at[name, "asv_reads"]:
            continue
        text = write_markup(
            "summary.control_reads", sample=_link(inputs, name),
            n_reads=int(ledger.at[name, "asv_reads"]), n_asvs=int(ledger.at[name, "n_asvs"]),
        )  # fmt: skip
        notices.append(Notice("note", text))
    return notices


def _link(inputs: ReportInputs, name: str) -> Markup:
    key = inputs.keys.get(name, name)
    return Markup('<a href="samples/{}.html">{}</a>').format(key, name)


def _list_links(inputs: ReportInputs, names: list[str]) -> Markup:
    text = Markup(", ").join(_link(inputs, name) for name in names[:_MAX_NAMED])
    more = len(names) - _MAX_NAMED
    return text + (f" and {more} more" if more > 0 else "")


def _end(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else reason + "."
