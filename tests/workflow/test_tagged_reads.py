"""One BAM file of four tagged barcodes, from `vagus init` to four samples with balanced ledgers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pysam
import pytest

from vagus.sequences import identify_asv, reverse_complement
from workflow.studies import FORWARD, REVERSE_SENSE, pick_genes, run_vagus

pytestmark = [pytest.mark.workflow, pytest.mark.long]

*GENES, SHARED = pick_genes(5)
# reads of each barcode, and of the gene that only this barcode has
N_READS, N_OWN = {"bc1001": 120, "bc1002": 90, "bc1003": 60, "bc1004": 30}, 20
N_WITHOUT, N_BAD = 15, 5
QUALITY = "~~~~~~~~~P" * 160


def write_pool(path: Path) -> None:
    """Reads of all barcodes in turn: some of the barcode's own gene, the others of a shared one."""
    source = np.random.default_rng(3)
    labels = [name for name, n in N_READS.items() for _ in range(n)] + [""] * N_WITHOUT
    with pysam.AlignmentFile(str(path), "wb", header={"HD": {"VN": "1.6"}}) as out:
        for number in source.permutation(len(labels)):
            label = labels[number]
            rank = sum(labels[i] == label for i in range(number))
            gene = SHARED
            if label and rank < N_OWN:
                gene = GENES[list(N_READS).index(label)]
            read = FORWARD + gene + REVERSE_SENSE
            if label and rank >= N_READS[label] - N_BAD:
                read = read[:900]  # too short, so that the ledger has something to count
            read = reverse_complement(read) if source.random() < 0.5 else read
            record = pysam.AlignedSegment(out.header)
            record.query_name, record.flag = f"m84012_230101_010203_s1/{number}/ccs", 4
            record.query_sequence = read
            record.query_qualities = pysam.qualitystring_to_array(QUALITY[: len(read)])
            record.set_tags([("rq", 0.9999, "f")] + [("BC", label, "Z")] * bool(label))
            out.write(record)


def read_tsv(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def test_four_barcodes_become_four_samples(tmp_path: Path) -> None:
    (tmp_path / "reads").mkdir()
    write_pool(tmp_path / "reads" / "pool.bam")
    found = run_vagus(tmp_path, "init", "reads")
    assert found.returncode == 0, found.stderr
    assert "pool: 315 reads of 4 barcodes or samples" in found.stdout
    assert "without a barcode: 15, left out" in found.stdout
    checked = run_vagus(tmp_path, "check")
    assert checked.returncode == 0, checked.stderr
    assert "4 samples in 1 run," in checked.stdout
    done = run_vagus(tmp_path, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    ledger = {row["sample"]: row for row in read_tsv(tmp_path / "results" / "reads" / "ledger.tsv")}
    assert set(ledger) == set(N_READS)
    for name, row in ledger.items():
        lost = sum(int(n) for column, n in row.items() if column.startswith("lost_"))
        assert int(row["input"]) == N_READS[name] == lost + int(row["kept"])
        assert int(row["kept"]) == N_READS[name] - N_BAD
    table = {row["asv"]: row for row in read_tsv(tmp_path / "results/denoise/asv_table.tsv")}
    for number, name in enumerate(N_READS):
        counts = {sample: int(table[identify_asv(GENES[number])][sample]) for sample in N_READS}
        assert counts == {sample: N_OWN if sample == name else 0 for sample in N_READS}
