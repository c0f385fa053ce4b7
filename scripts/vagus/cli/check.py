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
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vagus.cli.run import describe_next, parse_cores
from vagus.cli.understood import list_contents, list_mock_doubts, list_mocks_found, read_known_mocks
from vagus.engines import AUTO, ENGINES
from vagus.errors import ConfigError, DamagedReadsError, ReadsError, VagusError, combine_errors
from vagus.reads.platforms import find_platform

if TYPE_CHECKING:
    from vagus.reads.preflight import Preflight
    from vagus.study.study import Study

N_READS = 200
_COLUMNS = (
    "sample", "format", "platform", "qualities", "engine", "reads", "bp", "primers", "both", "kept"
)  # fmt: skip


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
    from vagus.cli import foresight
    from vagus.study.overview import describe_design
    from vagus.study.study import load_study

    study = load_study(arguments.configfile)
    check_folder(study, arguments.configfile)
    findings = inspect_all(study)
    n_warnings = tell_findings(study, findings)
    print("\n".join(describe_design(study.samples, study.design)) or "Design: no group is named")
    costs = foresight.foresee(study, findings, foresight.count_cores(arguments.cores))
    print(foresight.describe(costs))
    if told := foresight.compare(Path(study.config["results"])):
        print(told)
    stop_if_nothing_is_kept(study, findings)
    warned = f", {n_warnings} warning{'s' * (n_warnings != 1)}" if n_warnings else ""
    counted = f"{count_samples(study)} in {len(study.runs)} run(s){warned}"
    print(f"{counted}. {describe_next(arguments, study)}")
    return 0


def count_samples(study: Study) -> str:
    """'4 samples and 1 control'."""
    n_controls = sum(bool(sample.control) for sample in study.samples)
    n_samples = len(study.samples) - n_controls
    parts = [f"{n_samples} sample{'s' * (n_samples != 1)}"]
    parts += [f"{n_controls} control{'s' * (n_controls != 1)}"] if n_controls else []
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


def check_folder(study: Study, config: Path) -> None:
    """What can be known without reading reads: files are there and of the right kind.

    Raises VagusError for the first mistake, saying how many more there are.
    """
    from vagus.study.results_folder import check_results

    check_results(study, config)
    check_primers(study)
    check_references(study)
    mistakes = list(_find_mistakes(study))
    if mistakes:
        first, more = mistakes[0], len(mistakes) - 1
        others = f" ({more} more sample(s) have such a mistake)" if more else ""
        raise ReadsError(first.what + others, fix=first.fix, file=first.file, sample=first.sample)


def check_references(study: Study) -> None:
    """Raise VagusError for a reference that is neither installed nor a file, or a bad table."""
    from vagus.reference.catalogue import name_databases
    from vagus.taxonomy.copy_numbers import read_copy_numbers

    taxonomy = study.config["taxonomy"]
    name_databases([taxonomy["reference"], *taxonomy["more_references"]])
    if taxonomy["copy_numbers"] != "none":
        read_copy_numbers(taxonomy["copy_numbers"])


def check_primers(study: Study) -> None:
    """Raise ConfigError for a primer pair that nobody knows."""
    from vagus.reads.primers import list_candidates
    from vagus.study.keys import write_value

    try:
        list_candidates(write_value(study.config["reads"]["primers"]))
    except ConfigError as error:
        raise ConfigError(f"reads.primers: {error.what}", fix=error.fix) from None


def _find_mistakes(study: Study) -> Iterator[ReadsError]:
    from vagus.reads.sources import has_labels, recognise_format

    n_owners = Counter(path for sample in study.samples for path in set(sample.reads))
    for sample in study.samples:
        try:
            for path in sample.reads:
                recognise_format(path)
                if n_owners[path] > 1 and not has_labels(path):
                    raise ReadsError(
                        "the file belongs to several samples, but its reads have no barcodes",
                        fix="Give demultiplexed files, or a file whose reads are tagged", file=path,
                    )  # fmt: skip
        except DamagedReadsError:
            continue  # found again with its reads: the sample is a row with this reason
        except ReadsError as error:
            error.sample = sample.name
            yield error


