"""Strains from the reference: inserts, 16S copies, community tables, the demo cohort."""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from vagus.demo.amplicon import Insert, complete_insert, cut_insert
from vagus.demo.cohort import DemoPlan, draw_people, read_plan, write_demo
from vagus.demo.community import StrainLibrary, read_community, share_copies
from vagus.edits import count_edits
from vagus.errors import ConfigError
from vagus.reference.starter import read_starter
from vagus.study.schema import read_config

BODY = "".join(np.array(list("ACGT"))[np.random.default_rng(5).integers(0, 4, 1400)])
FIRST, LAST = "AGAGTTTGATCCTGGCTCAG", "AAGTCGTAACAAGGTAACC"


@pytest.fixture(scope="module")
def library() -> StrainLibrary:
    return StrainLibrary(read_starter(), 1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    write_demo(folder, 3, DemoPlan(seed=3, depth=60))
    return folder


def read_rows(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def test_inserts_are_cut_at_the_primers() -> None:
    assert cut_insert("CCCC" + FIRST + BODY + LAST + "GGG") == Insert(BODY, True, True)
    assert cut_insert("CC" + FIRST[:9] + FIRST[10:] + BODY + LAST).sequence == BODY
    assert cut_insert(BODY) == Insert(BODY, False, False)
    assert not cut_insert(FIRST + "N" + BODY + LAST).is_complete


def test_missing_ends_and_unknown_bases_come_from_the_template() -> None:
    short = BODY[25:1380]
    broken = short[:300] + ("R" if short[300] in "AG" else "Y") + "N" + short[302:]
    assert complete_insert(Insert(broken, False, False), [BODY]) == BODY
    assert complete_insert(Insert(BODY, True, True), []) == BODY
    with pytest.raises(ValueError, match="templates"):
        complete_insert(Insert(short, False, True), [])


@pytest.mark.parametrize("taxon", ["Escherichia coli", "Agathobacter rectalis", "Alistipes shahii"])
def test_strains_have_plausible_copies(library: StrainLibrary, taxon: str) -> None:
    strain = library.make(taxon, 7)
    assert strain.n_copies == 7
    assert strain.lineage[6] == taxon
    first, *others = (copy.sequence for copy in strain.copies)
    assert 1380 <= len(first) <= 1500
    assert set(first) <= set("ACGT")
    assert library.make(taxon, 7) == strain
    for copy, sequence in zip(strain.copies[1:], others, strict=True):
        edits = count_edits(first, sequence)
        assert 1 <= edits <= (3 if copy.origin == "derived" else 12)
    assert all(c.asv == hashlib.md5(c.sequence.encode()).hexdigest() for c in strain.copies)


def test_copies_of_a_species_come_from_its_records(library: StrainLibrary) -> None:
    """Bifidobacterium longum has two complete records, ten edits apart."""
    strains = [library.make("7000004128190291", n) for n in range(3, 9)]
    origins = {tuple(copy.origin for copy in strain.copies) for strain in strains}
    known = ("7000004128190291", "7000004128191616", "derived")
    assert all(own == known[: len(own)] for own in origins)
    assert max(len(own) for own in origins) >= 2


def test_copies_are_shared_out() -> None:
    generator = np.random.default_rng(1)
    shares = [share_copies(n, generator) for n in range(1, 16) for _ in range(30)]
    assert [sum(share) for share in shares] == [n for n in range(1, 16) for _ in range(30)]
    assert all(share[0] >= max(share) and min(share) >= 1 for share in shares)
    assert {len(share) for share in shares} == {1, 2, 3}


def test_community_table_is_checked(tmp_path: Path, library: StrainLibrary) -> None:
    path = tmp_path / "community.tsv"
    path.write_text("# note\ntaxon\tabundance\tcopies\nEscherichia coli\t2.5\t\n", encoding="utf-8")
    (member,) = read_community(path)
    assert (member.taxon, member.abundance, member.n_copies) == ("Escherichia coli", 2.5, 5)
    for text, message in (
        ("taxon\tcopies\nX\t1\n", "abundance"),
        ("taxon\tabundance\n", "empty"),
        ("taxon\tabundance\nX\tmany\n", "not a number"),
        ("taxon\tabundance\nX\t-1\n", "out of range"),
        ("taxon\tabundance\tcopies\nX\t1\t99\n", "out of range"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=message):
            read_community(path)
    with pytest.raises(ConfigError, match="neither an accession nor a species"):
        library.make("Escherichia imaginaria")


def test_demo_sheet_and_config(demo: Path) -> None:
    rows = read_rows(demo / "samples.tsv")
    assert [row["sample"] for row in rows] == sorted(row["sample"] for row in rows)
    assert len(rows) == 26
    people = {row["subject"]: row["group"] for row in rows if row["subject"]}
    assert sorted(people.values()) == ["control"] * 6 + ["depression"] * 6
    assert [r["control"] for r in rows if r["control"]] == ["positive:demo-mock", "negative"][::-1]
    assert all((demo / row["reads"]).is_file() for row in rows)
    config = read_config(demo / "config.yaml")
    assert config["cohort"] == {
        "group": "group", "subject": "subject", "time": "time", "covariates": ["age"],
    }  # fmt: skip


def test_demo_truth_adds_up(demo: Path) -> None:
    table = read_rows(demo / "truth" / "asv_table.tsv")
    chimeras = read_rows(demo / "truth" / "chimeras.tsv")
    samples = read_rows(demo / "truth" / "samples.tsv")
    for sample in samples:
        name = sample["sample"]
        plain = sum(int(row[name]) for row in table)
        chimeric = sum(int(row["reads"]) for row in chimeras if row["sample"] == name)
        assert chimeric == int(sample["chimeric_reads"])
        assert plain + chimeric == int(sample["reads"]) == (40 if name == "blank" else 60)
        reads = read_rows(demo / "truth" / "reads" / f"{name}.tsv.gz")
        assert len(reads) == int(sample["reads"])
        assert sum(row["is_chimera"] == "1" for row in reads) == chimeric
        assert sum(row["errors"] == "0" for row in reads) == int(sample["error_free_reads"])
    fasta = (demo / "truth" / "variants.fasta").read_text(encoding="ascii").split()
    for header, sequence in zip(fasta[::2], fasta[1::2], strict=True):
        assert header == ">" + hashlib.md5(sequence.encode("ascii")).hexdigest()
    shares = np.array([[float(row[s["sample"]]) for s in samples]
                       for row in read_rows(demo / "truth" / "expected.tsv")])  # fmt: skip
    assert shares.sum(axis=0) == pytest.approx(1.0)


def test_demo_is_deterministic(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "again", 3, DemoPlan(seed=3, depth=60))
    files = sorted(path.relative_to(demo) for path in demo.rglob("*") if path.is_file())
    assert len(files) > 60
    for name in files:
        assert (demo / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_group_effect_is_what_the_plan_says(root: Path) -> None:
    rows = read_plan(root / "resources" / "demo_community.tsv")
    assert 60 <= len(rows) <= 110
    plan = DemoPlan(seed=1, between_people=0.0)
    always = [replace(row, prevalence=1.0) for row in rows]
    people = {person.name: person for person in draw_people(always, plan)}
    assert people["P01"].group == "depression"
    ratio = np.log2(people["P01"].cells / people["P02"].cells)
    assert ratio == pytest.approx([row.effect_log2 for row in rows])
    assert sum(row.effect_log2 != 0 for row in rows) == 7


def load_program(root: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, root / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_simulate_reads_program(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = load_program(root, "simulate_reads")
    mock = str(root / "resources" / "demo_mock.tsv")
    options = ["--community", mock, "--output", str(tmp_path / "out"), "--samples", "2"]
    assert program.main([*options, "--depth", "30", "--platform", "ont"]) == 0
    assert [row["sample"] for row in read_rows(tmp_path / "out" / "samples.tsv")] == [
        "sim1",
        "sim2",
    ]
    assert program.main([*options, "--depth", "0"]) == 2
    assert "--depth is 0" in capsys.readouterr().err
