"""Tables and other files of the diversity stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import ALPHA_METRIC, DISTANCE, SAMPLE
from vagus.tables.table import File, Table

ALPHA = Table(
    "table of alpha diversity",
    "a sample",
    (
        File(
            "diversity/alpha.tsv",
            "Diversity within samples at equal depth; means over rarefied tables.",
            "measure_alpha",
        ),
        File(
            "diversity/alpha_unrarefied.tsv",
            "The same from all reads of each sample.",
            "measure_alpha",
        ),
        File(
            "diversity/*/alpha.tsv",
            "The same of species, genera or another level; unnamed ASVs count by their "
            "deepest name.",
            "measure_alpha",
        ),
        File(
            "diversity/*/alpha_unrarefied.tsv",
            "The same from all reads of each sample.",
            "measure_alpha",
        ),
    ),
    (
        SAMPLE,
        count("reads", "reads in ASVs"),
        count("depth", "reads rarefied to; 0 when not rarefied"),
        number("observed", "number of ASVs or taxa", "ASVs", empty="not rarefied: too few reads"),
        number(
            "chao1",
            "bias-corrected Chao1 estimate of the number of ASVs",
            "ASVs",
            empty="not rarefied: too few reads",
        ),
        number("shannon", "Shannon entropy", "nats", empty="not rarefied: too few reads"),
        share(
            "simpson",
            "Simpson index, 1 - sum of squared shares",
            empty="not rarefied: too few reads",
        ),
        share("pielou", "evenness, Shannon / ln(observed)", empty="not rarefied, or one ASV"),
        number(
            "hill_1",
            "Hill number of order 1, an effective number of ASVs: exponential of Shannon "
            "(order 0 is observed)",
            "ASVs",
            empty="not rarefied: too few reads",
        ),
        number(
            "hill_2",
            "Hill number of order 2: inverse Simpson",
            "ASVs",
            empty="not rarefied: too few reads",
        ),
        number(
            "faith_pd",
            "Faith's phylogenetic diversity (branch length)",
            "substitutions a site",
            empty="not rarefied: too few reads",
            only="of ASVs",
        ),
    ),
    key="sample",
)
HILL = Table(
    "table of Hill numbers",
    "a sample",
    (
        File(
            "diversity/hill.tsv",
            "Hill numbers (effective numbers of ASVs): observed, asymptotic, and at equal "
            "coverage.",
            "estimate_hill",
        ),
        File(
            "diversity/*/hill.tsv", "The same of species, genera or another level.", "estimate_hill"
        ),
    ),
    (
        SAMPLE,
        count("reads", "reads in ASVs"),
        count("singletons", "ASVs (taxa) with one read", "ASVs"),
        count("doubletons", "ASVs (taxa) with two reads", "ASVs"),
        share(
            "coverage",
            "estimated share of the community's individuals that belong to what was seen",
            empty="cannot be estimated",
        ),
        number("hill_0", "observed Hill number of order 0 (richness)", "ASVs", empty="no reads"),
        number(
            "hill_1",
            "observed Hill number of order 1 (exponential of Shannon)",
            "ASVs",
            empty="no reads",
        ),
        number(
            "hill_2", "observed Hill number of order 2 (inverse Simpson)", "ASVs", empty="no reads"
        ),
        number(
            "asymptote_0",
            "estimated Hill number of order 0 of the whole community",
            "ASVs",
            empty="cannot be estimated",
        ),
        number(
            "asymptote_1",
            "estimated Hill number of order 1 of the whole community",
            "ASVs",
            empty="cannot be estimated",
        ),
        number(
            "asymptote_2",
            "estimated Hill number of order 2 of the whole community",
            "ASVs",
            empty="cannot be estimated",
        ),
        share(
            "base_coverage",
            "coverage at which samples are compared",
            empty="cannot be estimated",
        ),
        number(
            "reads_at_base",
            "reads at which the sample is expected to have that coverage",
            "reads",
            empty="cannot be estimated",
        ),
        text(
            "kind",
            "rarefied, observed or extrapolated to it",
            empty="beyond twice the reads",
        ),
        number(
            "standardised_0",
            "Hill number of order 0 at that coverage",
            "ASVs",
            empty="cannot be estimated",
        ),
        number(
            "standardised_1",
            "Hill number of order 1 at that coverage",
            "ASVs",
            empty="cannot be estimated",
        ),
        number(
            "standardised_2",
            "Hill number of order 2 at that coverage",
            "ASVs",
            empty="cannot be estimated",
        ),
    ),
    key="sample",
)
HILL_CURVES = Table(
    "table of curves of Hill numbers",
    "a number of reads of a sample",
    (
        File(
            "diversity/hill_curves.tsv",
            "Hill numbers at growing numbers of reads, to twice those of the sample.",
            "estimate_hill",
        ),
        File(
            "diversity/*/hill_curves.tsv",
            "The same of species, genera or another level.",
            "estimate_hill",
        ),
    ),
    (
        SAMPLE,
        count("reads", "number of reads"),
        text("kind", "rarefied, observed or extrapolated"),
        share("coverage", "expected coverage"),
        number("hill_0", "expected Hill number of order 0 (richness)", "ASVs"),
        number("hill_1", "expected Hill number of order 1", "ASVs"),
        number("hill_2", "expected Hill number of order 2", "ASVs"),
    ),
)
RAREFACTION_CHOICES = Table(
    "table of rarefaction depths",
    "a depth",
    (
        File(
            "diversity/rarefaction_choices.tsv",
            "What other rarefaction depths would cost. Controls do not count.",
            "rarefy_samples",
        ),
    ),
    (
        count("depth", "reads rarefied to"),
        text("chosen", "'yes' for the depth that was used", empty="not the one"),
        count("samples_kept", "samples with at least so many reads"),
        count("samples_dropped", "the others", "samples"),
        count("reads_used", "depth times samples kept"),
        share("share_of_reads", "of all reads of the samples", empty="no reads"),
        share(
            "mean_coverage",
            "expected coverage at that depth, mean over samples kept",
            empty="no sample is kept",
        ),
        text("dropped", "samples that drop, '; ' joined", empty="none"),
    ),
)
RAREFACTION = Table(
    "table of rarefaction curves",
    "a depth of a sample and a metric",
    (File("diversity/rarefaction.tsv", "Rarefaction curves.", "rarefy_samples"),),
    (
        SAMPLE,
        count("depth", "reads drawn"),
        ALPHA_METRIC,
        number("mean", "expected value", "as the metric"),
        number("sd", "standard deviation", "as the metric"),
    ),
)
EXCLUDED = Table(
    "table of excluded samples",
    "a sample that is left out",
    (
        File(
            "diversity/excluded.tsv",
            "Samples left out of the diversity analysis.",
            "rarefy_samples",
        ),
    ),
    (
        SAMPLE,
        text("reason", "why"),
    ),
    key="sample",
)
BETA = Table(
    "table of distances",
    "a sample",
    (
        File("diversity/beta_*.tsv", "Distances between samples (square).", "measure_beta"),
        File(
            "diversity/*/beta_*.tsv",
            "The same of species, genera or another level.",
            "measure_beta",
        ),
    ),
    (SAMPLE,),
    key="sample",
    cells=number("SAMPLE", "distance to that sample"),
)
EXPLAINED = Table(
    "table of explained shares",
    "an axis of a distance",
    (
        File(
            "diversity/ordination_explained.tsv",
            "How much of the distances each axis shows.",
            "ordinate_samples",
        ),
        File(
            "diversity/*/ordination_explained.tsv",
            "The same of species, genera or another level.",
            "ordinate_samples",
        ),
    ),
    (
        DISTANCE,
        text("axis", "axis (PC1, PC2, ...)"),
        share(
            "proportion", "share of the sum of positive eigenvalues", empty="all distances are 0"
        ),
        number("eigenvalue", "eigenvalue", "squared distance"),
        share(
            "negative_share",
            "share of negative eigenvalues in the sum of absolute ones",
            empty="all distances are 0",
        ),
    ),
)
ORDINATION = Table(
    "table of principal coordinates",
    "a sample",
    (
        File(
            "diversity/ordination_*.tsv",
            "Principal coordinates of the samples, controls left out.",
            "ordinate_samples",
        ),
        File(
            "diversity/*/ordination_*.tsv",
            "The same of species, genera or another level.",
            "ordinate_samples",
        ),
    ),
    (
        SAMPLE,
        number("PC*", "coordinate on that axis", "as the distance"),
    ),
    key="sample",
)
BIPLOT = Table(
    "table of arrows",
    "an ASV or taxon",
    (
        File(
            "diversity/biplot_*.tsv",
            "ASVs that change most along the first two principal coordinates.",
            "ordinate_samples",
        ),
        File(
            "diversity/*/biplot_*.tsv",
            "The same of species, genera or another level.",
            "ordinate_samples",
        ),
    ),
    (
        text("taxon", "ASV or name of the taxon"),
        number("PC1", "arrow on the first axis (comparable within the table)", "as the distance"),
        number("PC2", "arrow on the second axis", "as the distance"),
        number("length", "length of the arrow"),
        number("r_PC1", "correlation with the first axis", "-1 to 1", empty="constant"),
        number("r_PC2", "correlation with the second axis", "-1 to 1", empty="constant"),
    ),
    key="taxon",
)
NMDS_STRESS = Table(
    "table of stress",
    "a distance",
    (
        File(
            "diversity/nmds_stress.tsv",
            "How well two dimensions keep the order of the distances.",
            "ordinate_samples",
        ),
        File(
            "diversity/*/nmds_stress.tsv",
            "The same of species, genera or another level.",
            "ordinate_samples",
        ),
    ),
    (
        DISTANCE,
        number(
            "stress",
            "Kruskal's stress-1 (below 0.1 fair, above 0.2 not to be trusted in detail)",
            empty="too few samples",
        ),
        count("equal_starts", "starts that ended within 0.001 of it", "starts"),
        count("starts", "starts", "starts"),
    ),
    key="metric",
)
NMDS = Table(
    "table of scaled coordinates",
    "a sample",
    (
        File(
            "diversity/nmds_*.tsv",
            "Non-metric multidimensional scaling of the samples, controls left out.",
            "ordinate_samples",
        ),
        File(
            "diversity/*/nmds_*.tsv",
            "The same of species, genera or another level.",
            "ordinate_samples",
        ),
    ),
    (
        SAMPLE,
        number("NMDS*", "coordinate on that axis", "scaled distance"),
    ),
    key="sample",
)
FILES: tuple[File, ...] = (
    File(
        "diversity/rarefaction_plan.json",
        "Depth of rarefaction, how it was chosen and what it costs.",
        "rarefy_samples",
    ),
)
TABLES: tuple[Table, ...] = (
    ALPHA,
    HILL,
    HILL_CURVES,
    RAREFACTION_CHOICES,
    RAREFACTION,
    EXCLUDED,
    BETA,
    EXPLAINED,
    ORDINATION,
    BIPLOT,
    NMDS_STRESS,
    NMDS,
)
