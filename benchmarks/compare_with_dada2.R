# R dada2 on one filtered FASTQ file, for compare_with_dada2.py.
# Usage: Rscript compare_with_dada2.R reads.fastq output_folder [error_function] [fixed_rates.tsv]
# error_function: pacbio (PacBioErrfun, full-range qualities) or loess.
# fixed_rates.tsv: 16 x n table; then nothing is learned.
arguments <- commandArgs(trailingOnly = TRUE)
suppressMessages(library(dada2))
folder <- arguments[2]
fit <- if (length(arguments) > 2 && arguments[3] == "loess") loessErrfun else PacBioErrfun
clock <- function() sum(proc.time()[c("user.self", "sys.self")])
derep <- derepFastq(arguments[1], qualityType = "FastqQuality")
start <- clock()
if (length(arguments) > 3) {
  rates <- as.matrix(read.delim(arguments[4], check.names = FALSE))
  learned <- list(err_out = rates)
} else {
  learned <- learnErrors(list(derep), errorEstimationFunction = fit, BAND_SIZE = 32,
                         multithread = FALSE, qualityType = "FastqQuality", verbose = 1)
  write.table(learned$trans, file.path(folder, "transitions.tsv"), sep = "\t", quote = FALSE)
}
middle <- clock()
result <- dada(derep, err = learned$err_out, BAND_SIZE = 32, multithread = FALSE, verbose = 2)
stop <- clock()
write.table(format(learned$err_out, digits = 17), file.path(folder, "rates.tsv"),
            sep = "\t", quote = FALSE)
write.table(cbind(result$clustering, denoised = as.integer(result$denoised[result$sequence])),
            file.path(folder, "variants.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
uniques <- data.frame(sequence = names(derep$uniques), reads = as.integer(derep$uniques),
                      variant = result$sequence[result$map], p = result$pval)
write.table(uniques, file.path(folder, "assignments.tsv"), sep = "\t", quote = FALSE,
            row.names = FALSE, na = "")
memory <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
figures <- data.frame(
  version = as.character(packageVersion("dada2")), learn_cpu_s = middle - start,
  denoise_cpu_s = stop - middle, peak_mb = as.numeric(gsub("[^0-9]", "", memory)) / 1024)
write.table(figures, file.path(folder, "figures.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
