"""A study made again from its provenance: find the inputs, lay out a folder, compare results."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from vagus import __version__
from vagus.errors import VagusError
from vagus.files import check_regular, digest_file, open_whole, write_text
from vagus.provenance.differences import Distance, measure_distance
from vagus.provenance.processor import describe_processor
from vagus.provenance.record import list_versions, strip_folders
from vagus.reference.catalogue import find_reference
from vagus.study.samples import DEFAULT_RUN, read_sheet
from vagus.study.schema import fill_defaults, read_config

PROVENANCE = "provenance.json"
EQUAL_TO = "equal to 1e-6"


@dataclass
class Finder:
    """Finds files by size and SHA-256, first where they were, then below other folders."""

    folders: Sequence[Path]
    _by_size: dict[int, list[Path]] | None = field(default=None, repr=False)
    _digests: dict[Path, str] = field(default_factory=dict, repr=False)

    def find(self, record: dict[str, Any], first: Sequence[Path] = ()) -> Path | None:
        """A file with the size and checksum of ``record``, or None."""
        candidates = [*first, *self._list_by_size().get(record["bytes"], [])]
        return next((path for path in candidates if self._is_it(path, record)), None)

    def _is_it(self, path: Path, record: dict[str, Any]) -> bool:
        if not path.is_file() or path.stat().st_size != record["bytes"]:
            return False
        if path not in self._digests:
            self._digests[path] = digest_file(path, "sha256")
        return bool(self._digests[path] == record["sha256"])

    def _list_by_size(self) -> dict[int, list[Path]]:
        if self._by_size is None:
            self._by_size = {}
            for path in sorted(_walk(self.folders)):
                self._by_size.setdefault(path.stat().st_size, []).append(path)
        return self._by_size


def _walk(folders: Sequence[Path]) -> Iterator[Path]:
    for top in folders:
        for folder, folders_below, names in os.walk(top):
            folders_below[:] = [name for name in folders_below if not name.startswith(".")]
            yield from (p for p in (Path(folder, name) for name in names) if p.is_file())


def read_provenance(path: Path) -> dict[str, Any]:
    """The record that a finished study left. Raises VagusError when it is none."""
    try:
        check_regular(path)
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = content["samples"]
        references = content["references"]
        whole = [r for row in rows for r in row["reads"]] + references
        for record in whole:
            record["file"], record["bytes"], record["sha256"]
        for row in rows:
            row["sample"], row["platform"], row["run"], row["control"], row["metadata"].items()
        content["config"] = fill_defaults(content["config"])
        content["config"]["results"] = place_within(content["config"]["results"])
        content["packages"].items(), content["vagus"], content["python"]
    except FileNotFoundError:
        raise VagusError("there is no such file", file=path, fix="Correct the path") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise VagusError(
            "is not the provenance of a study", file=path,
            fix="Give results/provenance.json of a finished study",
        ) from None  # fmt: skip
    return dict(content)


def place_within(results: str) -> str:
    """Where results come in a new study folder: below it, wherever they were."""
    place = PurePosixPath(results)
    is_outside = place.is_absolute() or ".." in place.parts
    return place.name if is_outside and place.name not in ("", "..") else str(place)


def compare_software(content: dict[str, Any]) -> list[str]:
    """Versions that differ between the record and what is installed here."""
    now = {"vagus": __version__, **list_versions()}
    then = {"vagus": content["vagus"], **content["packages"]}
    return [
        f"{name} {then.get(name, 'absent')} then, {now.get(name, 'absent')} now"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    ]


def compare_processors(content: dict[str, Any]) -> list[str]:
    """The processor then and now, where they are not the same; nothing without a record."""
    then, now = content.get("processor"), describe_processor()
    if not isinstance(then, dict) or then == now:
        return []
    words = [f"{one.get('model', '?')} ({one.get('level', '?')})" for one in (then, now)]
    return [f"processor {words[0]} then, {words[1]} now"]


def lay_out(content: dict[str, Any], study: Path, finder: Finder, folder: Path) -> None:
    """Write config and sample sheet in ``folder``, with links to the inputs.

    Inputs are taken from where they were below ``study``, from where its sample sheet and
    config say that they are now, else from the finder's folders, by checksum. Raises
    VagusError, before anything is written, when one is not found or the folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise VagusError("is not an empty folder", file=folder, fix="Name another --folder")
    found, missing = _find_reads(content, study, finder)
    references = _find_references(content, study, finder, missing)
    if missing:
        others = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise VagusError(
            f"no file has the recorded size and SHA-256 of {missing[0]}{others}",
            fix="Name the folder where the files are now with --find",
        )
    folder.mkdir(parents=True, exist_ok=True)
    config = _link_references(content["config"], references, folder)
    config = _link_truth(config, study, folder)
    sheet = _link_reads(content, found, folder)
    write_sheet = folder / str(config["samples"])
    write_text(write_sheet, sheet)
    with open_whole(folder / "config.yaml") as stream:
        yaml.safe_dump(config, stream, sort_keys=False, allow_unicode=True)


def _find_reads(
    content: dict[str, Any], study: Path, finder: Finder
) -> tuple[dict[tuple[str, int], Path], list[str]]:
    """Files of the reads by sample and number; what is not there stays out or is missing."""
    found, missing = {}, []
    places = _list_places(study / content["config"]["samples"])
    for row in content["samples"]:
        for number, record in enumerate(row["reads"]):
            if record["sha256"] is None:
                missing.append(f"{record['file']} (it could not be read then)")
                continue
            told = places.get(row["sample"], ())[number : number + 1]
            path = finder.find(record, [study / record["file"], *told])
            if path is None:
                missing.append(str(record["file"]))
            else:
                found[row["sample"], number] = path.resolve()
    return found, missing


