# Names sequences with R dada2: assignTaxonomy to genus, and addSpecies below it.
# Arguments: training FASTA, species FASTA, query FASTA, table to write.
suppressMessages(library(dada2))
arguments <- commandArgs(trailingOnly = TRUE)
queries <- getSequences(arguments[3])
ids <- sub("^>", "", grep("^>", readLines(arguments[3]), value = TRUE))
set.seed(1)
levels <- c("Domain", "Phylum", "Class", "Order", "Family", "Genus")
started <- sum(proc.time()[c(1, 2, 4, 5)], na.rm = TRUE)
called <- assignTaxonomy(queries, arguments[1], minBoot = 0, outputBootstraps = TRUE,
                         taxLevels = levels, multithread = FALSE)
middle <- sum(proc.time()[c(1, 2, 4, 5)], na.rm = TRUE)
exact <- addSpecies(called$tax, arguments[2], allowMultiple = TRUE)
ended <- sum(proc.time()[c(1, 2, 4, 5)], na.rm = TRUE)
boot <- called$boot
colnames(boot) <- paste0("boot_", levels)
table <- data.frame(id = ids, called$tax, boot, exact = exact[, 7], check.names = FALSE)
write.table(table, arguments[4], sep = "\t", quote = FALSE, row.names = FALSE, na = "")
cat(middle - started, ended - middle, "\n")
