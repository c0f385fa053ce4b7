"""Summarise reads of taxa with a documented gut-brain capacity: potential, not measurement."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", type=Path, required=True, help="asv_table.tsv")
    parser.add_argument("--taxonomy", type=Path, required=True, help="taxonomy.tsv")
    parser.add_argument("--samples", type=Path, required=True, help="sample sheet")
    parser.add_argument(
        "--group", nargs="*", default=[], metavar="COLUMN", help="columns whose levels to summarise"
    )
    parser.add_argument(
        "--tables", type=Path, help="folder of the tables of taxa; default: shipped"
    )
    parser.add_argument("--taxa", type=Path, required=True, help="output: ASVs that match (TSV)")
    parser.add_argument("--sample-sums", type=Path, required=True, help="output: by sample (TSV)")
    parser.add_argument("--coverage", type=Path, required=True, help="output: share named (TSV)")
    parser.add_argument("--group-sums", type=Path, required=True, help="output: by group (TSV)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Match names, sum reads, write four tables."""
    from vagus.diversity.count_table import read_count_table
    from vagus.gut_brain.knowledge import FOLDER, read_knowledge
    from vagus.gut_brain.summary import (
        match_asvs,
        measure_coverage,
        summarise_groups,
        summarise_samples,
    )
    from vagus.study.people import check_columns
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.taxonomy.result_tables import read_taxonomy

    knowledge = read_knowledge(arguments.tables or FOLDER)
    table = read_count_table(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["genus", "species"], table.asvs)
    reads = dict(zip(table.asvs, table.counts.sum(axis=0).tolist(), strict=True))
    order = sorted(table.asvs, key=lambda asv: (-reads[asv], asv))
    matches = match_asvs(taxonomy, order, knowledge)
    samples = summarise_samples(table, matches, list(knowledge.capacities))
    own = [sample for sample in read_sheet(arguments.samples) if not sample.control]
    check_columns(own, arguments.group)
    groups = {
        name: {s.name: s.value(name) for s in own if s.value(name)} for name in arguments.group
    }
    write_table(matches, arguments.taxa)
    write_table(samples, arguments.sample_sums)
    write_table(measure_coverage(table, taxonomy, matches), arguments.coverage)
    write_table(summarise_groups(samples, groups), arguments.group_sums)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
