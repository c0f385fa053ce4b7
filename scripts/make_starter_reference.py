"""Make the shipped reference from packages of public registries.

Inputs are named with version and checksum in resources/starter_sources.tsv; '--packages' is a
folder that has them. Equal inputs give equal bytes. Rules and format: resources/
starter_reference.md. Needs the Python packages marisa-trie and zstandard.
"""

import logging
from pathlib import Path

from vagus.cli.step import Arguments, Options, make_main

log = logging.getLogger("vagus")
RESOURCES = Path(__file__).resolve().parents[1] / "resources"

options = Options(__doc__)
options.read("--packages", "folder of the input packages")
options.add("--resources", type=Path, default=RESOURCES, help="folder of the tables")
options.add("--output", type=Path, default=RESOURCES, help="folder to write to")


def step(arguments: Arguments) -> None:
    """Check and read the packages, write references, companion and renamed species."""
    from vagus.reference.lineage import PhylumNames
    from vagus.starter_recipe.compose import compose
    from vagus.starter_recipe.packages import find_packages, read_sources

    sources = read_sources(arguments.resources / "starter_sources.tsv")
    phyla = PhylumNames.read(arguments.resources / "phylum_names.tsv")
    made = compose(find_packages(sources, arguments.packages), phyla)
    made.write(arguments.output)
    for what, count in made.counts.items():
        log.info("%s: %d", what, count)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
