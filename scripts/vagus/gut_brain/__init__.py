"""Gut-brain view: reads of taxa with a documented capacity. Potential, not measurement."""
