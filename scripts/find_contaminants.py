"""Find ASVs that are contaminants, by negative controls and DNA concentrations.

Statistics of Davis et al. 2018 (Microbiome 6:226): prevalence in negative controls, and, when a
column with DNA concentrations is named, frequency, and both combined. ASVs of organelles and
eukaryotes, and those like no reference, are left out. What is called is only reported here:
select_asvs sets it apart when asked.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.controls.settings import ContaminantSettings

options = Options(__doc__)
options.read("--samples", "sample sheet")
options.read("--asv-table", "TSV of ASV counts, nothing removed")
options.read("--taxonomy", "TSV of calls")
add_settings(options, ContaminantSettings, only=["contaminant_threshold", "concentration"])
options.write("--contaminants", "TSV, one row an ASV")
options.write("--ledger", "TSV, contaminant reads of each sample")
options.write("--explanation", "how they were looked for")


def step(arguments: Arguments) -> None:
    """Test, write the calls and the reads of each sample in them."""
    from vagus.controls.contaminants import (
        add_names,
        find_contaminants,
        gather_evidence,
        tabulate_reads,
    )
    from vagus.files import write_text
    from vagus.selection.set_apart import drop_others
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import CountTable
    from vagus.tables.stages.controls import CONTAMINANT_LEDGER, CONTAMINANTS
    from vagus.tables.wide import read_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    samples, counts = read_sheet(arguments.samples), read_wide(arguments.asv_table)
    needs = ["genus", "species", "note"]
    taxonomy = read_taxonomy(arguments.taxonomy, needs, counts.index.tolist())
    table = CountTable.from_wide(drop_others(counts, taxonomy))
    evidence = gather_evidence(samples, table, arguments.concentration)
    found = find_contaminants(table, evidence, arguments.contaminant_threshold)
    write_table(add_names(found, taxonomy), arguments.contaminants, CONTAMINANTS)
    write_table(tabulate_reads(table, found), arguments.ledger, CONTAMINANT_LEDGER)
    write_text(arguments.explanation, evidence.explain() + "\n")


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
