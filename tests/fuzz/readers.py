"""Readers of what users give, and of what all stages share; see ``fuzz.target``."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pysam

from fuzz.target import SHORT, Target, check
from vagus.dada.error_model import ErrorModel
from vagus.phase.error_model import PhaseErrorModel
from vagus.phylogeny.newick import format_newick, parse_newick
from vagus.provenance.checksums import read_checksums
from vagus.provenance.reproduction import read_provenance
from vagus.reads.sources import iterate_file
from vagus.reads.uniques import Uniques
from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.parse import read_references
from vagus.sequences import read_fasta, write_fasta
from vagus.study.samples import read_sheet
from vagus.study.schema import read_config, validate_config
from vagus.tables import read_table
from vagus.taxonomy.known_calls import read_calls
from workflow.studies import ROOT, pick_genes


def read_reads(path: Path) -> None:
    """Reads have letters ACGTN, one quality a base, Phred 0 to 93."""
    for read in iterate_file(str(path)):
        check(set(read.sequence) <= set("ACGTN"), "letters")
        check(len(read.sequence) == len(read.quality), "a quality for each base")
        check(read.quality.size == 0 or int(read.quality.max()) <= 93, "Phred range")


def read_samples(path: Path) -> None:
    """Names are unique; keys are harmless as names of files."""
    samples = read_sheet(path)
    check(len({s.name for s in samples}) == len(samples), "unique names")
    check(len({s.key.casefold() for s in samples}) == len(samples), "unique keys")
    for sample in samples:
        for key in (sample.key, sample.run_key):
            check(Path(key).name == key and not key.startswith((".", "-")), f"key {key!r}")
            check(key.isascii() and key.isprintable() and " " not in key, f"key {key!r}")


def read_and_validate(path: Path) -> None:
    """A config that passes has every section."""
    config = validate_config(read_config(path), path)
    check({"reads", "denoise", "taxonomy", "report"} <= config.keys(), "sections")


def load_uniques(path: Path) -> None:
    """Arrays belong together."""
    uniques = Uniques.load(path)
    check(uniques.offsets.size == uniques.counts.size + 1, "offsets")
    check(uniques.bases.size == uniques.offsets[-1], "bases")
    check(uniques.quality_sums.size == uniques.bases.size, "qualities")
    check(bool((np.diff(uniques.offsets) >= 0).all()), "lengths")
    check(bool((uniques.counts > 0).all()), "counts")


def load_model(path: Path) -> None:
    """Rates are probabilities."""
    rates = ErrorModel.load(path).rates
    check(bool(((rates >= 0) & (rates <= 1)).all()), "rates")


def load_phase_model(path: Path) -> None:
    """Rates are probabilities, where there are any."""
    rates = PhaseErrorModel.load(path).rates
    known = rates[~np.isnan(rates)]
    check(bool(((known >= 0) & (known <= 1)).all()), "rates")


def load_index(path: Path) -> None:
    """The parts of an index belong together."""
    index = ReferenceIndex.load(path)
    check(len(index.accessions) == index.n_references, "accessions")
    check(len(index.classes) == index.n_classes, "classes")


def read_tree(path: Path) -> None:
    """What is read can be written and read again."""
    root = parse_newick(path.read_text(encoding="utf-8"))
    again = parse_newick(format_newick(root))
    check([t.name for t in again.tips()] == [t.name for t in root.tips()], "tips")


def list_references(path: Path) -> None:
    """References have seven ranks and unambiguous names."""
    records = read_references(path)
    check(len({r.accession for r in records}) == len(records), "unique accessions")
    check(all(len(r.lineage) == 7 for r in records), "seven ranks")


def make_input_targets(folder: Path) -> list[Target]:
    """Their targets, seeds made in ``folder``."""
    genes = [gene[:SHORT] for gene in pick_genes(6)]
    fastq = "".join(f"@r{i} rq=0.999\n{g}\n+\n{'~' * len(g)}\n" for i, g in enumerate(genes))
    packed = fastq.encode()
    return [
        Target("FASTQ", ".fastq", (packed,), read_reads),
        Target("FASTQ, compressed", ".fastq.gz",
               (gzip.compress(packed, mtime=0), bz2.compress(packed), lzma.compress(packed)),
               read_reads),
        Target("BAM", ".bam", (_make_bam(folder / "seed.bam", genes),), read_reads),
        Target("sample sheet", ".tsv", _SHEETS, read_samples),
        Target("config", ".yaml", ((ROOT / "config/config.yaml").read_bytes(), _CONFIG),
               read_and_validate),
        Target("reference", ".fasta", _make_references(), list_references),
        Target("unique sequences", ".npz", (_make_uniques(folder / "u.npz", genes),),
               load_uniques),
        Target("error model", ".tsv",
               ((ROOT / "scripts/vagus/dada/default_models/full.tsv").read_bytes(),),
               load_model),
        Target("error model (phase)", ".tsv", (_make_phase_model(folder / "p.tsv"),),
               load_phase_model),
        Target("reference index", ".index", (_make_index(folder / "r.index"),), load_index),
        Target("table", ".tsv", (b"asv\ta\tb c\nx\t1\t2\ny\t\t3.5\n",), read_table),
        Target("FASTA", ".fasta", (_make_fasta(folder / "s.fasta", genes),),
               lambda path: list(read_fasta(path))),
        Target("tree", ".nwk", (b"((a:1,'b c':2e-3):0.1,(c,d)e:5);", b"a;"), read_tree,
               (ValueError,)),
        Target("known calls", ".jsonl.gz", (_make_calls(),),
               lambda path: read_calls(path, "state")),
        Target("provenance", ".json", (_make_provenance(),), read_provenance),
        Target("checksums", ".sha256", (b"0" * 64 + b"  a\n" + b"1" * 64 + b"  b c\n",),
               read_checksums),
    ]  # fmt: skip


_SHEETS = (
    "sample\treads\tplatform\trun\tcontrol\tgroup\n"
    "a\treads/a.fastq.gz\thifi\tr1\t\tcase\n"
    "b é\treads/b 1.bam;reads/b2.bam\tont\tr2\tnegative\t\n"
    "c..d\tc.fastq\t\t\tpositive:zymo\tcontrol\n".encode(),
    b"reads\tsample\r\nx.fastq\tx\r\n",
)
_CONFIG = b"""seed: 3
reads: {primers: auto, min_length_bp: 1000}
denoise:
  engine: dada
  omega_a: 1e-40
