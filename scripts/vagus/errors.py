"""The one error family for mistakes that a user can fix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import PathLike

EXIT_USER_ERROR = 2
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST, _LONGEST_NAME = 1000, 300
_MOST_SHOWN = 50


class VagusError(Exception):
    """A mistake in input, config or set-up: what is wrong, where, and what to do.

    Step programs and the ``vagus`` command turn it into one message on standard
    error and exit code 2, without a traceback.
    """

    def __init__(
        self,
        what: str,
        *,
        fix: str,
        file: str | PathLike[str] | None = None,
        line: int | None = None,
        sample: str | None = None,
    ) -> None:
        self.what = put_in_one_line(what)
        self.fix = fix
        self.file = file
        self.line = line
        self.sample = sample
        self.others: tuple[VagusError, ...] = ()
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes: ``fix`` has no place among positional arguments."""
        own = (type(self), self.what, self.fix, self.file, self.line, self.sample)
        return _rebuild, (*own, self.others)

    def where(self) -> str:
        """File, line and sample, as far as they are known; empty when none is."""
        parts = []
        if self.file is not None:
            file = put_in_one_line(str(self.file))
            parts.append(file + (f", line {self.line}" if self.line is not None else ""))
        if self.sample is not None:
            parts.append(f"sample '{put_in_one_line(self.sample, _LONGEST_NAME)}'")
        return "; ".join(parts)

    def __str__(self) -> str:
        where = self.where()
        prefix = f"{where}: " if where else ""
        text = f"{prefix}{self.what}. {put_in_one_line(self.fix).rstrip('.')}."
        others = "".join(f"\nerror: {other}" for other in self.others[: _MOST_SHOWN - 1])
        n_more = len(self.others) - _MOST_SHOWN + 1
        return text + others + (f"\nerror: and {n_more} more such mistakes" * (n_more > 0))


def combine_errors(errors: Sequence[VagusError]) -> VagusError:
    """One error that reports all of these, a line each; its type and place are those of the first.

    Errors that are combined already are taken apart; equal ones are reported once.
    """
    flat = [one for error in errors for one in (error, *error.others)]
    for error in errors:
        error.others = ()
    unique = list({str(error): error for error in flat}.values())
    unique[0].others = tuple(unique[1:])
    return unique[0]


def put_in_one_line(text: str, most: int = _LONGEST) -> str:
    """A text that may quote a damaged file: without control characters, of bounded length."""
    text = CONTROL.sub(" ", text)
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def describe_damage(
    kind: str, path: str | PathLike[str], reason: str = "", line: int | None = None
) -> VagusError:
    """What is said of a file that the program wrote and cannot use any more."""
    what = f"this is not a whole {kind}" + (f": {reason}" if reason else "")
    return VagusError(what, fix="Delete the file and run again", file=path, line=line)


def _rebuild(
    kind: type[VagusError],
    what: str,
    fix: str,
    file: str | PathLike[str] | None,
    line: int | None,
    sample: str | None,
    others: tuple[VagusError, ...],
) -> VagusError:
    error = kind(what, fix=fix, file=file, line=line, sample=sample)
    error.others = others
    return error


class ReadsError(VagusError):
    """Reads that cannot be used: empty, truncated, malformed, of the wrong kind."""


class DamagedReadsError(ReadsError):
    """Reads of the right kind in a file that is cut off or damaged: what becomes of one sample."""


class ConfigError(VagusError):
    """A config file or sample sheet that is not consistent."""


class ReferenceFileError(VagusError):
    """A taxonomy reference that is missing, damaged or malformed."""
