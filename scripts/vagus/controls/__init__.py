"""The controls stage: contaminants, mock communities, replicates, batches, a verdict a run."""
