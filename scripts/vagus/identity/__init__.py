"""Identity: which person each sample is of, by exact ASVs."""
