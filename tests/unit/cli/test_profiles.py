"""What a profile or the command line adds is added, never put in the place of what was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from vagus.cli.profiles import layer_profiles, merge_options
from workflow.studies import run_vagus, write_fastq, write_study

OURS = {"default-resources": ["mem_mb=1000", "runtime=60", "in_turn=1"], "jobs": "100"}


def take(command: list[str], option: str) -> list[str]:
    """Values of an option of a command line."""
    start = command.index(option) + 1
    words = command[start:]
    return words[: next((i for i, w in enumerate(words) if w.startswith("--")), len(words))]


def test_the_old_documented_command_keeps_all_other_defaults() -> None:
    given = ["--cores", "4", "--default-resources", "slurm_account=A", "slurm_partition=P", "-n"]
    merged = merge_options(given, [OURS])
    assert take(merged, "--default-resources") == [
        "mem_mb=1000", "runtime=60", "in_turn=1", "slurm_account=A", "slurm_partition=P",
    ]  # fmt: skip
    assert merged[-3:] == ["--cores", "4", "-n"]


def test_the_last_value_of_a_name_counts() -> None:
    site = {"default_resources": ["slurm_account=site", "runtime=30"]}
    words = ["--default-res", "slurm_account=mine", "--default-resources=mem=2G", "--", "target=x"]
    merged = merge_options(words, [OURS, site])
    # mem and mem_mb are one resource, which Snakemake refuses to take twice
    assert take(merged, "--default-resources") == [
        "mem=2G", "runtime=30", "in_turn=1", "slurm_account=mine",
    ]  # fmt: skip
    assert merged[-2:] == ["--", "target=x"]


def test_layers_of_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Path("own")
    monkeypatch.delenv("SNAKEMAKE_PROFILE", raising=False)
    last = ["--workflow-profile", "none"]
    assert layer_profiles(own, ["-n"]) == (["--profile", "own", *last], ["-n"])
    extra = ["--workflow-profile=w", "--profile", "site", "-n"]
    both = ["--profile", "own", "--profile", "site", "--profile", "w", *last]
    assert layer_profiles(own, extra) == (both, ["-n"])
    monkeypatch.setenv("SNAKEMAKE_PROFILE", "site")
    expected = ["--profile", "own", "--profile", "site", *last]
    assert layer_profiles(own, []) == (expected, [])
    assert layer_profiles(own, ["--profile", "none"]) == (["--profile", "none", *last], [])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    write_fastq(tmp_path / "reads" / "a.fastq", ["ACGT" * 350], 3)
    return write_study(tmp_path, "sample\treads\na\treads/a.fastq\n")


def show_resources(folder: Path, *words: str, **environment: str) -> str:
    """The line of resources of prepare_reads in a dry run."""
    done = run_vagus(folder, "run", "--on", "slurm", "-n", "--verbose-snakemake",
                     "--until", "prepare_reads", *words,
                     **environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = (done.stdout + done.stderr).split("rule prepare_reads:")[1]
    return next(line for line in text.splitlines() if line.strip().startswith("resources:"))


BY_HAND = ("--default-resources", "slurm_account=A", "slurm_partition=P")
SOURCES: list[tuple[tuple[str, ...], dict[str, str], list[str]]] = [
    (BY_HAND, {}, ["slurm_account=A", "slurm_partition=P"]),
    (("--partition", "P"), {"VAGUS_SLURM_PARTITION": "big"}, ["slurm_partition=P"]),
    (("--account", "A", "--qos", "max"), {}, ["slurm_account=A", "qos=max"]),
    ((), {"VAGUS_SLURM_PARTITION": "big"}, ["slurm_partition=big"]),
    (("--profile", "site"), {}, ["slurm_account=lab"]),
    (("--workflow-profile", "site"), {}, ["slurm_account=lab"]),
    ((), {"SNAKEMAKE_PROFILE": "site"}, ["slurm_account=lab"]),
]


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [*SOURCES[:2], *(pytest.param(*source, marks=pytest.mark.long) for source in SOURCES[2:])],
)
def test_a_dry_run_shows_what_each_source_adds(
    study: Path, words: tuple[str, ...], environment: dict[str, str], expected: list[str]
) -> None:
    site = study / "site"
    site.mkdir()
    (site / "config.yaml").write_text("default-resources:\n  slurm_account: lab\n")
    places = {key: text.replace("site", str(site)) for key, text in environment.items()}
    shown = show_resources(study, *words, **places)
    for resource in [*expected, "in_turn=1", "runtime="]:
        assert resource in shown


def test_site_options_need_slurm(study: Path) -> None:
    done = run_vagus(study, "run", "--partition", "P")
    assert done.returncode == 2
    assert "--partition P: jobs run on this machine" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_profile_is_one_message(study: Path) -> None:
    done = run_vagus(study, "run", "--on", "slurm", "-n", "--profile", "nowhere")
    assert done.returncode == 2
    assert "there is no profile 'nowhere'" in done.stderr
    assert "Traceback" not in done.stderr
