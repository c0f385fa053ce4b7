"""Look at config, sample sheet and the first reads of each sample, before any job runs.

Prints what was found in each sample and what is wrong with it. Exit code 2 when something must
be fixed before a run can be of use.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from vagus.cli.layout import align, count, list_names, print_line
from vagus.cli.run import describe_next, parse_cores
from vagus.cli.understood import list_contents, list_mocks_found, read_known_mocks
from vagus.engines import AUTO
from vagus.errors import ReadsError, VagusError, combine_errors
from vagus.reads.platforms import find_platform

if TYPE_CHECKING:
    from vagus.reads.preflight import Preflight
    from vagus.study.samples import Sample
    from vagus.study.study import Study

N_READS, LEAST_READS, MOST_READS_OF_ALL = 200, 30, 100_000
# barcodes of reads that are looked at, in one file and in all
MOST_LABELS, MOST_LABELS_OF_ALL = 50_000, 500_000
_COLUMNS = (
    "sample", "format", "platform", "qualities", "engine", "primers", "reads", "bp", "both", "kept"
)  # fmt: skip
_N_WORDS = 6  # columns before the numbers
MOST_ROWS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus check``."""
    parser.add_argument(
        "--configfile", type=Path, default=Path("config.yaml"), help="config (default: config.yaml)"
    )
    parser.add_argument(
        "--cores",
        "-c",
        default="all",
        type=parse_cores,
        help="cores for which time and memory are forecast (default: all)",
    )


def execute(arguments: argparse.Namespace) -> int:
    """Check everything; the exit code is 2 when something must be fixed."""
    from vagus.cli import forecast
    from vagus.cli.input_checks import load_checked
    from vagus.phylogeny.programs import describe_lacks
    from vagus.study.overview import describe_design

    study = load_checked(arguments.configfile)
    findings = inspect_all(study)
    results = Path(study.config["results"])
    costs = forecast.forecast_costs(study, findings, forecast.count_cores(arguments.cores))
    design = describe_design(study.samples, study.design) or ["Design: no group is named"]
    for part in (
        describe_reads(study, findings),
        design,
        [forecast.describe(costs), *filter(None, [forecast.compare(results)])],
    ):
        print_line("\n".join([*part, ""]), sys.stdout)
    lacks = describe_lacks(study.config["phylogeny"]["aligner"])
    shortages = forecast.list_shortages(costs, results)
    counts = report_findings(study, findings, [*shortages, *lacks])
    stop_if_nothing_is_kept(study, findings)
    if counts and sys.stdout.isatty():
        print()
    ends = {"error": " in the design"}
    said = [count(n, severity) + ends.get(severity, "") for severity, n in sorted(counts.items())]
    counted = ", ".join([f"{count_samples(study)} in {count(len(study.runs), 'run')}", *said])
    print(f"{counted}. {describe_next(arguments, study)}")
    return 0


def count_samples(study: Study) -> str:
    """'4 samples and 1 control'."""
    n_controls = sum(bool(sample.control) for sample in study.samples)
    n_samples = len(study.samples) - n_controls
    parts = [count(n_samples, "sample"), *([count(n_controls, "control")] if n_controls else [])]
    return " and ".join(parts)


def stop_if_nothing_is_kept(study: Study, findings: list[Preflight]) -> None:
    """Raise ReadsError when no read that was looked at is kept, in any sample."""
    own = [f for s, f in zip(study.samples, findings, strict=True) if not s.control] or findings
    if any(finding.share_kept > 0 for finding in own):
        return
    n_reads = sum(finding.n_reads for finding in own)
    raise ReadsError(
        f"nothing to denoise in this study: of the first {n_reads} reads of its samples, none is "
        "kept", file=study.config["samples"],
        fix="Correct what the warnings above name; 'vagus run' reports the reason of each sample",
    )  # fmt: skip


def report_findings(
    study: Study, findings: list[Preflight], more: Sequence[str] = ()
) -> Counter[str]:
    """Print what is wrong with the study and the first reads; returns how many of each severity.

    ``more`` are further warnings. Raises VagusError when files are of several samples or of another
    kind, when no sample would give reads, or when one cannot be read and the config says
    ``on_failed_sample: stop``. A single bad sample is a warning otherwise: it becomes a row with
    its reason, and the others go on.
    """
    from vagus.cli.study_warnings import list_warnings

    bad: list[tuple[str, str, str]] = []
    groups: dict[str, list[tuple[str, str]]] = {}
    mistakes: list[VagusError] = []
    for sample, finding in zip(study.samples, findings, strict=True):
        for problem in finding.problems:
            if problem.is_mistake:
                mistakes.append(ReadsError(problem.message, fix=problem.fix, sample=sample.name))
                continue
            text = f"{problem.message}. {problem.fix}."
            groups.setdefault(re.sub(r"[\d.,]+", "#", text), []).append((sample.name, text))
            if problem.severity == "error":
                bad.append((sample.name, problem.message, problem.fix))
    of_reads = [*map(_join_warnings, groups.values()), *more]
    warnings = [*(("warning", text) for text in of_reads), *list_warnings(study, findings)]
    for severity, text in warnings:
        print_line(f"{severity}: {text}", sys.stderr)
    if mistakes:
        raise combine_errors(mistakes)
    _stop_if_hopeless(study, bad)
    return Counter(severity for severity, _ in warnings)


