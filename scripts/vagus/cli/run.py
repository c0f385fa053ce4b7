"""Run the study in this folder, or single stages of it: vagus run [STAGE ...].

Checks config, sample sheet and the first reads of each sample, then runs what is missing or out
of date. Stop it at any time: the next run goes on from there. With -n it only lists what would
run and why. Options that are not listed go to Snakemake, for instance --until RULE,
--forcerun RULE, --workflow-profile FOLDER. On a cluster: --on slurm, with --account, --partition,
--qos, --constraint (workflow/profiles/README.md).
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.cli.profiles import add_site_options, layer_profiles, list_site_resources
from vagus.cli.stages import choose_stages, list_stages
from vagus.errors import EXIT_USER_ERROR
from vagus.files import remove_temporaries
from vagus.study.schema import WORKFLOW, read_config

if TYPE_CHECKING:
    from vagus.cli.due import Due
    from vagus.cli.outputs import OutputRecord
    from vagus.cli.progress import Narrator
    from vagus.cli.usage import Usage
    from vagus.locks import Lock
    from vagus.study.study import Study

_DRY = ("-n", "--dry-run", "--dryrun")
# Snakemake's own words for work that runs nothing: its output is shown as it is
_SHOWS = {
    "--dag", "--rulegraph", "--filegraph", "--summary", "-S", "-D",
    "--detailed-summary", "--list", "-l", "--list-rules", "--lint", "--unlock", "--touch", "-t",
    "--list-changes", "--cleanup-metadata", "--delete-all-output", "--archive", "--d3dag",
}  # fmt: skip
# of a run whose results are in a store
STORE = "--default-storage-provider"
_LONGEST_JOB_S = 7 * 86400.0
# of steps of many samples, which share a scheduler's job
_GROUPS = ("reads", "samples", "samples_again")


def parse_cores(text: str) -> str:
    """A whole number of at least 1, or ``all``."""
    if text != "all" and not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1, nor 'all'")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus run``."""
    parser.epilog = f"Stages: {', '.join(list_stages())}."
    parser.add_argument(
        "--configfile", type=Path, default=Path("config.yaml"), help="config (default: config.yaml)"
    )
    parser.add_argument(
        "--cores",
        "-c",
        type=parse_cores,
        help="cores to use at once (default: all of the machine; on a cluster without limit)",
    )
    parser.add_argument(
        "--on",
        choices=list_profiles(),
        default="default",
        metavar="PROFILE",
        help="where jobs run: %(choices)s (default: this machine)",
    )
    parser.add_argument(
        *_DRY, dest="is_dry", action="store_true",
        help="list what would run, and why, and run nothing",
    )  # fmt: skip
    add_site_options(parser)
    parser.add_argument(
        "--no-check", action="store_true", help="do not look at the reads before running"
    )
    parser.add_argument(
        "--verbose-snakemake", action="store_true", help="show Snakemake's own output"
    )


def list_profiles() -> list[str]:
    """Names of the profiles that come with Vagus."""
    return sorted(path.parent.name for path in (WORKFLOW / "profiles").glob("*/config.yaml"))


def execute(arguments: argparse.Namespace) -> int:
    """Check, run the workflow and print where the report is."""
    from vagus.cli import check, forecast, input_checks, lock, supervision, usage, warm
    from vagus.study.results_folder import check_results, claim_results
    from vagus.study.study import load_study

    shows = _SHOWS & {*arguments.extra}
    is_dry = getattr(arguments, "is_dry", False) or {*_DRY} & {*arguments.extra}  # of vagus demo
    load = load_study if shows or is_dry else input_checks.load_checked
    study = load(arguments.configfile)
    results = Path(study.config["results"])
    command = make_command(arguments, study)
    if shows or is_dry:
        check_results(study, arguments.configfile)
        if shows or arguments.verbose_snakemake:
            return subprocess.run(command, check=False).returncode
        return show_due(command, results)
    with lock.hold_folders(Path(), results) as locks:
        check_results(study, arguments.configfile)  # by now another study may have taken it
        findings = [] if arguments.no_check else check.inspect_all(study)
        if findings:
            check.report_findings(study, findings)
        claim_results(study, arguments.configfile)
        n_cores = forecast.count_cores(arguments.cores)
        costs = forecast.forecast_costs(study, findings, n_cores)
        warm.warm_up(study, findings, n_cores, getattr(arguments, "not_kept", ""))
        _remove_left_over(arguments, results)
        if arguments.verbose_snakemake:
            return supervision.follow(command, locks)
        record, start = set_changed_aside(results), time.time()
        code, narrator = follow_run(command, locks, record)
    if code == 0:
        forecast.keep(results, costs, start)
    return conclude(arguments, results, code, narrator, usage.collect_usage(results, start))


