"""The ``dada`` engine: variants from reads that are exact duplicates, by DADA2's model."""
