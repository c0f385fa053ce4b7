"""A mistyped command or option is one line that names the nearest one, and exit code 2."""

from __future__ import annotations

import pytest

from vagus.cli.main import main


@pytest.mark.parametrize(
    ("argv", "parts"),
    [
        (["chek"], ("no command chek", "did you mean check?", "vagus --help")),
        (["check", "--foo"], ("no option --foo.", "vagus check --help")),
        (["init", "--metdata", "x"], ("no option --metdata", "did you mean --metadata?")),
        (["run", "--colour"], ("no option --colour", "vagus run --help")),
        (["run", "--keepgoing", "-j4"], ("no option --keepgoing", "did you mean --keep-going?")),
        (["run", "--corse=4"], ("no option --corse", "did you mean --cores?")),
        (["run", "--on", "slrm"], ("--on: there is no profile slrm", "did you mean slurm?")),
        (["run", "--on", "moon"], ("no profile moon", "choices: default, slurm.")),
        (["run", "--until"], ("--until", "expected at least one argument")),
        (["demo", "--coers", "1"], ("no option --coers", "did you mean --cores?")),
        (["reference", "lst"], ("no action lst", "did you mean list?")),
        (["check", "folder"], ("takes no 'folder'",)),
    ],
)
def test_mistyped_word_is_one_line_with_what_was_meant(
    argv: list[str], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(argv)
    printed = capsys.readouterr()
    assert end.value.code == 2
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    for part in parts:
        assert part in printed.err


def test_no_word_at_all_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "vagus init READS_DIR" in capsys.readouterr().out