cohort: {group: [a, b], covariates: []}
"""


def _make_bam(path: Path, genes: list[str]) -> bytes:
    header = {"HD": {"VN": "1.6"}}
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for i, gene in enumerate(genes):
            read = pysam.AlignedSegment()
            read.query_name, read.flag, read.query_sequence = f"m/{i}/ccs", 4, gene
            read.query_qualities = pysam.qualitystring_to_array("~" * len(gene))
            read.set_tag("rq", 0.999)
            out.write(read)
    return path.read_bytes()


def _make_references() -> tuple[bytes, ...]:
    genes = pick_genes(3)
    names = "Bacteria;Bacillota;Bacilli;Lactobacillales;Lactobacillaceae;Lactobacillus"
    dada = "".join(f">{names};L. sp{i};\n{gene}\n" for i, gene in enumerate(genes))
    sintax = "".join(
        f">x{i};tax=d:Bacteria,p:P,c:C,o:O,f:F,g:G,s:G_s{i};\n{gene}\n"
        for i, gene in enumerate(genes)
    )
    gtdb = "".join(
        f">RS_{i} d__Bacteria;p__P;c__C;o__O;f__F;g__G;s__G s{i} [l=1]\n{gene}\n"
        for i, gene in enumerate(genes)
    )
    return dada.encode(), sintax.encode(), gtdb.encode()


def _make_uniques(path: Path, genes: list[str]) -> bytes:
    reads = [genes[0], genes[0], *genes]
    qualities = [np.full(len(read), 40, np.uint8) for read in reads]
    Uniques.from_reads(reads, qualities, sample="a").save(path)
    return path.read_bytes()


def _make_phase_model(path: Path) -> bytes:
    PhaseErrorModel.nominal().save(path)
    return path.read_bytes()


def _make_index(path: Path) -> bytes:
    fasta = path.with_suffix(".fasta")
    fasta.write_bytes(_make_references()[0])
    build_index(read_references(fasta), "seed").save(path)
    return path.read_bytes()


def _make_fasta(path: Path, genes: list[str]) -> bytes:
    write_fasta([(f"s{i}", gene) for i, gene in enumerate(genes)], path)
    return path.read_bytes()


def _make_calls() -> bytes:
    row: dict[str, Any] = {
        "sequence": "0" * 32, "names": ["Bacteria"] + [""] * 6, "confidences": [1.0] * 7,
        "nearest": [[0, 0.99, 1.0]], "tied_species": [], "notes": [], "hits": [[0, 0.99, 1.0]],
    }  # fmt: skip
    text = json.dumps("state") + "\n" + json.dumps(row) + "\n"
    return gzip.compress(text.encode(), mtime=0)


def _make_provenance() -> bytes:
    record = {"file": "a.fastq", "bytes": 3, "sha256": "0" * 64}
    row = {
        "sample": "a", "platform": "auto", "run": "run1", "control": "", "metadata": {"g": "x"},
        "reads": [record],
    }  # fmt: skip
    content = {
        "vagus": "0.1.0", "python": "3.11", "packages": {"numpy": "2.3"},
        "config": {"seed": 1}, "samples": [row], "references": [record],
    }  # fmt: skip
    return json.dumps(content, indent=2).encode()
