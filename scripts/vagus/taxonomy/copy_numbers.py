"""16S copies a genome by genus, and composition corrected by them.

Reads of a genus are proportional to its cells times its copies of the gene. Dividing by a mean
copy number is only as good as that mean: copies vary within a genus, most genera of the gut have
few complete genomes, and for taxa far from any of them prediction fails (Louca et al. 2018,
Microbiome 6:41). So the correction is an option, is given beside the uncorrected values, and
says how many genomes are behind it, how much they differ and which share of the reads it covers.

``resources/copy_numbers.tsv`` lists genomes with their number of 16S genes in rrnDB and their
papers; a genus has the mean over its species of the mean over their genomes.
``resources/copy_numbers_by_genus.tsv`` has the same figures of rrnDB 5.7 for genera of people; the
table with more genomes of a genus counts. rrnDB's own table of means by taxon
('..._pantaxa_stats_NCBI.tsv' or '..._RDP.tsv'; Stoddard et al. 2015, Nucleic Acids Res. 43:D593)
contains far more and is read as it is.

Reads without a number are divided by the mean of the sample's reads that have one, so that
their share neither grows nor shrinks against all others together.
"""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vagus.errors import ReferenceFileError
from vagus.files import read_input
from vagus.product import find_product
from vagus.reference.names import read_names
from vagus.tables.stages.taxonomy import COPY_CORRECTED_GENUS, COPY_NUMBER_COVERAGE
from vagus.taxonomy.ranks import UNASSIGNED

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

SHIPPED = "shipped"
_RESOURCES = find_product("resources")
SHIPPED_TABLE = _RESOURCES / "copy_numbers.tsv"
SHIPPED_GENERA = _RESOURCES / "copy_numbers_by_genus.tsv"
GENOME_COLUMNS = ("genus", "species", "strain", "copies", "former_genus", "source")
GENUS_COLUMNS = ("genus", "genomes", "species", "low", "high", "mean", "sd", "source")
RRNDB_COLUMNS = ("rank", "name", "childcount", "min", "max", "mean", "stddev")


@dataclass(frozen=True)
class CopyNumber:
    """Copies of 16S a genome in one genus.

    ``sd`` is that between genomes, NaN for a single one.
    """

    mean: float
    sd: float
    low: float
    high: float
    n_genomes: int


def read_copy_numbers(choice: str | PathLike[str] = SHIPPED) -> dict[str, CopyNumber]:
    """Copy numbers by genus: the shipped tables, a table of their forms, or rrnDB's of taxa.

    A genus that is missing from a table of genomes under its name may be there as a former one.
    Raises ReferenceFileError for another form or a number that is none.
    """
    if str(choice) != SHIPPED:
        return _read_table(Path(choice))
    numbers = _read_table(SHIPPED_TABLE)
    for genus, number in _read_table(SHIPPED_GENERA).items():
        if genus not in numbers or number.n_genomes > numbers[genus].n_genomes:
            numbers[genus] = number
    return dict(sorted(numbers.items()))


def _read_table(path: Path) -> dict[str, CopyNumber]:
    header, rows = _read_rows(path)
    if set(GENUS_COLUMNS) <= set(header):
        return _read_genera(rows, path)
    if set(GENOME_COLUMNS) <= set(header):
        return _average_genomes(rows, path)
    if set(RRNDB_COLUMNS) <= set(header):
        return _read_rrndb(rows, path)
    raise ReferenceFileError(
        f"neither a table with the columns {', '.join(GENOME_COLUMNS)} nor rrnDB's with "
        f"{', '.join(RRNDB_COLUMNS)}",
        fix="Give one of them as taxonomy: copy_numbers, or 'shipped'",
        file=path,
    )


def _read_rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    missing = "there is no such table of copy numbers", "Check taxonomy: copy_numbers"
    lines = read_input(path, ReferenceFileError, missing).splitlines()
    header = lines[0].split("\t") if lines else []
    rows = []
    for number, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        fields += [""] * (len(header) - len(fields))
        rows.append((number, dict(zip(header, fields, strict=False))))
    return header, rows


