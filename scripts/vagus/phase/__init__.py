"""The ``phase`` engine: variants from reads that are nearly all unique, by pileup columns."""
