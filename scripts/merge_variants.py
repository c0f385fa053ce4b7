"""Merge the variants of all samples: ASV table, chimeras, birth records, full read ledger.

A sample without a read in any
ASV has no column in the ASV table, and a row with its reason in the ledger.
"""

from vagus.chimeras.settings import ChimeraSettings
from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.settings import DenoiseSettings

options = Options(__doc__)
options.read_all("--variants", "variants.tsv of each sample")
options.read_all("--losses", "losses.json, in the same order")
options.read("--reads-ledger", "ledger of the reads stage (.tsv)")
options.write("--asv-table", "counts (.tsv)")
options.write("--biom", "the same as BIOM 2.1 (.biom)")
options.write("--fasta", "ASV sequences (.fasta)")
options.write("--asvs", "ASVs with birth records (.tsv)")
options.write("--chimeras", "removed variants (.tsv)")
options.write("--ledger", "full ledger (.tsv)")
add_settings(options, DenoiseSettings, only=["remove_chimeras"])
add_settings(options, ChimeraSettings, "chimera_")


def step(arguments: Arguments) -> None:
    """Merge, judge, write."""
    from vagus.denoise.biom_table import write_biom
    from vagus.denoise.full_ledger import extend_ledger
    from vagus.denoise.study_table import load_study
    from vagus.reads.ledger_table import read_ledger
    from vagus.sequences import write_fasta
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import ASVS, CHIMERAS, LEDGER

    settings = read_settings(arguments, ChimeraSettings, "chimera_")
    study = load_study(zip(arguments.variants, arguments.losses, strict=True))
    study.judge(settings if arguments.remove_chimeras else None)
    reads_ledger = read_ledger(arguments.reads_ledger, ["status", "reason"])
    write_table(extend_ledger(reads_ledger, study), arguments.ledger, LEDGER)
    table = study.sparse_table()
    table.write(arguments.asv_table)
    write_biom(table, arguments.biom)
    write_fasta(((study.names[i], study.sequences[i]) for i in study.asvs()), arguments.fasta)
    write_table(study.birth_table(), arguments.asvs, ASVS)
    write_table(study.chimera_table(), arguments.chimeras, CHIMERAS)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
