"""Tables and other files of the reads stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import SAMPLE, STAGE
from vagus.tables.table import File, Table

READ_LEDGER = Table(
    "read ledger",
    "a sample",
    (
        File(
            "reads/ledger.tsv",
            "Reads after each step, one row a sample. input = sum of all lost_* + kept.",
            "collect_ledger",
        ),
    ),
    (
        SAMPLE,
        text("status", "ok, empty (nothing left to work with) or failed (reads could not be used)"),
        text("reason", "why a sample is not ok", empty="the sample is ok"),
        text("platform", "hifi (PacBio) or ont (Oxford Nanopore)", empty="unknown"),
        text(
            "quality_scheme",
            "full (all Phred values), binned7 (PacBio's seven), binned (few others) or ont",
            empty="unknown",
        ),
        text("primers", "primer pair found and trimmed", empty="unknown"),
        count("input", "reads in the sample's files"),
        count("lost_unreadable", "reads that could not be read"),
        count("lost_malformed", "reads that are not of the form of their file"),
        count(
            "lost_duplex_parent",
            "strands of duplex reads (tag dx: -1), whose molecule the duplex read counts",
        ),
        count("lost_repeated", "reads with the name of a read before them"),
        count("lost_primers", "reads without the required primers"),
        count("lost_unoriented", "reads of unknown strand"),
        count("lost_too_short", "reads shorter than reads.min_length_bp after trimming"),
        count("lost_too_long", "reads longer than reads.max_length_bp after trimming"),
        count("lost_ambiguous", "reads with a base that was not called"),
        count("lost_expected_errors", "reads with too many expected errors"),
        count("lost_low_accuracy", "reads of low accuracy"),
        count("lost_too_few_reads", "reads of a sample that kept fewer than reads.min_reads"),
        count("kept", "reads that passed all filters"),
        count("n_uniques", "different sequences among them", "sequences"),
    ),
    key="sample",
)
QC = Table(
    "table of quality numbers",
    "a sample before or after trimming and filtering",
    (
        File(
            "reads/qc.tsv",
            "Quality numbers, two rows a sample (before and after trimming and filtering).",
            "collect_ledger",
        ),
    ),
    (
        SAMPLE,
        STAGE,
        count("n_reads", "reads"),
        count("n_bases", "bases", "bases"),
        number("median_length_bp", "median read length", "bp", empty="no reads"),
        number(
            "mean_expected_errors",
            "mean over reads of the expected errors a read",
            "errors a read",
            empty="no reads",
        ),
        number(
            "median_expected_errors",
            "median of the expected errors a read",
            "errors a read",
            empty="no reads",
        ),
        share("median_accuracy", "median of 1 - expected errors / length", empty="no reads"),
        number(
            "median_passes",
            "median number of passes of the polymerase (PacBio BAM only)",
            "passes",
            empty="not in the file",
        ),
        text(
            "accuracy_source",
            "rq (the instrument's read accuracy) or qualities",
            empty="no reads",
        ),
        share("unique_share", "different sequences / reads", empty="before, or no reads"),
        count("n_sense", "reads found in that orientation", "reads", empty="after"),
        count("n_antisense", "reads found in that orientation", "reads", empty="after"),
        count("n_unknown", "reads found in that orientation", "reads", empty="after"),
    ),
)
LENGTH_HISTOGRAM = Table(
    "histogram of lengths",
    "a bin of lengths in a sample, before or after",
    (File("reads/length_histogram.tsv", "Reads by length.", "collect_ledger"),),
    (
        SAMPLE,
        STAGE,
        count("length_bp", "lower edge of the bin", "bp"),
        count("n_reads", "reads"),
    ),
)
EXPECTED_ERRORS_HISTOGRAM = Table(
    "histogram of expected errors",
    "a bin of expected errors in a sample, before or after",
    (File("reads/expected_errors_histogram.tsv", "Reads by expected errors.", "collect_ledger"),),
    (
        SAMPLE,
        STAGE,
        number(
            "expected_errors_from",
            "lower edge of the bin, included",
            "errors a read",
        ),
        number(
            "expected_errors_to",
            "upper edge of the bin, not included",
            "errors a read",
        ),
        count("n_reads", "reads"),
    ),
)
QUALITY_PROFILE = Table(
    "profile of qualities",
    "some positions of the reads of a sample, before or after",
    (File("reads/quality_profile.tsv", "Mean quality along the read.", "collect_ledger"),),
    (
        SAMPLE,
        STAGE,
        count("position_bp", "first position of the bin, 0-based", "bp"),
        number("mean_quality", "mean Phred quality", "Phred"),
    ),
)
FILES: tuple[File, ...] = (
    File("reads/samples/*/qc.json", "All quality numbers of one sample.", "prepare_reads"),
    File(
        "reads/samples/*/uniques.npz",
        "Different sequences of one sample with counts and summed qualities (NumPy).",
        "prepare_reads",
    ),
    File(
        "reads/samples/*/filtered.fastq.gz",
        "Trimmed, oriented, filtered reads of one sample.",
        "prepare_reads",
    ),
)
TABLES: tuple[Table, ...] = (
    READ_LEDGER,
    QC,
    LENGTH_HISTOGRAM,
    EXPECTED_ERRORS_HISTOGRAM,
    QUALITY_PROFILE,
)
LONG_TABLES = {
    "length_histogram": LENGTH_HISTOGRAM,
    "expected_errors_histogram": EXPECTED_ERRORS_HISTOGRAM,
    "quality_profile": QUALITY_PROFILE,
}
"""Histograms and profiles of a sample, by their names in its description."""
