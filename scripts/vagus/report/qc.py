"""Read quality before and after the filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import Absent, Plot, Section
from vagus.report.figure import FULL_WIDTH_IN, FigureFolder, new_figure, place_axes
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_count
from vagus.report.palette import BEFORE, KEPT
from vagus.report.quality_table import make_qc_table
from vagus.report.sentences import write
from vagus.report.study_samples import take_samples

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_STAGES = (("before", BEFORE), ("after", KEPT))
_PROFILE_STEP_BP = 5


def build_qc(inputs: ReportInputs, figures: FigureFolder) -> Section:
    """Length, expected errors and quality along the read; one table row a sample."""
    blocks: list[object] = []
    lengths, errors, profile = (
        _take_reads(inputs, name)
        for name in ("length_histogram", "expected_errors_histogram", "quality_profile")
    )
    if lengths is not None:
        blocks.append(draw_lengths(lengths, figures))
    if errors is not None:
        blocks.append(draw_expected_errors(errors, figures))
    if profile is not None:
        blocks.append(draw_profile(profile, figures))
    table = make_qc_table(inputs)
    if table is not None:
        blocks.append(table)
    return Section("qc", "Read quality", blocks or [Absent(write("quality.none"))])


def _take_reads(inputs: ReportInputs, name: str) -> pd.DataFrame | None:
    """Rows of the samples; those of the controls where there is no read of a sample."""
    table = inputs.table(f"reads/{name}")
    if table is None:
        return None
    own = take_samples(inputs, table)
    return own if len(own) else table


def draw_lengths(table: pd.DataFrame, figures: FigureFolder) -> Plot:
    """Reads of all samples by length, in the bins of the reads stage."""
    pooled = _pool(table, ["length_bp"])
    figure = new_figure(FULL_WIDTH_IN, 2.7)
    axes = place_axes(figure, 0.75, 0.5, 0.2, 0.3)
    width = _bin_width(pooled["length_bp"])
    _draw_bars(axes, pooled, pooled["length_bp"], pooled["length_bp"] + width)
    low, high = _central_range(pooled)
    axes.set_xlim(low, high)
    axes.set_xlabel("read length (bp)")
    return figures.save(
        figure, "read_length", pooled, label="Histogram of read lengths before and after filtering",
        caption=write(
            "quality.lengths", n=table["sample"].nunique(), beyond=_count_beyond(pooled, low, high)
        ),
    )  # fmt: skip


def draw_expected_errors(table: pd.DataFrame, figures: FigureFolder) -> Plot:
    """Reads of all samples by expected errors, on a logarithmic axis."""
    pooled = _pool(table, ["expected_errors_from", "expected_errors_to"])
    figure = new_figure(FULL_WIDTH_IN, 2.7)
    axes = place_axes(figure, 0.75, 0.5, 0.2, 0.3)
    edges = pooled["expected_errors_to"]
    starts = pooled["expected_errors_from"].where(pooled["expected_errors_from"] > 0, edges * 0.75)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    _draw_bars(axes, pooled, starts, edges)
    axes.set_xlabel("expected errors a read")
    return figures.save(
        figure,
        "expected_errors",
        pooled,
        label="Histogram of expected errors a read before and after filtering",
        caption=write("quality.expected_errors", n=table["sample"].nunique()),
    )


def draw_profile(table: pd.DataFrame, figures: FigureFolder) -> Plot:
    """Mean quality along the read: median over samples and the range of 80 % of them."""
    import pandas as pd

    summary = pd.concat([_summarise_profiles(table, stage) for stage, _ in _STAGES])
    figure = new_figure(FULL_WIDTH_IN, 2.7)
    axes = place_axes(figure, 0.75, 0.5, 0.2, 0.3)
    for stage, colour in _STAGES:
        part = summary[summary["stage"] == stage]
        axes.fill_between(
            part["position_bp"],
            part["quality_10"],
            part["quality_90"],
            color=colour,
            alpha=0.25,
            lw=0,
        )
        axes.plot(part["position_bp"], part["quality_50"], color=colour, lw=1.3, label=stage)
    axes.set_xlabel("position in the read (bp)")
    axes.set_ylabel("mean quality (Phred)")
    _add_stage_legend(axes)
    return figures.save(
        figure, "quality_profile", summary, label="Mean quality along the read before and after",
        caption=write("quality.profile", n=table["sample"].nunique()),
    )  # fmt: skip


def _summarise_profiles(table: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Quantiles over samples; their positions are not the same, so each is interpolated."""
    import numpy as np
    import pandas as pd

    part = table[table["stage"] == stage].sort_values("position_bp", kind="stable")
    grid = (
        np.arange(0, part["position_bp"].max() + 1, _PROFILE_STEP_BP) if len(part) else np.empty(0)
    )
    lines = [
        np.interp(grid, one["position_bp"], one["mean_quality"], right=np.nan)
        for _, one in part.groupby("sample")
    ]
    low, mid, high = (
        np.nanquantile(np.array(lines), [0.1, 0.5, 0.9], axis=0) if lines else np.empty((3, 0))
    )
    return pd.DataFrame(
        {
            "stage": stage,
            "position_bp": grid,
            "quality_10": low,
            "quality_50": mid,
            "quality_90": high,
        }
    )


def _pool(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    pooled = table.groupby(["stage", *columns], as_index=False)["n_reads"].sum()
    order = pooled["stage"].map({"before": 0, "after": 1})
    return pooled.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _bin_width(values: pd.Series) -> float:
    """Least distance between two bins, which is their width."""
    import numpy as np

    distinct = np.unique(values.to_numpy(dtype=float))
    return float(np.diff(distinct).min()) if len(distinct) > 1 else 10.0


def _central_range(pooled: pd.DataFrame) -> tuple[float, float]:
    """Lengths that contain 99.8 % of the reads, with a margin."""
    ordered = pooled.groupby("length_bp")["n_reads"].sum()
    shares = ordered.cumsum() / max(1, ordered.sum())
    low = float(shares.index[shares.searchsorted(0.001)])
    high = float(shares.index[min(len(shares) - 1, shares.searchsorted(0.999))])
    margin = max(50.0, 0.05 * (high - low))
    return max(0.0, low - margin), high + margin


def _count_beyond(pooled: pd.DataFrame, low: float, high: float) -> list[str]:
    """How many reads of each stage the axis leaves out; empty when it shows all."""
    beyond = pooled[(pooled["length_bp"] < low) | (pooled["length_bp"] > high)]
    counts = beyond.groupby("stage")["n_reads"].sum()
    return [f"{format_count(counts[s])} {s}" for s, _ in _STAGES if counts.get(s, 0) > 0]


def _draw_bars(axes: Axes, pooled: pd.DataFrame, starts: pd.Series, stops: pd.Series) -> None:
    for stage, colour in _STAGES:
        chosen = pooled["stage"] == stage
        axes.bar(
            starts[chosen],
            pooled.loc[chosen, "n_reads"],
            width=(stops - starts)[chosen],
            align="edge",
            color=colour,
            label=stage,
            lw=0,
            alpha=0.55 if stage == "before" else 0.85,
        )
    axes.set_ylabel("reads")
    axes.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")
    _add_stage_legend(axes)


def _add_stage_legend(axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    words = {"before": "before filters", "after": "after filters"}
    axes.legend(
        handles, [words[label] for label in labels], loc="lower right", ncols=2,
        bbox_to_anchor=(1, 1), borderaxespad=0.2,
    )  # fmt: skip
