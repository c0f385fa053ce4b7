"""Export plain files and the R program that makes a phyloseq object of them."""

from vagus.cli.export_options import add_content_options, add_sequence_options, read_content
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_content_options(options)
add_sequence_options(options)
options.write("--folder", "folder")


def step(arguments: Arguments) -> None:
    """Read the tables, write the export."""
    from vagus.exports.phyloseq import write_phyloseq

    write_phyloseq(read_content(arguments), arguments.asvs, arguments.tree, arguments.folder)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
