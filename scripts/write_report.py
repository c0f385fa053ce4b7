"""Write the study page: one self-contained HTML file, and its figures as SVG, PNG and TSV.

Tables are found in the folder of the provenance. Those of stages that did not
run are left out, and the page explains why.
"""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--samples", "sample sheet")
options.read("--provenance", "provenance.json in the results")
options.add(
    "--with-truth", action="store_true", help="show the comparison with the truth, in demo/"
)
options.write("--page", "HTML")
options.write("--figures", "folder of figures")


def step(arguments: Arguments) -> None:
    """Read what there is, draw, write."""
    from vagus.report.inputs import load_inputs
    from vagus.report.study_page import write_study_page

    results = arguments.provenance.parent
    truth = results / "demo" if arguments.with_truth else None
    inputs = load_inputs(results, arguments.samples, arguments.provenance, truth)
    write_study_page(inputs, arguments.page, arguments.figures)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
