"""Compare an ASV table of simulated reads with the truth that the simulator wrote.

Tables of true variants recovered exactly, of false variants and abundances by sample, of reasons
of false variants, and, with --taxonomy, of right names.
"""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--true-table", "asv_table.tsv of the truth")
options.read("--variants", "variants.tsv of the truth")
options.read("--sequences", "variants.fasta of the truth")
options.read("--true-chimeras", "chimeras.tsv of the truth")
options.read("--asv-table", "counts: asv and one column a sample")
options.read("--fasta", "sequences of the ASVs")
options.read_if_given("--taxonomy", "taxonomy.tsv of the ASVs")
options.write("--by-depth", "recovery by true reads (TSV)")
options.write("--by-sample", "one row a sample (TSV)")
options.write("--false", "false variants (TSV)")
options.write_if_asked("--names", "output, with --taxonomy: right names by rank (TSV)")


def step(arguments: Arguments) -> None:
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


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
