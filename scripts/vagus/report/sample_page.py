"""The page of one sample: its taxa, how sure their names are, its place among the others, losses.

Where a sample has no ASVs, why comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vagus.files import write_text
from vagus.report.blocks import (
    Absent,
    Bar,
    Chooser,
    Column,
    Notice,
    Notices,
    Prose,
    Section,
    Segment,
    Strip,
    Strips,
    Table,
)
from vagus.report.composition import (
    FIRST_RANK,
    OTHER_LABEL,
    RANKS,
    UNASSIGNED_LABEL,
    choose_fills,
    list_ties,
    strip_prefix,
)
from vagus.report.diversity import METRICS, name_metric
from vagus.report.inputs import ReportInputs
from vagus.report.losses import explain_loss, name_loss
from vagus.report.notable import build_notable
from vagus.report.numbers import (
    count_noun,
    format_count,
    format_share,
    format_value,
    is_missing,
    separate_thousands,
)
from vagus.report.page import render_page
from vagus.report.palette import KEPT, choose_loss
from vagus.report.place import describe_place
from vagus.report.quality_table import name_measure, show_measure
from vagus.report.sample_controls import build_sample_controls
from vagus.report.sample_gut_brain import build_sample_gut_brain
from vagus.report.sample_person import build_same_person
from vagus.report.sentences import write, write_markup
from vagus.report.taxa import count_asvs, gather_taxa
from vagus.study.samples import Sample
from vagus.tables import write_table
from vagus.tables.stages.report import SAMPLE_TAXA

if TYPE_CHECKING:
    import pandas as pd

_N_TOP = 12
_MIN_FOR_BOX = 4
# of more other samples than this, the percentiles are drawn: a page does not grow with the study
_MOST_DOTS = 200
_LEFT, _RIGHT = 16.0, 304.0


def write_sample_pages(inputs: ReportInputs, folder: Path) -> None:
    """Write ``<key>.html`` and ``<key>.taxa.tsv`` for every sample of the sheet."""
    for position, sample in enumerate(inputs.samples):
        taxa = gather_taxa(count_asvs(inputs, sample.name))
        write_table(taxa, folder / f"{sample.key}.taxa.tsv", SAMPLE_TAXA)
        write_text(folder / f"{sample.key}.html", render_sample(inputs, position, taxa))


def render_sample(inputs: ReportInputs, position: int, taxa: pd.DataFrame) -> str:
    """HTML of the sample at ``position`` in the sheet's order."""
    sample = inputs.samples[position]
    row = find_row(inputs, sample)
    reads = _build_reads(inputs, row)
    controls = build_sample_controls(inputs, sample)
    is_whole = row["status"] == "ok" and row["asv_reads"] > 0
    sections = [
        None if is_whole else reads,
        controls if sample.control else None,
        _build_composition(inputs, sample),
        _build_taxa(inputs, sample, taxa),
        _build_alpha(inputs, sample),
        build_same_person(inputs, sample),
        build_notable(inputs, sample),
        build_sample_gut_brain(inputs, sample.name),
        None if sample.control else controls,
        reads if is_whole else None,
        _build_quality(inputs, sample),
    ]
    last = position + 1 == len(inputs.samples)
    return render_page(
        "sample.html.j2",
        title=inputs.config["report"]["title"],
        name=sample.name,
        status=row["status"],
        facts=_list_facts(sample, row),
        previous=inputs.samples[position - 1] if position else None,
        next=None if last else inputs.samples[position + 1],
        sections=[section for section in sections if section is not None],
    )


def find_row(inputs: ReportInputs, sample: Sample) -> dict[str, Any]:
    """The sample's row of the ledger; one of zeros when it has none."""
    rows = inputs.ledger[inputs.ledger["sample"] == sample.name].to_dict("records")
    if rows:
        found: dict[str, Any] = rows[0]
        return found
    empty: dict[str, Any] = dict.fromkeys(inputs.ledger.columns, 0)
    return {**empty, "status": "failed", "reason": write("ledger.not_in_ledger")}


def _list_facts(sample: Sample, row: dict[str, Any]) -> list[tuple[str, str]]:
    facts = [
        ("control", sample.control), ("run", sample.run), ("platform", row.get("platform")),
        ("primers", row.get("primers")), ("engine", row.get("engine")), *sample.metadata.items(),
    ]  # fmt: skip
    return [(term, str(value)) for term, value in facts if value]


