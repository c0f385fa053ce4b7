"""Exports: the study's tables in the forms that other programs load."""
