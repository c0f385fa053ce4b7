"""Export files that QIIME 2 imports, with a README of the commands."""

from vagus.cli.export_options import add_content_options, add_sequence_options, read_content
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_content_options(options)
add_sequence_options(options)
options.write("--folder", "folder")


def step(arguments: Arguments) -> None:
    """Read the tables, write the export."""
    from vagus.exports.qiime2 import write_qiime2

    write_qiime2(read_content(arguments), arguments.asvs, arguments.tree, arguments.folder)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
