"""Tables and other files of the denoise stage."""

from __future__ import annotations

from dataclasses import replace

from vagus.tables.columns import count, number, share, text, whole
from vagus.tables.stages.common import ASV, READS, SAMPLE
from vagus.tables.stages.reads import READ_LEDGER
from vagus.tables.table import File, Table

OF_PHASE = "engine phase"
SEQUENCE = text("sequence", "sense strand, primers removed")
ENGINE = text("engine", "denoising engine")
BIRTH_TYPE = text(
    "birth_type",
    "how it was formed: initial (most abundant), abundance, sensitive (abundance, at a p-value "
    "that only denoise.sensitivity: high accepts), or prior (pseudo-pooling); by phase: cluster "
    "(backbone of a group of reads), column (one column), pair (two columns) or prior",
)
BIRTH_P_VALUE = number(
    "birth_p_value", "corrected abundance p-value (dada), or a bound of it (phase)", "log10",
    empty="the first variant, or a prior",
)  # fmt: skip
BIRTH_FOLD = number(
    "birth_fold", "reads seen / reads expected from errors of its parent",
    empty="the first variant, a prior, or of phase",
)  # fmt: skip
PARENT = text("parent", "ASV from which it was distinguished", empty="the first variant")
HAMMING = whole(
    "hamming", "substitutions between it and its parent (phase: columns that differ)", "bp"
)
EXACT_READS = count("exact_reads", "reads with exactly this sequence")
FLAGS = text(
    "flags",
    "warnings, ';' joined: ambiguous (its own reads do not settle the sequence), bimera, "
    "close_bimera (it may be a chimera or a true recombinant copy)",
    empty="no warning",
)
LOG_RATIO = number(
    "log_ratio", "likelihood ratio with and without the variant (phase)", "nats",
    empty="not of phase, or the first variant",
)  # fmt: skip
REVERSE_READS = count(
    "reverse_reads", "reads of the antisense strand (phase)", empty="not of phase"
)
BIRTHS_COLUMNS = (
    ASV,
    SEQUENCE,
    ENGINE,
    BIRTH_TYPE,
    BIRTH_P_VALUE,
    BIRTH_FOLD,
    PARENT,
    HAMMING,
)
VARIANT_COLUMNS = (
    ASV,
    SEQUENCE,
    count("reads", "reads in the sample, or in the pool"),
    count("uniques", "different sequences that were assigned to it", "sequences"),
    *BIRTHS_COLUMNS[2:],
    EXACT_READS,
    FLAGS,
)
PHASE_COLUMNS = (
    LOG_RATIO,
    REVERSE_READS,
    text("left_parent", "ASV that gives the left part of a bimera", empty="not a bimera"),
    text("right_parent", "ASV that gives its right part", empty="not a bimera"),
)
BREAKPOINT = number(
    "breakpoint_bp", "length of the left part of a bimera", "bp", empty="not a bimera"
)

