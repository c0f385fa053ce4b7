"""Mistakes of users: each has one clear message, exit code 2 and no traceback."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vagus.cli.main import main
from workflow.studies import pick_genes, write_fastq, write_study

GENES = pick_genes(4)
SHEET = "sample\treads\nA\ta.fastq.gz\nB\tb.fastq.gz\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two good samples and the folder in which to spoil something."""
    folder = write_study(tmp_path / "my study é", SHEET)
    for number, name in enumerate("ab"):
        write_fastq(folder / f"{name}.fastq.gz", GENES, 60, seed=number)
    monkeypatch.chdir(folder)
    return folder


def _check(capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["check"])
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def _expect(capfd: pytest.CaptureFixture[str], *words: str) -> None:
    code, _, err = _check(capfd)
    assert code == 2
    errors = [line for line in err.splitlines() if line.startswith("error:")]
    assert len(errors) == 1
    for word in words:
        assert word in errors[0]
    assert not Path("results").exists()


def test_a_good_study_passes(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = _check(capfd)
    (warning,) = err.splitlines()
    assert code == 0
    assert warning.startswith("warning: names come from the starter reference")
    assert "2 samples in 1 run, 1 warning. Next: vagus run" in out


def test_missing_file(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "b.fastq.gz").unlink()
    _expect(capfd, "b.fastq.gz", "sample 'B'", "no such file")


def test_fasta(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "b.fastq.gz").write_text(">r1\nACGT\n", encoding="utf-8")
    _expect(capfd, "b.fastq.gz", "sample 'B'", "FASTA", "qualities")


def test_neither_reads_nor_text(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "b.fastq.gz").write_bytes(bytes(range(256)) * 8)
    _expect(capfd, "b.fastq.gz", "sample 'B'")


def test_unknown_config_key(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "config.yaml").write_text("denoise:\n  omega_b: 1\n", encoding="utf-8")
    _expect(capfd, "config.yaml", "'denoise.omega_b' is unknown", "Did you mean 'omega_")


def test_unknown_column(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_study(study, SHEET.replace("\n", "\tgroup\n", 1), "cohort:\n  group: grp\n")
    _expect(capfd, "the column 'grp'", "Did you mean 'group'")


def test_one_level(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sheet = "sample\treads\tg\nA\ta.fastq.gz\tcase\nB\tb.fastq.gz\tcase\n"
    write_study(study, sheet, "cohort:\n  group: g\n")
    _expect(capfd, "'g'", "only the level 'case'")


def test_duplicate_sample(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_study(study, SHEET + "A\tb2.fastq.gz\n")
    _expect(capfd, "samples.tsv, line 4", "sample 'A'", "twice")


def test_read_only_results(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    locked = study / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    (study / "config.yaml").write_text("results: locked/results\n", encoding="utf-8")
    if os.geteuid() == 0:  # the superuser may write everywhere; be somebody else for a moment
        study.chmod(0o755)
        os.seteuid(65534)
        try:
            from vagus.errors import ConfigError
            from vagus.study.results_folder import check_writable

            with pytest.raises(ConfigError, match="cannot be written"):
                check_writable(Path("locked/results"))
        finally:
            os.seteuid(0)
    else:
        _expect(capfd, "locked/results", "cannot be written")


def test_results_is_a_file(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "taken").write_text("", encoding="utf-8")
    (study / "config.yaml").write_text("results: taken\n", encoding="utf-8")
    code, _, err = _check(capfd)
    assert code == 2
    assert "taken: the results cannot be written: this is a file" in err


def _shorten(genes: list[str]) -> list[str]:
    return [gene[300:800] for gene in genes]


def _scramble(genes: list[str]) -> list[str]:
    rng = np.random.default_rng(7)
    return ["".join(rng.permutation(list(gene))) for gene in genes]


@pytest.mark.parametrize(
    ("change", "config", "words"),
    [
        (_shorten, "", ["the median, 500 bp, is too short"]),
        (_scramble, "", ["look like 16S"]),
        (list, "reads:\n  primers: 63F_1387R\n", ["carry both primers of 63F_1387R"]),
    ],
    ids=["500 bp", "not 16S", "wrong primers"],
)
def test_reads_of_another_kind(
    study: Path, capfd: pytest.CaptureFixture[str],
    change: Callable[[list[str]], list[str]], config: str, words: list[str],
) -> None:  # fmt: skip
    for number, name in enumerate("ab"):
        write_fastq(study / f"{name}.fastq.gz", change(GENES), 60, seed=number)
    (study / "config.yaml").write_text(config, encoding="utf-8")
    _expect(capfd, "sample 'A'", "and so on in all 2 samples", *words)


def test_one_bad_sample_is_a_warning(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_fastq(study / "b.fastq.gz", _scramble(GENES), 60)
    code, _, err = _check(capfd)
    assert code == 0
    assert "warning: B: " in err
    assert "look like 16S" in err


@pytest.mark.parametrize("n_bytes", [12, 60, 300])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_file_cut_off_at_its_start_is_a_warning(
    study: Path, capfd: pytest.CaptureFixture[str], pack: Callable[[bytes], bytes], n_bytes: int
) -> None:
    """What is left has no whole read, nor bytes enough to know the kind of file."""
    whole = pack(gzip.decompress((study / "b.fastq.gz").read_bytes()))
    (study / "b.fastq.gz").write_bytes(whole[:n_bytes])
    code, out, err = _check(capfd)
    assert code == 0
    assert "warning: B: b.fastq.gz: the file is cut off or damaged before its first whole" in err
    assert "2 samples in 1 run, 2 warnings. Next: vagus run" in out
    (study / "config.yaml").write_text("on_failed_sample: stop\n", encoding="utf-8")
    _expect(capfd, "sample 'B'", "the file is cut off or damaged")


def test_unknown_primer_pair(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "config.yaml").write_text("reads:\n  primers: 27F\n", encoding="utf-8")
    _expect(capfd, "reads.primers", "27F", "27F_1492R")


@pytest.mark.parametrize(
    ("primers", "words"),
    [
        ("{forward: AGAGTTTGATCCTGGCTCAG}", ["'reverse' is missing from 'reads.primers'"]),
        ("{forward: AGAGTTTGATCZTGGCTCAG, reverse: GGTTACCTTGTTACGACTT}", ["IUPAC"]),
    ],
)
def test_primers_written_wrongly(
    study: Path, capfd: pytest.CaptureFixture[str], primers: str, words: list[str]
) -> None:
    (study / "config.yaml").write_text(f"reads:\n  primers: {primers}\n", encoding="utf-8")
    _expect(capfd, *words)


def test_equal_warnings_are_told_once(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sheet = SHEET + "C\tc.fastq.gz\nD\td.fastq.gz\n"
    write_study(study, sheet)
    for name in "bcd":
        write_fastq(study / f"{name}.fastq.gz", _scramble(GENES), 60)
    _, _, err = _check(capfd)
    lines = [line for line in err.splitlines() if "look like 16S" in line]
    assert len(lines) == 1
    assert lines[0].startswith("warning: B, C, D: none of the first 60 reads")


@pytest.mark.parametrize("cores", ["0", "-1", "x", "1.5"])
def test_cores_that_are_none(study: Path, capfd: pytest.CaptureFixture[str], cores: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["run", f"--cores={cores}"])
    assert stop.value.code == 2
    assert "whole number of at least 1" in capfd.readouterr().err


def test_options_that_do_not_exist(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", "--fast"])
    assert stop.value.code == 2
    assert "--fast" in capfd.readouterr().err


def test_init_finds_reads_and_never_overwrites(
    study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (study / "config.yaml").unlink()
    (study / "samples.tsv").unlink()
    reads = study / "more reads"
    reads.mkdir()
    write_fastq(reads / "P1.hifi_reads.fastq.gz", GENES, 3)
    write_fastq(reads / "NTC.hifi_reads.fastq", GENES, 3)
    assert main(["init", "more reads"]) == 0
    out = capfd.readouterr().out
    assert "2 samples: NTC, P1" in out
    sheet = (study / "samples.tsv").read_text(encoding="utf-8")
    assert "P1\tmore reads/P1.hifi_reads.fastq.gz\trun1\t\n" in sheet
    assert "NTC\tmore reads/NTC.hifi_reads.fastq\trun1\tnegative\n" in sheet
    assert main(["check"]) == 0
    assert main(["init", "more reads"]) == 2
    assert "is there already" in capfd.readouterr().err
    assert (study / "samples.tsv").read_text(encoding="utf-8") == sheet
