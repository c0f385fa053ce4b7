"""Organelles and contaminants in a study: every stage sees the same ASVs, whatever is removed.

Twelve samples and two blanks of six genes: three of bacteria, a chloroplast that has most reads, a
sequence that is like no reference, and a gene that is in both blanks and three of the samples.
"""

from __future__ import annotations

import csv
import html
import random
from pathlib import Path

import pytest

from described import list_faults
from vagus.sequences import identify_asv
from workflow.in_process import run_study
from workflow.studies import FORWARD, REVERSE_SENSE, pick_genes, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]

GOOD = "~~~~~~~~~P"  # Q93 with every tenth base Q47
GENUS = "Bacteria;P;C;O;F;"
LINEAGES = {
    "first": f"{GENUS}Alpha;Alpha prima;",
    "second": f"{GENUS}Beta;;",
    "third": f"{GENUS}Gamma;Gamma tertia;",
    "leaf": "Bacteria;Cyanobacteriota;Cyanobacteriia;Chloroplast;;;;",
    "kit": f"{GENUS}Kappa;Kappa nova;",
}
# reads by sample: the blanks have the kit and the leaf alone
SAMPLES = [f"s{n}" for n in range(12)]
READS = {
    name: {
        "first": 20 + n,
        "second": 30 - n,
        "third": 15,
        "leaf": 60,
        "noise": 12,
        "kit": 8 * (n < 3),
    }
    for n, name in enumerate(SAMPLES)
} | {f"blank{n}": {"leaf": 10, "kit": 15} for n in range(2)}
CONFIG = """\
taxonomy: {{reference: own.fasta}}
diversity: {{metrics: [braycurtis], levels: [asv, genus]}}
controls: {{remove_contaminants: {removal}}}
cohort: {{group: arm, ranks: [asv, genus], permutations: 99}}
exports: [phyloseq]
"""


def make_genes() -> dict[str, str]:
    genes = dict(zip(LINEAGES, pick_genes(5), strict=True))
    genes["noise"] = "".join(random.Random(5).choices("ACGT", k=1400))
    return genes


GENES = make_genes()
ASVS = {name: identify_asv(gene) for name, gene in GENES.items()}


def run(folder: Path, removal: str) -> Path:
    rows = ["sample\treads\tcontrol\tarm"]
    write_study(folder, "", CONFIG.format(removal=removal))
    for number, (name, amounts) in enumerate(READS.items()):
        is_blank = name.startswith("blank")
        control, arm = ("negative", "") if is_blank else ("", "ab"[number % 2])
        rows.append(f"{name}\t{name}.fastq\t{control}\t{arm}")
        genes = [GENES[gene] for gene, n in amounts.items() for _ in range(n)]
        records = [
            f"@r{number}\n{read}\n+\n{(GOOD * 200)[: len(read)]}\n"
            for number, read in enumerate(FORWARD + gene + REVERSE_SENSE for gene in genes)
        ]
        (folder / f"{name}.fastq").write_text("".join(records), encoding="utf-8")
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    references = [f">{lineage}\n{GENES[name]}\n" for name, lineage in LINEAGES.items()]
    (folder / "own.fasta").write_text("".join(references), encoding="utf-8")
    assert not run_study(folder)
    return folder / "results"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the study with contaminants reported only."""
    return run(tmp_path_factory.mktemp("kept") / "study", "false")


@pytest.fixture(scope="module")
def removed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the same study with contaminants removed."""
    return run(tmp_path_factory.mktemp("removed") / "study", "true")


def read_rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def read_counts(path: Path) -> dict[str, dict[str, int]]:
    """Reads by row and sample of a wide table."""
    rows = [list(row.values()) for row in read_rows(path)]
    samples = list(read_rows(path)[0])[1:]
    return {row[0]: dict(zip(samples, map(int, row[1:]), strict=True)) for row in rows}


