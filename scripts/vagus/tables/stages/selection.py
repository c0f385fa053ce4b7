"""Tables and other files of the selection stage."""

from __future__ import annotations

from vagus.reference.lineage import RANKS
from vagus.tables.columns import count, text
from vagus.tables.stages.common import ASV, SAMPLE
from vagus.tables.table import File, Table

SET_APART = Table(
    "table of ASVs set apart",
    "an ASV that is not analysed",
    (
        File(
            "selection/set_apart.tsv",
            "ASVs that are not analysed: organelles, eukaryotes, what is like no reference, "
            "and contaminants when they are removed.",
            "select_asvs",
        ),
    ),
    (
        ASV,
        count("reads", "reads in the study"),
        text(
            "reason",
            "mitochondria, chloroplast, eukaryote or virus ('/' joined when like several), not"
            " like any reference, or contaminant",
        ),
    ),
    key="asv",
)
SELECTION_LEDGER = Table(
    "ledger of the selection",
    "a sample",
    (
        File(
            "selection/ledger.tsv",
            "Reads that were set apart in each sample. reads = sum of all lost_* + kept.",
            "select_asvs",
        ),
    ),
    (
        SAMPLE,
        count("reads", "reads in ASVs"),
        count("lost_other_origin", "reads of mitochondria, chloroplasts, eukaryotes and viruses"),
        count("lost_no_reference", "reads of ASVs that are not like any reference"),
        count("lost_contaminant", "reads removed as contaminants; 0 when they are only reported"),
        count("kept", "reads that are analysed"),
        count("n_asvs", "ASVs with reads among them", "ASVs"),
    ),
    key="sample",
)
COMPOSITION = Table(
    "table of taxa",
    "a taxon",
    (
        File(
            "selection/composition_*.tsv",
            "Reads by taxon at that rank: named taxa in descending reads, then ASVs without a"
            " name at the rank, by their deepest name.",
            "gather_taxa",
        ),
    ),
    tuple(
        text(rank, "name of the taxon, or 'unnamed' with the deepest name above")
        for rank in RANKS[1:]
    ),
    cells=count("SAMPLE", "reads"),
)
FILES: tuple[File, ...] = (
    File("selection/asvs.fasta", "Sequences of the ASVs that are analysed.", "select_asvs"),
)
TABLES: tuple[Table, ...] = (
    SET_APART,
    SELECTION_LEDGER,
    COMPOSITION,
)
