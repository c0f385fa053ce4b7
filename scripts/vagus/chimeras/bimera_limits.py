"""Limits of the chimera rule of ``vagus.chimeras.bimeras``, light to import for texts about it."""

from __future__ import annotations

MIN_FOLD = 2.0
MIN_DISTANT_EDITS = 4
MIN_FLAGGED_SHARE = 0.9
MIN_PARENT_READS = 50
MIN_SAMPLES = 4
MIN_CO_OCCURRENCE_SHARE = 0.5
BIMERA, CLOSE_BIMERA = "bimera", "close_bimera"
