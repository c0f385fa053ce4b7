"""Tables and other files of the cohort stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import ALPHA_METRIC, DISTANCE
from vagus.tables.table import File, Table

NOT_TESTED = "not tested"
_VARIABLE = text("variable", "column of the sample sheet")
_TEST = text("test", "statistical test")
_GROUPS = text("groups", "levels compared", empty="a number")
_N = text("n", "number in each level", empty=NOT_TESTED)
_RESULT = (
    number("statistic", "test statistic", empty=NOT_TESTED),
    share("p_value", "p-value", empty=NOT_TESTED),
)
_EFFECT = (
    number("effect", "effect size", empty=NOT_TESTED),
    number("effect_low", "lower limit of its 95 % interval", empty="not tested, or not known"),
    number("effect_high", "upper limit", empty="not tested, or not known"),
    text("effect_name", "what the effect size is", empty=NOT_TESTED),
)
_EFFECT_LIMITS = (
    number("effect_low", "lower limit of its 95 % interval", empty=NOT_TESTED),
    number("effect_high", "upper limit", empty=NOT_TESTED),
)
_ESTIMATE = number(
    "estimate", "difference in units of the metric", "as the metric", empty=NOT_TESTED
)
_INTERVAL = (
    number("low", "lower limit of its 95 % interval", "as the estimate", empty=NOT_TESTED),
    number("high", "upper limit", "as the estimate", empty=NOT_TESTED),
)
_FOUND = "that this design finds (p < 0.05) 8 times in 10"
_DETECTABLE = number(
    "detectable",
    f"smallest true difference {_FOUND}, from its standard error alone",
    "as the estimate",
    empty="not tested, or levels together",
)
_DF = number("df", "degrees of freedom", empty=NOT_TESTED)
_PERMUTATIONS = count(
    "permutations", "permutations made", "permutations", empty="not by permutation"
)
_SUBJECT = text("subject", "subject")
_NOTE = text("note", "how repeated samples were handled, what was left out", empty="nothing to add")

ALPHA_TESTS = Table(
    "table of tests of alpha diversity",
    "a test",
    (
        File(
            "cohort/alpha_tests.tsv",
            "Tests of groups on diversity within samples. Associations only.",
            "compare_groups",
        ),
    ),
    (
        _VARIABLE,
        ALPHA_METRIC,
        _TEST,
        _GROUPS,
        _N,
        *_RESULT,
        share(
            "q_value",
            "p-value corrected by Benjamini-Hochberg over all alpha tests of the study",
            empty=NOT_TESTED,
        ),
        *_EFFECT,
        _NOTE,
    ),
)
BETA_TESTS = Table(
    "table of tests of distances",
    "a test",
    (
        File(
            "cohort/beta_tests.tsv",
            "Tests of groups on distances between samples. Associations only.",
            "compare_groups",
        ),
    ),
    (
        _VARIABLE,
        DISTANCE,
        _TEST,
        _N,
        _GROUPS,
        *_RESULT,
        share(
            "q_value",
            "p-value corrected by Benjamini-Hochberg over all PERMANOVA tests, and over all "
            "PERMDISP tests separately",
            empty=NOT_TESTED,
        ),
        count("permutations", "permutations made", "permutations", empty=NOT_TESTED),
        _EFFECT[0],
        _EFFECT[-1],
        _NOTE,
    ),
)
ALPHA_MODELS = Table(
    "table of models of alpha diversity",
    "a contrast of a model",
    (
        File(
            "cohort/alpha_models.tsv",
            "Linear and mixed models of alpha diversity, adjusted for covariates. "
            "Associations only.",
            "model_diversity",
        ),
    ),
    (
        _VARIABLE,
        ALPHA_METRIC,
        text(
            "model",
            "linear model, mixed model (intercept of each subject), within-subject model "
            "(distances from the subject's means), between-subject model (these means) or paired "
            "t-test",
            empty=NOT_TESTED,
        ),
        text(
            "contrast",
            "levels compared, or the unit of a number; 'all levels' for the test of all together; "
            "within or between subjects when it changes within them",
            empty=NOT_TESTED,
        ),
        text("n", "subjects of each level (samples where there are no subjects)", empty=NOT_TESTED),
        count("samples", "samples in the model", "samples", empty=NOT_TESTED),
        count(
            "subjects",
            "subjects in the model, when some gave several samples",
            "subjects",
            empty="samples are subjects",
        ),
        _ESTIMATE,
        number("standard_error", "its standard error", "as the metric", empty=NOT_TESTED),
        *_INTERVAL,
        _DETECTABLE,
        number("df", "degrees of freedom of the test", empty=NOT_TESTED),
        _RESULT[0],
        text("statistic_name", "t, or F with the number of contrasts", empty=NOT_TESTED),
        _RESULT[1],
        share(
            "q_value",
            "p-value corrected by Benjamini-Hochberg, over whole variables, single levels of "
            "several, and paired tests separately",
            empty=NOT_TESTED,
        ),
        number("effect", "standardised effect", empty=NOT_TESTED),
        *_EFFECT_LIMITS,
        text("effect_name", "what the effect is", empty=NOT_TESTED),
        text("covariates", "what the model is adjusted for", empty="no covariates"),
        _NOTE,
    ),
)
BETA_MODELS = Table(
    "table of models of distances",
    "a term of a model",
    (
        File(
            "cohort/beta_models.tsv",
            "PERMANOVA with covariates and repeated subjects, one row a term. Associations only.",
            "model_diversity",
        ),
    ),
    (
        text("variable", "column of the sample sheet that is tested"),
        DISTANCE,
        text("term", "term of the model", empty=NOT_TESTED),
        text(
            "order",
            "sequential (after the terms before it) or marginal (after all others)",
            empty=NOT_TESTED,
        ),
        text("unit", "what is permuted", empty=NOT_TESTED),
        text("n", "units of each level", empty=NOT_TESTED),
        _DF,
        count("residual_df", "degrees of freedom that the model leaves", "", empty=NOT_TESTED),
        number(
            "sum_of_squares",
            "sum of squared distances that the term explains",
            "squared distance",
            empty=NOT_TESTED,
        ),
        number("r2", "share of the total sum of squares", empty=NOT_TESTED),
        number("pseudo_f", "test statistic", empty=NOT_TESTED),
        number(
            "omega2",
            "partial omega squared: share of the variation left by the other terms "
            "(covariates, subjects) that goes with the term, corrected for chance; omega "
            "squared where there are no other terms",
            empty=NOT_TESTED,
        ),
        number("omega2_low", "lower limit of its 95 % interval", empty=NOT_TESTED),
        number("omega2_high", "upper limit", empty=NOT_TESTED),
        number("detectable", f"smallest true omega2 {_FOUND}, about", empty=NOT_TESTED),
        share("p_value", "p-value by permutation of what is named in unit", empty=NOT_TESTED),
        share(
            "q_value",
            "p-value corrected by Benjamini-Hochberg over the tested variables",
            empty=NOT_TESTED,
        ),
        _PERMUTATIONS,
        text("covariates", "other terms", empty="no covariates"),
        text("note", "how many permutations, what was left out", empty="nothing to add"),
    ),
)
DESIGN = Table(
    "table of checks of the design",
    "a finding",
    (
        File(
            "cohort/design.tsv",
            "Checks of the design, one row a finding with what follows from it.",
            "check_design",
        ),
    ),
    (
        text("check", "what was looked at"),
        text("variable", "column of the sample sheet", empty="of the whole study"),
        text("finding", "what was found"),
        text("severity", "error (not tested, or misleading), warning, note"),
        text("consequence", "what follows for the tests"),
    ),
)
VOLATILITY = Table(
    "table of changes",
    "a step of a subject and a distance",
    (
        File(
            "cohort/volatility.tsv",
            "How much each subject changed between consecutive times.",
            "follow_subjects",
        ),
    ),
    (
        _SUBJECT,
        DISTANCE,
        text("from", "earlier time"),
        text("to", "later time"),
        number("distance", "distance between the two (0-1, except for Aitchison)", "as the metric"),
        number("interval", "time between the two", "as the times", empty="times are levels"),
    ),
)
TRAJECTORIES = Table(
    "table of trajectories",
    "a sample and a measure",
    (
        File(
            "cohort/trajectories.tsv",
            "Alpha diversity and the first principal axis of each sample in the order of time.",
            "follow_subjects",
        ),
    ),
    (
        text("measure", "alpha metric, or PC1 of a distance"),
        _SUBJECT,
        text("time", "time"),
        count("position", "place of the time in their order, from 1", ""),
        text("sample", "sample"),
        number("value", "value", "as the measure"),
    ),
)
LONGITUDINAL_TESTS = Table(
    "table of tests over time",
    "a test",
    (
        File(
            "cohort/longitudinal_tests.tsv",
            "Tests of change over time between groups. Associations only.",
            "follow_subjects",
        ),
    ),
    (
        _VARIABLE,
        text(
            "question",
            "volatility, change of alpha, change of composition",
            empty=NOT_TESTED,
        ),
        text("metric", "alpha metric or distance", empty=NOT_TESTED),
        text("test", "statistical test", empty=NOT_TESTED),
        text("contrast", "what is compared", empty=NOT_TESTED),
        text("n", "subjects of each level", empty=NOT_TESTED),
        _ESTIMATE,
        *_INTERVAL,
        number(
            "detectable",
            f"smallest true difference {_FOUND}; of composition the effect",
            "as the estimate",
            empty="not tested, rank test, or levels together",
        ),
        _DF,
        *_RESULT,
        share(
            "q_value",
            "p-value corrected by Benjamini-Hochberg over the tests of a question, rank tests "
            "apart",
            empty=NOT_TESTED,
        ),
        _EFFECT[0],
        *_EFFECT_LIMITS,
        _EFFECT[-1],
        _PERMUTATIONS,
        text("note", "how subjects entered, what was left out", empty="nothing to add"),
    ),
)
DIFFERENTIAL = Table(
    "table of differing taxa",
    "a taxon, contrast and method",
    (
        File(
            "cohort/differential_*.tsv",
            "Which taxa differ, one row a taxon, contrast and method. Associations only.",
            "compare_taxa",
        ),
    ),
    (
        _VARIABLE,
        text("contrast", "levels compared, or the unit of a number", empty=NOT_TESTED),
        text("taxon", "taxon or ASV", empty=NOT_TESTED),
        text(
            "method",
            "count score test; CLR linear, mixed or within-subject model, ANCOM-BC, "
            "Dirichlet-multinomial",
            empty=NOT_TESTED,
        ),
        text(
            "role",
            "primary (the count score test, which decides) or sensitivity (log-ratio methods, "
            "biased when many taxa change in one direction)",
            empty=NOT_TESTED,
        ),
        text("n", "subjects of each level (samples where there are no subjects)"),
        share("prevalence", "share of the samples that have it", empty=NOT_TESTED),
        share(
            "share_reference",
            "mean share of the reads in samples of the reference level",
            empty=NOT_TESTED,
        ),
        share(
            "share_level",
            "mean share of the reads in samples of the other level",
            empty=NOT_TESTED,
        ),
        number(
            "log2_fold",
            "log2 fold, level named first against the other (per unit of a number), adjusted for "
            "the covariates. Count score test: of mean reads, relative to the reads of the taxa "
            "that are taken as unchanged. Other methods: difference of mean logarithms of the "
            "taxon's reads, zeros filled by half a read at mean depth, over the geometric mean of "
            "all taxa of the same sample (CLR, Dirichlet-multinomial; taxa below the least "
            "prevalence are summed to one), or over the sample's estimated sampling fraction "
            "(ANCOM-BC). 1 means twice as much",
            "log2",
            empty=NOT_TESTED,
        ),
        *_INTERVAL,
        number(
            "detectable",
            "smallest true log2 fold that this design finds (q_value < 0.05) 8 times in 10, where "
            "no other taxon differs",
            "log2",
            empty="not tested, or another method",
        ),
        _RESULT[1],
        share(
            "q_value",
            "p-value corrected by Benjamini-Hochberg over the taxa of a rank, contrast and method",
            empty=NOT_TESTED,
        ),
        share(
            "q_shift_025",
            "q-value that remains when the reference of unchanged taxa is off by 0.25 log2 (1.2-"
            "fold) either way; 1 where the direction turns",
            empty="not tested, or another method",
        ),
        share(
            "q_shift_05",
            "the same for 0.5 log2 (1.4-fold)",
            empty="not tested, or another method",
        ),
        share(
            "q_all_levels",
            "q-value of the test of all levels together, when there are more than two",
            empty="not tested, two levels, or another method",
        ),
        text(
            "result",
            "higher or lower (level named first) when the count score test has q_value < 0.05, in "
            "weak designs (see note) q_shift_05 < 0.05; else not found, or not tested",
            empty=NOT_TESTED,
        ),
        text("covariates", "what the models are adjusted for", empty="no covariates"),
        text(
            "note",
            "how repeated samples were handled, which methods and samples were left out",
            empty="nothing to add",
        ),
    ),
)
FILES: tuple[File, ...] = ()
TABLES: tuple[Table, ...] = (
    ALPHA_TESTS,
    BETA_TESTS,
    ALPHA_MODELS,
    BETA_MODELS,
    DESIGN,
    VOLATILITY,
    TRAJECTORIES,
    LONGITUDINAL_TESTS,
    DIFFERENTIAL,
)
