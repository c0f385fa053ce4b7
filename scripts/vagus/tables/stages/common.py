"""Columns that tables of several stages have."""

from __future__ import annotations

from dataclasses import replace

from vagus.tables.columns import ANY, Column, count, text

SAMPLE = text("sample", "name in the sample sheet")
ASV = text("asv", "MD5 of the sequence (sense strand, primers removed): one name in every study")
FEATURE_ID = replace(ASV, name="Feature ID")
READS = count("SAMPLE", "reads")
SHEET_COLUMNS = Column("*", ANY, "column of the sample sheet", empty="not given")
