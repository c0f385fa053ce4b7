"""Barcodes and samples in headers of reads, in the forms of the programs that write them."""

from __future__ import annotations

from pathlib import Path

import pysam
import pytest

from vagus.reads.sources import MixedReadsError, iterate_file_labels, iterate_reads
from vagus.reads.tags import parse_label

from .conftest import format_fastq, make_amplicon, make_insert

MODEL = "dna_r10.4.1_e8.2_400bps_sup@v5.0.0"
MINKNOW = "ch=1 start_time=2021-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("r1 runid=f barcode=barcode01 barcode_alias=A", "barcode01"),
        (f"r1 runid=f {MINKNOW} barcode=unclassified", ""),
        (f"r1\tqs:f:20\tRG:Z:f_{MODEL}_SQK-16S114-24_barcode02\tBC:Z:SQK-16S114-24_barcode02",
         "SQK-16S114-24_barcode02"),
        (f"r1\tRG:Z:f_{MODEL}_SQK-16S114-24_barcode02", "SQK-16S114-24_barcode02"),
        (f"r1\tRG:Z:f_{MODEL}_barcode07", "barcode07"),
        (f"r1\tRG:Z:f_{MODEL}", ""),
        (f"r1\tRG:Z:f_{MODEL}_unclassified", ""),
        ("m64/1/ccs bc:B:S,3,11 rq:f:0.99", "3--11"),
        ("m64/1/ccs bc=0,8 bq=99 rq=0.999", "0--8"),
        ("r1;barcodelabel=S1;size=3;", "S1"),
        ("r1;sample=S2", "S2"),
        ("S1_17 m64/1/ccs orig_bc=ACGT new_bc=ACGT bc_diffs=0", "S1"),
        ("A_B_3 x orig_bc=ACGT", "A_B"),
        ("S1_17", ""),
        ("r1 sample_id=pool flow_cell_id=F", ""),
        ("barcode01", ""),
    ],
)  # fmt: skip
def test_labels_of_headers(header: str, label: str) -> None:
    assert parse_label(header) == label


@pytest.mark.parametrize(
    "header", ["r{0};sample=S{1};", "S{1}_{0} orig_bc=ACGT", "r{0} bc={1},8 bq=99",
               "r{0}\tRG:Z:f_" + MODEL + "_SQK-NBD114-24_barcode0{1}"],
)  # fmt: skip
def test_a_file_of_two_samples_is_none(tmp_path: Path, header: str) -> None:
    path = tmp_path / "pool.fastq"
    reads = [
        (header.format(i, 1 + i % 2), make_amplicon(make_insert(i)), "I" * 1489) for i in range(4)
    ]
    path.write_text(format_fastq(reads))
    with pytest.raises(MixedReadsError, match="several barcodes or samples"):
        list(iterate_reads([str(path)]))


def test_read_groups_of_dorado_name_their_barcodes(tmp_path: Path) -> None:
    groups = [{"ID": f"f_{MODEL}_SQK-NBD114-24_barcode0{n}", "SM": "pool"} for n in (1, 2)]
    groups.append({"ID": f"f_{MODEL}", "SM": "pool"})
    path = str(tmp_path / "pool.bam")
    with pysam.AlignmentFile(path, "wb", header={"HD": {"VN": "1.6"}, "RG": groups}) as out:
        for i in range(6):
            record = pysam.AlignedSegment(out.header)
            record.query_name, record.flag, record.query_sequence = f"r{i}", 4, "ACGT"
            record.query_qualities = pysam.qualitystring_to_array("IIII")
            record.set_tags([("RG", groups[i % 3]["ID"], "Z")])
            out.write(record)
    kit = "SQK-NBD114-24_barcode0"
    assert list(iterate_file_labels(path)) == [f"{kit}1", f"{kit}2", ""] * 2
