"""The ``vagus`` command. Each subcommand is one module, imported only when it runs."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from vagus import __version__
from vagus.cli.layout import print_line
from vagus.cli.parser import Parser
from vagus.cli.snakemake_options import check_passed_on
from vagus.cli.start import is_lack_of_memory, prepare_start, report_lack_of_memory
from vagus.cli.step import explain_os_error
from vagus.cli.supervision import Stopped, heed_signals
from vagus.errors import EXIT_USER_ERROR, ConfigError, VagusError

COMMANDS = ("init", "check", "run", "rerun", "demo", "reference", "simulate", "completion")
# those whose further words go to another program
_TO_SNAKEMAKE = ("run", "demo")
_PASSING_ON = (*_TO_SNAKEMAKE, "simulate")
_DESCRIPTION = """\
Full-length 16S: from PacBio HiFi or Oxford Nanopore reads to ASVs, taxonomy, diversity,
cohort statistics and one report.

  vagus init READS_DIR   write config.yaml and samples.tsv for a folder of reads
  vagus check            look at config, sheet and the first reads of each sample
  vagus run              run the study (Snakemake underneath)
  vagus rerun FILE       run a finished study again from its provenance.json and compare
  vagus demo             simulate a small cohort with known truth and run it

Each command works in the current folder; 'vagus -C FOLDER COMMAND' works in another one.
"""


def make_parser() -> Parser:
    """The parser of ``vagus`` with all its subcommands."""
    parser = Parser(
        prog="vagus",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"vagus {__version__}")
    add_folder_option(parser, None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = importlib.import_module(f"vagus.cli.{name}")
        doc = module.__doc__ or ""
        command = commands.add_parser(
            name,
            help=doc.split("\n", 1)[0].rstrip("."),
            description=doc,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add_help=name != "simulate",
        )
        module.add_arguments(command)
        if name != "simulate":
            add_folder_option(command, argparse.SUPPRESS)
        command.set_defaults(execute=module.execute, parser=command)
    return parser


def add_folder_option(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Option -C; of a subcommand without a default, which would replace what was given before."""
    parser.add_argument(
        "-C", dest="work_in", metavar="FOLDER", default=default,
        help="work in this folder; other paths are seen from there",
    )  # fmt: skip


def _enter(folder: str | None) -> None:
    """Change the working folder. Raises ConfigError where that cannot be done."""
    if folder is None:
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise ConfigError(
            f"-C {folder}: {error.strerror}", fix="Name the folder of the study"
        ) from None


def _provide_home(command: str) -> AbstractContextManager[str]:
    """For commands that start Snakemake: what it expects of an account."""
    from vagus.cli.home import provide

    return provide() if command in ("run", "demo", "rerun") else contextlib.nullcontext("")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand. Returns the exit code: 0, 2 for a user's mistake, else the workflow's."""
    parser = make_parser()
    if not (sys.argv[1:] if argv is None else argv):
        parser.print_help()
        return EXIT_USER_ERROR
    arguments, extra = parser.parse_known_args(argv)
    if extra and arguments.command not in _PASSING_ON:
        arguments.parser.refuse(extra)
    arguments.extra = extra
    try:
        _enter(arguments.work_in)
        with heed_signals(), _provide_home(arguments.command) as arguments.not_kept:
            prepare_start(Path(__file__).with_name(f"{arguments.command}.py"))
            if arguments.command in _TO_SNAKEMAKE:
                check_passed_on(arguments.parser, extra)
            return int(arguments.execute(arguments))
    except VagusError as error:
        print_line(f"error: {error}", sys.stderr)
        return EXIT_USER_ERROR
    except (KeyboardInterrupt, Stopped) as reason:
        with contextlib.suppress(OSError):  # the terminal may be gone
            print("Stopped. 'vagus run' goes on from here.", file=sys.stderr)
        return reason.exit_code if isinstance(reason, Stopped) else 130
    except BrokenPipeError:
        return 1
    except (MemoryError, ImportError, RuntimeError, OSError) as error:
        if is_lack_of_memory(error):
            return report_lack_of_memory(error)
        if not isinstance(error, OSError) or error.filename is None or error.errno is None:
            raise
        print(f"error: {explain_os_error(error)}", file=sys.stderr)
        return EXIT_USER_ERROR


if __name__ == "__main__":
    raise SystemExit(main())
