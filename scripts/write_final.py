"""Write the files that most people want: one table, one workbook, BIOM and tree."""

from vagus.cli.export_options import add_content_options, add_sequence_options, read_content
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_content_options(options)
add_sequence_options(options)
options.read("--provenance", "provenance.json in the results")
options.write("--table", "merged table of the ASVs (TSV)")
options.write("--workbook", "xlsx")
options.write("--biom", "BIOM 2.1")
options.write("--tree-copy", "Newick")


def step(arguments: Arguments) -> None:
    """Read the study once, write it in four forms."""
    from vagus.exports.biom_file import write_biom
    from vagus.files import write_text
    from vagus.final.merged import write_merged
    from vagus.final.sheets import list_sheets
    from vagus.final.workbook import write_workbook
    from vagus.report.inputs import load_inputs
    from vagus.sequences import read_fasta

    content = read_content(arguments)
    sequences = dict(read_fasta(arguments.asvs))
    results = arguments.provenance.parent
    inputs = load_inputs(results, arguments.samples, arguments.provenance)
    write_merged(content, sequences, arguments.table)
    write_workbook(list_sheets(inputs, content, sequences), arguments.workbook)
    write_biom(content, arguments.biom)
    write_text(arguments.tree_copy, arguments.tree.read_text(encoding="utf-8"))


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
