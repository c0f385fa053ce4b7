"""The recipe of the starter reference: packages, databases, names, and how they are joined."""

from __future__ import annotations

import hashlib
import io
import struct
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.lineage import PhylumNames, parse_lineage
from vagus.reference.organisms import parse_name
from vagus.starter_recipe.blast_database import BlastDatabase
from vagus.starter_recipe.compose import merge
from vagus.starter_recipe.extra import place_copies
from vagus.starter_recipe.gold import clean_sequence, parse_source
from vagus.starter_recipe.packages import (
    Package,
    find_packages,
    read_deb_member,
    read_sources,
)
from vagus.starter_recipe.refseq import Entry, clean_organism, read_fasta_text
from vagus.starter_recipe.renamed import find_renamed, follow, stem_epithet

BODY = "ACGGTCATTGCA" * 125
PHYLA = PhylumNames([("Euryarchaeota", "", "Methanobacteriota", "")])


def make_entry(accession: str, lineage: str, sequence: str, organism: str = "") -> Entry:
    return Entry(accession, organism, "type strain", "p", sequence, parse_lineage(lineage))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Escherichia coli K12", ("Escherichia", "Escherichia coli")),
        ("Salmonella enterica subsp. arizonae", ("Salmonella", "Salmonella enterica")),
        ("Moraxella (Branhamella) ovis", ("Moraxella", "Moraxella ovis")),
        ("Candidatus Phytoplasma ulmi", ("Phytoplasma", "Candidatus Phytoplasma ulmi")),
        ("Bacteroides sp. D1", ("Bacteroides", "")),
        ("Wolbachia endosymbiont strain TRS of Brugia malayi", ("Wolbachia", "")),
        ("Clostridiales bacterium 1_7_47_FAA", ("", "")),
        ("phototrophic bacterium", ("", "")),
        ("Onion yellows phytoplasma OY-M", ("", "")),
    ],
)
def test_parse_name(name: str, expected: tuple[str, str]) -> None:
    assert parse_name(name) == expected


@pytest.mark.parametrize(
    ("organism", "plain"),
    [
        ("[Clostridium] scindens", "Clostridium scindens"),
        ("'Streptomyces viridis' (Lombardo-Pellegrino 1903) Waksman 1953", "Streptomyces viridis"),
        ("Deinococcus soli (ex Zhang et al. 2011)", "Deinococcus soli"),
    ],
)
def test_organisms_lose_brackets_and_remarks(organism: str, plain: str) -> None:
    assert clean_organism(organism) == plain


def pack(text: str) -> bytes:
    """Two bits a base; the last byte says in its last two bits how many bases it has."""
    codes = ["ACGT".index(base) for base in text]
    whole, rest = divmod(len(codes), 4)
    last = codes[4 * whole :] + [0] * (3 - rest) + [rest]
    groups = [codes[4 * i : 4 * i + 4] for i in range(whole)] + [last]
    return bytes(a << 6 | b << 4 | c << 2 | d for a, b, c, d in groups)


def test_blast_database_is_read() -> None:
    """Two entries written by hand after the format: one plain, one with codes in either form."""
    first, second = pack("ACGTACG"), pack("TTTTAAAACCCC")
    ambiguous = struct.pack(">II", 1, 0xF << 28 | 1 << 24 | 2)  # N at 2 and 3
    other = struct.pack(">III", 0x80000000 | 2, 0x5 << 28 | 0 << 16, 5)  # R at 5
    headers = [b"0\x80\x1a\x04gb|1\0\0", b"0\x80\x1a\x81\x05gb|22\0\0"]
    sequences = b"\0" + first + ambiguous + second + other
    starts = [1, 1 + len(first) + len(ambiguous), len(sequences)]
    codes = [1 + len(first), starts[1] + len(second), len(sequences)]
    places = [0, len(headers[0]), sum(map(len, headers))]
    index = struct.pack(">iii", 4, 0, 3) + b"abc" + struct.pack(">i", 2) + b"de"
    index += struct.pack(">i8xi", 2, 12) + struct.pack(">9i", *places, *starts, *codes)
    database = BlastDatabase.read(index, b"".join(headers), sequences)
    assert list(database.list_titles()) == [(0, "gb|1"), (1, "gb|22")]
    assert database.read_sequence(0) == "ACNNACG"
    assert database.read_sequence(1) == "TTTTARAACCCC"
    with pytest.raises(ReferenceFileError, match="version 4"):
        BlastDatabase.read(struct.pack(">iii", 5, 0, 0), b"", b"")


def make_deb(path: Path, member: str, content: bytes) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    parts = [(b"debian-binary", b"2.0\n1"), (b"data.tar.xz", data.getvalue())]
    text = b"!<arch>\n"
    for name, body in parts:
        text += name.ljust(16) + b"0".ljust(32) + str(len(body)).encode().ljust(10) + b"`\n"
        text += body + b"\n" * (len(body) % 2)
    path.write_bytes(text)


