"""The parser of the ``vagus`` command: a mistake is one line with what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from vagus.cli.layout import print_line
from vagus.errors import EXIT_USER_ERROR


class Parser(argparse.ArgumentParser):
    """As ``argparse``, without its usage before each message; abbreviations are not taken."""

    def __init__(self, *arguments: Any, **how: Any) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **how})

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where help is; exit code 2."""
        end = "" if message.endswith("?") else "."
        print_line(f"error: {message}{end} Help: {self.prog} --help", sys.stderr)
        raise SystemExit(EXIT_USER_ERROR)

    def list_options(self) -> list[str]:
        """Its long and short options, those of its subcommands not among them."""
        return [name for action in self._actions for name in action.option_strings]

    def refuse(self, words: Sequence[str], known: Iterable[str] = ()) -> NoReturn:
        """Report words that it does not know; ``known``: options that another program takes."""
        options = [*self.list_options(), *known]
        unknown = [word for word in words if word.startswith("-")]
        if unknown:
            self.error("; ".join(describe_unknown("option", name, options) for name in unknown))
        self.error(f"{self.prog} takes no {' '.join(repr(word) for word in words)}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """A word that is none of the choices, with the one that is nearest to it."""
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        option = action.option_strings[-1] if action.option_strings else ""
        kind = str(action.metavar or action.dest).lower()
        text = describe_unknown(kind, str(value), choices)
        place = f"{option}: " if option else ""
        if "?" not in text:
            text += f"; choices: {', '.join(choices)}"
        raise argparse.ArgumentError(None, place + text)


def describe_unknown(kind: str, given: str, known: Sequence[str]) -> str:
    """'there is no option --colour; did you mean --cores?'."""
    name = given.partition("=")[0]
    near = difflib.get_close_matches(name, known, 1, 0.7 if kind == "option" else 0.6)
    return f"there is no {kind} {name}" + (f"; did you mean {near[0]}?" if near else "")