def _build_reads(inputs: ReportInputs, row: dict[str, Any]) -> Section:
    title = "Where its reads went"
    blocks: list[object] = []
    if row["status"] != "ok" or row["reason"]:
        level = "error" if row["status"] == "failed" else "warning"
        words = {"failed": "This sample failed", "empty": "This sample is empty"}
        about = f"{words.get(row['status'], 'Note')}: {row['reason'] or 'no reason was given'}"
        blocks.append(Notices([Notice(level, about)]))
    if not row["input"]:
        return Section("reads", title, [*blocks, Absent(write("ledger.not_counted"))])
    segments = _list_segments(inputs, row)
    kept = format_share(row["asv_reads"], row["input"])
    text = write(
        "ledger.sample", n=row["input"], n_kept=row["asv_reads"], share=kept, n_asvs=row["n_asvs"],
        engine=row.get("engine"), reason=row.get("engine_reason"), note=row.get("note"),
        n_singletons=row.get("lost_singleton"),
    )  # fmt: skip
    rows = [
        [name_loss(c), row[c], row[c] / row["input"], explain_loss(c)]
        for c in inputs.losses
        if row[c]
    ]
    columns = [
        Column("lost as"),
        Column("reads", "count"),
        Column("reads, %", "percent"),
        Column("meaning", "long"),
    ]
    blocks += [Prose(text), Bar(segments, f"Reads of the sample: {kept} in ASVs")]
    if rows:
        blocks.append(Table(columns, rows))
    return Section("reads", title, blocks)


def _list_segments(inputs: ReportInputs, row: dict[str, Any]) -> list[Segment]:
    """Colours are those of the study page, where only losses that occur have one."""
    shown = [column for column in inputs.losses if inputs.ledger[column].sum() > 0]
    parts = [("in ASVs", "asv_reads", KEPT)]
    parts += [(name_loss(c), c, choose_loss(i)) for i, c in enumerate(shown)]
    whole = row["input"]
    return [
        Segment(
            label, row[c] / whole, colour, f"{format_count(row[c])} ({format_share(row[c], whole)})"
        )
        for label, c, colour in parts
        if row[c]
    ]


def _build_composition(inputs: ReportInputs, sample: Sample) -> Section:
    panels = []
    for rank in RANKS:
        counts = inputs.count_rank(rank)
        if counts is not None and counts.has_reads(sample.name):
            panels.append(((rank,), [_draw_bar(counts.count(sample.name), rank)]))
    empty: list[object] = [Absent(write("ledger.no_asv"))]
    body = [Chooser(("Rank",), panels, FIRST_RANK)] if panels else empty
    return Section("composition", "Composition", body)


def _draw_bar(counts: dict[str, int], rank: str) -> Bar:
    """The sample's own top taxa at a rank."""
    total = sum(counts.values())
    named = [taxon for taxon in counts if taxon != UNASSIGNED_LABEL]
    order = sorted(named, key=lambda t: (-counts[t], t))
    parts = [(strip_prefix(taxon), counts[taxon]) for taxon in order[:_N_TOP]]
    n_others = len(order) - _N_TOP
    if n_others > 0:
        parts.append((OTHER_LABEL, sum(counts[taxon] for taxon in order[_N_TOP:])))
    if UNASSIGNED_LABEL in counts:
        parts.append((UNASSIGNED_LABEL, counts[UNASSIGNED_LABEL]))
    fills = choose_fills([label for label, _ in parts])
    segments = [
        Segment(
            f"{label} ({count_noun(n_others, 'taxon', 'taxa')})" if label == OTHER_LABEL else label,
            n / total, colour, format_share(n, total),
        )
        for (label, n), (colour, _) in zip(parts, fills, strict=True)
    ]  # fmt: skip
    caption = write("composition.sample", n=total, rank=rank)
    return Bar(segments, f"Composition by {rank}", caption)


def _build_taxa(inputs: ReportInputs, sample: Sample, taxa: pd.DataFrame) -> Section:
    if not len(taxa):
        return Section("taxa", "Taxa", [Absent(write("composition.sample_none"))])
    columns = [
        Column("taxon"),
        Column("rank", help="of the deepest name"),
        Column("reads", "count"),
        Column("reads, %", "percent"),
        Column("ASVs", "count"),
        Column(
            "confidence",
            "value",
            "bootstrap confidence of the deepest name (0 to 1), mean over reads",
        ),
        Column("identity", "percent", "to the nearest reference, mean over reads"),
        Column("ties", help="species at the best identity, of the most abundant ASV"),
        Column("lineage", "long"),
    ]
    rows = [
        [
            row["taxon"],
            row["rank"],
            row["reads"],
            row["percent"] / 100,
            row["n_asvs"],
            row["confidence"],
            row["identity"],
            list_ties(row["ties"]),
            _shorten_lineage(row["lineage"]),
        ]
        for row in taxa.to_dict("records")
    ]
    removed = inputs.config["controls"]["remove_contaminants"]
    caption = write_markup("composition.sample_taxa", key=sample.key, removed=removed)
    blocks = [Prose(_describe_names(taxa)), Table(columns, rows, caption, search=True)]
    return Section("taxa", "Taxa", blocks)


