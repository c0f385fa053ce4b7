"""Find ASVs that are contaminants, by negative controls and DNA concentrations.

Statistics of Davis et al. 2018 (Microbiome 6:226): prevalence in negative controls, and, when a
column with DNA concentrations is named, frequency, and both combined. With --kept-table and
--kept-asvs the ASVs that are called are removed; without, they are only reported.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_parser, run_step
from vagus.controls.settings import ContaminantSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--samples", required=True, type=Path, help="sample sheet")
    add("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    add("--asvs", type=Path, help="FASTA of the ASVs, when ASVs are removed")
    add("--taxonomy", required=True, type=Path, help="TSV of calls")
    add_settings(parser, ContaminantSettings, only=["contaminant_threshold", "concentration"])
    add("--contaminants", required=True, type=Path, help="output: TSV, one row an ASV")
    add("--ledger", required=True, type=Path, help="output: TSV, contaminant reads of each sample")
    add("--explanation", required=True, type=Path, help="output: how they were looked for")
    add("--kept-table", type=Path, help="output: counts without contaminants")
    add("--kept-asvs", type=Path, help="output: FASTA without contaminants")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Test, write the calls, and the table without them when asked."""
    from vagus.controls.contaminants import (
        add_names,
        find_contaminants,
        gather_evidence,
        tabulate_reads,
    )
    from vagus.controls.removal import write_without
    from vagus.diversity.count_table import read_count_table
    from vagus.files import open_whole
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.taxonomy.result_tables import read_taxonomy

    samples, table = read_sheet(arguments.samples), read_count_table(arguments.asv_table)
    evidence = gather_evidence(samples, table, arguments.concentration)
    found = find_contaminants(table, evidence, arguments.contaminant_threshold)
    taxonomy = read_taxonomy(arguments.taxonomy, ["genus", "species"], table.asvs)
    write_table(add_names(found, taxonomy), arguments.contaminants)
    removed = arguments.kept_table is not None
    write_table(tabulate_reads(table, found, removed), arguments.ledger)
    with open_whole(arguments.explanation) as stream:
        stream.write(evidence.explain() + "\n")
    if removed:
        called = set(found.loc[found["contaminant"] == "yes", "asv"])
        write_without(
            called, arguments.asv_table, arguments.asvs, arguments.kept_table, arguments.kept_asvs
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
