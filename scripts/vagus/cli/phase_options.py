"""Command-line options that the programs of the ``phase`` engine share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vagus.phase.settings import PhaseSettings

DEFAULTS = PhaseSettings()


def add_phase_options(parser: ArgumentParser) -> None:
    """Options that fill ``PhaseSettings``; the words are those of the config."""
    add = parser.add_argument
    add("--phase-min-reads", type=int, default=DEFAULTS.min_reads, help="reads of a variant")
    add(
        "--phase-margin",
        type=float,
        default=DEFAULTS.margin,
        help="extra evidence asked for, in nats",
    )
    add(
        "--phase-max-strand-odds",
        type=float,
        default=DEFAULTS.max_strand_odds,
        help="refuse variants on one site whose strands look more like an error's by this",
    )
    add(
        "--phase-max-error-rate",
        type=float,
        default=DEFAULTS.max_measured_error_rate,
        help="do not denoise reads with more errors per base",
    )


def read_phase_settings(arguments: Namespace) -> PhaseSettings:
    """Settings from parsed options."""
    return PhaseSettings(
        min_reads=arguments.phase_min_reads,
        margin=arguments.phase_margin,
        max_strand_odds=arguments.phase_max_strand_odds,
        max_measured_error_rate=arguments.phase_max_error_rate,
    )
