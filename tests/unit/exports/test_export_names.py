"""Samples and metadata columns called as any column of any table reach every export."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pytest

import export_anndata
import export_biom
import export_phyloseq
import export_qiime2
from vagus.study.samples import OWN_COLUMNS
from vagus.tables.registry import list_tables

HEADERS = {name for table in list_tables() for name in table.names}
COLUMNS = sorted(
    (HEADERS | {".", "a/b", "_index", "obs", "X", "id", "#SampleID", "x_", "x", "é ü", "{x}"})
    - {*OWN_COLUMNS}
)
NAMES = sorted({name.casefold(): name for name in (HEADERS | {"asv.1", "index", "."})}.values())


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Two ASVs: the first has as many reads as the sample's place says, the second one."""
    sheet = ["\t".join(["sample", "reads", *COLUMNS])]
    for place, name in enumerate(NAMES):
        cells = [f"{i}.5" if i % 2 else f"v{(place + i) % 3}" for i in range(len(COLUMNS))]
        sheet.append("\t".join([name, f"r{place}.fq", *cells]))
    (tmp_path / "s.tsv").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    rows = [["asv", *NAMES], ["a1", *range(len(NAMES))], ["a2", *[1] * len(NAMES)]]
    with open(tmp_path / "t.tsv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)
    ranks = ["domain", "phylum", "class", "order", "family", "genus", "species"]
    head = "\t".join(["Feature ID", "Taxon", "Confidence", *ranks])
    row = "\t".join(["d__B", "1", "B", *[""] * 6])
    (tmp_path / "x.tsv").write_text(f"{head}\na1\t{row}\na2\t{row}\n", encoding="utf-8")
    (tmp_path / "a.fa").write_text(">a1\nACGT\n>a2\nACGA\n", encoding="utf-8")
    (tmp_path / "t.nwk").write_text("(a1:1,a2:1);\n", encoding="utf-8")
    tables = [("asv-table", "t.tsv"), ("taxonomy", "x.tsv"), ("samples", "s.tsv")]
    return [f"--{option}={tmp_path / name}" for option, name in tables]


def test_anndata(given: list[str], tmp_path: Path) -> None:
    files = [f"--asvs={tmp_path}/a.fa", f"--tree={tmp_path}/t.nwk", f"--h5ad={tmp_path}/o.h5ad"]
    assert export_anndata.main([*given, *files]) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from anndata import read_h5ad

        data = read_h5ad(tmp_path / "o.h5ad")
    assert list(data.obs_names) == NAMES
    assert data.X.toarray()[:, 0].tolist() == list(range(len(NAMES)))
    assert data.obs.shape[1] == len(COLUMNS) + 3  # run, control, reads
    assert data.obs["reads"].tolist() == [place + 1 for place in range(len(NAMES))]
    assert {"_index_", "a_b", "._"} <= set(data.obs.columns)


def test_biom(given: list[str], tmp_path: Path) -> None:
    from biom import load_table

    assert export_biom.main([*given, f"--biom={tmp_path}/o.biom"]) == 0
    table = load_table(str(tmp_path / "o.biom"))
    assert list(table.ids("sample")) == NAMES
    assert table.data(NAMES[7], "sample").tolist() == [7.0, 1.0]


def test_plain_files(given: list[str], tmp_path: Path) -> None:
    files = [f"--asvs={tmp_path}/a.fa", f"--tree={tmp_path}/t.nwk"]
    assert export_phyloseq.main([*given, *files, f"--folder={tmp_path}/p"]) == 0
    assert export_qiime2.main([*given, *files, f"--folder={tmp_path}/q"]) == 0
    for path in ("p/otu.tsv", "p/samples.tsv", "q/metadata.tsv"):
        with open(tmp_path / path, encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, delimiter="\t")
        if path == "p/otu.tsv":
            assert header == ["asv", *NAMES]
            continue
        assert len(header) == len(set(header)), path
        assert [row[header.index("sample")] for row in rows][-len(NAMES) :] == NAMES
