"""Score mock communities, measure repeatability, check batches, and judge each sequencing run.

The tables are mocks, mock_taxa, replicates, repeatability, batches, checks and verdict.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import add_named_files, make_parser, run_step
from vagus.controls.settings import ControlSettings
from vagus.study.design_settings import DesignSettings
from vagus.study.general_settings import GeneralSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--samples", required=True, type=Path, help="sample sheet")
    add("--asv-table", required=True, type=Path, help="TSV of the ASVs that are analysed")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add("--contaminants", required=True, type=Path, help="contaminants.tsv of find_contaminants")
    add("--ledger", required=True, type=Path, help="ledger.tsv of find_contaminants")
    add("--alpha", required=True, type=Path, help="alpha.tsv of the diversity stage")
    add_named_files(parser, "--beta", "METRIC=TSV", "distances for replicates and batches")
    add("--mock", action="append", default=[], type=Path, help="composition of a mock of your own")
    add_settings(parser, ControlSettings, only=["replicate", "batch"])
    add_settings(parser, DesignSettings, only=["group", "subject", "permutations"])
    add_settings(parser, GeneralSettings, only=["seed"])
    add_named_files(parser, "--table", "NAME=TSV", "output: table of this name")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read, assess, write."""
    from vagus.controls.assessment import ControlStudy, assess
    from vagus.controls.batches import BatchDesign
    from vagus.controls.mocks import list_mocks, read_mocks
    from vagus.diversity.alpha_table import read_alpha
    from vagus.diversity.count_table import read_count_table
    from vagus.diversity.distances import read_distances
    from vagus.study.samples import read_sheet
    from vagus.tables import read_columns, write_table
    from vagus.taxonomy.result_tables import read_taxonomy

    found = read_columns(arguments.contaminants, "table of contaminants", texts=["asv", "method"])
    study = ControlStudy(
        read_sheet(arguments.samples),
        read_count_table(arguments.asv_table),
        read_taxonomy(arguments.taxonomy, ["genus", "species"]),
        str(found["method"].iloc[0]) if len(found) else "none",
        read_columns(
            arguments.ledger,
            "ledger of contaminants",
            texts=["sample"],
            counts=["reads", "contaminant_reads"],
        ),
        read_alpha(arguments.alpha),
        {metric: read_distances(path) for metric, path in arguments.beta},
    )
    mocks = read_mocks([*list_mocks(), *arguments.mock])
    person = read_settings(arguments, DesignSettings).person
    names = (tuple(arguments.batch), tuple(arguments.group), person)
    design = BatchDesign(*names, arguments.permutations, arguments.seed)
    tables = assess(study, mocks, arguments.replicate, design)
    for name, path in arguments.table:
        write_table(tables[name], path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
