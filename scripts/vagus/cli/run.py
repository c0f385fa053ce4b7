"""Run the study in this folder; options that are not listed go to Snakemake.

Checks config, sample sheet and the first reads of each sample, then runs what is missing or out
of date. Stop it at any time: the next run goes on from there. Useful Snakemake options:
-n (show what would run), --cores N, --until RULE, --forcerun RULE, --workflow-profile FOLDER.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from vagus.config.schema import WORKFLOW

# Snakemake's own words for work that runs nothing: its output is shown as it is
_SHOWS = {
    "-n", "--dry-run", "--dryrun", "--dag", "--rulegraph", "--filegraph", "--summary", "-S", "-D",
    "--detailed-summary", "--list", "-l", "--list-rules", "--lint", "--unlock", "--touch", "-t",
    "--list-changes", "--cleanup-metadata", "--delete-all-output", "--archive", "--d3dag",
}  # fmt: skip


def parse_cores(text: str) -> str:
    """A whole number of at least 1, or ``all``."""
    if text != "all" and not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1, nor 'all'")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus run``."""
    parser.add_argument(
        "--configfile", type=Path, default=Path("config.yaml"), help="config (default: config.yaml)"
    )
    parser.add_argument(
        "--cores",
        "-c",
        default="all",
        type=parse_cores,
        help="cores to use at once (default: all of the machine)",
    )
    parser.add_argument(
        "--no-check", action="store_true", help="do not look at the reads before running"
    )
    parser.add_argument(
        "--verbose-snakemake", action="store_true", help="show Snakemake's own output"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Check, run the workflow and say where the report is."""
    from vagus.cli import check, lock, progress
    from vagus.config.study import load_study

    study = load_study(arguments.configfile)
    command = make_command(arguments)
    if any(option in _SHOWS for option in arguments.extra):
        return subprocess.run(command, check=False).returncode
    check.check_folder(study)
    with lock.hold_folder(Path()) as descriptor:
        if not arguments.no_check:
            check.check_reads(study, quiet=True)
        if arguments.verbose_snakemake:
            return subprocess.run(command, check=False, pass_fds=(descriptor,)).returncode
        narrator = progress.Narrator()
        code = progress.follow(command, descriptor, narrator)
    shown = getattr(arguments, "folder", Path()) / study.config["results"]
    _tell_end(code, shown, Path(study.config["results"]), narrator.has_started)
    return code


def _tell_end(code: int, shown: Path, results: Path, has_started: bool) -> None:
    report = Path("report") / "index.html"
    if code == 0 and (results / report).exists():
        print(f"Done. Report: {shown / report}")
    elif code != 0 and not has_started:
        print("error: the run did not start. The messages above say why.", file=sys.stderr)
    elif code != 0:
        print(
            f"error: the run stopped with exit code {code}. The messages above say why; logs are "
            f"in {shown / 'logs'}. After mending it, 'vagus run' goes on from here.",
            file=sys.stderr,
        )


def make_command(arguments: argparse.Namespace) -> list[str]:
    """The Snakemake command line for this study."""
    return [
        sys.executable, "-m", "snakemake",
        "--snakefile", str(WORKFLOW / "Snakefile"),
        "--configfile", str(arguments.configfile),
        "--directory", os.curdir,
        "--cores", str(arguments.cores),
        "--nolock",
        *arguments.extra,
    ]  # fmt: skip
