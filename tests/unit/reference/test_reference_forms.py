"""Headers and tables of the publishers, each by hand from its documentation, in seven ranks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.header_forms import FORMS, recognise_form
from vagus.reference.lineage_forms import read_lineage
from vagus.reference.parse import SequenceFilter, read_sources

ANY_LENGTH = SequenceFilter(min_length_bp=1)
COLI = (
    "Bacteria", "Pseudomonadota", "Gammaproteobacteria", "Enterobacterales",
    "Enterobacteriaceae", "Escherichia", "Escherichia coli",
)  # fmt: skip
UPPER = "Bacteria;Pseudomonadota;Gammaproteobacteria;Enterobacterales;Enterobacteriaceae;"


@pytest.mark.parametrize(
    ("form", "header", "accession", "lineage"),
    [
        ("vagus-fasta", "X1 " + ";".join(COLI), "X1", COLI),
        ("vagus-fasta", "X1\t" + UPPER + "Escherichia;coli", "X1", COLI),
        ("dada2-training", UPPER + "Escherichia;", "ref0000001", (*COLI[:6], "")),
        ("dada2-training", "Bacteria;Bacillota;Clostridia;Clostridiales;Clostridiaceae;"
         "Clostridium sensu stricto 1;", "ref0000001",
         ("Bacteria", "Bacillota", "Clostridia", "Clostridiales", "Clostridiaceae",
          "Clostridium sensu stricto 1", "")),
        ("organism-fasta", "X80725 Escherichia coli", "X80725", ("",) * 5 + COLI[5:]),
        ("organism-fasta", "NR_024570.1 Escherichia coli strain U 5/41 16S ribosomal RNA, "
         "partial sequence", "NR_024570.1", ("",) * 5 + COLI[5:]),
        ("organism-fasta", "NR_1.1 [Clostridium] scindens strain ATCC 35704 16S ribosomal RNA",
         "NR_1.1", ("",) * 6 + ("Clostridium scindens",)),
        ("sintax", "X1;tax=d:Bacteria,p:Pseudomonadota,c:Gammaproteobacteria,"
         "o:Enterobacterales,f:Enterobacteriaceae,g:Escherichia,s:Escherichia_coli;", "X1", COLI),
        ("sintax", "X1;tax=d:Bacteria,g:Escherichia", "X1",
         ("Bacteria", "", "", "", "", "Escherichia", "")),
        ("gtdb-ssu-fasta", "RS_GCF_1.1~NC_1 d__Bacteria;p__Pseudomonadota;c__Gammaproteobacteria;"
         "o__Enterobacterales;f__Enterobacteriaceae;g__Escherichia;s__Escherichia coli_D "
         "[locus_tag=NC_1] [location=1..1500] [ssu_len=1500]", "RS_GCF_1.1~NC_1",
         (*COLI[:6], "Escherichia coli_D")),
        ("silva-fasta", "AB1.1.1500 " + UPPER + "Escherichia-Shigella;Escherichia coli K-12",
         "AB1.1.1500", (*COLI[:5], "Escherichia-Shigella", "Escherichia coli")),
        ("silva-fasta", "AB2.1.1500 " + UPPER + "Escherichia-Shigella;uncultured bacterium",
         "AB2.1.1500", (*COLI[:5], "Escherichia-Shigella", "")),
        ("silva-fasta", "AB3.1.1400 Bacteria;Pseudomonadota;Alphaproteobacteria;Rickettsiales;"
         "Mitochondria;Zea mays", "AB3.1.1400",
         ("Bacteria", "Pseudomonadota", "Alphaproteobacteria", "Rickettsiales", "Mitochondria",
          "", "")),
        ("silva-fasta", "AB4.1.1800 Eukaryota;Opisthokonta;Holozoa;Metazoa;Animalia;Chordata;"
         "Vertebrata;Mammalia;Homo sapiens", "AB4.1.1800", ("Eukaryota",) + ("",) * 6),
        ("rdp-trainset", "X1|S000001 Root;Bacteria;\"Pseudomonadota\";Gammaproteobacteria;"
         "Enterobacterales;Enterobacteriaceae;Escherichia", "X1|S000001", (*COLI[:6], "")),
        ("rdp-trainset", "S1 Escherichia coli (T)\tLineage=Root;rootrank;Bacteria;domain;"
         "Pseudomonadota;phylum;Actinobacteridae;subclass;Escherichia;genus", "S1",
         ("Bacteria", "Pseudomonadota", "", "", "", "Escherichia", "")),
    ],
)  # fmt: skip
def test_headers(
    tmp_path: Path, form: str, header: str, accession: str, lineage: tuple[str, ...]
) -> None:
    path = tmp_path / "r.fasta"
    path.write_text(f">{header}\nACGTACGTAC\n")
    reader = read_sources([path], keep=ANY_LENGTH)
    assert reader.forms == [form]
    assert [(r.accession, r.lineage) for r in reader.records] == [(accession, lineage)]


def test_every_form_has_an_example_of_itself() -> None:
    for form in FORMS:
        assert recognise_form([form.example[1:]]).name == form.name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("d__B;p__P;g__G;s__G s", ("B", "P", "", "", "", "G", "G s")),
        ("k__B;p__P;c__C;o__O;f__F;g__Streptococcus;s__sp._HMT_064",
         ("B", "P", "C", "O", "F", "Streptococcus", "Streptococcus sp. HMT 064")),
        ("Bacteria;P;C;Incertae Sedis;Unknown Family;G;G unclassified",
         ("Bacteria", "P", "C", "", "", "G", "")),
        ("Bacteria;P;C;O;F;Lachnospiraceae_incertae_sedis",
         ("Bacteria", "P", "C", "O", "F", "", "")),
        ("Bacteria;P;C;O;F;uncultured_bacterium;human gut metagenome",
         ("Bacteria", "P", "C", "O", "F", "", "")),
        ("Bacteria;P;C;O;F;Naxibacter;NA", ("Bacteria", "P", "C", "O", "F", "Naxibacter", "")),
    ],
)  # fmt: skip
def test_no_name_is_invented(text: str, names: tuple[str, ...]) -> None:
    assert read_lineage(text) == names


@pytest.mark.parametrize("text", ["d__B;P;c__C", "d__B;g__G;g__H"])
def test_prefixes_that_contradict(text: str) -> None:
    with pytest.raises(ValueError, match=r"prefix|two names"):
        read_lineage(text)


def test_emu_table_by_column_names(tmp_path: Path) -> None:
    (tmp_path / "r.fasta").write_text(">562:emu_db:1 [x]\nACGT\n>562:emu_db:2\nACGG\n")
    (tmp_path / "t.tsv").write_text(
        "tax_id\tspecies\tgenus\tfamily\torder\tclass\tphylum\tclade\tsuperkingdom\n"
        "562\tEscherichia coli\tEscherichia\tEnterobacteriaceae\tEnterobacterales\t"
        "Gammaproteobacteria\tPseudomonadota\t\tBacteria\n"
    )
    reader = read_sources([tmp_path / "r.fasta"], [tmp_path / "t.tsv"], ANY_LENGTH)
    assert [(r.accession, r.lineage) for r in reader.records] == [
        ("562:emu_db:1", COLI), ("562:emu_db:2", COLI),
    ]  # fmt: skip


def test_ncbi_lineages_by_organism(tmp_path: Path) -> None:
    (tmp_path / "r.fasta").write_text(
        ">N1 Escherichia coli strain U 16S ribosomal RNA\nACGT\n"
        ">N2 [Clostridium] scindens strain A 16S ribosomal RNA\nACGT\n"
        ">N3 Escherichia nova strain B 16S ribosomal RNA\nACGT\n"
        ">N4 Unheard ofi strain B 16S ribosomal RNA\nACGT\n"
    )
    rest = "Enterobacteriaceae\t|\tEnterobacterales\t|\tGammaproteobacteria\t|\tPseudomonadota"
    (tmp_path / "rankedlineage.dmp").write_text(
        f"562\t|\tEscherichia coli\t|\t\t|\tEscherichia\t|\t{rest}\t|\t\t|\tBacteria\t|\n"
        f"561\t|\tEscherichia\t|\t\t|\t\t|\t{rest}\t|\tPseudomonadati\t|\tBacteria\t|\n"
        "3\t|\t[Clostridium] scindens\t|\t\t|\t\t|\tLachnospiraceae\t|\tLachnospirales\t|\t"
        "Clostridia\t|\tBacillota\t|\t\t|\tBacteria\t|\n"
    )
    reader = read_sources([tmp_path / "r.fasta"], [tmp_path / "rankedlineage.dmp"], ANY_LENGTH)
    upper = ("Bacteria", "Bacillota", "Clostridia", "Lachnospirales", "Lachnospiraceae")
    assert [r.lineage for r in reader.records] == [
        COLI,
        (*upper, "", "Clostridium scindens"),
        (*COLI[:6], "Escherichia nova"),
        ("", "", "", "", "", "Unheard", "Unheard ofi"),
    ]


def test_rdp_ranks_in_between_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "r.fasta").write_text(">A|S1 Root;Bacteria;P;C;Subs;O;F;G\nACGT\n")
    names = [("Bacteria", "domain"), ("P", "phylum"), ("C", "class"), ("Subs", "subclass"),
             ("O", "order"), ("F", "family"), ("G", "genus")]  # fmt: skip
    rows = [f"{n}*{name}*{n - 1}*{n}*{rank}" for n, (name, rank) in enumerate(names, 1)]
    (tmp_path / "t.txt").write_text("0*Root*-1*0*rootrank\n" + "\n".join(rows) + "\n")
    reader = read_sources([tmp_path / "r.fasta"], [tmp_path / "t.txt"], ANY_LENGTH)
    assert reader.records[0].lineage == ("Bacteria", "P", "C", "O", "F", "G", "")
    (tmp_path / "t.txt").write_text("0*Root*-1*0*rootrank\n1*Bacteria*0*1*domain\n")
    with pytest.raises(ReferenceFileError, match="the table of ranks has no 'P'"):
        read_sources([tmp_path / "r.fasta"], [tmp_path / "t.txt"], ANY_LENGTH)


def test_strand_is_told_by_conserved_sites(tmp_path: Path, gene: Callable[[int], str]) -> None:
    from vagus.sequences import reverse_complement

    sense, other = gene(1), gene(2)
    (tmp_path / "r.fasta").write_text(
        f">a Bacteria;P\n{sense}\n>b Bacteria;P\n{reverse_complement(other)}\n"
        f">c Bacteria;P\n{'ACCT' * 250}\n"
    )
    reader = read_sources([tmp_path / "r.fasta"])
    assert [r.sequence for r in reader.records] == [sense, other, "ACCT" * 250]
    assert reader.counts["reverse-complemented"] == 1
    assert reader.counts["strand undecided, left as it was"] == 1
