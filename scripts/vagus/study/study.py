"""A study: a checked config and the samples that it describes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from vagus.errors import CONTROL, ConfigError, VagusError, combine_errors
from vagus.study.cell_checks import list_number_mistakes, list_reference_mistakes
from vagus.study.columns import describe_column, drop_controls
from vagus.study.design import StudyDesign
from vagus.study.people import NO_SUBJECT
from vagus.study.samples import Sample, examine_sheet
from vagus.study.schema import read_config, suggest_name, validate_config

_LONGEST_NAME, _LONGEST_PATH, _SHOWN = 255, 3000, 60
_PATTERN = re.compile(r"<[a-z][a-z0-9_]*>|[{}]")


@dataclass(frozen=True)
class Study:
    """Config with all defaults filled, and samples sorted by name.

    ``categorical`` are columns of which the sheet itself says so (QIIME 2).
    """

    config: dict[str, Any]
    samples: tuple[Sample, ...]
    categorical: tuple[str, ...] = ()

    @cached_property
    def _by_key(self) -> dict[str, Sample]:
        return {sample.key: sample for sample in self.samples}

    def sample(self, key: str) -> Sample:
        """The sample whose files carry ``key``."""
        return self._by_key[key]

    @cached_property
    def runs(self) -> dict[str, tuple[Sample, ...]]:
        """Samples of each run, by the run's key, sorted."""
        keys = sorted({sample.run_key for sample in self.samples})
        return {key: tuple(s for s in self.samples if s.run_key == key) for key in keys}

    @property
    def design(self) -> StudyDesign:
        """What the columns of the sheet are to the study."""
        return StudyDesign.from_config(self.config)

    @property
    def own_samples(self) -> list[Sample]:
        """Samples that are not controls, sorted by name, with their times placed."""
        return self.design.select_samples(self.samples)

    @property
    def groups(self) -> list[str]:
        """Columns whose levels are compared."""
        return list(self.design.groups)

    @property
    def subject(self) -> str | None:
        """Column that names the person; None when none is named, or 'none' is."""
        return self.design.person


def load_study(config_path: Path) -> Study:
    """Read and check a config file and its sample sheet (found from the current folder)."""
    return make_study(read_config(config_path), config_path)


def make_study(config: dict[str, Any], file: Path | str | None = None) -> Study:
    """Check a config that has been read, and the sample sheet that it names.

    Raises ConfigError for unknown keys, values out of range, an inconsistent
    sheet, columns that are missing from the sheet, and groups that cannot be compared.
    """
    study, mistakes = examine_study(config, file)
    if mistakes:
        raise combine_errors(mistakes)
    return study


def examine_study(
    config: dict[str, Any], file: Path | str | None = None
) -> tuple[Study, list[VagusError]]:
    """The study as far as it is understood, and all mistakes of config, sheet and design.

    Rows of the sheet with mistakes are not in it; then nothing is said of the levels of columns.
    Raises ConfigError for keys and values that the schema does not allow, and for a sheet of which
    no row can be read.
    """
    filled = validate_config(config, file)
    filled["results"] = _check_results(filled["results"], file)
    sheet, mistakes = examine_sheet(filled["samples"])
    if not sheet.samples:
        raise combine_errors(mistakes)
    study = Study(filled, sheet.samples, sheet.categorical)
    is_whole = not mistakes
    for check in (_check_paths, _check_lengths, _check_rescue, _check_indels):
        try:
            check(study, file)
        except ConfigError as error:
            mistakes.append(error)
    missing = list(_list_missing_columns(study, file))
    mistakes += missing
    if not missing:
        mistakes += _list_design_mistakes(study, file, is_whole)
    return study, mistakes


def _check_results(path: str, file: Path | str | None) -> str:
    """The path of the results folder without needless dots and slashes, when it can be one."""
    problem = None
    if path.startswith("~"):
        problem = "begins with '~', which is not expanded here. Write the full path"
    elif "://" in path:
        problem = "is an address. Name a folder"
    elif path.startswith("-"):
        problem = "begins with '-', as options do. Name another folder"
    elif path != path.strip():
        problem = "begins or ends with a blank. Name another folder"
    elif CONTROL.search(path):
        problem = "has a control character. Name another folder"
    elif any(len(os.fsencode(part)) > _LONGEST_NAME for part in Path(path).parts):
        problem = f"has a name of more than {_LONGEST_NAME} bytes. Shorten it"
    elif len(os.path.abspath(path).encode()) > _LONGEST_PATH:
        problem = f"is longer than {_LONGEST_PATH} bytes. Shorten it"
    if problem:
        what, fix = problem.split(". ")
        shown = path if len(path) <= _SHOWN else f"{path[:_SHOWN]}..."
        raise ConfigError(f"'results' ({shown!r}) {what}", file=file, fix=fix)
    return re.sub("^//", "/", str(Path(path)))


