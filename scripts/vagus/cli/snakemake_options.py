"""Options that the ``vagus`` command passes on to Snakemake: unknown ones are reported before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vagus.cli.parser import Parser


def check_passed_on(command: Parser, words: Sequence[str]) -> None:
    """End with one line where Snakemake would not take these words either.

    Its own parser reads them, which costs an import, so only where there is an option.
    """
    if not any(word.startswith("-") for word in words):
        return
    from snakemake.cli import get_argument_parser

    parser = get_argument_parser([])
    parser.error = command.error
    _, unknown = parser.parse_known_args(list(words))
    if unknown:
        known = [name for action in parser._actions for name in action.option_strings]
        command.refuse(unknown, known)