def _parse(text: str, path: Path, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 100.0:
        raise ReferenceFileError(
            f"'{text}' is not a number of copies", fix="Correct the table", file=path, line=line
        )
    return value


def _average_genomes(
    rows: Iterable[tuple[int, dict[str, str]]], path: Path
) -> dict[str, CopyNumber]:
    current: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    former: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for line, row in rows:
        copies = _parse(row["copies"], path, line)
        current[row["genus"]][row["species"]].append(copies)
        if row["former_genus"]:
            former[row["former_genus"]][row["species"]].append(copies)
    species_of = former | current
    return {genus: _average(species_of[genus]) for genus in sorted(species_of)}


def _average(of_species: Mapping[str, Sequence[float]]) -> CopyNumber:
    """Mean over species, so that one with many genomes does not represent its genus."""
    all_copies = [copies for genomes in of_species.values() for copies in genomes]
    mean = float(np.mean([np.mean(genomes) for genomes in of_species.values()]))
    sd = float(np.std(all_copies, ddof=1)) if len(all_copies) > 1 else math.nan
    return CopyNumber(mean, sd, min(all_copies), max(all_copies), len(all_copies))


def _read_genera(rows: Iterable[tuple[int, dict[str, str]]], path: Path) -> dict[str, CopyNumber]:
    found = {}
    for line, row in rows:
        mean, low, high = (_parse(row[key], path, line) for key in ("mean", "low", "high"))
        n_genomes = _parse_count(row["genomes"], path, line)
        sd = _parse_sd(row["sd"], path, line)
        found[row["genus"]] = CopyNumber(mean, sd, low, high, n_genomes)
    return found


def _read_rrndb(rows: Iterable[tuple[int, dict[str, str]]], path: Path) -> dict[str, CopyNumber]:
    found = {}
    for line, row in rows:
        if row["rank"] == "genus":
            mean, low, high = (_parse(row[key], path, line) for key in ("mean", "min", "max"))
            n_genomes = round(_parse_count(row["childcount"], path, line))
            sd = _parse_sd(row["stddev"], path, line) if n_genomes > 1 else math.nan
            found[row["name"]] = CopyNumber(mean, sd, low, high, n_genomes)
    return found


def _parse_sd(text: str, path: Path, line: int) -> float:
    try:
        return float(text or "nan")
    except ValueError as error:
        raise ReferenceFileError(
            f"'{text}' is no standard deviation", fix="Correct the table", file=path, line=line
        ) from error


def _parse_count(text: str, path: Path, line: int) -> int:
    if not text.isdigit():
        raise ReferenceFileError(
            f"'{text}' is not a number of genomes", fix="Correct the table", file=path, line=line
        )
    return int(text)


def find_number(genus: str, numbers: Mapping[str, CopyNumber]) -> CopyNumber | None:
    """Copies of a called genus in any form; of joined genera ('A/B') only where all have a number.

    Joined genera have the mean of their means and the range of all.
    """
    found = [numbers.get(part) for part in read_names().list_genera(genus)]
    known = [number for number in found if number is not None]
    if not genus or len(known) < len(found):
        return None
    if len(known) == 1:
        return known[0]
    sds = [number.sd for number in known]
    return CopyNumber(
        float(np.mean([number.mean for number in known])),
        max(sds) if not any(map(math.isnan, sds)) else math.nan,
        min(number.low for number in known),
        max(number.high for number in known),
        sum(number.n_genomes for number in known),
    )


@dataclass(frozen=True)
class Correction:
    """Corrected tables: by ASV (``counts``), by genus (``genera``), and what is ``covered``."""

    counts: pd.DataFrame
    genera: pd.DataFrame
    covered: pd.DataFrame


def correct(
    asv_table: pd.DataFrame, genus_of: Mapping[str, str], numbers: Mapping[str, CopyNumber]
) -> Correction:
    """Divide the reads of every ASV by the copies of its genus.

    ``asv_table`` is wide (ASVs are its index, samples its columns). ``counts`` has the same
    form with reads a copy; ``genera`` the columns of ``COPY_CORRECTED_GENUS``, of which low and
    high come from the genus's own fewest and most copies, the others at their means; ``covered``
    those of ``COPY_NUMBER_COVERAGE``.
    """
    genera = [genus_of.get(name, "") for name in asv_table.index]
    found = [find_number(genus, numbers) for genus in genera]
    copies = np.array([number.mean if number else math.nan for number in found])
    counts = asv_table.astype(np.float64)
    of_genus, covered = [], []
    for sample in asv_table.columns:
        reads = asv_table[sample].to_numpy(np.float64)
        has_number = ~np.isnan(copies)
        n_covered = float(reads[has_number].sum())
        cells = float((reads[has_number] / copies[has_number]).sum())
        mean_copies = n_covered / cells if cells else 1.0
        counts[sample] = reads / np.where(has_number, copies, mean_copies)
        total = float(reads.sum())
        share = n_covered / total if total else math.nan
        covered.append(
            (sample, int(total), int(n_covered), share, mean_copies if cells else math.nan)
        )
        of_genus += _correct_genera(sample, genera, reads, counts[sample].to_numpy(), numbers)
    return Correction(
        counts,
        _frame(of_genus, COPY_CORRECTED_GENUS.names),
        _frame(covered, COPY_NUMBER_COVERAGE.names),
    )


def _correct_genera(
    sample: str,
    genera: Sequence[str],
    reads: np.ndarray,
    cells: np.ndarray,
    numbers: Mapping[str, CopyNumber],
) -> list[tuple[object, ...]]:
    """Rows of one sample, genera by descending reads, those without a name last."""
    reads_of: dict[str, float] = defaultdict(float)
    cells_of: dict[str, float] = defaultdict(float)
    for genus, n_reads, n_cells in zip(genera, reads.tolist(), cells.tolist(), strict=True):
        reads_of[genus] += n_reads
        cells_of[genus] += n_cells
    total, all_cells = sum(reads_of.values()), sum(cells_of.values())
    rows: list[tuple[object, ...]] = []
    for genus in sorted(reads_of, key=lambda name: (not name, -reads_of[name], name)):
        if not reads_of[genus]:
            continue
        number, own = find_number(genus, numbers), cells_of[genus]
        low = high = None
        if number:  # more copies, fewer cells
            others = all_cells - own
            low, high = (_share(reads_of[genus] / n, others) for n in (number.high, number.low))
        described = (
            (number.mean, number.sd, number.low, number.high, str(number.n_genomes))
            if number
            else (None,) * 5
        )
        rows.append(
            (sample, genus or UNASSIGNED, int(reads_of[genus]), reads_of[genus] / total,
             *described, own / all_cells, low, high)
        )  # fmt: skip
    return rows


def _share(own: float, others: float) -> float:
    return own / (own + others)


def _frame(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))