def _list_places(sheet: Path) -> dict[str, list[Path]]:
    """Where the study's own sheet says that reads are; nothing without a sheet that can be read.

    The record has only the names of files that were given by absolute paths.
    """
    try:
        return {sample.name: [Path(path) for path in sample.reads] for sample in read_sheet(sheet)}
    except (VagusError, OSError):
        return {}


def _name_references(study: Path) -> list[str]:
    """References as the study's own config names them; nothing when it cannot be read."""
    try:
        taxonomy = fill_defaults(read_config(study / "config.yaml"))["taxonomy"]
        return [str(taxonomy["reference"]), *map(str, taxonomy["more_references"])]
    except (VagusError, OSError, AttributeError, KeyError, TypeError):
        return []


def _find_references(
    content: dict[str, Any], study: Path, finder: Finder, missing: list[str]
) -> dict[str, Path]:
    """Files of the references by the names that the config gives; installed ones need none."""
    taxonomy = content["config"]["taxonomy"]
    names = [taxonomy["reference"], *taxonomy["more_references"]]
    found = {}
    for name, record in zip(names, content["references"], strict=False):
        try:
            installed = [find_reference(name)]
        except VagusError:
            installed = []
        told = [study / other for other in _name_references(study) if Path(other).name == name]
        path = finder.find(record, [*installed, study / name, *told])
        if path is None:
            missing.append(f"the reference {name}")
        elif path not in installed or Path(name).is_file():
            found[name] = path.resolve()
    return found


def _link_references(
    config: dict[str, Any], found: dict[str, Path], folder: Path
) -> dict[str, Any]:
    """Link references where the config looks for them; the config, renamed where it must be."""
    taxonomy = config["taxonomy"]
    names = {}
    for name, path in found.items():
        is_below = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        target = folder / name if is_below else folder / "inputs" / path.name
        _link(path, target)
        names[name] = name if is_below else str(target.absolute())
    renamed = {
        "reference": names.get(taxonomy["reference"], taxonomy["reference"]),
        "more_references": [names.get(name, name) for name in taxonomy["more_references"]],
    }
    return {**config, "taxonomy": {**taxonomy, **renamed}}


def _link_truth(config: dict[str, Any], study: Path, folder: Path) -> dict[str, Any]:
    truth = config.get("truth")
    if not truth:
        return config
    if (study / truth).is_dir() and ".." not in PurePosixPath(truth).parts:
        _link(study / truth, folder / truth)
        return config
    return {**config, "truth": None}


def _link_reads(content: dict[str, Any], found: dict[tuple[str, int], Path], folder: Path) -> str:
    """Link every reads file where its record says, or in a folder of its own; the sheet's text."""
    base = PurePosixPath(content["config"]["samples"]).parent
    columns = list(dict.fromkeys(c for row in content["samples"] for c in row["metadata"]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE,
                        quotechar=None)  # fmt: skip
    writer.writerow(["sample", "reads", "platform", "run", "control", *columns])
    for row in content["samples"]:
        reads = []
        for number, record in enumerate(row["reads"]):
            reads.append(
                _link_one(record, found[row["sample"], number], folder, base, row["sample"])
            )
        run = "" if row["run"] == DEFAULT_RUN else row["run"]
        platform = "" if row["platform"] == "auto" else row["platform"]
        values = [row["metadata"].get(column, "") for column in columns]
        writer.writerow([row["sample"], ";".join(reads), platform, run, row["control"], *values])
    return text.getvalue()


def _link_one(
    record: dict[str, Any], source: Path, folder: Path, base: PurePosixPath, sample: str
) -> str:
    place = PurePosixPath(record["file"])
    if place.is_relative_to(base) and ".." not in place.parts and not place.is_absolute():
        target = folder / place
        if not os.path.lexists(target):
            _link(source, target)
            return place.relative_to(base).as_posix()
    target = folder / "inputs" / record["sha256"][:16] / place.name
    if not os.path.lexists(target):
        _link(source, target)
    return str(target.absolute())


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(source.resolve())


def compare_results(
    before: dict[str, str], after: dict[str, str], folders: tuple[Path, Path]
) -> list[str]:
    """Results that differ, sorted: what changed and how far, is absent now, or is new.

    The two provenances may name other folders of the same inputs and another processor, and only
    that.
    """
    differing = []
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            differing.append(f"{name}: absent now")
        elif name not in before:
            differing.append(f"{name}: new")
        elif before[name] != after[name]:
            one, other = (folder / name for folder in folders)
            if name != PROVENANCE or _bare(one) != _bare(other):
                differing.append(f"{name}: {_describe_distance(measure_distance(one, other))}")
    return differing


def _describe_distance(distance: Distance | None) -> str:
    if distance is None:
        return "differs"
    if distance.is_close:
        return f"{EQUAL_TO} (largest difference {distance.largest:.1g})"
    if not distance.is_text_equal:
        return "differs beyond 1e-6: in words, rows or columns"
    return f"differs beyond 1e-6 (largest difference {distance.largest:.1g})"


def _bare(path: Path) -> Any:
    """A provenance with every file by its name alone, without the processor."""
    content = _strip(strip_folders(json.loads(path.read_text(encoding="utf-8"))))
    content.pop("processor", None)
    return content


def _strip(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: PurePosixPath(part).name if key == "file" else _strip(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_strip(part) for part in value]
    return value
