"""The one error family for mistakes that a user can fix."""

from __future__ import annotations

import re
from os import PathLike

EXIT_USER_ERROR = 2
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST, _LONGEST_NAME = 1000, 300


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
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes: ``fix`` has no place among positional arguments."""
        return _rebuild, (type(self), self.what, self.fix, self.file, self.line, self.sample)

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
        return f"{prefix}{self.what}. {put_in_one_line(self.fix).rstrip('.')}."


def put_in_one_line(text: str, most: int = _LONGEST) -> str:
    """A text that may quote a damaged file: without control characters, of bounded length."""
    text = CONTROL.sub(" ", text)
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def describe_damage(kind: str, path: str | PathLike[str], reason: str = "") -> VagusError:
    """What is said of a file that the program wrote and cannot use any more."""
    what = f"this is not a whole {kind}" + (f": {reason}" if reason else "")
    return VagusError(what, fix="Delete the file and run again", file=path)


def _rebuild(
    kind: type[VagusError],
    what: str,
    fix: str,
    file: str | PathLike[str] | None,
    line: int | None,
    sample: str | None,
) -> VagusError:
    return kind(what, fix=fix, file=file, line=line, sample=sample)


class ReadsError(VagusError):
    """Reads that cannot be used: empty, truncated, malformed, of the wrong kind."""


class DamagedReadsError(ReadsError):
    """Reads of the right kind in a file that is cut off or damaged: what becomes of one sample."""


class ConfigError(VagusError):
    """A config file or sample sheet that does not hold together."""


class ReferenceFileError(VagusError):
    """A taxonomy reference that is missing, damaged or malformed."""
