"""A set of plain files and the R program that makes a phyloseq object of them."""

from __future__ import annotations

import shutil
from os import PathLike
from pathlib import Path

from vagus.exports.content import ExportContent, name_metadata
from vagus.files import open_whole, write_text, write_whole
from vagus.sequences import read_fasta, write_fasta
from vagus.tables import write_table
from vagus.tables.stages.exports import (
    PHYLOSEQ_COLUMNS,
    PHYLOSEQ_OTU,
    PHYLOSEQ_SAMPLES,
    PHYLOSEQ_TAX,
)

LOAD_R = """\
# Makes the phyloseq object `study` from the files beside this program.
# In R: setwd("<this folder>"); source("load.R")
library(phyloseq)

read_rows <- function(file, ...) {
  read.delim(file, row.names = 1, check.names = FALSE, quote = "\\"", comment.char = "",
             na.strings = "", encoding = "UTF-8", stringsAsFactors = FALSE, ...)
}

counts <- as.matrix(read_rows("otu.tsv"))
names_of <- as.matrix(read_rows("tax.tsv", colClasses = "character"))
samples <- read_rows("samples.tsv", colClasses = "character")
types <- read_rows("sample_columns.tsv", colClasses = "character")
for (column in rownames(types)[types$type == "numeric"]) {
  samples[[column]] <- as.numeric(samples[[column]])
}

study <- phyloseq(
  otu_table(counts, taxa_are_rows = TRUE),
  tax_table(names_of),
  sample_data(samples),
  refseq(Biostrings::readDNAStringSet("asvs.fasta"))
)
# A tree needs three tips.
if (nrow(counts) > 2) {
  study <- merge_phyloseq(study, read_tree("tree.nwk"))
}
# Without controls and empty samples:
#   study <- prune_samples(is.na(sample_data(study)$control) & sample_sums(study) > 0, study)
"""


def write_phyloseq(
    content: ExportContent,
    sequences: str | PathLike[str],
    tree: str | PathLike[str],
    folder: Path,
) -> None:
    """Write otu.tsv, tax.tsv, samples.tsv, sample_columns.tsv, asvs.fasta, tree.nwk, load.R."""
    import pandas as pd

    asvs = list(content.asvs)
    _write_counts(content, folder / "otu.tsv")
    lineages = [content.list_lineage(asv) for asv in asvs]
    taxa = pd.DataFrame(lineages, columns=PHYLOSEQ_TAX.names[1:], dtype=object)
    taxa.insert(0, "asv", pd.Series(asvs, dtype=object))
    write_table(taxa, folder / "tax.tsv", PHYLOSEQ_TAX)
    _write_samples(content, folder)
    kept = set(asvs)
    records = (record for record in read_fasta(sequences) if record[0] in kept)
    write_fasta(records, folder / "asvs.fasta")
    with write_whole(folder / "tree.nwk") as temporary:
        shutil.copyfile(tree, temporary)
    write_text(folder / "load.R", LOAD_R)


def _write_counts(content: ExportContent, path: Path) -> None:
    """Row by row, so that the full table is never in memory."""
    import csv

    with open_whole(path) as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow([PHYLOSEQ_OTU.key, *(sample.name for sample in content.samples)])
        for i, asv in enumerate(content.asvs):
            writer.writerow([asv, *content.counts[i].toarray().ravel().tolist()])


def _write_samples(content: ExportContent, folder: Path) -> None:
    import pandas as pd

    columns = {
        "sample": [sample.name for sample in content.samples],
        "run": [sample.run for sample in content.samples],
        "control": [sample.control for sample in content.samples],
    }
    types = {"run": "text", "control": "text"}
    for column, name in name_metadata(content).items():
        columns[name] = content.list_values(column)
        types[name] = "numeric" if content.is_numeric(column) else "text"
    write_table(pd.DataFrame(columns), folder / "samples.tsv", PHYLOSEQ_SAMPLES)
    forms = pd.DataFrame({"column": list(types), "type": list(types.values())})
    write_table(forms, folder / "sample_columns.tsv", PHYLOSEQ_COLUMNS)