def _check_paths(study: Study, file: Path | str | None) -> None:
    """Refuse paths that the workflow manager would take for patterns."""
    own = [study.config["samples"], study.config["results"]]
    taxonomy = study.config["taxonomy"]
    own += [taxonomy["reference"], *taxonomy["more_references"], taxonomy["copy_numbers"]]
    own += filter(None, [study.config["truth"], study.config["controls"]["mock_folder"]])
    reads = [path for sample in study.samples for path in sample.reads]
    for path in filter(CONTROL.search, [*own, *reads]):
        raise ConfigError(
            f"the path {path!r} has a control character", file=file, fix="Write it again"
        )
    for path in own:
        if _PATTERN.search(path):
            raise ConfigError(
                f"the path {path!r} contains braces or a word between < and >, which the workflow "
                "would take for a pattern", file=file, fix="Rename it",
            )  # fmt: skip
    for sample in study.samples:
        for path in filter(_PATTERN.search, sample.reads):
            raise ConfigError(
                f"the path {path!r} contains braces or a word between < and >, which the workflow "
                "would take for a pattern", file=study.config["samples"], sample=sample.name,
                fix="Rename the file",
            )  # fmt: skip


def _check_lengths(study: Study, file: Path | str | None) -> None:
    reads = study.config["reads"]
    if reads["min_length_bp"] >= reads["max_length_bp"]:
        raise ConfigError(
            f"reads.min_length_bp ({reads['min_length_bp']}) is not below reads.max_length_bp "
            f"({reads['max_length_bp']})",
            file=file, fix="Set a window that reads can fall into",
        )  # fmt: skip


def _check_rescue(study: Study, file: Path | str | None) -> None:
    denoise = study.config["denoise"]
    if denoise["rescue"] and denoise["omega_rescue"] >= denoise["omega_c"]:
        raise ConfigError(
            f"denoise.omega_rescue ({denoise['omega_rescue']:g}) is not below denoise.omega_c "
            f"({denoise['omega_c']:g}), so nothing could be rescued",
            file=file, fix="Set a smaller omega_rescue, such as 1e-80, or switch rescue off",
        )  # fmt: skip


def _check_indels(study: Study, file: Path | str | None) -> None:
    denoise = study.config["denoise"]
    if denoise["indels"] == "model" and denoise["pooling"] == "pooled":
        raise ConfigError(
            "denoise.indels: model does not work with denoise.pooling: pooled",
            file=file, fix="Set indels: ignore, or pooling: independent or pseudo",
        )  # fmt: skip


def _list_missing_columns(study: Study, file: Path | str | None) -> Iterator[ConfigError]:
    """Columns that the config names and the sheet does not have."""
    cohort = study.config["cohort"]
    columns = list(study.samples[0].metadata)
    named = [("cohort.group", name) for name in study.groups]
    named += [("cohort.subject", study.subject)] if study.subject else []
    named += [("cohort.time", cohort["time"])] if cohort["time"] else []
    named += [("cohort.covariates", name) for name in cohort["covariates"]]
    controls = study.config["controls"]
    single = [key for key in ("concentration", "replicate") if controls[key]]
    named += [(f"controls.{key}", controls[key]) for key in single]
    named += [("controls.batch", name) for name in controls["batch"]]
    if cohort["subject"] == NO_SUBJECT and NO_SUBJECT in columns:
        yield ConfigError(
            "cohort.subject is 'none', which means that no column names people, but a column is "
            "called so", file=file, fix="Rename the column in the sheet",
        )  # fmt: skip
    for key, name in named:
        if name not in columns:
            yield ConfigError(
                f"{key} names the column '{name}', which is not in {study.config['samples']}",
                file=file, fix=suggest_name(name, columns) if columns else
                "The sheet has no metadata columns: add them, or leave the key empty",
            )  # fmt: skip


def _list_design_mistakes(
    study: Study, file: Path | str | None, is_whole: bool
) -> list[VagusError]:
    """Times, numbers, groups and references that the cohort stage could not use.

    Of a sheet that is not whole only its cells are judged, not which levels there are.
    """
    sheet, design = study.config["samples"], study.design
    mistakes: list[VagusError] = []
    samples = drop_controls(study.samples)
    try:
        samples = design.select_samples(samples)
        if is_whole:
            mistakes += list_reference_mistakes(samples, design, str(file or "config"))
    except ConfigError as error:
        error.file = sheet
        mistakes.append(error)
    mistakes += list_number_mistakes(samples, design, sheet)
    for name in study.groups if is_whole else ():
        try:
            describe_column(samples, name, None)
        except ConfigError as error:
            error.file = sheet
            mistakes.append(error)
    return mistakes
