"""Which folder may take the results of a study: nothing of anybody else is changed in it.

The rules, in order:

1. ``results`` is a path as it is: ``~`` is not expanded, and control characters, names of more
   than 255 bytes and addresses are refused.
2. The folder is neither the working folder nor one above it, nor does it contain an input of the
   study, by any link.
3. It can be written.
4. It is new or without files, or it has results of this study. A study is the folder in which
   Vagus runs and its config file. What belongs to another one whose config file is still there is
   refused; results of a study that was moved or removed are taken over.

Whose results they are is in a hidden folder in them, which is no result: ``.vagus/study.json``
with the study folder as seen from the results and the config file as seen from there.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from vagus.errors import ConfigError
from vagus.files import write_json
from vagus.study.study import Study

OWN = Path(".vagus")
OWNER = OWN / "study.json"
RECORD = Path(".snakemake") / "vagus-outputs.jsonl"
_METADATA = Path(".snakemake") / "metadata"
_NOT_FILES = re.compile(r"\.DS_Store|\.nfs.*")  # what file systems and desktops leave
_FIX = "Name another folder as 'results' in the config"


def check_results(study: Study, config: Path | None) -> None:
    """Raise ConfigError when results may not be written where the config says.

    Nothing is changed. ``config``: the config file; None when it is not known.
    """
    folder = Path(study.config["results"])
    _check_place(folder)
    _check_inputs(study, folder, config)
    check_writable(folder)
    _check_owner(study, folder, config)


def claim_results(study: Study, config: Path | None) -> None:
    """Write down that the results are those of this study, in a folder that was checked."""
    folder = Path(study.config["results"])
    (folder / OWN).mkdir(parents=True, exist_ok=True)
    owner = _read_owner(folder)
    if owner is not None and config is None:
        return
    real = _resolve(folder)
    content = {
        "study": os.path.relpath(_resolve(Path()), real),
        "config": os.path.relpath(config) if config else "",
    }
    if content != owner:
        write_json(content, folder / OWNER)


def find_study(results: Path) -> Path | None:
    """The folder of the study that wrote results, where they say so and it is still there."""
    owner = _read_owner(results)
    there = _resolve(results) / owner["study"] if owner else None
    return there.resolve() if there is not None and there.is_dir() else None


def _check_place(folder: Path) -> None:
    """Refuse the working folder, all above it and Snakemake's own."""
    real, here = _resolve(folder), _resolve(Path())
    if real == here or real in here.parents:
        raise ConfigError(
            "'results' is the folder in which Vagus runs, or one above it", file=folder,
            fix="Name a folder of its own, such as 'results'",
        )  # fmt: skip
    if (state := here / ".snakemake") in (real, *real.parents):
        raise ConfigError("'results' is in the workflow's own folder", file=state, fix=_FIX)


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"the path cannot be followed: {reason}", file=path, fix=_FIX) from None


def _check_inputs(study: Study, folder: Path, config: Path | None) -> None:
    real = str(_resolve(folder))
    parents: dict[str, str] = {}
    for kind, path in _list_inputs(study, config):
        for place in _list_places(path, parents):
            if place == real or place.startswith(real.rstrip("/") + "/"):
                raise ConfigError(
                    f"the results folder contains {kind} {path}, beside which nothing may be "
                    "written or removed", file=folder,
                    fix="Name a folder of its own, such as 'results'",
                )  # fmt: skip


def _list_inputs(study: Study, config: Path | None) -> Iterator[tuple[str, str]]:
    """What the study reads, each with its kind."""
    values = study.config
    if config is not None:
        yield "the config", str(config)
    yield "the sample sheet", values["samples"]
    for sample in study.samples:
        for path in sample.reads:
            yield f"the reads of sample '{sample.name}',", path
    taxonomy = values["taxonomy"]
    for path in (taxonomy["reference"], *taxonomy["more_references"], taxonomy["copy_numbers"]):
        if os.path.isfile(path):  # else it is a name
            yield "the reference", path
    for key, path in (("truth", values["truth"]), ("mocks", values["controls"]["mock_folder"])):
        if path:
            yield f"the folder of {key}", path


