"""Exports are read back by the programs that they are made for; names of any kind survive."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
import yaml

import export_anndata
import export_biom
import export_multiqc
import export_phyloseq
import export_qiime2
from vagus.exports.qiime2 import is_id_header, name_ids

ASVS = ["a" * 32, "b" * 32, "c" * 32, "d" * 32]
SAMPLES = ["#1", "007", 'Ångström "q" <b>\'s', "id"]
COUNTS = [[5, 0, 7, 2], [0, 3, 1, 0], [1, 0, 0, 0], [0, 0, 2, 0]]
SEQUENCES = ["ACGTACGT", "ACGTACGA", "ACGTTTTT", "ACGAAAAA"]
TREE = f"(({ASVS[0]}:0.1,{ASVS[1]}:0.2):0.05,({ASVS[2]}:0.3,{ASVS[3]}:0.1):0.02);\n"
SHEET = (
    "sample\treads\trun\tcontrol\tsubject\tage\tSampleID\tmood\n"
    "#1\ta.fq\trun1\t\t01\t31\tx\tlow\n"
    "007\tb.fq\trun1\t\t02\tNA\ty\t-1\n"
    'Ångström "q" <b>\'s\tc.fq\trun2\t\t02\t45.5\tz\thigh\n'
    "id\td.fq\trun2\tnegative\t\t\t\t\n"
)
NUMERIC = {"age"}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Made by hand: four ASVs, four samples with awkward names."""
    folder = tmp_path_factory.mktemp("tables")
    rows = ["\t".join(map(str, [a, *c])) for a, c in zip(ASVS, COUNTS, strict=True)]
    header = ["asv", *(s if '"' not in s else '"' + s.replace('"', '""') + '"' for s in SAMPLES)]
    (folder / "asv_table.tsv").write_text("\n".join(["\t".join(header), *rows]) + "\n")
    ranks = ["domain", "phylum", "class", "order", "family", "genus", "species"]
    full = ["Bacteria", "P", "C", "O", "F", "G", "G species"]
    taxonomy = ["\t".join(["Feature ID", "Taxon", "Confidence", *ranks, "identity"])]
    for asv, depth in zip(ASVS, (7, 6, 2, 0), strict=True):
        taxon = "; ".join(f"{r[0]}__{n}" for r, n in zip(ranks, full, strict=True) if n)
        taxon = "; ".join(taxon.split("; ")[:depth])
        named = full[:depth] + [""] * (7 - depth)
        taxonomy.append("\t".join([asv, taxon, "0.9" if depth else "", *named, "0.99"]))
    (folder / "taxonomy.tsv").write_text("\n".join(taxonomy) + "\n")
    pairs = zip(ASVS, SEQUENCES, strict=True)
    (folder / "asvs.fasta").write_text("".join(f">{a}\n{s}\n" for a, s in pairs))
    (folder / "tree.nwk").write_text(TREE)
    (folder / "samples.tsv").write_text(SHEET)
    names = ("asv_table.tsv", "taxonomy.tsv", "samples.tsv", "asvs.fasta", "tree.nwk")
    return {name.split(".")[0]: str(folder / name) for name in names}


def list_options(tables: dict[str, str], *, with_tree: bool) -> list[str]:
    options = ["--asv-table", tables["asv_table"], "--taxonomy", tables["taxonomy"]]
    options += ["--samples", tables["samples"], "--categorical", "subject"]
    return options + (["--asvs", tables["asvs"], "--tree", tables["tree"]] if with_tree else [])


