"""Templates of the pages and the tables of words that they use."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent
