"""Tables and other files of the demo stage."""

from __future__ import annotations

from vagus.reference.lineage import RANKS
from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import ASV, SAMPLE
from vagus.tables.table import File, Table

TRUTH_BY_DEPTH = Table(
    "comparison with the truth by depth",
    "a depth in a sample",
    (
        File(
            "demo/truth_by_depth.tsv",
            "True variants of simulated reads that came back exactly, by their true reads.",
            "compare_with_truth",
        ),
    ),
    (
        text("sample", "sample, or (pooled) for all together"),
        text("depth", "reads of the variant"),
        count("true_variants", "variants with that many reads", "variants"),
        count("recovered", "of these, found in the sample by the very sequence", "variants"),
        share("share", "recovered / true_variants", empty="no variant"),
    ),
)
TRUTH_BY_SAMPLE = Table(
    "comparison with the truth by sample",
    "a sample",
    (
        File(
            "demo/truth_by_sample.tsv",
            "Variants and abundances of each simulated sample against the truth.",
            "compare_with_truth",
        ),
    ),
    (
        text("sample", "sample, or (pooled) for all together"),
        count("true_reads", "reads put in, chimeras left out"),
        count("found_reads", "reads in ASVs"),
        count("true_variants", "variants put in", "variants"),
        count("found_variants", "ASVs", "variants"),
        count("recovered", "variants put in and found", "variants"),
        count("false_variants", "ASVs that are no true variant of the study", "variants"),
        count("false_reads", "reads in them"),
        count(
            "misplaced_variants",
            "true variants of the study that were not put into this sample",
            "variants",
        ),
        number(
            "correlation",
            "Pearson correlation of relative abundances",
            empty="fewer than two variants",
        ),
        share("bray_curtis", "Bray-Curtis distance of relative abundances", empty="no reads"),
    ),
    key="sample",
)
TRUTH_FALSE = Table(
    "table of false ASVs",
    "an ASV",
    (File("demo/truth_false.tsv", "ASVs that are no true variant.", "compare_with_truth"),),
    (
        ASV,
        count("reads", "reads in the study"),
        count("n_samples", "samples that have it", "samples"),
        count("length_bp", "length", "bp"),
        text("nearest", "nearest true variant"),
        text("nearest_species", "its species", empty="unknown"),
        number("distance", "edits between the two", "edits"),
        text(
            "reason",
            "chimera (put in as one), bimera (composed of two true variants), few errors or other",
        ),
    ),
    key="asv",
)
TRUTH_TAXONOMY = Table(
    "comparison of names with the truth",
    "a rank",
    (
        File(
            "demo/truth_taxonomy.tsv",
            "Names of the true variants that were found, rank by rank.",
            "compare_with_truth",
        ),
    ),
    (
        text("rank", "rank"),
        count("asvs", "variants whose true name is known", "ASVs"),
        count("asvs_named", "of these, with a name", "ASVs"),
        count("asvs_right", "of these, with a right name", "ASVs"),
        count("reads", "reads of asvs"),
        count("reads_named", "reads of asvs_named"),
        count("reads_right", "reads of asvs_right"),
        share("share_named", "reads_named / reads", empty="no reads"),
        share("share_right", "reads_right / reads", empty="no reads"),
        share("precision", "reads_right / reads_named", empty="no name"),
    ),
    key="rank",
)
FILES: tuple[File, ...] = ()
TABLES: tuple[Table, ...] = (
    TRUTH_BY_DEPTH,
    TRUTH_BY_SAMPLE,
    TRUTH_FALSE,
    TRUTH_TAXONOMY,
)
TRUE_VARIANTS = Table(
    "table of true variants",
    "a true variant",
    (File("variants.tsv", "Variants that a simulator put in.", "simulate_reads"),),
    (
        ASV,
        count("length_bp", "length", "bp"),
        text("strains", "strains that have it, ';' joined"),
        text("origin", "accession, or derived"),
        *(text(rank, "name", empty="unknown") for rank in RANKS),
    ),
    key="asv",
)
TRUE_CHIMERAS = Table(
    "table of true chimeras",
    "a chimera in a sample",
    (File("chimeras.tsv", "Chimeras that a simulator put in.", "simulate_reads"),),
    (
        SAMPLE,
        ASV,
        count("reads", "reads of it"),
        text("left_parent", "variant that gives its left part"),
        text("right_parent", "variant that gives its right part"),
        count("breakpoint_bp", "length of the left part", "bp"),
        text("sequence", "its sequence"),
    ),
)
OF_TRUTH = (TRUE_VARIANTS, TRUE_CHIMERAS)
"""Tables of the folder of a truth, which is beside the results."""
