"""Tables and other files of the phylogeny stage."""

from __future__ import annotations

from vagus.tables.table import File, Table

FILES: tuple[File, ...] = (
    File("phylogeny/alignment.fasta.gz", "Aligned ASVs.", "align_asvs"),
    File(
        "phylogeny/tree.nwk",
        "Rooted tree of the ASVs (Newick; branch lengths in substitutions a site).",
        "build_tree",
    ),
)
TABLES: tuple[Table, ...] = ()
