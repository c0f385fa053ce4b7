"""Options that programs of the cohort stage share: sheet, columns of the design, diversity."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vagus.cli.settings_options import add_settings
from vagus.cli.step import add_named_files
from vagus.study.design_settings import DesignSettings
from vagus.study.general_settings import GeneralSettings

if TYPE_CHECKING:
    import pandas as pd

    from vagus.diversity.distances import Distances
    from vagus.study.design import StudyDesign
    from vagus.study.samples import Sample


@dataclass(frozen=True)
class MeasuredStudy:
    """What is compared: the design, samples without controls, alpha metrics and distances."""

    design: StudyDesign
    samples: list[Sample]
    alpha: pd.DataFrame
    distances: dict[str, Distances]


def add_design_options(parser: argparse.ArgumentParser) -> None:
    """Sheet, columns, permutations, seed; ``read_design`` takes them."""
    parser.add_argument("--samples", required=True, help="sample sheet")
    add_settings(parser, DesignSettings)
    add_settings(parser, GeneralSettings, only=["seed"])


def read_design(options: argparse.Namespace) -> StudyDesign:
    """The design from the options of ``add_design_options``."""
    from vagus.study.design import StudyDesign

    return StudyDesign(
        tuple(options.group),
        options.subject,
        options.time,
        tuple(options.covariates),
        options.permutations,
        options.seed,
        tuple(options.reference),
        tuple(options.times),
        options.time_unit,
    )


def add_diversity_options(parser: argparse.ArgumentParser) -> None:
    """Design, alpha diversity and distances; ``read_study`` takes them."""
    add_design_options(parser)
    parser.add_argument("--alpha", required=True, help="alpha.tsv of the diversity stage")
    add_named_files(parser, "--beta", "METRIC=TSV", "distances to compare")


def read_study(options: argparse.Namespace) -> MeasuredStudy:
    """The study from the options of ``add_diversity_options``."""
    from vagus.diversity.alpha_table import read_alpha
    from vagus.diversity.distances import read_distances
    from vagus.study.samples import read_sheet

    design = read_design(options)
    return MeasuredStudy(
        design,
        design.select_samples(read_sheet(options.samples)),
        read_alpha(options.alpha),
        {metric: read_distances(path) for metric, path in options.beta},
    )
