"""Run a finished study again from its provenance, and compare the results byte for byte.

Inputs and references are found by their checksums: where they were, or below the folders named
with --find. Exit code 0: every result is the same. 1: some differ, and are listed: those equal to
1e-6 apart from others, with other versions and another processor as possible causes. 2: an input is
missing or was changed.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from vagus.cli.run import parse_cores


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus rerun``."""
    parser.add_argument("provenance", type=Path, help="results/provenance.json of the study")
    parser.add_argument(
        "--folder", type=Path, default=Path("rerun"), help="new study folder (default: rerun)"
    )
    parser.add_argument(
        "--find", type=Path, action="append", default=[], metavar="FOLDER",
        help="look for inputs here when they are not where they were; may be given several times",
    )  # fmt: skip
    parser.add_argument("--cores", "-c", default="all", type=parse_cores, help="cores to use")


def execute(arguments: argparse.Namespace) -> int:
    """Find, run, compare."""
    from vagus.cli import run
    from vagus.provenance import checksums
    from vagus.provenance import reproduction as again
    from vagus.study.results_folder import find_study

    provenance = arguments.provenance.absolute()
    content = again.read_provenance(provenance)
    causes = [*again.compare_software(content), *again.compare_processors(content)]
    for difference in causes:
        print(f"warning: not as then: {difference}", file=sys.stderr)
    results = Path(content["config"]["results"])
    above = list(provenance.parents)
    study = find_study(provenance.parent) or above[min(len(results.parts), len(above) - 1)]
    listed = provenance.with_name(checksums.NAME)
    before = checksums.read_checksums(listed) if listed.exists() else None
    again.lay_out(content, study, again.Finder(arguments.find), arguments.folder)
    os.chdir(arguments.folder)
    arguments.configfile = Path("config.yaml")
    arguments.no_check, arguments.verbose_snakemake = False, False
    code = run.execute(arguments)
    if code != 0:
        return code
    if before is None:
        print(f"There is no {checksums.NAME} beside the provenance to compare with.")
        return 0
    after = checksums.digest_results(results)
    differing = again.compare_results(before, after, (provenance.parent, results))
    return _report(differing, len(before), causes)


def _report(differing: list[str], n_files: int, causes: list[str]) -> int:
    """Print what differs, what is equal to 1e-6 apart from what is not; the exit code."""
    from vagus.provenance.reproduction import EQUAL_TO

    if not differing:
        print(f"All {n_files} results are the same, byte for byte.")
        return 0
    close = [line for line in differing if EQUAL_TO in line]
    beyond = [line for line in differing if EQUAL_TO not in line]
    for title, lines in ((f"{EQUAL_TO}, not byte for byte", close), ("not the same", beyond)):
        if lines:
            print(f"{len(lines)} of {n_files} results are {title}:")
            print("\n".join(f"  {line}" for line in lines))
    if causes:
        print("Possible causes:")
        print("\n".join(f"  {cause}" for cause in causes))
    return 1
