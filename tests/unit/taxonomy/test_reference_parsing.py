from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.lineage_forms import read_lineage
from vagus.reference.parse import SequenceFilter, read_references

ANY_LENGTH = SequenceFilter(min_length_bp=1)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bacteria;P;C;O;F;G;G s", ("Bacteria", "P", "C", "O", "F", "G", "G s")),
        ("Bacteria;P;;;F", ("Bacteria", "P", "", "", "F", "", "")),
        ("Bacteria;P;C;O;F;G;", ("Bacteria", "P", "C", "O", "F", "G", "")),
        ("d__B; p__P; c__C; o__O; f__F; g__G; s__G s", ("B", "P", "C", "O", "F", "G", "G s")),
        ("k__B;p__P;c__;o__;f__;g__;s__", ("B", "P", "", "", "", "", "")),
        ("Bacteria;P;C;O;F;G;coli", ("Bacteria", "P", "C", "O", "F", "G", "G coli")),
        (
            "Bacteria;P;C;O;F;uncultured;uncultured bacterium",
            ("Bacteria", "P", "C", "O", "F", "", ""),
        ),
        ("Bacteria;P;C;O;F;G;G a/G b", ("Bacteria", "P", "C", "O", "F", "G", "G a/G b")),
    ],
)
def test_lineage_forms(text: str, names: tuple[str, ...]) -> None:
    assert read_lineage(text) == names


@pytest.mark.parametrize("text", ["", ";;;", "a;b;c;d;e;f;g;h"])
def test_lineages_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"name|ranks"):
        read_lineage(text)


def test_reads_headers_rna_gaps_and_lower_case(tmp_path: Path) -> None:
    path = write(tmp_path / "r.fasta", ">a1 Bacteria;P\nacgu\nAC-G.T\n>a2\tBacteria;Q\nNNAC\n")
    kept = read_references(path, keep=SequenceFilter(min_length_bp=1, max_ambiguous_share=0.4))
    assert [(r.accession, r.sequence, r.lineage[:2]) for r in kept] == [
        ("a1", "ACGTACGT", ("Bacteria", "P"))
    ]


def test_gzip_by_content_and_length_window(tmp_path: Path) -> None:
    path = tmp_path / "r.fasta"
    path.write_bytes(
        gzip.compress(b">a Bacteria\nACGTACGT\n>b Bacteria\nACGT\n>c Bacteria\nACGTACGTACGTACGT\n")
    )
    kept = read_references(path, keep=SequenceFilter(min_length_bp=5, max_length_bp=10))
    assert [record.accession for record in kept] == ["a"]


@pytest.mark.parametrize("header", ["", "Feature ID\tTaxon\n", "# a remark\n"])
def test_taxonomy_table(tmp_path: Path, header: str) -> None:
    fasta = write(tmp_path / "r.fasta", ">a anything\nACGT\n>b\nACGG\n")
    table = write(tmp_path / "t.tsv", header + "a\tBacteria;P\nb\td__B; p__Q\textra\n")
    kept = read_references(fasta, table, ANY_LENGTH)
    assert [record.lineage[1] for record in kept] == ["P", "Q"]


@pytest.mark.parametrize(
    ("fasta", "table", "message"),
    [
        ("", None, "no FASTA records"),
        ("hello\n", None, "no FASTA records"),
        (">a Bacteria\nMKVLAAGIE\n", None, "amino acids"),
        (">a Bacteria\nACG7\n", None, "not nucleotides"),
        (">a Bacteria\nACGT\n>a Bacteria\nACGG\n", None, "occurs twice"),
        (">a\nACGT\n", None, "no lineage"),
        ("> Bacteria;P\nACGT\n", None, "without accession"),
        (">a Bacteria;b;c;d;e;f;g;h\nACGT\n", None, "8 ranks"),
        (">a Bacteria\nNNNN\n", None, "none of 1 references is usable"),
        (">a\nACGT\n", "b\tBacteria\n", "not in the taxonomy table"),
        (">a\nACGT\n", "a\tBacteria\na\tArchaea\n", "more than one lineage"),
        (">a\nACGT\n", "a Bacteria\n", "without a tab"),
        (">a\nACGT\n", "a\t;;\n", "no name at any rank"),
    ],
)
def test_bad_references_have_one_clear_message(
    tmp_path: Path, fasta: str, table: str | None, message: str
) -> None:
    path = write(tmp_path / "r.fasta", fasta)
    taxonomy = write(tmp_path / "t.tsv", table) if table is not None else None
    with pytest.raises(ReferenceFileError, match=message) as caught:
        read_references(path, taxonomy, ANY_LENGTH)
    assert str(tmp_path) in str(caught.value)
    assert caught.value.fix


def test_truncated_gzip(tmp_path: Path) -> None:
    path = tmp_path / "r.fasta.gz"
    path.write_bytes(gzip.compress((">a Bacteria\n" + "ACGT" * 5000).encode())[:-20])
    with pytest.raises(ReferenceFileError, match="truncated"):
        read_references(path, keep=ANY_LENGTH)