def _list_places(path: str, parents: dict[str, str]) -> Iterator[str]:
    """Where a path is, and where the file is to which it links; ``parents`` are known folders."""
    folder, name = os.path.split(os.path.abspath(path))
    if folder not in parents:
        parents[folder] = os.path.realpath(folder)
    place = os.path.join(parents[folder], name)
    yield place
    if os.path.islink(place):
        yield os.path.realpath(place)


def check_writable(folder: Path) -> None:
    """Raise ConfigError unless files can be written in ``folder`` or it can be made."""
    existing = folder
    while not os.path.lexists(existing) and existing != existing.parent:
        existing = existing.parent
    if not existing.exists():
        raise ConfigError(
            "the results cannot be written: this link leads nowhere", file=existing,
            fix="Make the folder to which it leads, or name another one as 'results' in the config",
        )  # fmt: skip
    if not existing.is_dir():
        raise ConfigError(
            "the results cannot be written: this is a file, not a folder", file=existing,
            fix="Move it away, or name another folder as 'results' in the config",
        )  # fmt: skip
    if not os.access(existing, os.W_OK | os.X_OK, effective_ids=True):
        raise ConfigError(
            "the results folder cannot be written", file=folder,
            fix="Change its permissions, or name another folder as 'results' in the config",
        )  # fmt: skip


def _check_owner(study: Study, folder: Path, config: Path | None) -> None:
    owner = _read_owner(folder)
    if owner is not None:
        _refuse_other(folder, owner, config)
    elif not (folder / OWN).is_dir() and _has_files(folder) and not _is_older(study, folder):
        raise ConfigError(
            "the results folder has files, and no results of this study are among them",
            file=folder, fix="Name a new or empty folder as 'results' in the config",
        )  # fmt: skip


def _read_owner(folder: Path) -> dict[str, str] | None:
    """Folder and config file of the study; None when none or not all of it is there."""
    try:
        content: Any = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return {key: str(content[key]) for key in ("study", "config")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _refuse_other(folder: Path, owner: dict[str, str], config: Path | None) -> None:
    there = _resolve(_resolve(folder) / owner["study"])
    other = there / owner["config"]
    is_same_config = config is None or not owner["config"] or _resolve(other) == _resolve(config)
    if there == _resolve(Path()) and is_same_config:
        return
    if not (other if owner["config"] else there / ".snakemake").exists():
        return  # moved or removed
    raise ConfigError(
        f"these are the results of another study, {other}", file=folder,
        fix="Give each config file a folder of its own as 'results'",
    )  # fmt: skip


def _has_files(folder: Path) -> bool:
    """Whether there is anything but folders."""
    for _, folders, names in os.walk(folder):
        if any(not _NOT_FILES.fullmatch(name) for name in names):
            return True
        folders.sort()
    return False


def _is_older(study: Study, folder: Path) -> bool:
    """Whether results without a mark of their study are its own, by what versions before left."""
    prefix = f"{folder}/"
    names = chain(_list_recorded(), _list_metadata())
    if any(name.startswith(prefix) and os.path.exists(name) for name in names):
        return True
    return _has_provenance(study, folder)


def _list_recorded() -> Iterator[str]:
    """Files that steps of this study wrote, in the record that a run keeps."""
    try:
        text = RECORD.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        try:
            yield str(json.loads(line)[0])
        except (ValueError, TypeError, LookupError):
            continue


def _list_metadata() -> Iterator[str]:
    """Files that Snakemake wrote for this study, from the names of its own records."""
    for folder, folders, names in os.walk(_METADATA):
        folders.sort()
        start = "".join(part[1:] for part in Path(folder).relative_to(_METADATA).parts)
        for name in sorted(names):
            try:
                yield base64.urlsafe_b64decode(start + name).decode()
            except (binascii.Error, ValueError):
                continue


def _has_provenance(study: Study, folder: Path) -> bool:
    """Whether a provenance in the results names a sample of this study with its reads."""
    try:
        content = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        known = {
            (row["sample"], Path(record["file"]).name)
            for row in content["samples"]
            for record in row["reads"]
        }
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    own = ((sample.name, Path(path).name) for sample in study.samples for path in sample.reads)
    return any(pair in known for pair in own)
