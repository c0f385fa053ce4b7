"""Compare an ASV table of simulated reads with the truth that the simulator wrote.

Written to the output folder: truth_by_depth.tsv (true variants recovered exactly, by their true
reads), truth_by_sample.tsv (false variants, abundances), truth_false.tsv (each false variant with
its nearest true one and a probable reason) and, with --taxonomy, truth_taxonomy.tsv (names
that are right, rank by rank). Columns are described in scripts/vagus/demo/comparison.py.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(arguments: argparse.Namespace) -> None:
    """Read truth and results, write the tables."""
    from vagus.demo import comparison
    from vagus.reference.lineage import RANKS
    from vagus.sequences import read_fasta
    from vagus.tables import write_table
    from vagus.taxonomy.result_tables import read_asv_counts, read_taxonomy

    truth = comparison.Truth.read(arguments.truth)
    found = read_asv_counts(arguments.asv_table).set_index("asv")
    sequences = {header.split()[0]: text for header, text in read_fasta(arguments.fasta)}
    folder: Path = arguments.output
    write_table(comparison.compare_by_depth(truth, found), folder / "truth_by_depth.tsv")
    write_table(comparison.compare_by_sample(truth, found), folder / "truth_by_sample.tsv")
    write_table(comparison.explain_false(truth, found, sequences), folder / "truth_false.tsv")
    if arguments.taxonomy is not None:
        taxonomy = read_taxonomy(arguments.taxonomy, RANKS).set_index("Feature ID")
        names = comparison.compare_names(truth, found, taxonomy)
        write_table(names, folder / "truth_taxonomy.tsv")


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--truth", type=Path, required=True, help="folder truth/ of the simulated study")
    add("--asv-table", type=Path, required=True, help="counts: asv and one column a sample")
    add("--fasta", type=Path, required=True, help="sequences of the ASVs")
    add("--taxonomy", type=Path, help="taxonomy.tsv of the ASVs")
    add("--output", type=Path, required=True, help="folder for the tables")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
