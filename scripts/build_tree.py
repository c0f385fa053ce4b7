"""Build a rooted tree from aligned ASVs.

Maximum likelihood (VeryFastTree, GTR+CAT) after dropping columns that are nearly all
gaps, rooted at the midpoint. Two and three ASVs are solved exactly, one gives a single
tip, none gives the empty Newick tree ';'.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.study.general_settings import GeneralSettings

options = Options(__doc__)
options.read("--alignment", "FASTA of aligned ASVs")
add_settings(options, GeneralSettings, only=["seed"])
options.add("--max-gap-share", type=float, default=0.95, help="columns with more gaps are dropped")
options.write("--tree", "Newick file")


def step(arguments: Arguments) -> None:
    """Read, infer, write."""
    from vagus.files import write_text
    from vagus.phylogeny.inference import infer_rooted_tree
    from vagus.phylogeny.newick import format_newick
    from vagus.sequences import read_fasta

    rows = list(read_fasta(arguments.alignment))
    tree = infer_rooted_tree(rows, arguments.seed, arguments.max_gap_share)
    write_text(arguments.tree, format_newick(tree))


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