def _join_warnings(equal: list[tuple[str, str]]) -> str:
    """One line for what was found in several samples, with the words of the first."""
    return f"{list_names([name for name, _ in equal], 'sample')}: {equal[0][1]}"


def _stop_if_hopeless(study: Study, bad: list[tuple[str, str, str]]) -> None:
    if not bad:
        return
    hopeless = {name for name, _, _ in bad}
    name, message, fix = bad[0]
    if study.config["on_failed_sample"] == "stop":
        raise VagusError(message, sample=name, fix=fix)
    if all(sample.name in hopeless or sample.control for sample in study.samples):
        others = "" if len(hopeless) == 1 else f" (and so on in all {len(hopeless)} samples)"
        raise VagusError(message + others, sample=name, fix=fix)


def inspect_all(study: Study) -> list[Preflight]:
    """Look at the first reads of each sample."""
    from vagus.controls.mock_fit import list_fits
    from vagus.reads.settings import ReadSettings
    from vagus.study.options import choose_read_values

    n_reads = count_reads_to_look_at(len(study.samples))
    compare = partial(list_fits, mocks=read_known_mocks(study))
    denoise = study.config["denoise"]
    limit = min(value for name, value in denoise.items() if name.endswith("_max_error_rate"))
    work = [
        (sample.reads, n_reads, ReadSettings(**choose_read_values(study, sample)), sample.barcodes,
         compare, limit, min(MOST_LABELS, MOST_LABELS_OF_ALL // len(study.samples)))
        for sample in study.samples
    ]  # fmt: skip
    n_workers = min(len(work), os.cpu_count() or 1)
    if n_workers < 2:
        return [_inspect(item) for item in work]
    with ProcessPoolExecutor(n_workers) as pool:
        return list(pool.map(_inspect, work, chunksize=max(1, len(work) // (8 * n_workers))))


def _inspect(item: tuple[Any, ...]) -> Preflight:
    from vagus.reads.preflight import inspect_sample

    return inspect_sample(*item)


def count_reads_to_look_at(n_samples: int) -> int:
    """Reads of each sample that are looked at: fewer where there are more than 500 samples."""
    return max(LEAST_READS, min(N_READS, MOST_READS_OF_ALL // max(n_samples, 1)))


def expect_engine(study: Study, platform: str) -> str:
    """Engine of a sample as far as it is known before all of its reads are counted."""
    engine: str = study.config["denoise"]["engine"]
    if engine != AUTO or platform == "unknown":
        return engine
    return find_platform(platform).engine or AUTO


def describe_reads(study: Study, findings: list[Preflight]) -> list[str]:
    """Lines on the reads: a table of the samples, or of their kinds where there are many."""
    n_reads = count_reads_to_look_at(len(study.samples))
    notes = [f"(of the first {n_reads} reads of each sample; both, kept: share of them)"]
    rows = [_describe_sample(study, *pair) for pair in zip(study.samples, findings, strict=True)]
    if len(rows) > MOST_ROWS:
        rows = join_rows(rows)
        notes.append("(kinds of samples, with the medians of their numbers; see the warnings too)")
    if n_reads < N_READS:
        notes.append(
            f"Of {len(findings):,} samples {n_reads} reads each were looked at instead of "
            f"{N_READS}: platform, primers and shares are less certain than in a smaller study, "
            "and faults of few reads may be missed. The run judges each sample by more reads."
        )
    contents = [*list_contents(findings), *list_mocks_found(study.samples, findings)]
    return [*align([_COLUMNS, *rows]), *notes, *contents]


def _describe_sample(study: Study, sample: Sample, found: Preflight) -> tuple[str, ...]:
    return (
        sample.name, "+".join(sorted(set(found.formats))) or "unreadable", found.platform,
        found.quality_scheme, expect_engine(study, found.platform), found.primers,
        f"{found.n_reads}", f"{found.median_length_bp:.0f}", f"{found.share_both:.0%}",
        f"{found.share_kept:.0%}",
    )  # fmt: skip


def join_rows(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """One row for the samples that differ in numbers only, with the medians of these."""
    kinds: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for row in rows:
        kinds.setdefault(row[1:_N_WORDS], []).append(row)
    joined = []
    for kind, members in kinds.items():
        numbers = [
            [int(cell.rstrip("%")) for cell in column]
            for column in list(zip(*members, strict=True))[_N_WORDS:]
        ]
        cells = [
            f"{median(column):.0f}{'%' * members[0][_N_WORDS + place].endswith('%')}"
            for place, column in enumerate(numbers)
        ]
        joined.append((list_names([row[0] for row in members], most=1), *kind, *cells))
    return joined
