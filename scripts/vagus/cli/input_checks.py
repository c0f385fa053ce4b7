"""What can be known of a study without its reads: every mistake in what later stages read."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.errors import ConfigError, DamagedReadsError, ReadsError, VagusError, combine_errors

if TYPE_CHECKING:
    from vagus.study.study import Study


def load_checked(config_file: Path) -> Study:
    """The study of a config file; raises one VagusError that lists every mistake.

    That is what ``load_study`` and ``check_folder`` find one after the other.
    """
    from vagus.study.schema import read_config
    from vagus.study.study import examine_study

    study, mistakes = examine_study(read_config(config_file), config_file)
    try:
        check_folder(study, config_file)
    except VagusError as error:
        mistakes.append(error)
    if mistakes:
        raise combine_errors(mistakes)
    return study


def check_folder(study: Study, config: Path) -> None:
    """What can be known without reading reads: files are there and of the right kind.

    Raises one VagusError that lists all mistakes.
    """
    from vagus.study.results_folder import check_results

    check_results(study, config)
    mistakes = list(list_input_mistakes(study))
    if mistakes:
        raise combine_errors(mistakes)


def list_input_mistakes(study: Study) -> Iterator[VagusError]:
    """Mistakes in what later stages read, by their own readers."""
    for check in (check_primers, check_references, check_copy_numbers, check_mocks):
        try:
            check(study)
        except VagusError as error:
            yield error
    yield from _find_mistakes(study)
    if column := study.config["controls"]["concentration"]:
        from vagus.controls.contaminants import list_concentration_mistakes

        own = [sample for sample in study.samples if not sample.control]
        yield from list_concentration_mistakes(own, column, study.config["samples"])


def check_references(study: Study) -> None:
    """Raise VagusError for a reference that is neither installed nor a file with lineages."""
    from vagus.reference.catalogue import find_reference, name_databases
    from vagus.reference.parse import check_headers

    taxonomy = study.config["taxonomy"]
    references = [taxonomy["reference"], *taxonomy["more_references"]]
    name_databases(references)
    for reference in references:
        if find_reference(reference) == Path(reference):  # installed ones have been checked
            check_headers(reference)


def check_copy_numbers(study: Study) -> None:
    """Raise VagusError for a table of copy numbers that cannot be used."""
    from vagus.taxonomy.copy_numbers import read_copy_numbers

    choice = study.config["taxonomy"]["copy_numbers"]
    if choice != "none":
        read_copy_numbers(choice)


def check_mocks(study: Study) -> None:
    """Raise VagusError for a table of a mock community that cannot be used."""
    from vagus.controls.mocks import list_mocks, read_mocks

    if folder := study.config["controls"]["mock_folder"]:
        read_mocks(list_mocks(Path(folder)))


def check_primers(study: Study) -> None:
    """Raise ConfigError for a primer pair that nobody knows."""
    from vagus.reads.primers import list_candidates
    from vagus.study.keys import write_value

    try:
        list_candidates(write_value(study.config["reads"]["primers"]))
    except ConfigError as error:
        raise ConfigError(f"reads.primers: {error.what}", fix=error.fix) from None


def _find_mistakes(study: Study) -> Iterator[ReadsError]:
    from vagus.reads.sources import has_labels, recognise_format

    n_owners = Counter(path for sample in study.samples for path in set(sample.reads))
    for sample in study.samples:
        try:
            for path in sample.reads:
                recognise_format(path)
                if n_owners[path] > 1 and not has_labels(path):
                    raise ReadsError(
                        "the file belongs to several samples, but its reads have no barcodes",
                        fix="Give demultiplexed files, or a file whose reads are tagged", file=path,
                    )  # fmt: skip
        except DamagedReadsError:
            continue  # found again with its reads: the sample is a row with this reason
        except ReadsError as error:
            error.sample = sample.name
            error.fix = suggest_file(str(error.file)) or error.fix
            yield error


def suggest_file(path: str) -> str:
    """What to write instead of the path of a file that is not there; empty when it is."""
    if os.path.lexists(path):
        return ""
    if "\\" in path:
        slashed = path.replace("\\", "/")
        is_there = os.path.exists(slashed)
        return f"Write '{slashed}'" if is_there else "Write the path with '/', as it is here"
    if set(path) & set("*?"):
        return "Patterns are not expanded: name each file, joined by ';'"
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"The folder '{folder}' is missing too: correct the path in the sample sheet"
    near = difflib.get_close_matches(os.path.basename(path), sorted(os.listdir(folder)), n=1)
    return (
        f"Is '{os.path.join(folder, near[0])}' meant? Correct the path in the sheet" if near else ""
    )
