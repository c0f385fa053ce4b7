"""Columns that tables of several stages have."""

from __future__ import annotations

from dataclasses import replace

from vagus.reference.lineage import RANKS
from vagus.tables.columns import ANY, Column, count, text

SAMPLE = text("sample", "name in the sample sheet")
ASV = text("asv", "MD5 of the sequence (sense strand, primers removed): one name in every study")
FEATURE_ID = replace(ASV, name="Feature ID")
READS = count("SAMPLE", "reads")
NAMES = tuple(text(rank, "name", empty="unassigned") for rank in RANKS)
ALPHA_METRIC = text("metric", "alpha metric")
DISTANCE = text("metric", "distance")
RUN = text("run", "sequencing run")
STAGE = text("stage", "before or after")
SHEET_COLUMNS = Column("*", ANY, "column of the sample sheet", empty="not given")
