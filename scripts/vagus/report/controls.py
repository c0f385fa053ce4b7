"""What the controls say: verdicts at the top, then contaminants, mocks, replicates, batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vagus.report.blocks import (
    Absent,
    Chooser,
    Column,
    Details,
    Notice,
    Notices,
    Plot,
    Prose,
    Section,
    Table,
)
from vagus.report.figure import FigureFolder, new_figure, place_axes, shorten
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import (
    format_share,
    format_value,
    is_missing,
)
from vagus.report.palette import MISSING, OKABE_ITO
from vagus.report.sentences import write, write_markup
from vagus.tables.stages.controls import CHECKS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LEVELS = {"pass": "note", "caution": "warning", "fail": "error"}
_WORDS = {"pass": "passes its checks", "caution": "calls for caution", "fail": "fails a check"}
_EXPECTED, _OBSERVED, _FOREIGN = OKABE_ITO[0], OKABE_ITO[3], OKABE_ITO[1]
_WRONG = OKABE_ITO[4]
_STRANGERS = {
    "wrong species": ("wrong species", "P", _WRONG),
    "foreign": ("not in the mock", "X", _FOREIGN),
    "unnamed": ("without a name", "o", MISSING),
}
_MAX_WRONG = 6
_MAX_TAXA = 24
_MAX_LISTED = 200
_MIN_PERCENT = 0.005
_CARRIED_SHARE = 0.01


def list_verdicts(inputs: ReportInputs) -> list[Notice]:
    """One notice a run, for the top of the page."""
    table = inputs.table("controls/verdict")
    if table is None:
        return []
    notices = []
    for row in table.to_dict("records"):
        text = write_markup(
            "controls.verdict", run=row["run"], verdict=_WORDS[row["verdict"]],
            reasons=row["reasons"],
        )  # fmt: skip
        notices.append(Notice(_LEVELS[row["verdict"]], text))
    return notices


def build_controls(inputs: ReportInputs, figures: FigureFolder) -> Section | None:
    """All findings of the stage; None when it did not run."""
    verdict = inputs.table("controls/verdict")
    if verdict is None:
        return None
    blocks: list[object] = [Notices(list_verdicts(inputs)), *_list_checks(inputs)]
    blocks += describe_contaminants(inputs, figures)
    blocks += describe_mocks(inputs, figures)
    blocks += describe_replicates(inputs)
    blocks += describe_batches(inputs)
    return Section("controls", "Controls and quality", blocks)


def _list_checks(inputs: ReportInputs) -> list[object]:
    checks = inputs.table("controls/checks")
    if checks is None:
        return []
    columns = [
        Column("run"), Column("check"), Column("outcome", "short"), Column("value", "value"),
        Column("caution from", "value"), Column("fail from", "value"), Column("in words", "long"),
    ]  # fmt: skip
    rows = [[row[name] for name in CHECKS.names] for row in checks.to_dict("records")]
    return [
        Details("All checks and their limits", [Table(columns, rows, write("controls.limits"))])
    ]


def describe_contaminants(inputs: ReportInputs, figures: FigureFolder) -> list[object]:
    """How they were looked for, what was called, and where it is."""
    path = inputs.results / "controls" / "contaminants.txt"
    words = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    table = inputs.table("controls/contaminants")
    blocks: list[object] = [Prose(write_markup("controls.contaminants", how=words))]
    if table is None or not len(table) or table["method"].iloc[0] == "none":
        return blocks
    called = table[table["contaminant"] == "yes"]
    share = format_share(float(called["reads"].sum()), float(table["reads"].sum()))
    controls = inputs.config["controls"]
    text = write(
        "controls.called" if len(called) else "controls.none_called",
        n_called=len(called), n_asvs=len(table), share=share,
        threshold=controls["contaminant_threshold"], removed=controls["remove_contaminants"],
    )  # fmt: skip
    blocks.append(Prose(text))
    blocks += _warn_carried(called)
    if len(called):
        blocks += [draw_contaminants(table, figures), tabulate_contaminants(called)]
    return blocks


def _warn_carried(called: pd.DataFrame) -> list[object]:
    """Contaminants that a mock community is made of."""
    carried = int((called["share_in_positives"] >= _CARRIED_SHARE).sum())
    if not carried:
        return []
    text = write("controls.carried", n=carried)
    return [Notices([Notice("warning", text)])]


def draw_contaminants(table: pd.DataFrame, figures: FigureFolder) -> Plot:
    """Prevalence in samples against negative controls, an ASV a point."""
    figure = new_figure(7.2, 4.2)
    axes = place_axes(figure, 0.7, 0.55, 1.9, 0.15)
    tips: dict[str, list[str]] = {}
    held = table[(table["samples"] > 0) | (table["negatives"] > 0)]
    looks = (("", "no contaminant", "#9AA3AB", "o"), ("yes", "called", _FOREIGN, "s"))
    for mark, words, colour, marker in looks:
        part = held[(held["contaminant"] == "yes") == (mark == "yes")]
        if not len(part):
            continue
        spread = (np.arange(len(part)) * 0.6180339887) % 1 - 0.5
        axes.scatter(
            part["negatives"] + 0.5 * spread, part["samples"], s=16, color=colour, marker=marker,
            alpha=0.75, lw=0, label=words, gid=f"c{mark}", zorder=3,
        )  # fmt: skip
        tips[f"c{mark}"] = [
            f"{_name_asv(row)}\n{row['negatives']} negatives, {row['samples']} samples"
            for row in part.to_dict("records")
        ]
    axes.set(xlabel="negative controls with the ASV (spread for sight)", ylabel="samples with it")
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0, alignment="left")
    return figures.save(
        figure, "contaminants", held, tips=tips, label="ASVs in samples and negative controls",
        caption=write("controls.contaminants_figure", n=len(held)),
    )  # fmt: skip


def _name_asv(row: dict[str, object]) -> str:
    name = next((row[k] for k in ("species", "genus") if not is_missing(row[k]) and row[k]), "?")
    return f"{name} {str(row['asv'])[:6]}"


def tabulate_contaminants(called: pd.DataFrame) -> Table:
    """ASVs that were called, those with the most reads first."""
    columns = [
        Column("ASV"), Column("score", "p"), Column("reads", "count"),
        Column("in negatives", "count", "reads in negative controls"),
        Column("samples", "count", "samples that contain it"),
        Column("negatives", "count", "negative controls that contain it"),
        Column("in positives", "percent", "greatest share in a positive control"),
        Column("prevalence", "p"), Column("frequency", "p"),
        Column("seen before", "short", "its genus was found in reagents by Salter et al. 2014"),
    ]  # fmt: skip
    ordered = called.sort_values(["reads", "asv"], ascending=[False, True], kind="stable")
    rows = [
        [_name_asv(row), row["p"], row["reads"], row["reads_in_negatives"], row["samples"],
         row["negatives"], row["share_in_positives"], row["p_prevalence"], row["p_frequency"],
         row["seen_in_reagents"]]
        for row in ordered.head(_MAX_LISTED).to_dict("records")
    ]  # fmt: skip
    caption = write("controls.contaminants_table", n=len(called), most=_MAX_LISTED)
    return Table(columns, rows, caption, search=True)


def describe_mocks(inputs: ReportInputs, figures: FigureFolder) -> list[object]:
    """A figure for each mock sample and rank, and the scores."""
    scores, taxa = inputs.table("controls/mocks"), inputs.table("controls/mock_taxa")
    if scores is None:
        return [Absent(write("controls.no_mock"))]
    blocks: list[object] = [
        Prose(write_markup("controls.mocks")),
        *warn_wrong_species(scores, taxa),
    ]
    if taxa is not None:
        panels = [
            ((str(sample), str(rank)), [draw_mock(inputs, part, figures)])
            for (sample, rank), part in taxa.groupby(["sample", "rank"], sort=False)
        ]
        blocks += [Chooser(("Sample", "Rank"), panels)] if len(panels) > 1 else panels[0][1]
    return [*blocks, _tabulate_mocks(scores)]


def _tabulate_mocks(scores: pd.DataFrame) -> Table:
    columns = [
        Column("sample"), Column("mock"), Column("rank"), Column("reads", "count"),
        Column("expected", "count", "taxa of the mock: found + missed + too few"),
        Column("found", "count", "with one read or more"),
        Column("missed", "count", "without reads, where 10 or more were expected"),
        Column("too few", "count", "without reads, where fewer than 10 were expected"),
        Column("wrong species", "count", "names of another species of a genus of the mock"),
        Column("wrong species %", "value", "their share of the reads"),
        Column("foreign taxa", "count", "other taxa that are not in the mock"),
        Column("foreign %", "value"), Column("unnamed %", "value"),
        Column("Bray-Curtis", "value"), Column("log2 error", "value"), Column("note", "long"),
    ]  # fmt: skip
    names = ["sample", "mock", "rank", "reads", "expected", "found", "missed", "below_detection",
             "wrong_species", "wrong_percent", "foreign_taxa", "foreign_percent",
             "unnamed_percent", "bray_curtis", "log2_error", "note"]  # fmt: skip
    rows = [[row[name] for name in names] for row in scores.to_dict("records")]
    return Table(columns, rows, write("controls.mock_table"))


def warn_wrong_species(scores: pd.DataFrame, taxa: pd.DataFrame | None) -> list[object]:
    """One notice for each mock sample that contains names of wrong species."""
    notices = []
    for row in scores[scores["wrong_species"] > 0].to_dict("records"):
        named = [] if taxa is None else taxa.loc[
            (taxa["sample"] == row["sample"]) & (taxa["status"] == "wrong species"), "taxon"
        ].tolist()  # fmt: skip
        text = write(
            "controls.wrong_species", sample=row["sample"], n=int(row["wrong_species"]),
            percent=format_value(row["wrong_percent"]), names=named[:_MAX_WRONG],
            n_more=len(named) - _MAX_WRONG,
        )  # fmt: skip
        notices.append(Notice("warning", text))
    return [Notices(notices)] if notices else []


def draw_mock(inputs: ReportInputs, taxa: pd.DataFrame, figures: FigureFolder) -> Plot:
    """Expected and observed share of each taxon on a logarithmic scale."""
    sample, rank = str(taxa["sample"].iloc[0]), str(taxa["rank"].iloc[0])
    shown = taxa.head(_MAX_TAXA).reset_index(drop=True)
    figure = new_figure(7.6, 0.9 + 0.2 * len(shown))
    axes = place_axes(figure, 2.3, 0.5, 1.45, 0.15)
    _mark_shares(axes, shown)
    axes.set_xscale("log")
    axes.set_xlim(_MIN_PERCENT, 110)
    axes.set_xticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.minorticks_off()
    labels = [shorten(_label_taxon(row), 34) for row in shown.to_dict("records")]
    axes.set_yticks(np.arange(len(shown)), labels)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlabel("share of reads (%)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0, alignment="left")
    key = inputs.keys.get(sample, sample)
    return figures.save(
        figure, f"mock_{key}_{rank}", taxa, label=f"Mock community {sample}, {rank}",
        caption=write(
            "controls.mock_figure", rank=rank, sample=sample, n_more=len(taxa) - len(shown)
        ),
    )  # fmt: skip


def _mark_shares(axes: Axes, shown: pd.DataFrame) -> None:
    """Marks of one taxon a row; lines join what was expected and observed."""
    places = np.arange(len(shown))
    expected = shown["expected_percent"].to_numpy(dtype=float)
    observed = shown["observed_percent"].to_numpy(dtype=float)
    both = (expected > 0) & (observed > 0)
    axes.hlines(
        places[both], np.minimum(expected, observed)[both], np.maximum(expected, observed)[both],
        color="#C3CAD0", lw=2, zorder=1,
    )  # fmt: skip
    wanted = expected > 0
    axes.scatter(expected[wanted], places[wanted], marker="D", s=24, label="expected",
                 facecolors="white", edgecolors=_EXPECTED, zorder=2)  # fmt: skip
    drawn = np.maximum(observed, _MIN_PERCENT)
    axes.scatter(drawn[both], places[both], s=28, color=_OBSERVED, label="observed", zorder=3)
    for status, (label, marker, colour) in _STRANGERS.items():
        chosen = (shown["status"] == status).to_numpy()
        if chosen.any():
            axes.scatter(drawn[chosen], places[chosen], marker=marker, s=34, color=colour,
                         label=label, zorder=3)  # fmt: skip


def _label_taxon(row: dict[str, object]) -> str:
    words = {"missed": " (missed)", "below detection": " (too few)"}
    return f"{row['taxon']}{words.get(str(row['status']), '')}"


def describe_replicates(inputs: ReportInputs) -> list[object]:
    """Repeatability as one table."""
    table = inputs.table("controls/repeatability")
    if table is None:
        return [Absent(write_markup("controls.no_replicates"))]
    columns = [
        Column("measure"), Column("pairs", "count"), Column("within", "value", "median distance"),
        Column("between", "value", "median distance"), Column("within / between", "value"),
        Column("samples", "count"), Column("CV within", "percent"), Column("ICC", "value"),
    ]  # fmt: skip
    names = ["metric", "pairs_within", "median_within", "median_between", "ratio", "n_samples",
             "cv", "icc"]  # fmt: skip
    rows = [[row[name] for name in names] for row in table.to_dict("records")]
    return [Prose(write_markup("controls.replicates")), Table(columns, rows)]


def describe_batches(inputs: ReportInputs) -> list[object]:
    """Batch tests as one table."""
    table = inputs.table("controls/batches")
    if table is None:
        return [Absent(write("controls.no_batches"))]
    columns = [
        Column("batch"), Column("distance"), Column("n"), Column("pseudo-F", "value"),
        Column("p", "p"), Column("R²", "value"),
        Column("omega²", "value", "R² corrected for what chance explains"),
        Column("confounded with"), Column("note", "long"),
    ]  # fmt: skip
    names = [
        "batch",
        "metric",
        "n",
        "statistic",
        "p_value",
        "r2",
        "omega2",
        "confounded_with",
        "note",
    ]
    rows = [[row[name] for name in names] for row in table.to_dict("records")]
    return [Prose(write_markup("controls.batches")), Table(columns, rows)]