def test_packages_are_checked_and_read(tmp_path: Path) -> None:
    deb = tmp_path / "a.deb"
    make_deb(deb, "./usr/share/a.txt", b"hello")
    assert read_deb_member(deb, "./usr/share/a.txt") == b"hello"
    row = Package("a", "1", "Debian", "a.deb", hashlib.sha256(deb.read_bytes()).hexdigest(), "", "")
    assert find_packages([row], tmp_path) == {"a": deb}
    gone = Package("b", "1", "PyPI", "b.whl", "0" * 64, "", "")
    wrong = Package("a", "1", "Debian", "a.deb", "0" * 64, "", "")
    with pytest.raises(ReferenceFileError, match=r"b\.whl is missing.*a\.deb is not the file"):
        find_packages([gone, wrong], tmp_path)
    (tmp_path / "x.deb").write_bytes(b"no archive")
    with pytest.raises(ReferenceFileError, match="not a Debian package"):
        read_deb_member(tmp_path / "x.deb", "./usr")


def test_sources_are_pinned(root: Path) -> None:
    sources = read_sources(root / "resources" / "starter_sources.tsv")
    assert all(len(source.sha256) == 64 and source.licence for source in sources)
    assert all(source.version.replace("+", "-").split("-")[0] in source.file for source in sources)


def test_renamed_species_are_found_by_epithet_and_sequence() -> None:
    """The gender of the epithet follows the genus; another sequence is another species."""
    assert stem_epithet("Eubacterium rectale") == stem_epithet("Agathobacter rectalis")
    other = BODY.replace("GGTC", "GATC")
    today = [
        make_entry("1", "B;P;C;O;F;Agathobacter;Agathobacter rectalis", BODY),
        make_entry("2", "B;P;C;O;F;Treponema;Treponema rectale", other),
    ]
    older = [
        ("Eubacterium rectale", BODY[50:]),
        ("Treponema rectale", other),
        ("Gone rectale", "A" * 900),
    ]
    assert find_renamed(older, today) == {"Eubacterium rectale": "Agathobacter rectalis"}
    assert follow("a", {"a": "b", "b": "c", "c": "a"}) == "c"


def test_genome_copies_are_of_their_species() -> None:
    """A copy takes the lineage of its species' current name; what is unlike it is left out."""
    known = [make_entry("1", "B;P;C;O;F;New;New one", BODY)]
    near = BODY[:700] + "A" + BODY[701:]
    copies = [
        Entry("g1", "Old one ATCC 1", "genome", "p", near, ("",) * 7),
        Entry("g2", "Old one ATCC 2", "genome", "p", "ACCT" * 350, ("",) * 7),
        Entry("g3", "Old one ATCC 3", "genome", "p", BODY, ("",) * 7),
        Entry("g4", "Other two", "genome", "p", near + "A", ("",) * 7),
    ]
    counts: Counter[str] = Counter()
    (placed,) = place_copies(copies, known, {"Old one": "New one"}, counts)
    assert (placed.accession, placed.lineage) == ("g1", known[0].lineage)
    assert counts["genome copies: left out, unlike their species"] == 1


def test_equal_sequences_become_one_record() -> None:
    entries = [
        make_entry("2", "Archaea;Euryarchaeota;;;;M;M a", BODY),
        make_entry("1", "Archaea;Euryarchaeota;;;;M;M b", BODY),
    ]
    (record,), companion = merge(entries, PHYLA)
    assert record.accession == "2"
    assert record.lineage == parse_lineage("Archaea;Methanobacteriota;;;;M;M a/M b")
    assert [row[:2] for row in companion] == [("2", "1"), ("2", "2")]


def test_gold_headers_have_two_forms() -> None:
    lineage = "Bacteria; Firmicutes; Bacilli; Bacillales; Bacillaceae; Bacillus a"
    text = (
        f">S1 Bacillus subtilis (T); DSM 10; S-<x; AB1 Bacillus subtilis\t{lineage}\nac-g\nUn\n"
        f">700\tBacillus pumilus SAFR-032\t700|16s\t{lineage}\nACGT\n"
    )
    first, second = parse_source(read_fasta_text(text))
    assert (first.accession, first.insdc, first.name) == ("S1", "AB1", "Bacillus subtilis")
    assert (second.accession, second.insdc, second.name) == ("700", "", "Bacillus pumilus SAFR-032")
    assert clean_sequence("ac-g.Un") == "ACGTN"
    with pytest.raises(ReferenceFileError, match="six-rank"):
        list(parse_source([("S1 name\tBacteria; Firmicutes", "ACGT")]))