@pytest.mark.parametrize(
    ("which", "analysed"),
    [
        ("kept", ("first", "second", "third", "kit")),
        ("removed", ("first", "second", "third")),
    ],
)
def test_every_stage_sees_the_same_asvs(
    which: str, analysed: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    results: Path = request.getfixturevalue(which)
    asvs = {ASVS[gene] for gene in analysed}
    truth = {name: [reads.get(gene, 0) for gene in analysed] for name, reads in READS.items()}
    counts = read_counts(results / "selection" / "asv_table.tsv")
    assert {asv: row["s0"] for asv, row in counts.items()} == {
        ASVS[gene]: READS["s0"][gene] for gene in analysed
    }
    fasta = (results / "selection" / "asvs.fasta").read_text(encoding="ascii")
    assert {line[1:] for line in fasta.splitlines() if line.startswith(">")} == asvs
    # composition
    genera = read_counts(results / "selection" / "composition_genus.tsv")
    named = {"first": "Alpha", "second": "Beta", "third": "Gamma", "kit": "Kappa"}
    assert set(genera) == {named[gene] for gene in analysed}
    for sample, reads in truth.items():
        assert sum(row[sample] for row in genera.values()) == sum(reads)
    # diversity of ASVs and of genera, phylogeny
    for table in ("alpha_unrarefied", "genus/alpha_unrarefied"):
        rows = read_rows(results / "diversity" / f"{table}.tsv")
        observed = {row["sample"]: row["observed"] for row in rows}
        for sample in SAMPLES:
            assert float(observed[sample]) == sum(n > 0 for n in truth[sample])
    tree = (results / "phylogeny" / "tree.nwk").read_text(encoding="ascii")
    assert {name for name, asv in ASVS.items() if asv in tree} == set(analysed)
    # tests of ASVs and genera
    tested = {row["taxon"] for row in read_rows(results / "cohort" / "differential_asv.tsv")}
    assert tested == asvs
    tested = {row["taxon"] for row in read_rows(results / "cohort" / "differential_genus.tsv")}
    assert tested == set(genera)
    # exports and report
    exported = read_counts(results / "exports" / "phyloseq" / "otu.tsv")
    assert exported == counts
    taxa = read_rows(results / "report" / "samples" / "s0.taxa.tsv")
    assert sum(int(row["reads"]) for row in taxa) == sum(truth["s0"])


def test_removal_changes_only_what_is_set_apart(kept: Path, removed: Path) -> None:
    for name in (
        "denoise/asv_table.tsv", "taxonomy/taxonomy.tsv", "controls/contaminants.tsv",
        "controls/ledger.tsv",
    ):  # fmt: skip
        assert (kept / name).read_bytes() == (removed / name).read_bytes()
    without = {row["asv"]: row["reason"] for row in read_rows(kept / "selection/set_apart.tsv")}
    assert without == {ASVS["leaf"]: "chloroplast", ASVS["noise"]: "not like any reference"}
    apart = {row["asv"]: row["reason"] for row in read_rows(removed / "selection/set_apart.tsv")}
    assert apart == without | {ASVS["kit"]: "contaminant"}
    before = read_counts(kept / "selection" / "composition_genus.tsv")
    after = read_counts(removed / "selection" / "composition_genus.tsv")
    assert after == {genus: row for genus, row in before.items() if genus != "Kappa"}
    assert not (removed / "controls" / "before").exists()


def test_every_read_that_is_set_apart_is_counted(removed: Path) -> None:
    ledger = {row["sample"]: row for row in read_rows(removed / "selection" / "ledger.tsv")}
    for sample, reads in READS.items():
        row = {name: int(value) for name, value in ledger[sample].items() if name != "sample"}
        assert row == {
            "reads": sum(reads.values()),
            "lost_other_origin": reads["leaf"],
            "lost_no_reference": reads.get("noise", 0),
            "lost_contaminant": reads["kit"],
            "kept": sum(reads.get(gene, 0) for gene in ("first", "second", "third")),
            "n_asvs": 3 * ("first" in reads),
        }


def test_the_page_says_why(removed: Path) -> None:
    text = html.unescape((removed / "report" / "index.html").read_text(encoding="utf-8"))
    assert (
        "like chloroplast: 1 ASV with 720 reads; contaminant: 1 ASV with 24 reads; not like any "
        "reference: 1 ASV with 144 reads (selection/set_apart.tsv)"
    ) in text
    assert list_faults(removed) == []