def test_biom_holds_counts_and_lineages(tables: dict[str, str], tmp_path: Path) -> None:
    import biom
    import h5py

    for name in ("one.biom", "two.biom"):
        options = list_options(tables, with_tree=False)
        assert export_biom.main([*options, "--biom", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.biom").read_bytes() == (tmp_path / "two.biom").read_bytes()
    with h5py.File(tmp_path / "one.biom") as stream:
        assert list(stream.attrs["format-version"]) == [2, 1]
        table = biom.Table.from_hdf5(stream)
    assert list(table.ids()) == SAMPLES
    assert np.array_equal(table.matrix_data.toarray(), COUNTS)
    kept = ["d__Bacteria", "p__P", "c__C", "o__O", "f__F", "g__G", "s__"]
    assert list(table.metadata(ASVS[1], "observation")["taxonomy"]) == kept
    assert table.metadata(ASVS[3], "observation")["taxonomy"][0] == "Unassigned"
    assert table.metadata("007", "sample")["subject"] == "02"


def test_qiime2_set_agrees_with_its_own_reader(tables: dict[str, str], tmp_path: Path) -> None:
    import biom
    import h5py
    from skbio.metadata import SampleMetadata

    options = list_options(tables, with_tree=True)
    assert export_qiime2.main([*options, "--folder", str(tmp_path)]) == 0
    # scikit-bio's reader is QIIME 2's own, moved there
    metadata = SampleMetadata.load(str(tmp_path / "metadata.tsv"))
    assert list(metadata.ids) == ["s-1", "007", SAMPLES[2], "s-id"]
    frame = metadata.to_dataframe()
    assert list(frame["sample"]) == SAMPLES
    numeric = {n for n, c in metadata.columns.items() if c.type == "numeric"}
    assert numeric == NUMERIC
    assert frame.loc[SAMPLES[2], "age"] == 45.5
    assert np.isnan(frame.loc["007", "age"])
    assert "SampleID_" in frame
    with h5py.File(tmp_path / "feature-table.biom") as stream:
        table = biom.Table.from_hdf5(stream)
    assert list(table.ids()) == list(metadata.ids)
    assert np.array_equal(table.matrix_data.toarray(), COUNTS)
    lines = (tmp_path / "taxonomy.tsv").read_text().splitlines()
    assert lines[0] == "Feature ID\tTaxon\tConfidence"
    assert lines[3] == f"{ASVS[2]}\td__Bacteria; p__P\t0.9"
    assert lines[4] == f"{ASVS[3]}\tUnassigned\t"
    assert (tmp_path / "tree.nwk").read_text() == TREE
    commands = (tmp_path / "README.md").read_text()
    for path in tmp_path.iterdir():
        assert path.name in commands or path.name == "README.md"


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["S1", "S 2"], ["S1", "S 2"]),
        (["#SampleID", "sample_name"], ["s-SampleID", "s-sample_name"]),
        (["id", "ID"], ["s-id", "s-ID"]),
        (["#1", "s-1"], ["s-s-1", "s-1"]),
    ],
)
def test_ids_are_allowed_and_different(names: list[str], ids: list[str]) -> None:
    found = name_ids(names)
    assert len(set(found)) == len(names)
    assert not any(is_id_header(name) or name.startswith("#") for name in found)
    assert found == ids


