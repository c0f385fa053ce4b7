"""The diversity stage: within samples (alpha), between samples (beta) and ordination."""
