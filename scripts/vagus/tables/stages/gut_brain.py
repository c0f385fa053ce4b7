"""Tables and other files of the gut_brain stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.cohort import ALPHA_MODELS
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
CAPACITY_OVERLAP = Table(
    "table of capacities that share reads",
    "a pair of capacities",
    (
        File(
            "gut_brain/overlap.tsv",
            "How much two capacities are the same reads; controls are left out.",
            "summarise_gut_brain",
        ),
    ),
    (
        text("capacity", "substance"),
        text("other", "another one"),
        count("reads", "reads of taxa with the first"),
        count("reads_other", "reads of taxa with the other"),
        count("reads_shared", "reads of taxa with both"),
        share("share_shared", "reads with both / reads with either"),
        number(
            "rank_correlation", "Spearman's, of their shares over samples",
            empty="fewer than three samples, or one of them does not vary",
        ),
    ),
)  # fmt: skip
_OF_MODELS = {
    "capacity": text("capacity", "substance that strains of the taxa form"),
    "estimate": number(
        "estimate", "difference of log2 shares of reads", "log2 fold", empty="not tested"
    ),
}
CAPACITY_MODELS = Table(
    "table of models of capacities",
    "a contrast of a model",
    (
        File(
            "gut_brain/models.tsv",
            "The cohort's models of alpha diversity, of log2 shares of reads of taxa with a "
            "documented capacity. Associations of potential, not of anything measured.",
            "model_capacities",
        ),
    ),
    tuple(
        _OF_MODELS.get("capacity" if column.name == "metric" else column.name, column)
        for column in ALPHA_MODELS.columns
    ),
)
FILES: tuple[File, ...] = ()
TABLES: tuple[Table, ...] = (
    CAPACITIES,
    CAPACITY_COVERAGE,
    CAPACITY_GROUPS,
    CAPACITY_TAXA,
    CAPACITY_OVERLAP,
    CAPACITY_MODELS,
)
