"""Set apart organelles, eukaryotes, what is no 16S gene and contaminants; write the other ASVs.

Every later stage works on what this step writes. Contaminants are set apart where --contaminants
is given.
"""

import logging

from vagus.cli.step import Arguments, Options, make_main

log = logging.getLogger("vagus")

options = Options(__doc__)
options.read("--asv-table", "TSV of ASV counts")
options.read("--asvs", "FASTA of the ASVs")
options.read("--taxonomy", "TSV of calls")
options.read_if_given("--contaminants", "contaminants.tsv of find_contaminants, to remove them")
options.write("--selected-table", "counts of the others (.tsv)")
options.write("--selected-asvs", "their sequences (.fasta)")
options.write("--set-apart", "ASVs set apart, with reasons (.tsv)")
options.write("--ledger", "reads of each sample by reason (.tsv)")


def step(arguments: Arguments) -> None:
    """Read, divide, write."""
    from vagus.selection import set_apart
    from vagus.sequences import read_fasta, write_fasta
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import ASV_TABLE
    from vagus.tables.stages.selection import SELECTION_LEDGER, SET_APART
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, ["note"], list(table.index))
    called = set_apart.read_contaminants(arguments.contaminants) if arguments.contaminants else []
    reasons = set_apart.find_reasons(table.index, taxonomy, called)
    log.info("%d of %d ASVs set apart", len(reasons), len(table))
    write_wide(table[~table.index.isin(list(reasons))], arguments.selected_table, ASV_TABLE)
    kept = [record for record in read_fasta(arguments.asvs) if record[0] not in reasons]
    write_fasta(kept, arguments.selected_asvs)
    write_table(set_apart.tabulate_set_apart(table, reasons), arguments.set_apart, SET_APART)
    write_table(set_apart.tabulate_ledger(table, reasons), arguments.ledger, SELECTION_LEDGER)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
