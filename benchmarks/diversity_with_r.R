# The measures of the diversity stage by vegan, ape, phyloseq and plain formulas.
# Arguments: counts (TSV, samples in rows), Newick tree, folder with beta_*.tsv to scale by NMDS,
# rarefaction depth, folder to write to.
suppressMessages({library(vegan); library(ape); library(phyloseq)})
arguments <- commandArgs(trailingOnly = TRUE)
x <- as.matrix(read.delim(arguments[1], row.names = 1, check.names = FALSE))
tree <- read.tree(arguments[2])
depth <- as.integer(arguments[4])
out <- arguments[5]
save <- function(values, name) {
  write.table(format(as.matrix(values), digits = 16, trim = TRUE), file.path(out, name), sep = "\t",
              quote = FALSE, row.names = FALSE, col.names = FALSE)
}
hill <- as.matrix(renyi(x, scales = c(0, 1, 2), hill = TRUE))
richness <- t(estimateR(x))
ways <- node.depth.edgelength(tree)
faith <- apply(x > 0, 1, function(present) {
  tips <- match(colnames(x)[present], tree$tip.label)
  below <- prop.part(tree)
  used <- sapply(seq_len(nrow(tree$edge)), function(i) {
    node <- tree$edge[i, 2]
    members <- if (node <= Ntip(tree)) node else below[[node - Ntip(tree)]]
    any(members %in% tips)
  })
  sum(tree$edge.length[used])
})
save(cbind(hill, richness[, "S.chao1"], diversity(x), diversity(x, "simpson"),
           diversity(x) / log(specnumber(x)), faith, rarefy(x, depth),
           attr(rarefy(x, depth, se = TRUE), "Subsample") * 0 + rarefy(x, depth, se = TRUE)[2, ]),
     "alpha.tsv")
table <- otu_table(t(x), taxa_are_rows = TRUE)
study <- phyloseq(table, phy_tree(tree))
shares <- decostand(x, "total")
y <- x[, colSums(x) > 0]
clr <- log(y + 0.5) - rowMeans(log(y + 0.5))
z <- x[, colSums(x) >= 10]
rclr <- ifelse(z > 0, log(pmax(z, 1)), NA)
rclr <- rclr - rowMeans(rclr, na.rm = TRUE)
stopifnot(max(abs(decostand(z, "rclr")[z > 0] - rclr[z > 0])) < 1e-12)
save(vegdist(shares, "bray"), "braycurtis.tsv")
save(vegdist(x, "jaccard", binary = TRUE), "jaccard.tsv")
save(suppressWarnings(UniFrac(study, weighted = FALSE)), "unweighted_unifrac.tsv")
save(suppressWarnings(UniFrac(study, weighted = TRUE, normalized = TRUE)), "weighted_unifrac.tsv")
save(dist(clr), "aitchison.tsv")

# OptSpace (Keshavan, Montanari & Oh 2010), rank 3, five steps, on the taxa with ten reads or more.
m <- rclr
seen <- !is.na(m); m[!seen] <- 0
scale <- sqrt(sum(seen) * 3 / sum(m^2)); m <- m * scale
n <- nrow(m); p <- ncol(m)
start <- svd(m, 3, 3); u <- start$u * sqrt(n); v <- start$v * sqrt(p)
middle <- function(u, v) {
  terms <- do.call(cbind, lapply(1:9, function(k) {
    as.vector((u[, (k - 1) %% 3 + 1] %o% v[, (k - 1) %/% 3 + 1]))[as.vector(seen)]
  }))
  matrix(qr.solve(crossprod(terms), crossprod(terms, m[seen])), 3, 3)
}
s <- middle(u, v)
for (step in 1:5) {
  rest <- (u %*% s %*% t(v) - m) * seen
  gu <- rest %*% v %*% t(s); gv <- t(rest) %*% u %*% s
  gu <- gu - u %*% (t(u) %*% gu) / n; gv <- gv - v %*% (t(v) %*% gv) / p
  before <- sum(rest^2) / 2; size <- 0.1
  for (half in 1:20) {
    after <- sum((((u - size * gu) %*% s %*% t(v - size * gv) - m) * seen)^2) / 2
    if (after - before <= -0.5 * size * (sum(gu^2) + sum(gv^2))) break
    size <- size / 2
  }
  u <- u - size * gu; v <- v - size * gv; s <- middle(u, v)
}
full <- u %*% s %*% t(v) / scale
full <- sweep(full, 2, colMeans(full)); full <- full - rowMeans(full)
save(dist(full), "robust_aitchison.tsv")

# Ordinations of the distances that are given.
for (file in list.files(arguments[3], "^beta_.*tsv$")) {
  d <- as.dist(as.matrix(read.delim(file.path(arguments[3], file), row.names = 1, check.names = FALSE)))
  name <- sub("^beta_(.*).tsv$", "\\1", file)
  found <- cmdscale(d, k = 2, eig = TRUE)
  one <- monoMDS(d, y = found$points, k = 2, maxit = 500)
  set.seed(1)
  many <- suppressWarnings(metaMDS(d, k = 2, try = 20, trymax = 20, autotransform = FALSE, trace = 0,
                                   maxit = 500))
  ours <- as.matrix(read.delim(file.path(arguments[3], paste0("nmds_", name, ".tsv")), row.names = 1))
  stress <- function(points) {
    fit <- monoMDS(d, y = points, k = 2, maxit = 0)
    fit$stress
  }
  save(c(found$eig[1:2], one$stress, many$stress, stress(ours)), paste0("ordination_", name, ".tsv"))
}
