"""Export the ASVs as an EMBL flat file, as sequence archives take them."""

from pathlib import Path

from vagus.cli.export_options import add_content_options, read_content
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_content_options(options)
options.add("--asvs", type=Path, required=True, help="FASTA of the ASVs")
options.write("--embl", "EMBL flat file")


def step(arguments: Arguments) -> None:
    """Read the tables, write the export."""
    from vagus.exports.embl_file import write_embl
    from vagus.sequences import read_fasta

    write_embl(read_content(arguments), read_fasta(arguments.asvs), arguments.embl)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
