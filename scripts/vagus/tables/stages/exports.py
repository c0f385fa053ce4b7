"""Tables and other files of the exports stage."""

from __future__ import annotations

from vagus.export_forms import FORMS
from vagus.tables.columns import count, share, text
from vagus.tables.stages.common import ASV, FEATURE_ID, NAMES, SAMPLE, SHEET_COLUMNS
from vagus.tables.table import File, Table

QIIME2_TAXONOMY = Table(
    "QIIME 2 taxonomy",
    "an ASV",
    (File("exports/qiime2/taxonomy.tsv", "Lineages of the features.", "export_qiime2"),),
    (
        FEATURE_ID,
        text("Taxon", "lineage 'd__...; p__...' as far as it is named"),
        share("Confidence", "bootstrap confidence of the deepest name", empty="unassigned"),
    ),
    key="Feature ID",
)
QIIME2_METADATA = Table(
    "QIIME 2 metadata",
    "a sample",
    (
        File(
            "exports/qiime2/metadata.tsv",
            "Metadata of the samples by QIIME 2's rules; the second line gives the types.",
            "export_qiime2",
        ),
    ),
    (
        text(
            "sample-id",
            "id of the sample: its name, changed only where QIIME 2 does not allow it",
        ),
        SAMPLE,
        SHEET_COLUMNS,
    ),
    key="sample-id",
)
PHYLOSEQ_OTU = Table(
    "phyloseq table of reads",
    "an ASV",
    (File("exports/phyloseq/otu.tsv", "Reads of each ASV in each sample.", "export_phyloseq"),),
    (ASV,),
    key="asv",
    cells=count("SAMPLE", "reads"),
)
PHYLOSEQ_TAX = Table(
    "phyloseq table of names",
    "an ASV",
    (File("exports/phyloseq/tax.tsv", "Names of each ASV by rank.", "export_phyloseq"),),
    (
        ASV,
        *NAMES,
    ),
    key="asv",
)
PHYLOSEQ_SAMPLES = Table(
    "phyloseq table of samples",
    "a sample",
    (File("exports/phyloseq/samples.tsv", "Metadata of the samples.", "export_phyloseq"),),
    (
        SAMPLE,
        SHEET_COLUMNS,
    ),
    key="sample",
)
PHYLOSEQ_COLUMNS = Table(
    "phyloseq table of columns",
    "a column of samples.tsv",
    (
        File(
            "exports/phyloseq/sample_columns.tsv",
            "Which columns of samples.tsv contain numbers.",
            "export_phyloseq",
        ),
    ),
    (
        text("column", "column of samples.tsv"),
        text("type", "numeric or text"),
    ),
    key="column",
)
FILES: tuple[File, ...] = (
    *(File(form.pattern, form.title, form.program) for form in FORMS if form.title),
    File(
        "exports/qiime2/README.md",
        "Commands that import the files beside it into QIIME 2.",
        "export_qiime2",
    ),
    File("exports/qiime2/feature-table.biom", "Feature table (BIOM 2.1).", "export_qiime2"),
    File("exports/qiime2/rep-seqs.fasta", "Sequences of the features.", "export_qiime2"),
    File("exports/qiime2/tree.nwk", "Rooted tree of the features.", "export_qiime2"),
    File(
        "exports/phyloseq/load.R",
        "R program that makes a phyloseq object of the files beside it.",
        "export_phyloseq",
    ),
    File("exports/phyloseq/asvs.fasta", "Sequences of the ASVs.", "export_phyloseq"),
    File("exports/phyloseq/tree.nwk", "Rooted tree of the ASVs.", "export_phyloseq"),
    File(
        "exports/multiqc/*_mqc.tsv",
        "Custom content for MultiQC: run multiqc on this folder.",
        "export_multiqc",
    ),
)
TABLES: tuple[Table, ...] = (
    QIIME2_TAXONOMY,
    QIIME2_METADATA,
    PHYLOSEQ_OTU,
    PHYLOSEQ_TAX,
    PHYLOSEQ_SAMPLES,
    PHYLOSEQ_COLUMNS,
)
