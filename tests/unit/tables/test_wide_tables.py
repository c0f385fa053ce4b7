"""Wide tables are read by place: any header may be a sample, in every program that reads one."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import correct_copy_numbers
import export_multiqc
import gather_taxa
import group_strains
import select_asvs
from vagus.diversity.distances import Distances, read_distances, write_distances
from vagus.errors import VagusError
from vagus.sequences import write_fasta
from vagus.tables import write_table
from vagus.tables.counts import read_count_table
from vagus.tables.registry import list_tables
from vagus.tables.wide import FIRST_COLUMNS, iterate_wide, read_samples, read_wide, write_wide

HEADERS = sorted(
    {name for table in list_tables() for name in table.names}
    | {"SAMPLE", "asv.1", "Unnamed: 0", "index", "0", "1", "NA", "nan", "True", "1e5", "(pooled)"}
)
RANKS = FIRST_COLUMNS[1:]
# what a sample sheet takes for a name
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="/\\"),
    min_size=1, max_size=12,
).map(str.strip).filter(bool)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(NAMES | st.sampled_from(HEADERS), min_size=1, max_size=6, unique=True),
    st.sampled_from(FIRST_COLUMNS),
    st.integers(0, 4),
)
def test_what_is_written_is_read(tmp_path: Path, names: list[str], key: str, n_rows: int) -> None:
    counts = np.arange(n_rows * len(names)).reshape(n_rows, len(names))
    rows = pd.Index([f"r{row}" for row in range(n_rows)], name=key, dtype=str)
    path = tmp_path / "t.tsv"
    write_wide(pd.DataFrame(counts, index=rows, columns=names), path)
    table = read_wide(path, FIRST_COLUMNS)
    assert (table.index.name, table.columns.tolist()) == (key, names)
    assert table.index.tolist() == rows.tolist()
    assert table.to_numpy().tolist() == counts.tolist()
    assert read_samples(path, FIRST_COLUMNS) == names
    by_sample = read_count_table(path)
    assert list(by_sample.samples) == sorted(names)
    for name, column in zip(by_sample.samples, by_sample.counts, strict=True):
        assert column.tolist() == counts[:, names.index(name)].tolist()


def test_blocks_are_the_table(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    rows = [f"x{row}\t{row}\t{2 * row}" for row in range(5000)]
    path.write_text("\n".join(["asv\tasv\tn", *rows]) + "\n", encoding="utf-8")
    blocks = list(iterate_wide(path))
    assert len(blocks) == 2
    assert sum(len(block) for block in blocks) == 5000
    assert blocks[1].iloc[-1].tolist() == [4999, 9998]
    with open(path, "a", encoding="utf-8") as stream:
        stream.write("x7\t1\t1\n")
    with pytest.raises(VagusError, match="line 5002: the row 'x7' is there twice"):
        read_wide(path)


@pytest.mark.parametrize("cell", ["True", "x", "1.5", "-1", "", "inf", "9" * 30, "1e300"])
def test_what_is_no_count_is_reported_with_its_line(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(f"asv\tn\tasv\na\t1\t2\nb\t3\t{cell}\n", encoding="utf-8")
    with pytest.raises(VagusError, match="line 3: a cell is not a whole number of reads"):
        read_wide(path)


@pytest.mark.parametrize("text", ["asv\ts\na\t1\t2\n", "asv\ts\na\t1\nb\t1\t2\n", "asv\t\na\t1\n"])
def test_rows_and_header_must_agree(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VagusError):
        read_wide(path)


def test_distances_take_any_name(tmp_path: Path) -> None:
    values = np.abs(np.subtract.outer(np.arange(len(HEADERS)), np.arange(len(HEADERS)))) / 7
    write_distances(Distances(tuple(HEADERS), values), tmp_path / "d.tsv")
    found = read_distances(tmp_path / "d.tsv")
    assert list(found.samples) == HEADERS
    assert np.allclose(found.values, values, atol=1e-9)


ASVS = {"a1": ("G", "G one"), "a2": ("G", "G one"), "a3": ("H", ""), "a4": ("", "")}


@pytest.fixture
def study(tmp_path: Path) -> dict[str, list[int]]:
    """Four ASVs in samples called as every header; reads of each sample by hand."""
    counts = {name: [1 + i % 7, i % 3, i % 5, i % 2] for i, name in enumerate(HEADERS)}
    rows = [[asv, *(counts[name][row] for name in HEADERS)] for row, asv in enumerate(ASVS)]
    with open(tmp_path / "t.tsv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(
            [["asv", *HEADERS], *rows]
        )
    write_fasta([(asv, "ACGT" * (50 + i)) for i, asv in enumerate(ASVS)], tmp_path / "a.fasta")
    taxonomy = pd.DataFrame({"Feature ID": list(ASVS), "Taxon": "x", "note": ["", "", "", ""]})
    for rank in RANKS:
        taxonomy[rank] = "B"
    taxonomy["genus"], taxonomy["species"] = zip(*ASVS.values(), strict=True)
    taxonomy.loc[3, "note"] = "not like any reference"
    write_table(taxonomy, tmp_path / "x.tsv")
    return counts


def read_by_hand(path: Path) -> tuple[str, dict[str, dict[str, float]]]:
    """First header, and the columns by place: sample -> row -> number."""
    with open(path, encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter="\t")
    columns = {
        name: {row[0]: float(row[place]) for row in rows}
        for place, name in enumerate(header)
        if place
    }
    return header[0], columns


def test_programs_take_any_header_as_a_sample(tmp_path: Path, study: dict[str, list[int]]) -> None:
    given = ["--asv-table", f"{tmp_path}/t.tsv", "--taxonomy", f"{tmp_path}/x.tsv"]
    fasta = ["--asvs", f"{tmp_path}/a.fasta"]
    selected = [f"--selected-table={tmp_path}/s.tsv", f"--selected-asvs={tmp_path}/s.fasta"]
    others = [f"--set-apart={tmp_path}/p.tsv", f"--ledger={tmp_path}/ledger.tsv"]
    assert select_asvs.main([*given, *fasta, *selected, *others]) == 0
    assert gather_taxa.main([*given, f"--table=genus={tmp_path}/composition_genus.tsv"]) == 0
    strains = [f"--strains={tmp_path}/q.tsv", f"--strain-table={tmp_path}/st.tsv"]
    assert group_strains.main([*given, *fasta, *strains]) == 0
    copies = [f"--corrected-table={tmp_path}/k.tsv", f"--genera={tmp_path}/g.tsv"]
    copies += [f"--coverage={tmp_path}/v.tsv", "--copy-numbers=shipped"]
    assert correct_copy_numbers.main([*given, *copies]) == 0
    genera = read_by_hand(tmp_path / "composition_genus.tsv")
    kept = read_by_hand(tmp_path / "s.tsv")
    assert (kept[0], genera[0]) == ("asv", "genus")
    strain_reads = read_by_hand(tmp_path / "st.tsv")[1]
    divided = read_by_hand(tmp_path / "k.tsv")[1]
    assert list(kept[1]) == list(genera[1]) == list(divided) == HEADERS
    for name, (one, two, three, four) in study.items():
        assert kept[1][name] == {"a1": one, "a2": two, "a3": three}
        assert genera[1][name] == {"G": one + two, "H": three, "unnamed B": four}
        assert sum(strain_reads[name].values()) == one + two + three + four
        # no genus has a known number of copies, so nothing is divided
        assert divided[name] == {"a1": one, "a2": two, "a3": three, "a4": four}


def test_multiqc_takes_any_header_as_a_sample(tmp_path: Path, study: dict[str, list[int]]) -> None:
    given = ["--asv-table", f"{tmp_path}/t.tsv", "--taxonomy", f"{tmp_path}/x.tsv"]
    assert gather_taxa.main([*given, f"--table=genus={tmp_path}/composition_genus.tsv"]) == 0
    ledger = ["sample\tstatus\treason\tinput\tasv_reads\tn_asvs"]
    ledger += [f"{name}\tok\t\t{sum(n)}\t{sum(n)}\t1" for name, n in study.items()]
    (tmp_path / "ledger.tsv").write_text("\n".join(ledger) + "\n", encoding="utf-8")
    alpha = ["sample\tshannon", *(f"{name}\t1.5" for name in study)]
    (tmp_path / "alpha.tsv").write_text("\n".join(alpha) + "\n", encoding="utf-8")
    inputs = [f"--ledger={tmp_path}/ledger.tsv", f"--alpha={tmp_path}/alpha.tsv"]
    composition = f"--composition={tmp_path}/composition_genus.tsv"
    assert export_multiqc.main([*inputs, composition, f"--folder={tmp_path}/m"]) == 0
    text = (tmp_path / "m" / "vagus_genera_mqc.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    found = {row[0].strip('"'): [int(n) for n in row[1:]] for row in rows[1:]}
    assert rows[0] == ["Sample", "G", "H", "other genera", "without a genus"]
    assert found == {name: [n[0] + n[1], n[2], 0, n[3]] for name, n in study.items()}