def conclude(
    arguments: argparse.Namespace,
    results: Path,
    code: int,
    narrator: Narrator,
    used: list[Usage],
) -> int:
    """Print what a run took and how it ended; returns its exit code."""
    from vagus.cli.usage import render_usage

    if used:
        print("\n".join(render_usage(used)))
    shown = getattr(arguments, "folder", Path()) / results
    if code != 0:
        report_failure(code, shown, narrator)
    elif STORE in arguments.extra:
        print("Done. The results are in the store.")
    else:
        report_end(shown, results, narrator, choose_stages(arguments.extra))
    return code


def follow_run(
    command: list[str], locks: Sequence[Lock], record: OutputRecord
) -> tuple[int, Narrator]:
    """Run Snakemake and print its progress; returns its exit code and what was reported.

    What it prints itself is shown when it failed without an event.
    """
    from vagus.cli import supervision
    from vagus.cli.progress import Narrator

    narrator = Narrator(note=record.note)
    with tempfile.TemporaryFile() as output:
        code = supervision.follow(command, locks, narrator.take, output)
        if code != 0 and not narrator.has_error:
            output.seek(0)
            print(output.read().decode("utf-8", "replace"), end="", file=sys.stderr)
    return EXIT_USER_ERROR if narrator.has_no_target else code, narrator


def find_due(command: list[str]) -> tuple[int, Due]:
    """What a dry run of a Snakemake command would run, and its exit code."""
    from vagus.cli import supervision
    from vagus.cli.due import Due

    due = Due()
    with tempfile.TemporaryFile() as output:
        code = supervision.follow(command, (), due.take, output)
        if code != 0 and not due.errors:
            output.seek(0)
            printed = output.read().decode("utf-8", "replace").strip()
            due.errors.append(printed.removeprefix("error: "))
    return EXIT_USER_ERROR if due.has_no_target else code, due


def describe_next(arguments: argparse.Namespace, study: Study) -> str:
    """What there is to do after a check: of a study that was finished, what a dry run finds."""
    from vagus.cli.due import describe_end

    results = Path(study.config["results"])
    if not (results / "checksums.sha256").is_file():
        return "Next: vagus run"
    arguments.extra, arguments.is_dry = [], True
    code, due = find_due(make_command(arguments, study))
    if code != 0:
        return "Next: vagus run"
    if not due.jobs:
        return describe_end(results)
    return "\n".join([*due.describe(list_stages()), "Next: vagus run"])


def show_due(command: list[str], results: Path) -> int:
    """Print what would run, stage by stage, and why; the exit code of the dry run."""
    from vagus.cli.due import describe_end

    code, due = find_due(command)
    if code != 0:
        print("\n".join(f"error: {text}" for text in due.errors), file=sys.stderr)
    elif due.jobs:
        print("\n".join(due.describe(list_stages())))
        print("Nothing was run. 'vagus run' runs it; --verbose-snakemake -n lists each job.")
    else:
        print(describe_end(results))
    return code


def _remove_left_over(arguments: argparse.Namespace, results: Path) -> None:
    """Remove temporary files of jobs that were killed.

    No job of an earlier run is left on this machine, since it would lock the folder; on others
    it may be.
    """
    is_here = getattr(arguments, "on", "default") == "default"
    remove_temporaries(results, math.inf if is_here else time.time() - _LONGEST_JOB_S)


