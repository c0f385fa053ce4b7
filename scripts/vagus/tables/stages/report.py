"""Tables and other files of the report stage."""

from __future__ import annotations

from vagus.tables.columns import ANY, Column, count, number, share, text
from vagus.tables.table import LAST, File, Table

SAMPLE_TAXA = Table(
    "table of the taxa of a sample",
    "a taxon",
    (
        File(
            "report/samples/*.taxa.tsv",
            "Taxa of one sample, its ASVs gathered by their deepest name.",
            "write_sample_reports",
        ),
    ),
    (
        text("taxon", "deepest name", empty="unassigned"),
        text("rank", "rank of that name", empty="unassigned"),
        text("lineage", "full lineage", empty="unassigned"),
        count("reads", "reads"),
        number(
            "percent",
            "share of the sample's reads in ASVs that are analysed",
            "%",
            empty="unassigned",
        ),
        count("n_asvs", "ASVs of that name", "ASVs"),
        share(
            "confidence",
            "bootstrap confidence of the deepest name, mean over reads",
            empty="unassigned",
        ),
        share("identity", "identity to the nearest reference, mean over reads", empty="unassigned"),
        share("lowest_identity", "lowest of its ASVs", empty="unassigned"),
        text("nearest", "nearest references of its most abundant ASV", empty="unassigned"),
        text("ties", "species at the best identity of its most abundant ASV", empty="unassigned"),
    ),
)
FIGURE = Table(
    "data of a figure",
    "what the figure shows once",
    (File("report/figures/*.tsv", "Data of the figure of the same name.", "write_report"),),
    (Column("*", ANY, "as the labels of the figure say", empty="no value"),),
)
FILES: tuple[File, ...] = (
    File("report/index.html", "The study page.", "write_sample_reports"),
    File("report/samples/*.html", "Page of one sample.", "write_sample_reports"),
    File("report/figures/*.svg", "Figures for print and editing.", "write_report"),
    File("report/figures/*.png", "Figures for slides.", "write_report"),
    File(
        "provenance.json",
        "Versions, config, samples, checksums (SHA-256) of inputs and references: all that "
        "`vagus rerun` needs.",
        "write_provenance",
    ),
    File(
        "checksums.sha256",
        "Checksums of all results but this one; try `sha256sum --check`.",
        "write_checksums",
    ),
    File("README.md", "This description.", "write_results_readme"),
    File("logs/*/*.log", "Log of each program.", LAST),
    File("benchmarks/*/*.tsv", "Time and memory of each program, written by Snakemake.", LAST),
)
TABLES: tuple[Table, ...] = (SAMPLE_TAXA, FIGURE)
