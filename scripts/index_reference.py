"""Index a taxonomy reference for classification.

The index is kept for all studies: beside an installed reference, else in the user's cache folder
($VAGUS_CACHE); where neither can be written, beside the record. What is there already is not built
again. With --index it is built and written to that file.

The reference is an installed one, or a FASTA (plain or compressed) whose headers read
'>accession domain;phylum;class;order;family;genus;species', empty where unknown, or are those of
dada2, SINTAX, GTDB, SILVA or RDP, or any FASTA with a table of accession and lineage.
"""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.add("--reference", required=True, help="name of an installed reference, or path of a FASTA")
options.read_if_given("--taxonomy", "TSV of accession and lineage, when headers carry none")
options.add("--min-length-bp", type=int, default=900, help="shorter references are left out")
options.write_if_asked("--record", "name, checksum and counts (.json)")
options.write_if_asked("--index", "index file")


def step(arguments: Arguments) -> None:
    """Build the index unless it is there, write what it is of."""
    from vagus.files import write_json
    from vagus.reference.index_places import IndexSource, load_index

    source = IndexSource(arguments.reference, arguments.taxonomy, arguments.min_length_bp)
    if arguments.index:
        source.build().save(arguments.index)
    if arguments.record:
        index = load_index(source, arguments.record.parent)
        write_json(index.describe(source.name, source.sha256), arguments.record)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
