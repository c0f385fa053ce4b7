"""Rules state what they do; what all have alike is added by one file, to ours and to no others."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from loaded_rules import FOLDER, WORKFLOW, LoadedRule, load_rules
from unit.house.measures import count_plumbing, split_rules
from vagus.costs.laws import find_law, read_laws
from vagus.engines import ENGINES
from vagus.export_forms import FORMS
from vagus.programs import digest_program
from workflow.studies import pick_genes, write_fastq, write_study

FILES = sorted(FOLDER.rglob("*.smk"))
_SHEET = "sample\treads\tarm\twho\tday\na\ta.fastq\tx\tp\t1\nb\tb.fastq\ty\tq\t2\n"
_CONFIG = """
truth: truth
reads: {keep_filtered: true}
denoise: {pooling: POOLING, rescue: true}
taxonomy: {more_references: [MORE], group_strains: true, copy_numbers: shipped}
controls: {remove_contaminants: REMOVAL}
cohort: {group: [arm], subject: who, time: day}
gut_brain: {enabled: true}
"""


def name_rules(name: str) -> dict[str, str]:
    """Rules that are made of one in a file, each with its program."""
    verb, _, noun = name.partition(" ")
    if not noun:
        return {name: name}
    return {facts.name_rule(verb, noun): f"{verb}_{noun}" for facts in ENGINES.values()}


RULES = {
    name: lines
    for path in FILES
    for name, lines in split_rules(path.read_text(encoding="utf-8")).items()
}


def test_counts_of_a_rule() -> None:
    text = (
        "rule one:\n    input:\n        a='b',\n    log:\n        'c',\n    threads: 8\n"
        "    params:\n        code=code_of('x'),\n        other=1,\n    resources:\n"
        "        **ask(\n            'one',\n        ),\n    shell:\n        'd'\n\n\nX = 1\n"
    )
    (lines,) = split_rules(text).values()
    assert len(lines) == 15
    assert count_plumbing(lines) == 2 + 1 + 1 + 4  # log, threads, code, resources


def test_rules_are_short_and_say_what_they_do() -> None:
    names = {made for name in RULES for made in name_rules(name)}
    names |= {f"export_{form.name}" for form in FORMS}  # made in a loop
    assert read_laws().keys() <= names
    assert {find_law(name).step for name in names} == names
    n_plumbing = sum(count_plumbing(lines) for lines in RULES.values())
    assert n_plumbing <= 0.25 * sum(map(len, RULES.values()))
    assert statistics.median(map(len, RULES.values())) <= 15


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_rules_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two samples with reads."""
    genes = pick_genes(1)
    folder = write_study(tmp_path_factory.mktemp("rules") / "study", _SHEET)
    (folder / "own.fasta").write_text(f">one Bacteria;Firmicutes\n{genes[0]}\n", encoding="utf-8")
    for name in "ab":
        write_fastq(folder / f"{name}.fastq", genes, 4)
    return folder


@pytest.fixture(scope="module")
def every_load(study: Path) -> list[dict[str, LoadedRule]]:
    """Rules with everything on, pooled; with one reference, in two passes; and of ASVs alone."""
    configs = [
        _CONFIG.replace("POOLING", pooling).replace("REMOVAL", removal).replace("MORE", more)
        for pooling, removal, more in (("pooled", "true", "own.fasta"), ("pseudo", "false", ""))
    ]
    return load_rules(study, *configs, "diversity: {levels: [asv]}\n")


@pytest.fixture(scope="module")
def loaded(every_load: list[dict[str, LoadedRule]]) -> list[LoadedRule]:
    """Rules of the two studies that have them all."""
    return [rule for rules in every_load[:2] for rule in rules.values()]


def test_every_rule_is_given_the_plumbing(loaded: list[LoadedRule]) -> None:
    assert {rule.name for rule in loaded} >= read_laws().keys()
    inherit = {made: program for name in RULES for made, program in name_rules(name).items()}
    inherit |= {
        "denoise_sample_again": "denoise_sample",
        "index_database": "index_reference",
        "classify_with_database": "classify_asvs",
    }
    for rule in loaded:
        program = inherit.get(rule.name, rule.name)
        stage = rule.file.partition("/")[0].removesuffix(".smk")
        wildcards = dict.fromkeys(re.findall(r"{(\w+)", rule.outputs[0]))
        stem = f"{stage}/{'.'.join([rule.name, *(f'{{{name}}}' for name in wildcards)])}"
        assert rule.log == [f"results/logs/{stem}.log"]
        assert rule.benchmark == f"results/benchmarks/{stem}.tsv"
        assert rule.conda == str(WORKFLOW.parent / "envs" / "vagus.yaml")
        assert rule.laws == [rule.name, rule.name]
        assert rule.threads == find_law(rule.name).threads
        assert rule.params["program"] == f'"$VAGUS_PYTHON" "$VAGUS_SCRIPTS/{program}.py"'
        assert rule.params["code"] == digest_program(program)


