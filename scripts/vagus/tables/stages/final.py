"""Tables and other files of the final stage."""

from __future__ import annotations

from vagus.tables.columns import count, share, text
from vagus.tables.stages.common import ASV, NAMES
from vagus.tables.table import File, Table

MERGED = Table(
    "merged table of ASVs",
    "an ASV",
    (
        File(
            "final/asvs.tsv",
            "Each ASV in one row: reads, names, confidence, sequence, counts of all samples.",
            "write_final",
        ),
    ),
    (
        ASV,
        count("reads", "reads in all samples and controls"),
        count("n_samples", "samples and controls with reads of it", "samples"),
        *NAMES,
        share("confidence", "bootstrap confidence of the deepest name", empty="unassigned"),
        text("sequence", "its bases, sense strand, primers removed"),
        count(
            "*",
            "reads in the sample of that name; '_' follows where another column is called so",
        ),
    ),
    key="asv",
)
FILES: tuple[File, ...] = (
    File(
        "final/study.xlsx",
        "The study as a workbook: answers, samples, ASVs, genera and what the columns mean.",
        "write_final",
    ),
    File("final/asv_table.biom", "BIOM 2.1 with lineages and the sample sheet.", "write_final"),
    File("final/tree.nwk", "Rooted tree of the ASVs.", "write_final"),
)
TABLES: tuple[Table, ...] = (MERGED,)
