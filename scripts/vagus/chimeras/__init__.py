"""Which variants are chimeras of others."""
