"""Command-line options that the programs of the denoise stage share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vagus.denoise.settings import DadaSettings

DEFAULTS = DadaSettings()


def add_choice_option(parser: ArgumentParser, engine: str) -> None:
    """The option by which a learning program takes only its engine's samples."""
    parser.add_argument("--engines", type=Path,
        help=f"engine of each sample (.tsv): only those of {engine} are used")  # fmt: skip


def add_plan_options(parser: ArgumentParser, engine: str) -> None:
    """What a program that plans a pool takes and writes, whichever engine denoises it."""
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of each sample of the run (.npz)")
    add("--shard-uniques", type=int, default=50_000, help="unique sequences of one job, about")
    add("--plan", type=Path, required=True, help="plan to write (.json)")
    add_choice_option(parser, engine)


def add_split_options(parser: ArgumentParser, places: str) -> None:
    """What a program that cuts a pool takes; ``places`` names the option that says where."""
    add = parser.add_argument
    add("samples", nargs="+", type=Path, help="unique sequences of each sample of the run (.npz)")
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add(f"--{places}", type=Path, required=True, help=f"{places} of the sequences (.npz)")
    add("--pieces", type=Path, required=True, help="folder to write, with a file for each shard")


def add_partition_options(parser: ArgumentParser) -> None:
    """Options that fill ``DadaSettings``."""
    add = parser.add_argument
    add("--mode", choices=("pruned", "exact"), default=DEFAULTS.mode, help="exact: no pruning")
    add("--omega-a", type=float, default=DEFAULTS.omega_a, help="p-value that founds a variant")
    add("--omega-c", type=float, default=DEFAULTS.omega_c, help="p-value of an assigned sequence")
    add("--band-bp", type=int, default=DEFAULTS.band_bp, help="half-width of alignment bands")
    add("--kmer-distance-cutoff", type=float, default=DEFAULTS.kmer_distance_cutoff,
        help="5-mer distance beyond which sequences are not compared")  # fmt: skip
    add("--match", type=int, default=DEFAULTS.match, help="alignment score")
    add("--mismatch", type=int, default=DEFAULTS.mismatch, help="alignment score")
    add("--gap", type=int, default=DEFAULTS.gap, help="alignment score of each gapped base")


def add_indel_option(parser: ArgumentParser) -> None:
    """Option of programs that denoise a sample by itself."""
    parser.add_argument("--indels", choices=("ignore", "model"), default=DEFAULTS.indels,
        help="whether gaps cost nothing or the chance of an indel error")  # fmt: skip


def add_prior_options(parser: ArgumentParser) -> None:
    """Options of programs that take priors."""
    parser.add_argument("--omega-p", type=float, default=DEFAULTS.omega_p,
        help="p-value by which a prior founds a variant")  # fmt: skip


def read_settings(arguments: Namespace) -> DadaSettings:
    """Settings from parsed options."""
    return DadaSettings(
        mode=arguments.mode,
        omega_a=arguments.omega_a,
        omega_c=arguments.omega_c,
        omega_p=getattr(arguments, "omega_p", DEFAULTS.omega_p),
        band_bp=arguments.band_bp,
        kmer_distance_cutoff=arguments.kmer_distance_cutoff,
        match=arguments.match,
        mismatch=arguments.mismatch,
        gap=arguments.gap,
        indels=getattr(arguments, "indels", DEFAULTS.indels),
    )
