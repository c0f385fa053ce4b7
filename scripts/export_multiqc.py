"""Export MultiQC custom content: general statistics, where reads went, composition by genus."""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--ledger", "ledger.tsv of denoise")
options.read("--alpha", "alpha.tsv of diversity")
options.read("--composition", "composition_genus.tsv of selection")
options.add(
    "--control", action="append", default=[], metavar="SAMPLE",
    help="a sample that is a control; may be given several times",
)  # fmt: skip
options.write("--folder", "folder")


def step(arguments: Arguments) -> None:
    """Read the tables, write three files."""
    from vagus.exports.multiqc import write_multiqc

    write_multiqc(
        arguments.ledger,
        arguments.alpha,
        arguments.composition,
        arguments.folder,
        arguments.control,
    )


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
