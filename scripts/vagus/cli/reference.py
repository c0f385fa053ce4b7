"""Taxonomy references: which are known and which are installed."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus reference``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="known references with version, licence and source")


def execute(arguments: argparse.Namespace) -> int:
    """Print the catalogue as aligned columns."""
    from vagus.reference.catalogue import list_references

    rows = [("name", "version", "installed", "licence", "description")]
    for entry in list_references():
        installed = "yes" if entry.installed else "no"
        rows.append((entry.name, entry.version, installed, entry.licence, entry.description))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())
    return 0
