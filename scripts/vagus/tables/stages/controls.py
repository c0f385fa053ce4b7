"""Tables and other files of the controls stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import ASV, DISTANCE, RUN, SAMPLE
from vagus.tables.table import File, Table

VERDICT = Table(
    "table of verdicts",
    "a sequencing run",
    (
        File(
            "controls/verdict.tsv",
            "One verdict a sequencing run, with its reasons.",
            "assess_controls",
        ),
    ),
    (
        RUN,
        text("verdict", "pass, caution or fail"),
        count("n_fail", "checks with that outcome", "checks"),
        count("n_caution", "checks with that outcome", "checks"),
        count("n_pass", "checks with that outcome", "checks"),
        count("n_not_checked", "checks with that outcome", "checks"),
        text(
            "reasons",
            "checks that failed or call for caution (of all that passed when there are none)",
            empty="no check",
        ),
    ),
    key="run",
)
CHECKS = Table(
    "table of checks",
    "a check of a sequencing run",
    (File("controls/checks.tsv", "The checks behind the verdict.", "assess_controls"),),
    (
        RUN,
        text("check", "what was checked"),
        text("outcome", "pass, caution, fail or not checked"),
        number("value", "value that was judged", "as the check says", empty="not checked"),
        number(
            "caution_from", "value from which it calls for caution", "as the value", empty="never"
        ),
        number(
            "fail_from",
            "value from which it fails",
            "as the value",
            empty="never",
        ),
        text("reason", "in words"),
    ),
)
CONTAMINANTS = Table(
    "table of contaminants",
    "an ASV",
    (
        File(
            "controls/contaminants.tsv",
            "Each ASV with its scores as a contaminant (Davis et al. 2018), the most likely first.",
            "find_contaminants",
        ),
    ),
    (
        ASV,
        text("method", "prevalence, frequency, combined or none"),
        count("reads", "reads in the study"),
        count("reads_in_negatives", "reads in negative controls"),
        count("samples", "study samples that have it", "samples"),
        count("negatives", "negative controls that have it", "samples"),
        share(
            "share_in_positives",
            "greatest share in a positive control",
            empty="no positive control",
        ),
        number(
            "p_prevalence",
            "score by prevalence in negative controls (0 to 1, small for a contaminant)",
            "0 to 1",
            empty="not scored",
        ),
        share("p_frequency", "score by share against DNA concentration", empty="not scored"),
        number(
            "p",
            "score that is compared with controls.contaminant_threshold",
            "0 to 1",
            empty="not scored",
        ),
        text("contaminant", "'yes' when it is called", empty="not called"),
        text("genus", "name", empty="unassigned"),
        text("species", "name", empty="unassigned"),
        text(
            "seen_in_reagents",
            "'yes' for a genus that Salter et al. 2014 found in reagents",
            empty="no",
        ),
    ),
    key="asv",
)
CONTAMINANT_LEDGER = Table(
    "ledger of contaminants",
    "a sample",
    (
        File(
            "controls/ledger.tsv",
            "Reads of contaminants in each sample, before any is removed.",
            "find_contaminants",
        ),
    ),
    (
        SAMPLE,
        count(
            "reads",
            "reads in ASVs, contaminants included; those set apart for another reason left out",
        ),
        count("contaminant_reads", "reads of ASVs that are called contaminants"),
        share("share", "their share", empty="no reads"),
    ),
    key="sample",
)
MOCKS = Table(
    "table of mock communities",
    "a mock community at a rank",
    (
        File(
            "controls/mocks.tsv",
            "Mock communities against their known composition.",
            "assess_controls",
        ),
    ),
    (
        SAMPLE,
        RUN,
        text("mock", "name in the sample sheet"),
        text("product", "what it is", empty="not scored"),
        text("rank", "species or genus", empty="not scored"),
        count("reads", "reads in ASVs", empty="not scored"),
        count("expected", "taxa of the mock", "taxa", empty="not scored"),
        count("detectable", "of these, with 10 expected reads or more", "taxa", empty="not scored"),
        count("found", "taxa of the mock with reads", "taxa", empty="not scored"),
        count("missed", "detectable ones without reads", "taxa", empty="not scored"),
        text("missed_taxa", "their names, '; ' joined", empty="none missed"),
        count(
            "below_detection",
            "expected taxa without reads of which fewer than 10 reads were expected; found + "
            "missed + below_detection = expected",
            "taxa",
            empty="not scored",
        ),
        count(
            "wrong_species",
            "names of other species of a genus of the mock",
            "taxa",
            empty="not scored",
        ),
        number("wrong_percent", "their share of the reads", "%", empty="not scored"),
        count("foreign_taxa", "other taxa that are not in the mock", "taxa", empty="not scored"),
        number("foreign_percent", "their share of the reads", "%", empty="not scored"),
        number("unnamed_percent", "reads without a name at the rank", "%", empty="not scored"),
        share(
            "bray_curtis", "Bray-Curtis distance to the expected composition", empty="not scored"
        ),
        number(
            "log2_error",
            "root mean square of log2(observed / expected share) over detectable taxa found",
            "log2",
            empty="not scored",
        ),
        text("note", "why it was not scored", empty="nothing to add"),
    ),
)
MOCK_TAXA = Table(
    "table of the taxa of mock communities",
    "a taxon of a mock community",
    (File("controls/mock_taxa.tsv", "Each taxon of each mock community.", "assess_controls"),),
    (
        SAMPLE,
        RUN,
        text("mock", "name in the sample sheet"),
        text("rank", "species or genus"),
        text("taxon", "expected or observed name"),
        text(
            "status",
            "found, missed, below detection, wrong species (its genus is in the mock), foreign"
            " or unnamed",
        ),
        number("expected_percent", "expected share of 16S genes", "%", empty="no reads"),
        number("observed_percent", "share of the reads", "%", empty="no reads"),
        count("reads", "reads"),
        number(
            "log2_ratio",
            "log2(observed / expected share) among the reads of expected taxa",
            "log2",
            empty="no reads, or not expected",
        ),
    ),
)
REPLICATES = Table(
    "table of replicates",
    "a biological sample and a distance",
    (
        File(
            "controls/replicates.tsv",
            "Distances within each group of replicates.",
            "assess_controls",
        ),
    ),
    (
        text("replicate", "biological sample"),
        DISTANCE,
        count("n", "replicates", "samples"),
        number("mean_distance", "mean distance between them", "as the distance"),
        text("samples", "their names, '; ' joined"),
    ),
)
REPEATABILITY = Table(
    "table of repeatability",
    "a metric",
    (File("controls/repeatability.tsv", "How similar replicates are.", "assess_controls"),),
    (
        text("metric", "distance or alpha metric"),
        text("kind", "distance or alpha"),
        count("pairs_within", "pairs of replicates", "pairs", empty="not measured"),
        number("median_within", "their median distance", "as the metric", empty="not measured"),
        count("pairs_between", "pairs of different samples", "pairs", empty="not measured"),
        number("median_between", "their median distance", "as the metric", empty="not measured"),
        number("ratio", "median_within / median_between", empty="not measured"),
        count("n_groups", "biological samples", "samples", empty="not measured"),
        count("n_samples", "replicates in all", "samples", empty="not measured"),
        number(
            "cv",
            "coefficient of variation within replicates (root mean square)",
            empty="not measured",
        ),
        number("icc", "intraclass correlation ICC(1), at most 1", empty="not measured"),
    ),
)
BATCHES = Table(
    "table of batches",
    "a batch column and a distance",
    (
        File(
            "controls/batches.tsv",
            "Do sequencing runs and other batches differ. PERMANOVA.",
            "assess_controls",
        ),
    ),
    (
        text("batch", "column of the sample sheet"),
        DISTANCE,
        text("n", "number in each batch", empty="not tested"),
        number("statistic", "pseudo-F", empty="not tested"),
        share("p_value", "p-value", empty="not tested"),
        number("r2", "share of the variation in distances", empty="not tested"),
        number(
            "omega2",
            "the same, corrected for what chance explains (omega squared; there are no other "
            "terms)",
            empty="not tested",
        ),
        count("permutations", "permutations made", "permutations", empty="not tested"),
        text("confounded_with", "columns of the design that go with the batch", empty="nothing"),
        text("note", "how samples were permuted, what was left out", empty="nothing to add"),
    ),
)
FILES: tuple[File, ...] = (
    File(
        "controls/contaminants.txt",
        "How contaminants were looked for, in words.",
        "find_contaminants",
    ),
)
TABLES: tuple[Table, ...] = (
    VERDICT,
    CHECKS,
    CONTAMINANTS,
    CONTAMINANT_LEDGER,
    MOCKS,
    MOCK_TAXA,
    REPLICATES,
    REPEATABILITY,
    BATCHES,
)
BY_NAME = {
    "verdict": VERDICT, "checks": CHECKS, "mocks": MOCKS, "mock_taxa": MOCK_TAXA,
    "replicates": REPLICATES, "repeatability": REPEATABILITY, "batches": BATCHES,
}  # fmt: skip
"""Tables of the assessment."""
