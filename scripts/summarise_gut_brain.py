"""Summarise reads of taxa with a documented gut-brain capacity: potential, not measurement."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--asv-table", type=Path, required=True, help="asv_table.tsv")
    add("--taxonomy", type=Path, required=True, help="taxonomy.tsv")
    add("--samples", type=Path, required=True, help="sample sheet")
    add("--group", nargs="*", default=[], metavar="COLUMN", help="columns of levels to summarise")
    add("--tables", type=Path, help="folder of the tables of taxa; default: shipped")
    add("--taxa", type=Path, required=True, help="output: ASVs that match (TSV)")
    add("--sample-sums", type=Path, required=True, help="output: by sample (TSV)")
    add("--coverage", type=Path, required=True, help="output: share named (TSV)")
    add("--group-sums", type=Path, required=True, help="output: by group (TSV)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Match names, sum reads, write four tables."""
    from vagus.gut_brain.knowledge import FOLDER, read_knowledge
    from vagus.gut_brain.summary import summarise
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.gut_brain import (
        CAPACITIES,
        CAPACITY_COVERAGE,
        CAPACITY_GROUPS,
        CAPACITY_TAXA,
    )
    from vagus.taxonomy.result_tables import read_taxonomy

    knowledge = read_knowledge(arguments.tables or FOLDER)
    table = read_count_table(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["genus", "species"], table.asvs)
    samples = read_sheet(arguments.samples)
    found = summarise(table, taxonomy, samples, arguments.group, knowledge)
    write_table(found.taxa, arguments.taxa, CAPACITY_TAXA)
    write_table(found.samples, arguments.sample_sums, CAPACITIES)
    write_table(found.coverage, arguments.coverage, CAPACITY_COVERAGE)
    write_table(found.groups, arguments.group_sums, CAPACITY_GROUPS)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
