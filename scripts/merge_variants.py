"""Merge the variants of all samples: ASV table, chimeras, birth records, full read ledger.

A sample without a read in any
ASV has no column in the ASV table, and a row with its reason in the ledger.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.chimeras.settings import ChimeraSettings
from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_main, make_parser
from vagus.denoise.settings import DenoiseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--variants", nargs="+", type=Path, required=True, help="variants.tsv of each sample")
    add("--losses", nargs="+", type=Path, required=True, help="losses.json, in the same order")
    add("--reads-ledger", type=Path, required=True, help="ledger of the reads stage (.tsv)")
    add("--asv-table", type=Path, required=True, help="counts to write (.tsv)")
    add("--biom", type=Path, required=True, help="the same as BIOM 2.1, to write (.biom)")
    add("--fasta", type=Path, required=True, help="ASV sequences to write (.fasta)")
    add("--asvs", type=Path, required=True, help="ASVs with birth records, to write (.tsv)")
    add("--chimeras", type=Path, required=True, help="removed variants to write (.tsv)")
    add("--ledger", type=Path, required=True, help="full ledger to write (.tsv)")
    add_settings(parser, DenoiseSettings, only=["remove_chimeras"])
    add_settings(parser, ChimeraSettings, "chimera_")
    return parser


def step(arguments: argparse.Namespace) -> None:
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


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
