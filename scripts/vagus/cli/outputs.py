"""Results that were changed after their step had written them: cut off by a full disk, edited.

Snakemake sees only that such a file is new, and would go on from it. What each step wrote is
therefore recorded, and a file that is no longer the same is moved away and made again.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vagus.errors import VagusError
from vagus.files import digest_file
from vagus.study.results_folder import RECORD

_FOLDER = RECORD.parent
CHANGED = _FOLDER / "changed"
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Written:
    """A file as a step left it."""

    bytes: int
    mtime_ns: int
    sha256: str


def limit_times(results: Path, now_s: float) -> int:
    """Give results that seem to come from the future the present time; how many there were.

    They do after a clock was set back, and Snakemake would refuse to go on from them. What
    depends on them is made again.
    """
    paths = [p for p in sorted(results.rglob("*")) if p.is_file() and not p.is_symlink()]
    late = [path for path in paths if path.stat().st_mtime > now_s]
    for path in late:
        os.utime(path, (now_s, now_s))
    return len(late)


class OutputRecord:
    """What the steps of a study wrote, one JSON line a file; the last line of a file counts.

    A file has the name that Snakemake gives it, which begins with the path of the results folder
    as the config has it: relative to the study folder, or absolute. Other names are left alone.
    """

    def __init__(self, results: Path, study: Path = Path()) -> None:
        self._results, self._study = results, study
        self._written: dict[str, Written] = {}
        self._read()

    def _read(self) -> None:
        path = self._study / RECORD
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        lines = text.splitlines()
        for line in lines:
            try:  # a line that was cut off by a kill says nothing
                name, size, mtime_ns, digest = json.loads(line)
                self._written[str(name)] = Written(int(size), int(mtime_ns), str(digest))
            except (ValueError, TypeError):
                continue

    def note(self, names: Iterable[str]) -> None:
        """Record files, and the files in folders, as they are now.

        Where results are in a store, names are those of the store, and nothing is recorded.
        """
        lines = []
        for name in names:
            if self._results not in Path(name).parents:
                continue
            for path in self._list_files(name):
                state = path.stat()
                digest = digest_file(path, "sha256")
                key = str(Path(name, path.relative_to(self._study / name)))
                self._written[key] = Written(state.st_size, state.st_mtime_ns, digest)
                lines.append(json.dumps([key, state.st_size, state.st_mtime_ns, digest]) + "\n")
        with open(self._study / RECORD, "a", encoding="utf-8") as stream:
            stream.write("".join(lines))

    def _list_files(self, name: str) -> list[Path]:
        path = self._study / name
        if path.is_dir():
            return sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
        return [path] if path.is_file() else []

    def find_changed(self) -> list[str]:
        """Files that are there but not as their step left them, sorted.

        A file that a later job of Snakemake wrote, in a run that was not narrated, is as that
        job left it.
        """
        changed = []
        for name, written in sorted(self._written.items()):
            if self._results not in Path(name).parents:
                continue
            path = self._study / name
            try:
                state = path.stat()
            except OSError:
                continue
            if (state.st_size, state.st_mtime_ns) == (written.bytes, written.mtime_ns):
                continue
            if state.st_size == written.bytes and digest_file(path, "sha256") == written.sha256:
                continue
            if not self._is_of_a_later_job(name, state.st_mtime_ns, written):
                changed.append(name)
        return changed

    def _is_of_a_later_job(self, name: str, mtime_ns: int, written: Written) -> bool:
        """Whether Snakemake knows of a job that ended after the file was last written."""
        for known in (name, *(str(p) for p in Path(name).parents)):
            encoded = base64.urlsafe_b64encode(known.encode()).decode()
            parts = [
                encoded[i : i + _LONGEST_NAME - 1]
                for i in range(0, len(encoded), _LONGEST_NAME - 1)
            ]
            place = self._study / _FOLDER / "metadata"
            path = place.joinpath(*(f"@{part}" for part in parts[:-1]), parts[-1])
            try:
                ended_ns = 1e9 * float(json.loads(path.read_text(encoding="utf-8"))["endtime"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if ended_ns >= mtime_ns > written.mtime_ns:
                return True
        return False

    def place_aside(self, name: str) -> Path:
        """Where a changed file is moved, seen from the study folder."""
        return CHANGED / self._results.name / Path(name).relative_to(self._results)

    def set_aside(self, names: Iterable[str]) -> None:
        """Move files out of the results, so that they are made again and nothing is lost."""
        for name in names:
            target = self._study / self.place_aside(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.move(self._study / name, target)  # maybe to another disk
            except OSError as error:
                raise VagusError(
                    "was changed since it was written, and cannot be moved away: "
                    f"{error.strerror}",
                    file=self._study / name, fix="Remove it and run again",
                ) from None  # fmt: skip

    def start_afresh(self) -> None:
        """Write the record again with one line a file that is still there."""
        kept = {n: w for n, w in sorted(self._written.items()) if (self._study / n).exists()}
        temporary = self._study / RECORD.with_suffix(".tmp")
        temporary.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "w", encoding="utf-8") as stream:
            for name, w in kept.items():
                stream.write(json.dumps([name, w.bytes, w.mtime_ns, w.sha256]) + "\n")
        shutil.move(temporary, self._study / RECORD)