def test_inputs_and_outputs_have_names(loaded: list[LoadedRule]) -> None:
    assert {rule.name: rule.unnamed for rule in loaded if rule.unnamed} == {}
    by_place = re.compile(r"(input|output)(\[\d|:q|})")
    assert [rule.name for rule in loaded if by_place.search(rule.shell)] == []


def read_head(path: Path) -> dict[str, list[str]]:
    """Files that the opening comment of a file of rules names, by Inputs and Outputs."""
    text = path.read_text(encoding="utf-8")
    head = text[: re.search(r"^(?!#)", text, re.MULTILINE).start()]  # type: ignore[union-attr]
    found: dict[str, list[str]] = {}
    for line in head.splitlines():
        title = re.match(r"# (Inputs|Outputs)\b", line)
        if title:
            found[title[1]] = []
        named = re.match(r"#     <results>/(\S+)", line)
        if named:
            found[list(found)[-1]].append(named[1])
    return found


def covers(named: str, path: str) -> bool:
    """Whether a name with ``{places}`` is the path of a file of the results."""
    parts = re.split(r"({\w+})", named)
    places = {"{prefix}": r"\w*"}  # the first engine has none
    pattern = "".join(
        places.get(part, r"[^/]+") if part.startswith("{") else re.escape(part) for part in parts
    )
    return re.fullmatch("results/" + pattern, path) is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_open_with_their_inputs_and_outputs(path: Path, loaded: list[LoadedRule]) -> None:
    rules = [rule for rule in loaded if rule.file == str(path.relative_to(FOLDER))]
    if not rules:
        return
    head = read_head(path)
    outputs = {file for rule in rules for file in rule.outputs}
    inputs = {file for rule in rules for file in rule.inputs if file.startswith("results/")}
    known = [*head["Inputs"], *head["Outputs"]]
    if path.name not in ("final.smk", "report.smk"):  # they read what all stages give
        assert [file for file in inputs if not any(covers(n, file) for n in known)] == []
    assert [file for file in outputs if not any(covers(n, file) for n in head["Outputs"])] == []
    assert [n for n in head["Outputs"] if not any(covers(n, file) for file in outputs)] == []


def test_rules_of_others_are_left_alone(study: Path) -> None:
    (study / "config.yaml").write_text("cohort: {group: [arm]}\n", encoding="utf-8")
    (study / "Snakefile").write_text(
        f"""
configfile: "config.yaml"

module vagus:
    snakefile: "{WORKFLOW / "Snakefile"}"
    config: config

use rule * from vagus as vagus_*

use rule check_design from vagus as vagus_check_design with:
    log: "own.log"

rule mine:
    input: "results/cohort/design.tsv"
    output: "mine.txt"
    shell: "cp {{input}} {{output}}"
""",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "-p", "--cores", "1", "mine.txt",
         "--set-resources", "vagus_prepare_reads:mem_mb=777"],
        cwd=study, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = dict(re.findall(r"^rule (\w+):\n((?:.+\n)*)", done.stdout, re.MULTILINE))
    assert "log:" not in jobs["mine"]
    assert "benchmark:" not in jobs["mine"]
    assert "    log: own.log\n" in jobs["vagus_check_design"]
    assert "    benchmark: results/benchmarks/cohort/check_design.tsv" in jobs["vagus_check_design"]
    assert re.search(
        r"    log: results/logs/reads/prepare_reads\.[ab]\.log", jobs["vagus_prepare_reads"]
    )
    assert "mem_mb=777" in jobs["vagus_prepare_reads"]
    assert '"$VAGUS_SCRIPTS/prepare_reads.py"' in jobs["vagus_prepare_reads"]
    assert "runtime=2," in jobs["vagus_prepare_reads"]  # the least of a step of one sample


def test_the_rules_of_a_study_of_asvs_alone_are_loaded(
    every_load: list[dict[str, LoadedRule]],
) -> None:
    assert every_load[2]["gather_taxa"].log == ["results/logs/selection/gather_taxa.log"]
