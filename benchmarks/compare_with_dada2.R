# R dada2 on one filtered FASTQ file, for compare_with_dada2.py.
# Usage: Rscript compare_with_dada2.R reads.fastq output_folder [error_function] [fixed_rates.tsv] [priors.txt]
# error_function: pacbio (PacBioErrfun, full-range qualities), loess, or binned (the package's
# makeBinnedQualErrfun for Revio's seven bins; where the version has none, one written here from
# its description: rates at the bins as observed, straight lines between them).
# fixed_rates.tsv: 16 x n table; then nothing is learned. priors.txt: one sequence a line.
arguments <- commandArgs(trailingOnly = TRUE)
suppressMessages(library(dada2))
folder <- arguments[2]
bins <- c(3, 10, 17, 22, 27, 35, 40)
fit_between_bins <- function(trans) {
  qualities <- as.numeric(colnames(trans))
  rates <- matrix(0, 16, ncol(trans), dimnames = list(rownames(trans), colnames(trans)))
  for (true in 0:3) {
    rows <- 4 * true + 1:4
    totals <- colSums(trans[rows, , drop = FALSE])
    for (row in setdiff(rows, 5 * true + 1)) {
      anchors <- qualities %in% bins & totals > 0
      anchor_rates <- (trans[row, anchors] + 1) / totals[anchors]
      between <- approx(qualities[anchors], anchor_rates, qualities, rule = 2)$y
      rates[row, ] <- pmin(pmax(between, 1e-7), 0.25)
    }
    rates[5 * true + 1, ] <- 1 - colSums(rates[rows, , drop = FALSE])
  }
  rates
}
choose_binned <- function() {
  if (exists("makeBinnedQualErrfun", asNamespace("dada2"))) {
    dada2::makeBinnedQualErrfun(bins)
  } else {
    fit_between_bins
  }
}
asked <- if (length(arguments) > 2) arguments[3] else "pacbio"
fit <- switch(asked, loess = loessErrfun, binned = choose_binned(), PacBioErrfun)
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
priors <- if (length(arguments) > 4) readLines(arguments[5]) else character(0)
result <- dada(derep, err = learned$err_out, priors = priors, BAND_SIZE = 32, multithread = FALSE,
               verbose = 2)
stop <- clock()
write.table(format(learned$err_out, digits = 17), file.path(folder, "rates.tsv"),
            sep = "\t", quote = FALSE)
write.table(cbind(result$clustering, denoised = as.integer(result$denoised[result$sequence])),
            file.path(folder, "variants.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
uniques <- data.frame(sequence = names(derep$uniques), reads = as.integer(derep$uniques),
                      variant = result$sequence[result$map], p = result$pval)
write.table(uniques, file.path(folder, "assignments.tsv"), sep = "\t", quote = FALSE,
            row.names = FALSE, na = "")
figures <- data.frame(
  version = as.character(packageVersion("dada2")), learn_cpu_s = middle - start,
  denoise_cpu_s = stop - middle)
write.table(figures, file.path(folder, "figures.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