def _describe_names(taxa: pd.DataFrame) -> str:
    """How far down the names of a sample reach, by reads."""
    total = int(taxa["reads"].sum())
    species, genus = (
        int(taxa.loc[taxa["lineage"].str.contains(f"; {rank}__"), "reads"].sum()) for rank in "sg"
    )
    tied = taxa["ties"].map(list_ties) != ""
    known = taxa.dropna(subset=["identity"])
    weights = int(known["reads"].sum())
    identity = float((known["identity"] * known["reads"]).sum()) / weights if weights else None
    n_tied = int(taxa.loc[tied, "reads"].sum())
    return write(
        "composition.sample_names", species=format_share(species, total),
        genus=format_share(genus, total),
        tied=format_share(n_tied, total) if n_tied else "",
        identity="" if identity is None else format_share(identity, 1.0),
    )  # fmt: skip


def _shorten_lineage(lineage: str) -> str:
    """Names above the deepest, from the phylum down."""
    return " › ".join(strip_prefix(part) for part in lineage.split("; ")[1:-1])


def _build_alpha(inputs: ReportInputs, sample: Sample) -> Section:
    title = "Diversity against the other samples"
    alpha = inputs.alpha
    own = None if alpha is None else alpha[alpha["sample"] == sample.name]
    if alpha is None or own is None or not len(own):
        return Section("alpha", title, [Absent(_explain_absence(inputs, sample))])
    others = alpha[(alpha["sample"] != sample.name) & ~alpha["sample"].isin(list(inputs.controls))]
    row = own.to_dict("records")[0]
    strips = [_make_strip(metric, row[metric], others) for metric in METRICS if metric in alpha]
    caption = write(
        "diversity.sample", n=len(others), depth=row["depth"],
        drawn_by_percentiles=len(others) > _MOST_DOTS,
    )  # fmt: skip
    return Section("alpha", title, [Strips(strips, caption)])


def _explain_absence(inputs: ReportInputs, sample: Sample) -> str:
    excluded = inputs.table("diversity/excluded")
    if excluded is not None:
        reasons = list(excluded.loc[excluded["sample"] == sample.name, "reason"])
        if reasons:
            return write("diversity.left_out", samples=[separate_thousands(str(reasons[0]))])
    return write("diversity.sample_none")


def _make_strip(metric: str, value: float, others: pd.DataFrame) -> Strip:
    known = others.dropna(subset=[metric])
    values = [float(v) for v in known[metric]]
    everything = values if is_missing(value) else [*values, float(value)]
    low, high = min(everything, default=0.0), max(everything, default=1.0)

    def place(number: float) -> float:
        return (
            (_LEFT + _RIGHT) / 2
            if high == low
            else _LEFT + (_RIGHT - _LEFT) * (number - low) / (high - low)
        )

    dots = [
        (place(v), f"{name}\n{format_value(v)}")
        for name, v in _choose_dots([str(name) for name in known["sample"]], values)
    ]
    return Strip(
        name_metric(metric),
        format_value(value),
        None if is_missing(value) else place(float(value)),
        dots,
        format_value(low),
        format_value(high),
        describe_place(value, values),
        _find_box(values, place),
    )


def _choose_dots(names: list[str], values: list[float]) -> list[tuple[str, float]]:
    """What the dots are called and stand for: samples, or percentiles (as measured) of many."""
    import numpy as np

    if len(values) <= _MOST_DOTS:
        return list(zip(names, values, strict=True))
    percents = np.arange(101)
    found = np.percentile(values, percents, method="inverted_cdf")
    return [(f"percentile {p}", float(v)) for p, v in zip(percents, found, strict=True)]


def _find_box(
    values: list[float], place: Callable[[float], float]
) -> tuple[float, float, float] | None:
    """Places of lower quartile, median and upper quartile; None for fewer than four values."""
    import numpy as np

    if len(values) < _MIN_FOR_BOX:
        return None
    low, middle, high = (place(float(v)) for v in np.quantile(values, [0.25, 0.5, 0.75]))
    return low, middle, high


def _build_quality(inputs: ReportInputs, sample: Sample) -> Section:
    table = inputs.table("reads/qc")
    rows = [] if table is None else table[table["sample"] == sample.name].to_dict("records")
    if not rows:
        return Section("quality", "Read quality", [Absent(write("quality.none"))])
    stages = [str(row.get("stage", "")) for row in rows]
    lines = []
    for key in rows[0]:
        values = [row[key] for row in rows]
        if key not in ("sample", "stage") and not all(is_missing(v) for v in values):
            lines.append([name_measure(key), *(show_measure(key, v) for v in values)])
    titles = {"before": "before filters", "after": "after filters"}
    columns = [Column("measure"), *(Column(titles.get(stage, stage)) for stage in stages)]
    return Section("quality", "Read quality", [Table(columns, lines)])
