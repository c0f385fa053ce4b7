"""What may be wrong with a study although it runs: a sentence for each warning of ``check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from vagus.cli.layout import list_names
from vagus.cli.understood import list_mock_warnings
from vagus.engines import AUTO, ENGINES
from vagus.reads.platforms import find_platform

if TYPE_CHECKING:
    from vagus.reads.preflight import Preflight
    from vagus.study.samples import Sample
    from vagus.study.study import Study


Message = tuple[str, str]
"""Severity, 'error' or 'warning', and a sentence; the run goes on after either."""


def list_warnings(study: Study, findings: list[Preflight]) -> list[Message]:
    """All of them: the sheet first, then the design; ``findings`` are of the samples, in order."""
    from vagus.cohort.alpha_metrics import N_TESTED
    from vagus.study.design_checks import list_design_warnings

    samples, batches = _name_platforms(study, findings), study.config["controls"]["batch"]
    of_sheet = [
        *_list_level_warnings(study),
        *list_copies(study, findings),
        *list_mock_warnings(study, findings),
        *list_replicate_warnings(study),
    ]
    of_config = [*list_engine_warnings(study, findings), *list_reference_warnings(study)]
    return [
        *(("warning", text) for text in of_sheet),
        *list_design_warnings(samples, study.design, N_TESTED, batches),
        *(("warning", text) for text in of_config),
    ]


def _name_platforms(study: Study, findings: list[Preflight]) -> list[Sample]:
    """The samples with the platform that their reads show."""
    return [
        replace(sample, platform=finding.platform)
        for sample, finding in zip(study.samples, findings, strict=True)
    ]


def _list_level_warnings(study: Study) -> Iterator[str]:
    """Levels that are almost alike, in the columns of the design and of the controls."""
    from vagus.study.cell_checks import list_similar_levels
    from vagus.study.columns import has_text

    design, controls = study.design, study.config["controls"]
    named = [name for name in design.list_names() if name != design.time]
    more = [*controls["batch"], *filter(None, [controls["replicate"]])]
    codes = [name for name in (design.person, controls["replicate"]) if name]
    yield from list_similar_levels(study.own_samples, [*named, *more], codes)
    for name in study.categorical:
        if name in named and not has_text(study.own_samples, name):
            yield (
                f"the sheet calls the column '{name}' categorical (#q2:types), but its cells are "
                "numbers, and may enter as numbers. Begin them with a letter where they are levels."
            )


def list_replicate_warnings(study: Study) -> Iterator[str]:
    """A column of replicates in which no two samples are similar."""
    from vagus.controls.replicates import group_replicates

    column = study.config["controls"]["replicate"]
    if column and not group_replicates(study.samples, column):
        yield (
            f"no two samples have the same value of '{column}' (controls.replicate), so no "
            "replicates are compared. Replicates of one biological sample share its name there"
        )


def list_reference_warnings(study: Study) -> Iterator[str]:
    """The starter reference in a study that is not simulated from it."""
    from vagus.reference.starter import STARTER_DOUBT

    if study.config["taxonomy"]["reference"] == "starter" and not study.config["truth"]:
        yield STARTER_DOUBT


def list_copies(study: Study, findings: list[Preflight]) -> Iterator[str]:
    """Samples that begin with the same reads: one sample under two names."""
    owners: dict[str, str] = {}
    copies: dict[str, list[str]] = {}
    for sample, finding in zip(study.samples, findings, strict=True):
        for digest in finding.first_reads:
            owner = owners.setdefault(digest, sample.name)
            if owner != sample.name and sample.name not in copies.get(owner, ()):
                copies.setdefault(owner, []).append(sample.name)
    for owner, names in copies.items():
        begin, rows = ("begin", "their rows") if names[1:] else ("begins", "one of the rows")
        yield (
            f"{list_names(names, 'sample')}: {begin} with the same reads (names, bases and "
            f"qualities) as {owner}. Are they the same sample? Then remove {rows}"
        )


def list_engine_warnings(study: Study, findings: list[Preflight]) -> Iterator[str]:
    """An engine set in the config that does not suit the platform of some samples."""
    wanted = study.config["denoise"]["engine"]
    if wanted == AUTO or not ENGINES[wanted].needs_duplicates:
        return
    unsuited: dict[str, list[str]] = {}
    for sample, finding in zip(study.samples, findings, strict=True):
        unsuited.setdefault(finding.platform, []).append(sample.name)
    for name, samples in unsuited.items():
        platform = find_platform(name)
        if platform.engine and not ENGINES[platform.engine].needs_duplicates:
            yield (
                f"{list_names(samples)}: 'denoise.engine: {wanted}' needs exact duplicates, of "
                f"which {platform.short} reads have almost none; most reads would be lost. Set "
                f"'engine: auto' or '{platform.engine}'"
            )