ASV_TABLE = Table(
    "ASV table",
    "an ASV",
    (
        File("denoise/asv_table.tsv",
             "Reads of each ASV in each sample, chimeras removed. ASVs in descending total reads.",
             "merge_variants"),
        File("selection/asv_table.tsv",
             "The ASV table that is analysed: every stage after naming reads this one.",
             "select_asvs"),
    ),
    (ASV,),
    key="asv",
    cells=READS,
)  # fmt: skip
ASVS = Table(
    "table of ASVs",
    "an ASV",
    (
        File("denoise/asvs.tsv", "Each ASV with the evidence on which it was called.",
             "merge_variants"),
    ),
    (
        ASV,
        count("length_bp", "length", "bp"),
        count("reads", "reads in the study"),
        count("n_samples", "samples that have it", "samples"),
        ENGINE,
        text("birth_sample", "sample in which it is most abundant; the evidence is from there"),
        BIRTH_TYPE,
        replace(BIRTH_P_VALUE, name="log10_p_value"),
        PARENT,
        HAMMING,
        EXACT_READS,
        FLAGS,
        LOG_RATIO,
        REVERSE_READS,
    ),
    key="asv",
)  # fmt: skip
VARIANTS = Table(
    "table of the variants of a sample",
    "a variant",
    (
        File("denoise/samples/*/variants.tsv",
             "Variants of one sample before the removal of chimeras.", "denoise_sample"),
        File("denoise/first_pass/*/variants.tsv",
             "Variants of one sample denoised alone, before prior sequences are chosen.",
             "denoise_sample"),
    ),
    (
        *VARIANT_COLUMNS,
        *(replace(column, only=OF_PHASE) for column in (*PHASE_COLUMNS, BREAKPOINT)),
    ),
    key="asv",
)  # fmt: skip
POOL_VARIANTS = Table(
    "table of the variants of a pool",
    "a variant",
    (
        File("denoise/pools/*/phase_variants.tsv",
             "Variants of a pool of phase with their reads and evidence in the pool.",
             "gather_phase_pool"),
        File("denoise/pools/*/phase_shards/*.variants.tsv",
             "Variants of a pool of phase, of one job (kept while it runs).",
             "denoise_phase_shard"),
    ),
    (*VARIANT_COLUMNS, *PHASE_COLUMNS, BREAKPOINT),
    key="asv",
)  # fmt: skip
BIRTHS = Table(
    "table of the variants of a pool",
    "a variant",
    (
        File("denoise/pools/*/births.tsv",
             "Variants of a pool in the order in which they were found, with the evidence.",
             "replay_pool"),
    ),
    BIRTHS_COLUMNS,
    key="asv",
)  # fmt: skip
CHIMERAS = Table(
    "table of chimeras",
    "a removed variant",
    (File("denoise/chimeras.tsv", "Variants removed as chimeras.", "merge_variants"),),
    (
        text("asv", "MD5 of the removed variant's sequence"),
        count("reads", "reads lost with it"),
        count("n_samples", "samples that had it", "samples"),
        count("n_samples_flagged", "samples in which it looks like a chimera", "samples"),
        text("left_parent", "ASV that gives its left part"),
        text("right_parent", "ASV that gives its right part"),
        count("breakpoint_bp", "length of the left part", "bp"),
        text("rule", "engines whose rule removes it, ';' joined"),
        text("sequence", "the removed sequence"),
    ),
    key="asv",
)
LOSSES = (
    count("lost_inaccurate", "reads of a sample that is too poor to denoise (phase)"),
    count("lost_singleton",
          "reads seen once (in a pool, once in all its samples) that no ASV explains (a "
          "consequence of depth)"),
    count("lost_omega_c",
          "reads that no ASV explains by sequencing errors (p below omega_C)"),
    count("lost_few_reads",
          "reads of no group large enough to distinguish a variant from errors (phase)"),
    count("lost_unexplained",
          "reads that differ from every ASV by more than sequencing errors account for, and "
          "too few similar to make an ASV of their own (phase)"),
)  # fmt: skip
"""Reads that no variant explains, by the reason that an engine gives."""
LEDGER = Table(
    "read ledger",
    "a sample",
    (
        File("denoise/ledger.tsv",
             "Where every read went, from raw to ASV. input = sum of all lost_* + asv_reads.",
             "merge_variants"),
    ),
    (
        *READ_LEDGER.columns,
        text("engine", "denoising engine", empty="no reads"),
        text("engine_reason", "why that engine", empty="no reads"),
        text("strands", "strands that were sequenced (phase): both, sense, antisense or unknown",
             empty="not of phase"),
        number("error_rate", "measured differences of the reads from their ASVs (phase)",
               "a base", empty="not of phase"),
        *LOSSES,
        count("lost_chimera", "reads of variants removed as chimeras"),
        count("asv_reads", "reads in ASVs"),
        count("n_asvs", "ASVs", "ASVs"),
        text("note", "what limits the certainty of the sample's ASVs", empty="nothing to add"),
    ),
    key="sample",
)  # fmt: skip
ERROR_MODEL = Table(
    "error model",
    "a transition at a quality",
    (
        File("denoise/runs/*/error_model.tsv", "Error rates of one sequencing run.",
             "learn_errors"),
    ),
    (
        text("transition", "true base 2 base read, as A2C"),
        count("quality", "quality", "Phred"),
        count("observed_errors", "bases of this transition seen", "bases"),
        count("total", "bases whose true base is the transition's first", "bases"),
        number("rate", "observed_errors / total", "0 to 1", empty="nothing was seen"),
        replace(share("fitted_rate", "rate that the denoiser uses"), is_exact=True),
    ),
)  # fmt: skip
ENGINES_OF_RUN = Table(
    "table of the engines of a run",
    "a sample",
    (
        File("denoise/runs/*/engines.tsv",
             "Engine of each sample of one sequencing run. Samples of one platform have the same.",
             "choose_engines"),
    ),
    (
        SAMPLE,
        text("engine", "denoising engine", empty="no reads"),
        text("reason", "why that engine", empty="no reads"),
        text("platform", "hifi (PacBio) or ont (Oxford Nanopore)"),
        count("reads", "reads that are denoised"),
        share("unique_share", "different sequences / reads"),
        share("error_free_share",
              "share of the reads that are free of errors if their qualities are right"),
    ),
    key="sample",
)  # fmt: skip
PHASE_ERROR_MODEL = Table(
    "error model of phase",
    "a kind of error on a strand",
    (
        File("denoise/runs/*/phase_error_model.tsv",
             "Error rates of one sequencing run for the phase engine; no rows where no sample "
             "asks for it.",
             "learn_errors"),
    ),
    (
        text("strand", "strand that was sequenced"),
        text("kind",
             "true base of a substitution, deletion, run_insertion (repeats its base), "
             "other_insertion, or context (an 11-mer in which reads of one strand err "
             "systematically)"),
        text("to_or_run_bp",
             "base read, or length of the run of equal bases (bp; 8 and more), or the context, '>' "
             "and what is read in place of its middle base ('-' for nothing)"),
        count("quality_from", "lowest quality of the bin", "Phred"),
        number("observed", "errors seen", "reads"),
        number("chances", "places where they could be seen, weighted by reads", "reads"),
        share("rate", "rate that the engine uses"),
        number("expected", "errors that the qualities promise in a context", "reads",
               empty="not a context"),
    ),
)  # fmt: skip
RESCUED = Table(
    "table of rescued reads",
    "an ASV in a sample",
    (
        File("denoise/rescued.tsv",
             "Unassigned reads near an ASV (denoise.rescue); they are not in the ASV table.",
             "merge_rescued"),
        File("denoise/samples/*/rescued.tsv",
             "Unassigned reads near a variant of one sample, before chimeras are removed.",
             "denoise_sample"),
    ),
    (
        SAMPLE,
        ASV,
        count("reads", "unassigned reads nearest to it"),
        count("uniques", "different sequences among them", "sequences"),
        count("max_hamming", "most substitutions from the ASV", "bp"),
        number("lowest_log10_p", "least p-value of belonging to it", "log10"),
    ),
)  # fmt: skip
FOUNDERS = Table(
    "table of founders",
    "a sequence",
    (
        File("denoise/pools/*/founders/*.tsv",
             "Sequences of a pool that may form a variant, of one job (kept while it runs).",
             "compare_shard"),
    ),
    (
        SEQUENCE,
        count("reads", "reads in the pool"),
        count("shard", "number of its shard", ""),
        count("row", "its row there", ""),
    ),
)  # fmt: skip
FILES = (
    File("denoise/asv_table.biom",
         "The ASV table as BIOM 2.1 (HDF5), for QIIME 2 and phyloseq.", "merge_variants"),
    File("denoise/asvs.fasta",
         "Sequence of each ASV, sense strand, primers removed.", "merge_variants"),
    File("denoise/pools/*/plan.json",
         "How the pool of a run was cut into jobs (pooling 'pooled').", "plan_pool"),
    File("denoise/pools/*/groups.npz",
         "Group of similar sequences of each unique sequence of a pool (NumPy).", "plan_pool"),
    File("denoise/pools/*/phase_plan.json",
         "Samples of the pool of a run that phase denoises, those that are too poor for it, and "
         "the size of each job.", "plan_pool"),
    File("denoise/pools/*/phase_shards.npz",
         "Job of each unique sequence of a pool of phase (NumPy).", "plan_pool"),
    File("denoise/pools/*/phase_shares.npz",
         "Reads of each variant of a pool of phase in each sample, and those lost (NumPy).",
         "gather_phase_pool"),
    File("denoise/pools/*/shares.npz",
         "Reads of each variant of a pool in each sample (NumPy).", "replay_pool"),
    File("denoise/runs/*/error_model.json",
         "How the error model was learned (scheme, rounds, convergence, reads).", "learn_errors"),
    File("denoise/runs/*/partitions.npz",
         "Clusters of the samples that the error model was learned from, so that they are not "
         "made again.", "learn_errors"),
    File("denoise/runs/*/phase_error_model.json",
         "How the error model of phase was learned, and its errors per base by strand and "
         "kind.", "learn_errors"),
    File("denoise/samples/*/losses.json",
         "Reads of one sample that no variant explains.", "denoise_sample"),
)  # fmt: skip
TABLES: tuple[Table, ...] = (
    ASV_TABLE, ASVS, BIRTHS, POOL_VARIANTS, CHIMERAS, LEDGER, ERROR_MODEL, ENGINES_OF_RUN,
    PHASE_ERROR_MODEL, VARIANTS, RESCUED, FOUNDERS,
)  # fmt: skip
