"""Export the study as AnnData (.h5ad): samples x ASVs with metadata, names and sequences."""

from vagus.cli.export_options import add_content_options, add_sequence_options, read_content
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_content_options(options)
add_sequence_options(options)
options.write("--h5ad", ".h5ad")


def step(arguments: Arguments) -> None:
    """Read the tables, write the export."""
    from vagus.exports.anndata_file import write_anndata

    write_anndata(read_content(arguments), arguments.asvs, arguments.tree, arguments.h5ad)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
