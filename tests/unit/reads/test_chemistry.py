"""Instrument, kit and basecaller, by headers as the vendors' programs write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysam
import pytest

from vagus.reads.chemistry import describe_chemistry
from vagus.reads.preflight import inspect_sample
from vagus.reads.read import Read

from .conftest import format_fastq, make_amplicon, make_insert

REVIO = {"ID": "a1b2c3d4", "PL": "PACBIO", "PM": "REVIO", "PU": "m84012_230101_010203_s1",
         "DS": "READTYPE=CCS;BINDINGKIT=102-739-100;SEQUENCINGKIT=102-118-800"}  # fmt: skip
DORADO = {"ID": "5f1c_dna_r10.4.1_e8.2_400bps_sup@v4.3.0", "PL": "ONT", "PM": "P2S",
          "DS": "basecall_model=dna_r10.4.1_e8.2_400bps_sup@v4.3.0 runid=5f1c"}  # fmt: skip
SKERA = {"ID": "skera", "PN": "skera", "VN": "1.2.0"}


def name_reads(name: str, n: int = 4) -> list[Read]:
    return [Read(name.format(i), "ACGT") for i in range(n)]


@pytest.mark.parametrize(
    ("name", "header", "words"),
    [
        ("r{}", {"RG": [REVIO]}, "PacBio Revio"),
        ("r{}", {"RG": [REVIO], "PG": [SKERA]}, "PacBio Revio, Kinnex"),
        ("m84012_230101_010203_s1/{}/ccs/12_1523", {}, "PacBio Revio, Kinnex"),
        ("r{}", {"RG": [DORADO]}, "dna_r10.4.1_e8.2_400bps_sup@v4.3.0"),
        (
            "r{} runid=5f1c model_version_id=2021-05-17_dna_r9.4.1_minion_384_d37a2ab9",
            {},
            "dna_r9.4.1",
        ),
        (
            "r{} RG:Z:5f1c_dna_r10.4.1_e8.2_400bps_hac@v5.0.0_SQK-16S114-24_barcode03",
            {},
            "dna_r10.4.1_e8.2_400bps_hac@v5.0.0, SQK-16S114-24",
        ),
        ("SRR000001.{0} {0} length=1500", {}, ""),
    ],
)
def test_headers_name_instrument_and_basecaller(
    name: str, header: dict[str, Any], words: str
) -> None:
    assert describe_chemistry(name_reads(name), [header] if header else []) == words


def test_binned_qualities_are_named_beside_an_instrument() -> None:
    reads = name_reads("m84012_230101_010203_s1/{}/ccs")
    assert describe_chemistry(reads, [], "binned7") == "PacBio Revio, binned qualities"
    assert describe_chemistry(reads, [], "full") == "PacBio Revio"
    assert describe_chemistry(name_reads("r{}"), [], "binned7") == ""


def test_the_kit_is_before_the_name_of_the_barcode() -> None:
    reads = [Read(f"r{i}", "ACGT", label="SQK-RAB204_barcode01") for i in range(3)]
    assert describe_chemistry(reads, [{"RG": [DORADO]}]).endswith("@v4.3.0, SQK-RAB204")


def write_bam(path: Path, group: dict[str, str]) -> str:
    with pysam.AlignmentFile(str(path), "wb", header={"HD": {"VN": "1.6"}, "RG": [group]}) as out:
        for i in range(6):
            record = pysam.AlignedSegment(out.header)
            record.query_name, record.flag = f"r{i}", 4
            record.query_sequence = make_amplicon(make_insert(i, 1464))
            record.query_qualities = pysam.qualitystring_to_array("~" * 1503)
            record.set_tags([("RG", group["ID"], "Z")])
            out.write(record)
    return str(path)


def test_the_header_of_a_bam_file_is_read(tmp_path: Path) -> None:
    seen = inspect_sample([write_bam(tmp_path / "a.bam", REVIO)])
    assert seen.content.endswith("positions 28 to 1491), PacBio Revio")


def test_subreads_are_a_mistake(tmp_path: Path, write_reads: Callable[..., str]) -> None:
    group = {**REVIO, "DS": "READTYPE=SUBREAD;BINDINGKIT=102-739-100"}
    path = write_reads([])
    records = [
        (f"m54119_170101_010101/7/{i}_{i + 1500}", make_amplicon(make_insert(i)), "!" * 1489)
        for i in range(6)
    ]
    Path(path).write_text(format_fastq(records))
    for file in (write_bam(tmp_path / "s.bam", group), path):
        problem = inspect_sample([file]).problems[0]
        assert "these are PacBio subreads" in problem.message
        assert problem.is_mistake
