# Makes the phyloseq object `study` from the files beside this program.
# In R: setwd("<this folder>"); source("load.R")
library(phyloseq)

read_rows <- function(file, ...) {
  read.delim(file, row.names = 1, check.names = FALSE, quote = "\"", comment.char = "",
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
