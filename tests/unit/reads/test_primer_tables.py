"""The tables of primers: each primer binds where the table says, in genes of the references."""

from __future__ import annotations

from functools import cache

import edlib
import pytest

from vagus.files import read_rows
from vagus.reads.content import COLUMNS, TABLE
from vagus.reads.primers import IUPAC, PRIMER_TABLE
from vagus.reference.starter import read_off_target, read_starter
from vagus.sequences import reverse_complement

# a copy of E. coli's gene with the 1,542 bases by whose positions primers are named
E_COLI, E_COLI_BP = "AE005174.204044", 1542
EQUAL = [(letter, base) for letter, bases in IUPAC.items() for base in bases if letter != base]
POSITIONS = ("name", "forward", "forward_start", "reverse", "reverse_stop")


@cache
def read_e_coli() -> str:
    gene = next(r.sequence for r in read_starter() if r.accession == E_COLI)
    assert len(gene) == E_COLI_BP
    return gene


def find_sites(site: str, gene: str, most: int) -> list[tuple[int, int]]:
    """1-based first and last positions of the best matches with so many differences at most."""
    found = edlib.align(site, gene, "HW", "locations", most, EQUAL)
    return [(start + 1, stop + 1) for start, stop in found["locations"] if start is not None]


def list_sites() -> list[tuple[str, str, int, int]]:
    """Pair, site on the sense strand, its first and last position, of primers in the gene."""
    sites = []
    for table, kind in ((PRIMER_TABLE, "primers"), (TABLE, "amplicons")):
        for _, row in read_rows(table, kind, POSITIONS):
            if row["forward_start"]:
                start = int(row["forward_start"])
                sites.append((row["name"], row["forward"], start, start + len(row["forward"]) - 1))
            if row["reverse_stop"]:
                stop, site = int(row["reverse_stop"]), reverse_complement(row["reverse"])
                sites.append((row["name"], site, stop - len(site) + 1, stop))
    return sites


@pytest.mark.parametrize(("name", "site", "start", "stop"), list_sites())
def test_primers_of_16s_bind_where_the_table_says(
    name: str, site: str, start: int, stop: int
) -> None:
    if site.startswith("TTCCGG"):  # of archaea alone
        return test_the_archaeal_primer_binds_archaea_alone(site)
    # E. coli has the other base at the one ambiguous position of 8F and of rP2
    assert find_sites(site, read_e_coli(), 1) == [(start, stop)], name
    return None


@pytest.mark.parametrize("site", ["TTCCGGTTGATCCYGCCGGA"])
def test_the_archaeal_primer_binds_archaea_alone(site: str) -> None:
    assert find_sites(site, read_e_coli(), 4) == []
    archaea = [r.sequence for r in read_starter() if r.lineage[0] == "Archaea"]
    starts = [sites[0][0] for gene in archaea if (sites := find_sites(site, gene, 1))]
    assert len(starts) >= 20
    assert max(starts) < 30


@pytest.mark.parametrize("name", ["27F_1492R", "341F_805R", "515F_806R", "515F_926R"])
def test_universal_primers_bind_most_genes(name: str) -> None:
    rows = [*read_rows(TABLE, "amplicons", COLUMNS), *read_rows(PRIMER_TABLE, "primers", POSITIONS)]
    row = next(row for _, row in rows if row["name"] == name)
    genes = [r.sequence for r in read_starter()[::100] if r.lineage[0] == "Bacteria"]
    # many genes of type strains begin within the site of 27F, or end within that of 1492R
    whole = [gene for gene in genes if "AGTTTGAT" in gene[:40] and "TAACAAGGTA" in gene[-60:]]
    assert len(whole) >= 20
    for site in (row["forward"], reverse_complement(row["reverse"])):
        assert sum(bool(find_sites(site, gene, 2)) for gene in whole) >= 0.9 * len(whole)


def test_primers_of_18s_bind_in_their_order() -> None:
    genes = [r.sequence for r in read_off_target() if r.lineage[0] == "Eukaryota"]
    rows = {row["name"]: row for _, row in read_rows(TABLE, "amplicons", COLUMNS)}
    order = [rows["EukA_EukB"]["forward"], rows["1391F_EukBr"]["forward"],
             rows["ITS1F_ITS4"]["forward"], rows["ITS1_ITS4"]["forward"]]  # fmt: skip
    ends = reverse_complement(rows["1391F_EukBr"]["reverse"])
    places = [[find_sites(site, gene, 1) for site in (*order, ends)] for gene in genes]
    whole = [[sites[0][0] for sites in found] for found in places if all(found)]
    assert len(whole) >= 5
    # ITS1 begins within the site of EukBr, at the end of 18S
    assert all(a < b < c < d and abs(d - e) < 10 for a, b, c, d, e in whole)