def set_changed_aside(results: Path) -> OutputRecord:
    """Move away results that are not as their steps left them; the record of what they wrote."""
    from vagus.cli.outputs import OutputRecord, limit_times

    n_late = limit_times(results, time.time())
    if n_late:
        print(
            f"warning: {n_late} results come from the future: was the clock set back? They get "
            "the present time, and what depends on them is made again.",
            file=sys.stderr,
        )
    record = OutputRecord(results)
    changed = record.find_changed()
    record.set_aside(changed)
    for name in changed:
        print(
            f"warning: {name} was changed after its step had written it. It is now in "
            f"{record.place_aside(name)} and is made again.",
            file=sys.stderr,
        )
    record.start_afresh()
    return record


def report_end(shown: Path, results: Path, narrator: Narrator, stages: Sequence[str]) -> None:
    """Print where the results of a run are that succeeded, and which samples failed."""
    from vagus.cli.due import describe_end

    report = Path("report") / "index.html"
    if stages:
        folders = ", ".join(str(shown / stage) for stage in stages)
        print(f"Done. Results: {folders}" if narrator.has_started else f"Up to date: {folders}")
    elif (results / report).exists():
        for text in list_failed(results / "denoise" / "ledger.tsv"):
            print(f"warning: {text}", file=sys.stderr)
        print(f"Done. Report: {shown / report}" if narrator.has_started else describe_end(shown))


def report_failure(code: int, shown: Path, narrator: Narrator) -> None:
    """Print why a run stopped: what failed, again, since other steps may have followed."""
    from vagus.cli.progress import list_most

    if not narrator.has_started:
        print("error: the run did not start. The messages above say why.", file=sys.stderr)
        return
    failed = narrator.failed
    if failed:
        head = f"error: the run stopped: {len(failed)} step{'s' * (len(failed) != 1)} failed"
        print("\n  ".join([f"{head}:", *list_most(failed)]), file=sys.stderr)
    else:
        print(f"error: the run stopped with exit code {code}. See above.", file=sys.stderr)
    print(f"Logs: {shown / 'logs'}. 'vagus run' goes on from here.", file=sys.stderr)


def list_failed(ledger: Path, most: int = 10) -> list[str]:
    """What became of the samples that failed, a line each; of no more than so many."""
    try:
        with open(ledger, encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t"))
        failed = [row for row in rows if row["status"] == "failed"]
        told = [f"sample {row['sample']} failed: {row['reason']}" for row in failed[:most]]
    except (OSError, ValueError, KeyError, csv.Error):
        return []
    if len(failed) > most:
        told.append(f"{len(failed) - most} more samples failed: see {ledger}")
    return told


def make_command(arguments: argparse.Namespace, study: Study) -> list[str]:
    """The Snakemake command line for this study."""
    from vagus.costs.study_costs import count_samples_a_job

    profile = getattr(arguments, "on", "default")
    is_here = profile == "default"
    folder = WORKFLOW / "profiles" / profile
    cores = arguments.cores or ("all" if is_here else None)
    # Snakemake refuses a file without keys
    has_keys = bool(read_config(arguments.configfile))
    site = list_site_resources(arguments)
    extra = [*(["--dry-run"] if getattr(arguments, "is_dry", False) else []), *arguments.extra]
    groups: list[str] = []
    profiles: list[str] = []
    if not is_here:
        profiles, extra = layer_profiles(folder, extra)
        n = count_samples_a_job(study)
        groups = ["--group-components", *(f"{name}={n}" for name in _GROUPS)]
    return [
        sys.executable, "-m", "vagus.cli.snakemake_process", *groups,
        "--snakefile", str(WORKFLOW / "Snakefile"),
        *(["--configfile", str(arguments.configfile)] if has_keys else []),
        "--directory", os.curdir,
        "--nolock",
        *([] if cores is None else ["--cores", str(cores)]),
        *(["--default-resources", *site] if site else []),
        *profiles,
        *extra,
    ]  # fmt: skip
