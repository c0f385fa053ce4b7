"""Write the page of every sample and its table of taxa.

A page sets its sample against all others, so one job writes all pages: a sample more or less
changes every page anyway, and the tables are read once.
"""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--samples", "sample sheet")
options.read("--provenance", "provenance.json in the results")
options.write("--folder", "folder for KEY.html and KEY.taxa.tsv")


def step(arguments: Arguments) -> None:
    """Read the tables, write two files a sample."""
    from vagus.report.inputs import load_inputs
    from vagus.report.sample_page import write_sample_pages

    inputs = load_inputs(arguments.provenance.parent, arguments.samples, arguments.provenance)
    write_sample_pages(inputs, arguments.folder)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
