"""The command ``vagus check`` asks the readers of later stages, and lists all mistakes at once."""

from __future__ import annotations

from pathlib import Path

from workflow.studies import pick_genes, run_vagus, write_fastq, write_study

LINEAGE = "d__Bacteria;p__Bacillota;c__Bacilli;o__Lactobacillales;f__Lactobacillaceae;g__X;s__X y"


def make_study(folder: Path, config: str, cells: list[str], **files: str) -> Path:
    """Two samples with a concentration and a replicate, and files beside them."""
    genes = pick_genes(2)
    rows = [["sample", "reads", "dna", "rep"]]
    for n, cell in enumerate(cells):
        write_fastq(folder / f"{n}.fastq.gz", genes, 20, seed=n)
        rows.append([f"s{n}", f"{n}.fastq.gz", cell, f"r{n}"])
    for name, text in files.items():
        (folder / f"{name}.fasta").write_text(text, encoding="utf-8")
    sheet = "\n".join(map("\t".join, rows)) + "\n"
    return write_study(folder, sheet, "samples: samples.tsv\n" + config)


def test_all_inputs_are_judged_at_once(tmp_path: Path) -> None:
    config = (
        "taxonomy: {reference: own.fasta}\n"
        "controls: {concentration: dna, mock_folder: mocks}\n"
        "reads: {primers: nobodys}\n"
    )
    (tmp_path / "mocks").mkdir()
    (tmp_path / "mocks/mine.tsv").write_text("species\tshare\nX\t1\n", encoding="utf-8")
    study = make_study(tmp_path, config, ["0,5", "<0.1", "0.3"], own=">a\nACGT\n")
    (study / "2.fastq.gz").write_text(">fasta\nACGT\n", encoding="utf-8")
    done = run_vagus(study, "check")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for words in (
        "reads.primers: ", "own.fasta: its headers", "mocks/mine.tsv: is not a table of a mock",
        "line 2; sample 's0': the DNA concentration (column 'dna') is '0,5'",
        "line 3; sample 's1': the DNA concentration (column 'dna') is '<0.1'", "sample 's2'",
    ):  # fmt: skip
        assert words in done.stderr
    assert done.stderr.count("error: ") == 6


def test_a_doubled_accession_is_found_before_the_run(tmp_path: Path) -> None:
    record = f">acc1 {LINEAGE}\n{pick_genes(1)[0]}\n"
    other = record.replace("acc1", "acc2")
    config = "taxonomy: {reference: own.fasta}\n"
    done = run_vagus(make_study(tmp_path, config, ["1"], own=record + other + record), "check")
    assert done.returncode == 2
    assert "accession 'acc1' occurs twice" in done.stderr
    (tmp_path / "own.fasta").write_text(record + other, encoding="utf-8")
    done = run_vagus(tmp_path, "check")
    assert done.returncode == 0, done.stderr


def test_replicates_that_are_none_are_warned_of(tmp_path: Path) -> None:
    done = run_vagus(make_study(tmp_path, "controls: {replicate: rep}\n", ["1", "2"]), "check")
    assert done.returncode == 0, done.stderr
    assert "no two samples have the same value of 'rep'" in done.stderr


def test_what_was_meant_by_a_path_is_suggested(tmp_path: Path) -> None:
    study = make_study(tmp_path, "", ["1", "2"])
    sheet = "sample\treads\na\t0.fastq\nb\tno/1.fastq.gz\nc\t*.fastq.gz\nd\tx\\y.fastq\n"
    (study / "samples.tsv").write_text(sheet, encoding="utf-8")
    done = run_vagus(study, "check")
    assert done.returncode == 2
    for words in (
        "sample 'a': there is no such file. Is './0.fastq.gz' meant?",
        "sample 'b': there is no such file. The folder 'no' is missing too",
        "sample 'c': there is no such file. Patterns are not expanded",
        "sample 'd': there is no such file. Write the path with '/'",
    ):
        assert words in done.stderr


def test_equal_samples_are_one_warning_and_contents_are_described(tmp_path: Path) -> None:
    study = make_study(tmp_path, "", ["1", "2", "3"])
    for n in (1, 2):
        (study / f"{n}.fastq.gz").write_bytes((study / "0.fastq.gz").read_bytes())
    done = run_vagus(study, "check")
    assert done.returncode == 0, done.stderr
    assert "s1, s2: begin with the same reads (names, bases and qualities) as s0." in done.stderr
    assert "Reads: V1-V" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("3 samples in 1 run, ")


def test_mistakes_of_sheet_design_and_inputs_are_one_list(tmp_path: Path) -> None:
    config = "cohort: {group: group, covariates: [age, bmi]}\nreads: {primers: nobodys}\n"
    study = make_study(tmp_path, config, ["1", "2", "3", "4"])
    rows = ["a;0.fastq.gz;x;;51,5", "b;1.fastq.gz;y;;44", "b;2.fastq.gz;y;;62", "c;0.fastq.gz;y;;1",
            "d;gone.fastq.gz;y;;1", "e/;3.fastq.gz;y;kontrol;1"]  # fmt: skip
    sheet = "sample;reads;group;control;age\n" + "\n".join(rows) + "\n"
    (study / "samples.tsv").write_text(sheet, encoding="utf-8")
    done = run_vagus(study, "check")
    assert done.returncode == 2
    for words in (
        "line 4; sample 'b': the sample is in the sheet twice (first in line 3)",
        "line 5; sample 'c': has the same reads file as sample 'a'", "gone.fastq.gz; sample 'd'",
        "line 7; sample 'e/': 'sample' is 'e/'", "line 7; sample 'e/': 'control' is 'kontrol'",
        "cohort.covariates names the column 'bmi'", "reads.primers: ",
    ):  # fmt: skip
        assert words in done.stderr
    assert done.stderr.count("error: ") == 7
    # the numbers are judged when the columns are there
    config = config.replace("[age, bmi]", "[age]")
    (study / "config.yaml").write_text("samples: samples.tsv\n" + config, encoding="utf-8")
    done = run_vagus(study, "check")
    assert "the column 'age' is numbers, except for '51,5' (line 2)" in done.stderr
    assert done.stderr.count("error: ") == 7
