"""Which ASVs are analysed: the table that every later stage reads, and its taxa."""