def test_phyloseq_loads_the_set(tables: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is absent: the phyloseq set is not loaded")
    options = list_options(tables, with_tree=True)
    assert export_phyloseq.main([*options, "--folder", str(tmp_path)]) == 0
    (tmp_path / "show.R").write_text(
        'if (!requireNamespace("phyloseq", quietly = TRUE)) quit(status = 77)\n'
        'suppressPackageStartupMessages(source("load.R"))\n'
        "cat(nsamples(study), ntaxa(study), ape::Ntip(phy_tree(study)), length(refseq(study)))\n"
        'cat("\\n")\n'
        "write.table(as(otu_table(study), 'matrix'), quote = FALSE, sep = '\\t')\n"
        "cat(sapply(sample_data(study), class), sep = ' '); cat('\\n')\n"
        "cat(sample_data(study)$age, sep = ' '); cat('\\n')\n"
        "cat(as.character(refseq(study)[taxa_names(study)[2]]), '\\n')\n"
        "cat(tax_table(study)[taxa_names(study)[2], 'genus'], '\\n')\n"
    )
    command = ["Rscript", "--vanilla", "show.R"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("phyloseq is absent: the set is not loaded")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "4 4 4 4"
    assert lines[1].split("\t") == SAMPLES
    counts = {line.split("\t")[0]: [int(x) for x in line.split("\t")[1:]] for line in lines[2:6]}
    assert counts == dict(zip(ASVS, COUNTS, strict=True))
    # run, control, subject, age, SampleID, mood
    assert lines[6].split() == ["character"] * 3 + ["numeric"] + ["character"] * 2
    assert lines[7].split() == ["31", "NA", "45.5", "NA"]
    assert lines[8].strip() == SEQUENCES[ASVS.index(next(iter(list(counts)[1:2])))]
    assert lines[9].strip() == "G"


def test_anndata_holds_the_study(tables: dict[str, str], tmp_path: Path) -> None:
    options = list_options(tables, with_tree=True)
    for name in ("one.h5ad", "two.h5ad"):
        assert export_anndata.main([*options, "--h5ad", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.h5ad").read_bytes() == (tmp_path / "two.h5ad").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import anndata

        data = anndata.read_h5ad(tmp_path / "one.h5ad")
    assert list(data.obs_names) == SAMPLES
    assert list(data.var_names) == ASVS
    assert np.array_equal(data.X.toarray(), np.transpose(COUNTS))
    assert list(data.obs["reads"]) == [6, 3, 10, 2]
    assert data.obs["age"].dtype == float
    assert list(data.obs["subject"].dropna()) == ["01", "02", "02"]
    assert list(data.var["sequence"]) == SEQUENCES
    assert list(data.var["genus"].dropna()) == ["G", "G"]
    assert data.uns["tree"] == TREE.strip()


def test_multiqc_files_are_yaml_heads_over_tables(tmp_path: Path) -> None:
    (tmp_path / "ledger.tsv").write_text(
        "sample\tstatus\tinput\tlost_primers\tlost_ambiguous\tlost_chimera\tasv_reads\tn_asvs\n"
        "007\tok\t200\t30\t0\t20\t150\t12\n"
        "#1\tfailed\t\t\t\t\t\t\n"
    )
    (tmp_path / "alpha.tsv").write_text("sample\treads\tdepth\tshannon\n007\t150\t100\t2.25\n")
    (tmp_path / "genus.tsv").write_text(
        "genus\t#1\t007\nA b\t0\t100\nC\t0\t30\nUnassigned\t0\t20\n"
    )
    options = ["--ledger", "ledger.tsv", "--alpha", "alpha.tsv", "--composition", "genus.tsv"]
    options = [str(tmp_path / o) if o.endswith(".tsv") else o for o in options]
    assert export_multiqc.main([*options, "--folder", str(tmp_path / "out")]) == 0
    files = {path.name: read_content(path) for path in (tmp_path / "out").iterdir()}
    assert all(name.endswith("_mqc.tsv") for name in files)
    head, rows = files["vagus_general_mqc.tsv"]
    assert head["plot_type"] == "generalstats"
    columns = [key for column in head["pconfig"] for key in column]
    assert rows[0] == ["Sample", *columns]
    assert rows[1:] == [['"007"', "200", "75", "12", "2.25"], ['"#1"', "0", "0", "0", ""]]
    head, rows = files["vagus_reads_mqc.tsv"]
    assert head["plot_type"] == "bargraph"
    assert rows[0] == ["Sample", "in ASVs", "lost: primers", "lost: chimera"]
    assert rows[1] == ['"007"', "150", "30", "20"]
    _, rows = files["vagus_genera_mqc.tsv"]
    assert rows == [
        ["Sample", "A b", "C", "other genera", "without a genus"],
        ['"007"', "100", "30", "0", "20"],
    ]


def read_content(path: Path) -> tuple[dict[str, object], list[list[str]]]:
    """As MultiQC reads it: lines that begin with '#' are YAML, the rest is split at tabs."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len({len(row) for row in rows}) == 1
    return head, rows


def test_embl_entries_are_read_back(tmp_path: Path) -> None:
    """The entry of each ASV, by Biopython's reader: sequence, organism, features."""
    from Bio import SeqIO

    from vagus.exports.embl_file import make_record, name_organism

    lineage = ["Bacteria", "Bacillota", "Clostridia", "Lachnospirales", "Lachnospiraceae",
               "Blautia", "Blautia wexlerae"]  # fmt: skip
    record = make_record("0a" * 16, "ACGTTGCA" * 20, lineage, 12, 3)
    with open(tmp_path / "asvs.embl", "w", encoding="utf-8") as stream:
        SeqIO.write(record, stream, "embl")
    with open(tmp_path / "asvs.embl", encoding="utf-8") as stream:
        (entry,) = SeqIO.parse(stream, "embl")
    assert entry.id == "0a" * 16
    assert str(entry.seq) == "ACGTTGCA" * 20
    assert entry.annotations["organism"] == "uncultured Blautia sp."
    assert entry.annotations["taxonomy"] == lineage[:6]
    source, gene = entry.features
    assert source.qualifiers["note"] == ["amplicon sequence variant; 12 reads in 3 samples"]
    assert gene.type == "rRNA"
    assert str(gene.location) == "[<0:>160](+)"
    assert name_organism(["Archaea", *[""] * 6]) == "uncultured archaeon"
    assert name_organism([""] * 7) == "uncultured bacterium"
