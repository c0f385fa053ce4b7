"""Write the README of a results folder: every file, every column with its unit."""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--provenance", "provenance.json in the results")
options.write("--readme", "Markdown")


def step(arguments: Arguments) -> None:
    """Look at what is there and describe it."""
    from vagus.report.readme import write_readme

    write_readme(arguments.provenance.parent, arguments.readme)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
