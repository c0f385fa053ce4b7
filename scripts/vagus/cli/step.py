"""What every step program shares: its parser, its log and how it fails."""

from __future__ import annotations

import argparse
import errno
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from vagus import __version__
from vagus.cli.parser import Parser
from vagus.cli.start import is_lack_of_memory, prepare_start, report_lack_of_memory
from vagus.errors import EXIT_USER_ERROR, VagusError

log = logging.getLogger("vagus")
Arguments = argparse.Namespace


class Main(Protocol):
    """The function ``main`` of a program."""

    def __call__(self, argv: Sequence[str] | None = None) -> int:
        """Run it with these arguments, else those of the command line; returns the exit code."""


_FIXES = {
    errno.ENOSPC: " Free space on this disk and run again.",
    errno.EDQUOT: " Your quota is used up: free space and run again.",
    errno.EROFS: " Make it writable, or name another results folder in the config.",
}


class _Stderr(logging.Handler):
    """Writes to what standard error is when a line is written, not when logging was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        print(self.format(record), file=sys.stderr)


class _HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows a default only where there is one to show."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.required or action.default in (None, False, argparse.SUPPRESS):
            return action.help
        return super()._get_help_string(action)


class Options(Parser):
    """Options of a program, whose help is its docstring; defaults are shown."""

    def __init__(self, doc: str | None) -> None:
        super().__init__(description=doc, formatter_class=_HelpFormatter)
        self.add_argument("--version", action="version", version=f"vagus {__version__}")

    def add(self, *names: str, **how: Any) -> None:
        """An option of another kind, as for ``argparse``."""
        self.add_argument(*names, **how)

    def read(self, option: str, words: str) -> None:
        """A file that the program needs."""
        self.add_argument(option, type=Path, required=True, help=words)

    def read_all(self, option: str, words: str) -> None:
        """Files that the program needs, one or more."""
        more: dict[str, Any] = {"required": True} if option.startswith("--") else {}
        self.add_argument(option, type=Path, nargs="+", help=words, **more)

    def read_any(self, option: str, words: str) -> None:
        """Files that the program takes, any number of them."""
        self.add_argument(option, type=Path, nargs="*", default=[], help=words)

    def read_if_given(self, option: str, words: str) -> None:
        """A file that the program takes into account where it is given."""
        self.add_argument(option, type=Path, help=words)

    def write(self, option: str, words: str) -> None:
        """A file, or folder, that the program writes."""
        self.add_argument(option, type=Path, required=True, help=f"output: {words}")

    def write_if_asked(self, option: str, words: str) -> None:
        """A file that the program writes where it is named."""
        self.add_argument(option, type=Path, help=f"output: {words}")


def add_named_files(
    parser: argparse.ArgumentParser, option: str, form: str, words: str, required: bool = True
) -> None:
    """Option that names one file of several, as NAME=PATH; may be given several times.

    Its value is a list of pairs, for ``dict`` to take.
    """
    parser.add_argument(
        option, action="append", default=None if required else [], required=required,
        type=parse_named_file, metavar=form, help=f"{words}; may be given several times",
    )  # fmt: skip


def parse_named_file(text: str) -> tuple[str, Path]:
    """Name and path of NAME=PATH; the path may have more signs of equality."""
    name, separator, path = text.partition("=")
    if not (name and separator and path):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=PATH")
    return name, Path(path)


def explain_os_error(error: OSError) -> str:
    """One message for a file that cannot be read or written."""
    place = f"{error.filename}: " if error.filename is not None else ""
    return f"{place}{error.strerror}.{_FIXES.get(error.errno or 0, '')}"


def run_step(
    step: Callable[[argparse.Namespace], None],
    parser: argparse.ArgumentParser,
    argv: Sequence[str] | None = None,
) -> int:
    """Parse, run and translate failures.

    Returns the exit code: 0, 2 for a user's mistake or a file that cannot be read or written,
    3 when memory is short.
    """
    arguments = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.INFO, format="%(levelname)s %(message)s", handlers=[_Stderr()], force=True
    )
    try:
        prepare_start(Path(step.__code__.co_filename))
        step(arguments)
    except VagusError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except (MemoryError, ImportError, RuntimeError, OSError) as error:
        if is_lack_of_memory(error):
            return report_lack_of_memory(error)
        if not isinstance(error, OSError) or (error.filename is None and error.errno is None):
            raise
        print(f"error: {explain_os_error(error)}", file=sys.stderr)
        return EXIT_USER_ERROR
    return 0


def make_main(step: Callable[[Arguments], None], options: Options) -> Main:
    """The function ``main`` of a program: takes arguments, by default those of the command line."""

    def main(argv: Sequence[str] | None = None) -> int:
        """Run the program; returns the exit code."""
        return run_step(step, options, argv)

    return main
