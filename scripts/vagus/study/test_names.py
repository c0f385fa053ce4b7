"""Names of the tests of a design, as ``vagus check`` announces them and the results have them."""

from __future__ import annotations

# q-value (Benjamini-Hochberg) below which a test says that something differs
MAX_Q = 0.05

# alpha_tests.tsv, column test: one of these by design and number of levels
SPEARMAN, MANN_WHITNEY, KRUSKAL_WALLIS = "Spearman", "Mann-Whitney U", "Kruskal-Wallis"
WILCOXON, FRIEDMAN = "Wilcoxon signed-rank", "Friedman"
# beta_tests.tsv, column test
PERMANOVA, PERMDISP = "PERMANOVA", "PERMDISP"
# alpha_models.tsv, column model
LINEAR, MIXED, PAIRED = "linear model", "mixed model", "paired t-test"
WITHIN, BETWEEN = "within-subject model", "between-subject model"
# beta_models.tsv has one kind
PERMANOVA_MODEL = "PERMANOVA with all terms"
# taxa_<rank>.tsv, column method
COUNTS = "count score test"
CLR_LINEAR, CLR_MIXED = "CLR linear model", "CLR mixed model"
CLR_WITHIN = "CLR within-subject model"
ANCOM_BC, DIRICHLET = "ANCOM-BC", "Dirichlet-multinomial"
# longitudinal_tests.tsv, column question
VOLATILITY, CHANGE_ALPHA, CHANGE_BETA = "volatility", "change of alpha", "change of composition"
