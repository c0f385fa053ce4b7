"""Command-line options that the programs of the ``phase`` engine share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vagus.phase.settings import PhaseSettings

DEFAULTS = PhaseSettings()


def add_phase_options(parser: ArgumentParser) -> None:
    """Options that fill ``PhaseSettings``."""
    add = parser.add_argument
    add("--min-variant-reads", type=int, default=DEFAULTS.min_reads, help="reads of a variant")
    add("--margin", type=float, default=DEFAULTS.margin, help="extra evidence asked for, in nats")
    add(
        "--max-strand-odds",
        type=float,
        default=DEFAULTS.max_strand_odds,
        help="refuse variants on one site whose strands look more like an error's by this",
    )
    add(
        "--max-measured-error-rate",
        type=float,
        default=DEFAULTS.max_measured_error_rate,
        help="do not denoise reads with more errors per base",
    )


def read_phase_settings(arguments: Namespace) -> PhaseSettings:
    """Settings from parsed options."""
    return PhaseSettings(
        min_reads=arguments.min_variant_reads,
        margin=arguments.margin,
        max_strand_odds=arguments.max_strand_odds,
        max_measured_error_rate=arguments.max_measured_error_rate,
    )
