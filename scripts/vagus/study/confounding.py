"""Whether what is compared goes with something else: the run, a batch, the depth, a covariate.

Confounding is looked at over units (subjects where there are some): levels against levels by
Cramer's V with bias correction (Bergsma 2013), levels against numbers by epsilon squared with
the Kruskal-Wallis test. A perfect overlap - every batch contains one group - cannot be separated by
any model. Findings of levels show the table of the two, and findings of numbers their means.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from vagus.statistics.rank_tests import PermutationPlan, kruskal_wallis
from vagus.study.columns import Column
from vagus.study.design_findings import ALPHA, Finding, Sheet
from vagus.study.model_frame import make_frame
from vagus.study.numbers import is_number

MODERATE, NEARLY = 0.3, 0.1
MAX_SHOWN = 6
DEPTH = "read depth"


def check_confounding(sheet: Sheet, column: Column) -> Iterator[Finding]:
    """Whether the levels of a variable go with the run, a batch, the depth or a covariate."""
    if column.is_numeric or column.name == sheet.design.time:
        return
    own = sheet.values(column.name)
    batches = {"run": "sequencing run", "platform": "platform", **{b: b for b in sheet.batches}}
    covariates = {name: name for name in sheet.design.covariates}
    for name, words in (batches | covariates).items():
        other = {s: v for s, v in sheet.values(name).items() if s in own}
        if name == column.name or len(set(other.values())) < 2:
            continue
        if name not in batches and all(map(is_number, other.values())):
            yield from _compare_numbers(sheet, column, own, other, words)
        else:
            yield from _compare_levels(sheet, column, own, other, words)
    depths = {name: str(reads) for name, reads in sheet.depths.items() if name in own}
    if len(set(depths.values())) > 1:
        yield from _compare_numbers(sheet, column, own, depths, DEPTH)


def _compare_levels(
    sheet: Sheet, column: Column, own: Mapping[str, str], other: Mapping[str, str], words: str
) -> Iterator[Finding]:
    """One count for a unit, level and batch (or level of a covariate)."""
    units = {s.name: sheet.unit(s) for s in sheet.samples}
    counted = sorted({(units[name], own[name], value) for name, value in other.items()})
    levels, others = [level for _, level, _ in counted], [value for *_, value in counted]
    table = tabulate_pairs(levels, others)
    n_largest = sum(max(row.values()) for row in table.values())
    n_apart = len(counted) - n_largest
    if n_apart == 0 and 2 * len(table) <= len(counted):
        yield Finding(
            "confounding", column.name,
            f"every {words} contains samples of one level only ({show_table(table)})", "error",
            f"differences between levels cannot be distinguished from differences between levels "
            f"of {words}",
        )  # fmt: skip
        return
    strength = cramers_v(levels, others)
    if strength < MODERATE:
        return
    advice = _advise(sheet, words)
    if n_apart <= NEARLY * len(counted):
        who = "subjects" if sheet.design.person else "samples"
        advice = f"only {n_apart} of {len(counted)} {who} distinguish the two; {advice}"
    yield Finding(
        "confounding", column.name,
        f"goes with {words} (Cramér's V {strength:.2f}; {show_table(table)})", "warning", advice,
    )  # fmt: skip


def tabulate_pairs(levels: Sequence[str], others: Sequence[str]) -> dict[str, Counter[str]]:
    """Numbers of each level in each of ``others``, both sorted."""
    table: dict[str, Counter[str]] = {}
    for other, level in sorted(zip(others, levels, strict=True)):
        table.setdefault(other, Counter())[level] += 1
    return table


def show_table(table: Mapping[str, Counter[str]]) -> str:
    """'run1: 7 case, 1 control; run2: 8 control', at most six rows."""
    rows = [
        f"{other}: " + ", ".join(f"{n} {level}" for level, n in counts.items())
        for other, counts in table.items()
    ]
    more = len(rows) - MAX_SHOWN
    return "; ".join(rows[:MAX_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _compare_numbers(
    sheet: Sheet, column: Column, own: Mapping[str, str], other: Mapping[str, str], words: str
) -> Iterator[Finding]:
    strength, p, means = _relate_numbers(sheet, own, other)
    if p < ALPHA:
        shown = ", ".join(f"{mean:.4g} in {level}" for level, mean in means.items())
        yield Finding(
            "confounding", column.name,
            f"goes with {words} (epsilon squared {strength:.2f}, p = {p:.2g}; mean {shown})",
            "warning", _advise(sheet, words),
        )  # fmt: skip


def _advise(sheet: Sheet, words: str) -> str:
    if words == DEPTH:
        return (
            "rarefied measures can be compared; measures of all reads, and rare taxa, can differ "
            "by depth alone"
        )
    if words in sheet.design.covariates:
        return f"models are adjusted for {words}; rank tests, PERMDISP and unadjusted rows are not"
    return f"a difference can come from the {words}; name a column with it as a covariate"


def _relate_numbers(
    sheet: Sheet, own: Mapping[str, str], other: Mapping[str, str]
) -> tuple[float, float, dict[str, float]]:
    """Epsilon squared and p of numbers between levels, and means; one for a unit and level."""
    by_name = {sample.name: sample for sample in sheet.samples}
    cells: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, value in other.items():
        cells[sheet.unit(by_name[name]), own[name]].append(float(value))
    order = sorted({level for _, level in cells})
    values = np.array([np.mean(numbers) for numbers in cells.values()])
    codes = np.array([order.index(level) for _, level in cells], dtype=np.int64)
    if len(order) < 2 or values.size < 4:
        return 0.0, 1.0, {}
    outcome = kruskal_wallis(values, codes, PermutationPlan(999, (1, len(cells))))
    means = {level: float(values[codes == code].mean()) for code, level in enumerate(order)}
    return outcome.effect, outcome.p_value, dict(list(means.items())[:MAX_SHOWN])


def cramers_v(first: Sequence[str], second: Sequence[str]) -> float:
    """Cramér's V with bias correction (Bergsma 2013, J. Korean Stat. Soc. 42:323)."""
    rows, columns = sorted(set(first)), sorted(set(second))
    table = np.zeros((len(rows), len(columns)))
    for a, b in zip(first, second, strict=True):
        table[rows.index(a), columns.index(b)] += 1
    n = table.sum()
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / n
    phi2 = float(((table - expected) ** 2 / expected).sum() / n)
    r, k = len(rows), len(columns)
    corrected = max(0.0, phi2 - (r - 1) * (k - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(corrected / least)) if least > 0 else 0.0


def check_covariates(sheet: Sheet) -> Iterator[Finding]:
    """Covariates that cannot adjust anything."""
    for name in sheet.design.covariates:
        values = list(sheet.values(name).values())
        if len(set(values)) < 2:
            found = "has one value only" if values else "has no value"
            yield Finding("covariates", name, found, "warning", "left out of the models")
        elif not all(map(is_number, values)) and len(set(values)) > len(values) / 3:
            yield Finding(
                "covariates", name, f"{len(set(values))} levels in {len(values)} samples",
                "warning", "uses up most of the information; join levels or leave it out",
            )  # fmt: skip
    for column in sheet.design.list_columns(sheet.samples):
        frame = make_frame(sheet.samples, column, sheet.depths, "no reads")
        for note in frame.notes:
            if note.startswith("not adjusted for") and frame.samples:
                yield Finding("covariates", column.name, note, "warning", "left out of its models")
        if "confounded" in frame.obstacle:
            yield Finding(
                "covariates", column.name, frame.obstacle.removeprefix("not tested: "), "error",
                "its models are not made: no data can distinguish the two",
            )  # fmt: skip
