"""Provenance: what made the results. No times, no places, so equal runs give equal bytes.

One field is of the machine: its processor. All other results are the same on any.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

from vagus import __version__
from vagus.errors import VagusError
from vagus.files import digest_file, open_whole
from vagus.phylogeny.programs import describe_methods
from vagus.provenance.processor import describe_processor
from vagus.study.samples import Sample

# Packages whose versions can change results, and the workflow manager.
PACKAGES = (
    "biom-format",
    "biopython",
    "dnaio",
    "edlib",
    "llvmlite",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pyfamsa",
    "pysam",
    "scikit-bio",
    "scipy",
    "snakemake",
    "statsmodels",
    "veryfasttree",
    "xopen",
)


def make_provenance(
    config: dict[str, Any],
    samples: Sequence[Sample],
    references: Iterable[Path],
    sheet: Path | None = None,
) -> dict[str, Any]:
    """Versions, config and checksums as one object in a fixed order.

    Paths of files stay as they are in config and sheet when they are relative, and become bare
    file names when they are absolute. Reads that cannot be opened have no checksum. The rows of
    the sheet are here whole, sorted by name, so that the study can be run again from this alone.
    ``sheet`` is the file that the samples were read from, where this is a copy of the config's.
    """
    return {
        "vagus": __version__,
        "python": platform.python_version(),
        "packages": list_versions(),
        "phylogeny": describe_methods(config["phylogeny"]["aligner"]),
        "processor": describe_processor(),
        "config": strip_folders(config | {"results": name_results(config["results"])}),
        "samples": [
            _describe_sample(s, sheet, Path(config["samples"]))
            for s in sorted(samples, key=lambda s: s.name)
        ],
        "references": [describe_file(path) for path in references],
    }


def name_results(results: str) -> str:
    """The results folder within its study; outside of it the name alone, as of absolute paths."""
    place = PurePath(results)
    return place.name if ".." in place.parts else results


def _describe_sample(sample: Sample, sheet: Path | None, named: Path) -> dict[str, Any]:
    paths = [Path(path) for path in sample.reads]
    return {
        "sample": sample.name,
        "platform": sample.platform,
        "run": sample.run,
        "control": sample.control,
        "metadata": sample.metadata,
        "reads": [describe_file(path, _name_reads(path, sheet, named)) for path in paths],
    }


def _name_reads(path: Path, sheet: Path | None, named: Path) -> Path:
    """The path of reads as it is from the sheet that the config names."""
    if sheet is None or not path.is_relative_to(sheet.parent):
        return path
    return named.parent / path.relative_to(sheet.parent)


def write_provenance(content: dict[str, Any], path: Path) -> None:
    """Write as indented JSON."""
    with open_whole(path) as stream:
        json.dump(content, stream, indent=2, ensure_ascii=False)
        stream.write("\n")


def parse_config(text: str) -> dict[str, Any]:
    """The config from JSON text, with the defaults of the schema filled in."""
    from vagus.study.schema import fill_defaults

    try:
        config = json.loads(text)
    except ValueError as error:
        raise VagusError(
            f"the config is not JSON: {error}", fix="Give it as one JSON object"
        ) from None
    if not isinstance(config, dict):
        raise VagusError("the config is not an object", fix="Give it as one JSON object")
    return fill_defaults(config)


def list_versions() -> dict[str, str]:
    """Versions of the packages that are installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def describe_file(path: Path, shown: Path | None = None) -> dict[str, Any]:
    """Name, size and SHA-256 of a file; the name alone when it cannot be read."""
    name = strip_folders((shown or path).as_posix())
    try:
        return {"file": name, "bytes": path.stat().st_size, "sha256": digest_file(path, "sha256")}
    except OSError:
        return {"file": name, "bytes": None, "sha256": None}


def strip_folders(value: Any) -> Any:
    """The value with every absolute path in it cut to its last part."""
    if isinstance(value, dict):
        return {key: strip_folders(part) for key, part in value.items()}
    if isinstance(value, list):
        return [strip_folders(part) for part in value]
    if isinstance(value, str) and PurePath(value).is_absolute():
        return PurePath(value).name
    return value
