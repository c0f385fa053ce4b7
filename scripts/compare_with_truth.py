"""Compare an ASV table of simulated reads with the truth that the simulator wrote.

Tables of true variants recovered exactly, of false variants and abundances by sample, of reasons
of false variants, and, with --taxonomy, of right names.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--true-table", type=Path, required=True, help="asv_table.tsv of the truth")
    add("--variants", type=Path, required=True, help="variants.tsv of the truth")
    add("--sequences", type=Path, required=True, help="variants.fasta of the truth")
    add("--true-chimeras", type=Path, required=True, help="chimeras.tsv of the truth")
    add("--asv-table", type=Path, required=True, help="counts: asv and one column a sample")
    add("--fasta", type=Path, required=True, help="sequences of the ASVs")
    add("--taxonomy", type=Path, help="taxonomy.tsv of the ASVs")
    add("--by-depth", type=Path, required=True, help="output: recovery by true reads (TSV)")
    add("--by-sample", type=Path, required=True, help="output: one row a sample (TSV)")
    add("--false", type=Path, required=True, help="output: false variants (TSV)")
    add("--names", type=Path, help="output, with --taxonomy: right names by rank (TSV)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read truth and results, write the tables."""
    from vagus.demo import comparison
    from vagus.reference.lineage import RANKS
    from vagus.sequences import read_fasta
    from vagus.tables import write_table
    from vagus.tables.stages.demo import (
        TRUTH_BY_DEPTH,
        TRUTH_BY_SAMPLE,
        TRUTH_FALSE,
        TRUTH_TAXONOMY,
    )
    from vagus.tables.wide import read_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    truth = comparison.Truth.load(
        arguments.true_table, arguments.variants, arguments.sequences, arguments.true_chimeras
    )
    found = read_wide(arguments.asv_table)
    sequences = {header.split()[0]: text for header, text in read_fasta(arguments.fasta)}
    write_table(comparison.compare_by_depth(truth, found), arguments.by_depth, TRUTH_BY_DEPTH)
    write_table(comparison.compare_by_sample(truth, found), arguments.by_sample, TRUTH_BY_SAMPLE)
    write_table(comparison.explain_false(truth, found, sequences), arguments.false, TRUTH_FALSE)
    if arguments.taxonomy is not None:
        taxonomy = read_taxonomy(arguments.taxonomy, RANKS).set_index("Feature ID")
        right = comparison.compare_names(truth, found, taxonomy)
        write_table(right, arguments.names, TRUTH_TAXONOMY)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
