"""Align ASVs to each other.

Each is aligned to the most central one, or all by FAMSA where the config asks for it. Rows are
sorted by ASV id. No ASVs give an empty file.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.phylogeny.settings import TreeSettings

options = Options(__doc__)
options.read("--asvs", "FASTA of ASVs, sense strand")
add_settings(options, TreeSettings)
options.add("--threads", type=int, default=1, help="threads; results do not depend")
options.write("--alignment", "FASTA (.gz packs)")


def step(arguments: Arguments) -> None:
    """Read, align, write."""
    from vagus.phylogeny.alignment import align
    from vagus.sequences import read_fasta, write_fasta

    pairs = [(header.split()[0], sequence) for header, sequence in read_fasta(arguments.asvs)]
    write_fasta(align(pairs, arguments.aligner, arguments.threads), arguments.alignment)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
