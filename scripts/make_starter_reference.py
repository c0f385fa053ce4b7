"""Make the shipped reference from packages of public registries.

Inputs are named with version and checksum in resources/starter_sources.tsv; '--packages' is a
folder that has them. Equal inputs give equal bytes. Rules and format: resources/
starter_reference.md. Needs the Python packages marisa-trie and zstandard.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from vagus.cli.step import make_main, make_parser

log = logging.getLogger("vagus")
RESOURCES = Path(__file__).resolve().parents[1] / "resources"
COMPANION_COLUMNS = ("record", "accession", "kind", "organism", "package")
RENAMED_COLUMNS = ("older", "newer", "source")


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--packages", type=Path, required=True, help="folder of the input packages")
    add("--resources", type=Path, default=RESOURCES, help="folder of tables, and of the outputs")
    add("--output", type=Path, default=RESOURCES, help="folder to write to")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Check and read the packages, write references, companion and renamed species."""
    from vagus.files import open_whole
    from vagus.reference.lineage import PhylumNames, format_lineage
    from vagus.sequences import write_fasta
    from vagus.starter_recipe.compose import compose
    from vagus.starter_recipe.packages import find_packages, read_sources

    sources = read_sources(arguments.resources / "starter_sources.tsv")
    phyla = PhylumNames.read(arguments.resources / "phylum_names.tsv")
    made = compose(find_packages(sources, arguments.packages), phyla)
    for name, records in (
        ("starter_reference.fasta.gz", made.records),
        ("off_target.fasta.gz", made.off_target),
    ):
        headers = ((f"{r.accession} {format_lineage(r.lineage)}", r.sequence) for r in records)
        write_fasta(headers, arguments.output / name)
    for name, header, rows in (
        ("starter_reference.tsv.gz", COMPANION_COLUMNS, made.companion),
        ("renamed_species.tsv", RENAMED_COLUMNS, made.renamed),
    ):
        with open_whole(arguments.output / name) as stream:
            for row in (header, *rows):
                stream.write("\t".join(row) + "\n")
    for what, count in made.counts.items():
        log.info("%s: %d", what, count)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
