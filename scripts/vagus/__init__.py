"""Vagus: full-length 16S amplicon analysis, from reads to cohort statistics."""

__version__ = "0.2.0"