def tell_findings(study: Study, findings: list[Preflight], quiet: bool = False) -> int:
    """Print what is wrong with the first reads of the samples; returns the number of warnings.

    Raises VagusError when files are of several samples or of another kind, when no sample would
    give reads, or when one cannot be read and the config says ``on_failed_sample: stop``. A single
    bad sample is a warning otherwise: it becomes a row with its reason, and the others go on.
    """
    from vagus.cohort.alpha_metrics import N_TESTED
    from vagus.study.design_checks import list_design_warnings

    if not quiet:
        _print_table(study, findings)
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
    doubts = [
        *list_design_warnings(study.samples, study.design, N_TESTED),
        *_list_level_doubts(study),
        *list_mock_doubts(study, findings),
        *list_reference_doubts(study),
        *list_engine_doubts(study, findings),
        *list_copies(study, findings),
    ]
    warnings = [*doubts, *map(_join_warnings, groups.values())]
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if mistakes:
        raise combine_errors(mistakes)
    _stop_if_hopeless(study, bad)
    return len(warnings)


def _list_level_doubts(study: Study) -> Iterator[str]:
    """Levels that are almost alike, in the columns of the design and of the controls."""
    from vagus.study.cell_checks import list_level_doubts

    design, controls = study.design, study.config["controls"]
    named = [name for name in design.list_names() if name != design.time]
    more = [*controls["batch"], *filter(None, [controls["replicate"]])]
    codes = [name for name in (design.person, controls["replicate"]) if name]
    return list_level_doubts(study.own_samples, [*named, *more], codes)


def _join_warnings(equal: list[tuple[str, str]]) -> str:
    """One line for what was found in several samples, with the words of the first."""
    names = [name for name, _ in equal]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more samples" if names[3:] else "")
    return f"{shown}: {equal[0][1]}"


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

    compare = partial(list_fits, mocks=read_known_mocks(study))
    denoise = study.config["denoise"]
    limit = min(value for name, value in denoise.items() if name.endswith("_max_error_rate"))
    work = [
        (sample.reads, N_READS, ReadSettings(**choose_read_values(study, sample)), sample.barcodes,
         compare, limit)
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


def foresee_engine(study: Study, platform: str) -> str:
    """Engine of a sample as far as it is known before all of its reads are counted."""
    engine: str = study.config["denoise"]["engine"]
    if engine != AUTO or platform == "unknown":
        return engine
    return find_platform(platform).engine or AUTO


def list_reference_doubts(study: Study) -> Iterator[str]:
    """The starter reference in a study that is not simulated from it."""
    from vagus.reference.starter import STARTER_DOUBT

    if study.config["taxonomy"]["reference"] == "starter" and not study.config["truth"]:
        yield STARTER_DOUBT


def list_copies(study: Study, findings: list[Preflight]) -> Iterator[str]:
    """Samples that begin with the same reads: one sample under two names."""
    owners: dict[str, str] = {}
    for sample, finding in zip(study.samples, findings, strict=True):
        for digest in sorted(set(finding.first_reads)):
            owner = owners.setdefault(digest, sample.name)
            if owner != sample.name:
                yield (
                    f"{sample.name}: begins with the same reads (names, bases and qualities) as "
                    f"{owner}. Are the two the same sample? Then remove one of the rows"
                )


def list_engine_doubts(study: Study, findings: list[Preflight]) -> Iterator[str]:
    """An engine set in the config that does not suit the platform of some samples."""
    wanted = study.config["denoise"]["engine"]
    if wanted == AUTO or not ENGINES[wanted].needs_duplicates:
        return
    unsuited: dict[str, list[str]] = {}
    for sample, finding in zip(study.samples, findings, strict=True):
        unsuited.setdefault(finding.platform, []).append(sample.name)
    for name, samples in unsuited.items():
        platform = find_platform(name)
        if platform.engine and not ENGINES[platform.engine].needs_duplicates:
            more = len(samples) - 3
            shown = ", ".join(samples[:3]) + (f" and {more} more" if more > 0 else "")
            yield (
                f"{shown}: 'denoise.engine: {wanted}' needs exact duplicates, of which "
                f"{platform.short} reads have almost none; most reads would be lost. Set "
                f"'engine: auto' or '{platform.engine}'"
            )


def _print_table(study: Study, findings: list[Preflight]) -> None:
    rows = [_COLUMNS]
    for sample, found in zip(study.samples, findings, strict=True):
        rows.append((
            sample.name, "+".join(sorted(set(found.formats))) or "unreadable", found.platform,
            found.quality_scheme, foresee_engine(study, found.platform),
            str(found.n_reads), f"{found.median_length_bp:.0f}",
            found.primers, f"{found.share_both:.0%}", f"{found.share_kept:.0%}",
        ))  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())
    print(f"(of the first {N_READS} reads of each sample; both, kept: share of them)")
    for line in (*list_contents(findings), *list_mocks_found(study.samples, findings)):
        print(line)
