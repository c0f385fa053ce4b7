# Prevalence scores of contaminants with the base functions that Davis et al. 2018 name.
# Arguments: presence (TSV, samples in rows, first column 'negative' 0/1), table to write.
arguments <- commandArgs(trailingOnly = TRUE)
x <- read.delim(arguments[1], row.names = 1, check.names = FALSE)
negative <- x[, 1] == 1
score <- function(present) {
  if (sum(present) < 2) return(NA)
  if (all(present)) return(0.5)
  cells <- matrix(c(sum(present & negative), sum(present & !negative),
                    sum(!present & negative), sum(!present & !negative)), 2)
  tryCatch(prop.test(cells, alternative = "greater")$p.value, warning = function(w) {
    greater <- fisher.test(cells, alternative = "greater")$p.value
    less <- fisher.test(cells, alternative = "less")$p.value
    greater - (greater + less - 1) / 2
  })
}
p <- apply(x[, -1] > 0, 2, score)
write.table(data.frame(asv = names(p), p = format(p, digits = 16)), arguments[2], sep = "\t",
            quote = FALSE, row.names = FALSE)
