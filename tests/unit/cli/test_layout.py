"""Lines of commands on a terminal and elsewhere."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from vagus.cli.check import join_rows
from vagus.cli.layout import align, count, list_names, wrap
from workflow.studies import pick_genes, write_fastq, write_study


def test_lines_are_wrapped_between_words_and_indented() -> None:
    text = "  tested: " + " ".join(["word"] * 30)
    lines = wrap(text, 60).split("\n")
    assert " ".join(" ".join(lines).split()) == text.strip()
    assert max(map(len, lines)) <= 60
    assert [line[:7] for line in lines[:2]] == ["  teste", "      w"]
    assert wrap("a\n\nb", 80) == "a\n\nb"
    assert wrap("x" * 200, 80) == "x" * 200  # a path is not broken


def test_names_and_counts() -> None:
    assert (count(1, "sample"), count(1200, "sample")) == ("1 sample", "1,200 samples")
    assert list_names(["a", "b"], "sample") == "a, b"
    assert list_names(list("abcd"), "sample") == "a, b, c and 1 more sample"
    assert list_names(list("abcde")) == "a, b, c and 2 more"
    assert align([["a", "bbb"], ["cc", "d"]]) == ["a   bbb", "cc  d"]


def test_many_samples_are_joined_into_kinds() -> None:
    words, other = ("FASTQ", "hifi", "full", "auto", "x_y"), ("BAM", "hifi", "full", "auto", "x_y")
    rows = [(f"s{n}", *words, "40", f"{1400 + n}", "90%", "80%") for n in range(5)]
    joined = join_rows([*rows, ("t", *other, "7", "1450", "100%", "0%")])
    assert joined == [
        ("s0 and 4 more", *words, "40", "1402", "90%", "80%"),
        ("t", *other, "7", "1450", "100%", "0%"),
    ]


def test_a_terminal_gets_wrapped_lines_and_a_pipe_whole_ones(tmp_path: Path) -> None:
    study = write_study(tmp_path, "sample\treads\na\ta.fastq.gz\n")
    write_fastq(study / "a.fastq.gz", pick_genes(2), 30)
    command = [sys.executable, "-m", "vagus.cli.main", "check"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=study, stdout=theirs, stderr=theirs, env={**os.environ, "COLUMNS": "80"}
    ) as process:
        os.close(theirs)
        shown = b""
        while block := _read(ours):
            shown += block
    assert process.returncode == 0
    lines = shown.decode().replace("\r\n", "\n").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "1 sample in 1 run, 1 warning. Next: vagus run"
    done = subprocess.run(command, cwd=study, capture_output=True, text=True, check=True)
    assert sum(line.startswith("warning: ") for line in done.stderr.splitlines()) == 1
    assert len(done.stderr.splitlines()) == 1


def _read(handle: int) -> bytes:
    """What a terminal shows next; nothing at its end, which Linux reports as an error."""
    try:
        return os.read(handle, 65536)
    except OSError:
        return b""
