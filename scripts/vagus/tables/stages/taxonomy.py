"""Tables and other files of the taxonomy stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import ASV, FEATURE_ID, NAMES, SAMPLE
from vagus.tables.table import File, Table

SEVERAL = "with several databases"
TAXONOMY = Table(
    "taxonomy",
    "an ASV",
    (
        File(
            "taxonomy/taxonomy.tsv", "Name of each ASV. Loads as QIIME 2 taxonomy.", "classify_asvs"
        ),
        File(
            "taxonomy/databases/*/taxonomy.tsv",
            "Names by one database, when there are several; taxonomy.tsv is then their consensus.",
            "classify_asvs",
        ),
    ),
    (
        FEATURE_ID,
        text("Taxon", "lineage 'd__...; p__...' as far as it is named", empty="unassigned"),
        share("Confidence", "bootstrap confidence of the deepest name", empty="unassigned"),
        *NAMES,
        share("confidence_domain", "bootstrap confidence at that rank", empty="unassigned"),
        share("confidence_phylum", "bootstrap confidence at that rank", empty="unassigned"),
        share("confidence_class", "bootstrap confidence at that rank", empty="unassigned"),
        share("confidence_order", "bootstrap confidence at that rank", empty="unassigned"),
        share("confidence_family", "bootstrap confidence at that rank", empty="unassigned"),
        share("confidence_genus", "bootstrap confidence at that rank", empty="unassigned"),
        share("confidence_species", "bootstrap confidence at that rank", empty="unassigned"),
        share("identity", "identity of the best alignment to a reference", empty="none is near"),
        share("coverage", "share of the ASV in that alignment", empty="none is near"),
        text("nearest", "accessions of the nearest references, ';' joined", empty="none is near"),
        text(
            "ties",
            "species of all references at the best identity, '/' joined",
            empty="none, or without a name",
        ),
        text("note", "what the name's reader should know", empty="nothing to add"),
        text("database", "the one that gave the name", only=SEVERAL, empty="unassigned"),
        text(
            "disagreement",
            "databases that name something else, by rank",
            empty="none does",
            only=SEVERAL,
        ),
    ),
    key="Feature ID",
)
HITS = Table(
    "table of hits",
    "a reference of an ASV",
    (
        File(
            "taxonomy/hits.tsv", "Best references of each ASV, of all databases.", "classify_asvs"
        ),
        File(
            "taxonomy/databases/*/hits.tsv",
            "Best references of each ASV in one database, when there are several.",
            "classify_asvs",
        ),
    ),
    (
        ASV,
        text("database", "the one that has the reference", only=SEVERAL),
        count("hit", "rank of the hit, 1 is best", ""),
        text("accession", "reference"),
        share("identity", "identity"),
        share("coverage", "share of the ASV aligned"),
        text("lineage", "lineage of the reference", empty="it has no name"),
    ),
)
STRAINS = Table(
    "table of strains",
    "an ASV",
    (
        File(
            "taxonomy/strains.tsv",
            "Which ASVs look like the 16S copies of one strain, and why (when asked for).",
            "group_strains",
        ),
    ),
    (
        ASV,
        text("strain", "the strain's name: that of its most abundant ASV"),
        text("species", "species of the ASV, tied ones '/' joined", empty="unassigned"),
        count("n_asvs", "ASVs of the strain", "ASVs"),
        count("reads", "reads of the ASV in the study"),
        share("share", "its share of the strain's reads", empty="no reads"),
        text(
            "copies",
            "smallest whole numbers in the ratio of the strain's ASVs",
            empty="none fit, or unknown",
        ),
        text(
            "verdict",
            "main copy, copy, apart (ratio varies), alone (no near ASV of its species), cannot"
            " be judged (too few samples or reads), no species name",
        ),
        text("compared_with", "the ASV it was compared with", empty="compared with none"),
        share("identity", "identity to that ASV", empty="compared with none"),
        count(
            "n_units",
            "samples (or subjects) with enough reads of both",
            "samples",
            empty="compared with none",
        ),
        share(
            "p_constant",
            "p-value of a constant ratio; small means that it varies",
            empty="cannot be judged",
        ),
        share(
            "p_varying",
            "p-value of a ratio that varies by a factor of two; small means that it is constant",
            empty="cannot be judged",
        ),
    ),
    key="asv",
)
STRAIN_TABLE = Table(
    "table of strains by samples",
    "a strain",
    (
        File(
            "taxonomy/strain_table.tsv",
            "Reads of each strain in each sample; an ASV that was not grouped is a strain of its "
            "own.",
            "group_strains",
        ),
    ),
    (text("strain", "name of its most abundant ASV"),),
    key="strain",
    cells=count("SAMPLE", "reads"),
)
COPY_CORRECTED_GENUS = Table(
    "table of corrected shares",
    "a genus in a sample",
    (
        File(
            "taxonomy/copy_corrected_genus.tsv",
            "Shares by genus before and after division by 16S copies a genome (when asked for).",
            "correct_copy_numbers",
        ),
    ),
    (
        SAMPLE,
        text("genus", "name, 'Unassigned' for reads without one"),
        count("reads", "reads"),
        share("share", "share of the sample's reads", empty="no reads"),
        number(
            "copies",
            "mean 16S copies a genome of the genus",
            "copies",
            empty="no number is known",
        ),
        number(
            "copies_sd",
            "standard deviation between its genomes",
            "copies",
            empty="unknown, or of one genome",
        ),
        number("copies_low", "fewest copies of its genomes", "copies", empty="no number is known"),
        number("copies_high", "most copies of its genomes", "copies", empty="no number is known"),
        count("n_genomes", "genomes behind the number", "genomes", empty="no number is known"),
        number(
            "corrected_share",
            "share after division; reads without a number count as the mean of those with one",
            "0 to 1",
            empty="no reads",
        ),
        number(
            "corrected_low",
            "corrected share with the most copies",
            "0 to 1",
            empty="no number is known",
        ),
        number(
            "corrected_high",
            "corrected share with the fewest copies",
            "0 to 1",
            empty="no number is known",
        ),
    ),
)
COPY_CORRECTED_ASV_TABLE = Table(
    "corrected ASV table",
    "an ASV",
    (
        File(
            "taxonomy/copy_corrected_asv_table.tsv",
            "Reads of each ASV divided by the 16S copies of its genus (or by the sample's mean).",
            "correct_copy_numbers",
        ),
    ),
    (ASV,),
    key="asv",
    cells=number("SAMPLE", "reads a copy", "reads"),
)
COPY_NUMBER_COVERAGE = Table(
    "table of known copy numbers",
    "a sample",
    (
        File(
            "taxonomy/copy_number_coverage.tsv",
            "How far the numbers of 16S copies reach.",
            "correct_copy_numbers",
        ),
    ),
    (
        SAMPLE,
        count("reads", "reads"),
        count("reads_with_number", "reads of genera with a known number"),
        share("share_with_number", "their share", empty="no reads"),
        number(
            "mean_copies",
            "mean copies a genome, by which the other reads are divided",
            "copies",
            empty="no number is known",
        ),
    ),
    key="sample",
)
FILES: tuple[File, ...] = (
    File(
        "taxonomy/reference.json",
        "Name, checksum and counts of the reference; its index is kept once for all studies.",
        "index_reference",
    ),
    File(
        "taxonomy/databases/*/reference.json",
        "Name, checksum and counts of one database, when there are several.",
        "index_reference",
    ),
)
TABLES: tuple[Table, ...] = (
    TAXONOMY,
    HITS,
    STRAINS,
    STRAIN_TABLE,
    COPY_CORRECTED_GENUS,
    COPY_CORRECTED_ASV_TABLE,
    COPY_NUMBER_COVERAGE,
)
