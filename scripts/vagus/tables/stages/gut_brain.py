"""Tables and other files of the gut_brain stage."""

from __future__ import annotations

from vagus.tables.columns import count, share, text
from vagus.tables.stages.common import ASV, SAMPLE
from vagus.tables.table import File, Table

CAPACITIES = Table(
    "table of capacities",
    "a capacity in a sample",
    (
        File(
            "gut_brain/samples.tsv",
            "Reads of taxa with a documented capacity. Potential inferred from taxonomy, not "
            "measured.",
            "summarise_gut_brain",
        ),
    ),
    (
        SAMPLE,
        text("capacity", "substance that strains of the taxa form"),
        count("reads", "reads of these taxa"),
        share("share", "reads / reads of the sample in ASVs", empty="no reads"),
        count(
            "reads_by_species",
            "of the reads, those matched by their species, the others by their genus",
        ),
        count("n_asvs", "ASVs of these taxa", "ASVs"),
    ),
)
CAPACITY_COVERAGE = Table(
    "coverage of capacities",
    "a sample",
    (
        File(
            "gut_brain/coverage.tsv",
            "How much of each sample the table of taxa can speak of.",
            "summarise_gut_brain",
        ),
    ),
    (
        SAMPLE,
        count("reads", "reads in ASVs"),
        share("share_species", "reads with a species name", empty="no reads"),
        share("share_genus", "reads with a genus name", empty="no reads"),
        share("share_listed", "reads of taxa with at least one listed capacity", empty="no reads"),
    ),
    key="sample",
)
CAPACITY_GROUPS = Table(
    "table of capacities by group",
    "a capacity in a level",
    (
        File(
            "gut_brain/groups.tsv",
            "Shares of gut_brain/samples.tsv by group.",
            "summarise_gut_brain",
        ),
    ),
    (
        text("variable", "column of the sample sheet"),
        text("level", "its value"),
        text("capacity", "substance"),
        count(
            "n", "people with cohort.subject (each with their mean at this level), else samples", ""
        ),
        share("median", "median share", empty="no reads"),
        share("lower_quartile", "a quarter of them have a lower share", empty="no reads"),
        share("upper_quartile", "a quarter of them have a higher share", empty="no reads"),
    ),
)
CAPACITY_TAXA = Table(
    "table of taxa with a capacity",
    "an ASV and a capacity",
    (
        File(
            "gut_brain/taxa.tsv",
            "Which ASVs were counted for which capacity, by which source.",
            "summarise_gut_brain",
        ),
    ),
    (
        ASV,
        text("name", "its species, or its genus"),
        text("capacity", "substance"),
        text("taxon", "taxon of the table"),
        text("rank", "rank of that taxon"),
        text("evidence", "kind of evidence"),
        text("source", "source, as in the gut-brain section of the study page"),
    ),
)
FILES: tuple[File, ...] = ()
TABLES: tuple[Table, ...] = (
    CAPACITIES,
    CAPACITY_COVERAGE,
    CAPACITY_GROUPS,
    CAPACITY_TAXA,
)
