"""Score mock communities, measure repeatability, check batches, and judge each sequencing run.

The tables are mocks, mock_taxa, replicates, repeatability, batches, checks and verdict.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import add_named_files, make_main, make_parser
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
    from vagus.controls.assessment import ControlFiles, assess
    from vagus.controls.batches import BatchDesign
    from vagus.controls.mocks import list_mocks, read_mocks
    from vagus.tables import write_table
    from vagus.tables.stages.controls import BY_NAME

    names = ("samples", "asv_table", "taxonomy", "contaminants", "ledger", "alpha")
    own = {name: getattr(arguments, name) for name in names}
    files = ControlFiles(**own, beta=dict(arguments.beta))
    mocks = read_mocks([*list_mocks(), *arguments.mock])
    person = read_settings(arguments, DesignSettings).person
    columns = (tuple(arguments.batch), tuple(arguments.group), person)
    design = BatchDesign(*columns, arguments.permutations, arguments.seed)
    tables = assess(files.read(), mocks, arguments.replicate, design)
    for name, path in arguments.table:
        write_table(tables[name], path, BY_NAME[name])


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
