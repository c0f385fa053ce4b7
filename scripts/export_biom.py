"""Export the ASV table as BIOM 2.1 with lineages and the sample sheet inside."""

from vagus.cli.export_options import add_content_options, read_content
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_content_options(options)
options.write("--biom", "BIOM 2.1")


def step(arguments: Arguments) -> None:
    """Read the tables, write the export."""
    from vagus.exports.biom_file import write_biom

    write_biom(read_content(arguments), arguments.biom)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
