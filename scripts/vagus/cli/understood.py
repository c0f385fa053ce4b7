"""What `vagus check` understood of the reads: part of the gene, chemistry, mock communities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vagus.controls.mock_fit import MockFit
    from vagus.controls.mocks import Mock
    from vagus.reads.preflight import Preflight
    from vagus.study.samples import Sample
    from vagus.study.study import Study

MOST_SHOWN = 3
LEAST_OF_MOCK = 0.3


def list_contents(findings: Sequence[Preflight]) -> list[str]:
    """What the reads are, a line for each kind, with the positions of its first sample."""
    kinds: dict[str, list[str]] = {}
    for found in findings:
        if found.content:
            kind = re.sub(r" \(positions[^)]*\)", "", found.content)
            kinds.setdefault(kind, []).append(found.content)
    return [
        f"Reads: {contents[0]} in {_count(len(contents), 'sample')}" for contents in kinds.values()
    ]


def list_mocks_found(samples: Sequence[Sample], findings: Sequence[Preflight]) -> list[str]:
    """Samples that fit a mock community, a line for each mock."""
    fitting: dict[str, list[tuple[str, MockFit]]] = {}
    for sample, found in zip(samples, findings, strict=True):
        if (fit := _find_best(found)) is not None:
            fitting.setdefault(fit.key, []).append((sample.name, fit))
    return [
        f"Mock community {key} fits: "
        + _join([f"{name} ({fit.share:.0%} of {fit.n_reads} reads)" for name, fit in members])
        for key, members in sorted(fitting.items())
    ]


def read_known_mocks(study: Study) -> list[Mock]:
    """The mocks that come with Vagus and those of the study, each once, by key."""
    mocks = _read_all(study)
    return [mock for _, mock in sorted({mock.key: mock for mock in mocks.values()}.items())]


def list_mock_warnings(study: Study, findings: Sequence[Preflight]) -> Iterator[str]:
    """Controls whose mock is not known or does not fit, samples that seem to be a mock."""
    yield from _list_unknown_mocks(study, findings)
    yield from _list_other_mocks(study, findings)
    for key, names in _group_hidden(study, findings).items():
        yield (
            f"{_join(names)}: the reads fit the mock community {key}. If this is a control, write "
            f"'positive:{key}' into the column 'control'"
        )


def _list_unknown_mocks(study: Study, findings: Sequence[Preflight]) -> Iterator[str]:
    """Positive controls whose composition is not known, and what their reads fit."""
    from vagus.controls.mocks import normalise_name

    mocks = _read_all(study)
    unknown: dict[tuple[str, str], list[str]] = {}
    for sample, name, found in _list_positive(study, findings):
        if normalise_name(name) not in mocks:
            fit = _find_best(found)
            unknown.setdefault((name, fit.key if fit else ""), []).append(sample.name)
    known = ", ".join(sorted({mock.key for mock in mocks.values()}))
    for (name, key), samples in unknown.items():
        advice = (
            f"The reads fit {key}: write 'positive:{key}'"
            if key
            else f"Known: {known}. Put a table of your own into 'controls.mock_folder'"
        )
        yield (
            f"{_join(samples)}: the composition of the mock '{name}' is not known, so the control "
            f"is not scored. {advice}"
        )


def _list_other_mocks(study: Study, findings: Sequence[Preflight]) -> Iterator[str]:
    """Positive controls whose reads are of another mock than the sheet names, or of none."""
    from vagus.controls.mocks import normalise_name

    mocks = _read_all(study)
    for sample, name, found in _list_positive(study, findings):
        mock = mocks.get(normalise_name(name))
        own = next((fit for fit in found.mock_fits if mock and fit.key == mock.key), None)
        best = _find_best(found)
        if own is None or best == own or own.is_good:
            continue
        if best is not None:
            yield f"{sample.name}: the sheet names the mock {name}, but the reads fit {best.key}"
        elif own.share < LEAST_OF_MOCK:
            yield (
                f"{sample.name}: only {own.share:.0%} of {own.n_reads} reads are of species of the "
                f"mock {name}. Were samples exchanged?"
            )


def _group_hidden(study: Study, findings: Sequence[Preflight]) -> dict[str, list[str]]:
    """Samples that fit a mock and are no control, by mock."""
    hidden: dict[str, list[str]] = {}
    for sample, found in zip(study.samples, findings, strict=True):
        fit = _find_best(found)
        if fit is not None and not sample.control:
            hidden.setdefault(fit.key, []).append(sample.name)
    return hidden


def _list_positive(
    study: Study, findings: Sequence[Preflight]
) -> Iterator[tuple[Sample, str, Preflight]]:
    """Positive controls with the name of their mock and what was found in them."""
    from vagus.controls.mocks import POSITIVE

    for sample, found in zip(study.samples, findings, strict=True):
        if sample.control.startswith(POSITIVE):
            yield sample, sample.control.removeprefix(POSITIVE), found


def _read_all(study: Study) -> dict[str, Mock]:
    from vagus.controls.mocks import list_mocks, read_mocks

    own = study.config["controls"]["mock_folder"]
    return read_mocks([*list_mocks(), *(list_mocks(Path(own)) if own else [])])


def _find_best(found: Preflight) -> MockFit | None:
    """The mock that the reads of a sample fit, if they fit one."""
    best: MockFit | None = next(iter(found.mock_fits), None)
    return best if best is not None and best.is_good else None


def _join(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'s' * (n != 1)}"
