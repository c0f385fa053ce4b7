"""What would run, in lines for a person: from events as the logger plugin writes them.

The events themselves come from real runs in tests/workflow/test_running.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from vagus.cli.due import Due, name_key
from vagus.cli.reasons import find_stage


def explain(*jobs: tuple[str, str, dict[str, Any]]) -> list[str]:
    """The lines for jobs of (stage, rule, reasons)."""
    due = Due()
    for stage, rule, reasons in jobs:
        event = {"event": "due", "rule": rule, "stage": stage, "wildcards": "", "reasons": reasons}
        due.take(json.dumps(event))
    return due.describe(["reads", "taxonomy", "report"])


def test_reasons_are_counted_stage_by_stage() -> None:
    lines = explain(
        ("report", "write_report", {"upstream": True}),
        ("report", "write_provenance", {"parameters": ["config"]}),
        ("taxonomy", "classify_asvs", {"settings": [["--min-confidence", "0.8", "0.7"]],
                                       "missing": ["a.tsv"], "upstream": True}),
        ("reads", "prepare_reads", {"changed": ["b.fastq"]}),
        ("reads", "prepare_reads", {"changed": ["c.fastq"]}),
        ("reads", "prepare_reads", {"changed": ["a.fastq"], "code": True}),
        ("", "all", {"upstream": True}),
    )  # fmt: skip
    assert lines == [
        "6 jobs would run:",
        "  reads        3 jobs: new or changed input (a.fastq, b.fastq and 1 more); "
        "changed code, 1 job",
        "  taxonomy      1 job: changed setting taxonomy.min_confidence (0.8 -> 0.7)",
        "  report       2 jobs: changed config, 1 job; inputs are made again, 1 job",
    ]


def test_lists_and_switches_show_what_there_is_now() -> None:
    (_, line) = explain(
        ("taxonomy", "x", {"settings": [["--no-group-strains", None, ""],
                                        ["--more-references", None, "gtdb, silva"]]})
    )  # fmt: skip
    assert line.endswith(
        "changed setting taxonomy.group_strains; "
        "changed setting taxonomy.more_references (gtdb, silva)"
    )


@pytest.mark.parametrize(
    ("option", "stage", "key"),
    [
        ("--seed", "diversity", "seed"),
        ("--chimera-min-fold", "denoise", "denoise.chimera_min_fold"),
        ("--control", "controls", "--control"),
    ],
)
def test_options_have_their_keys_name(option: str, stage: str, key: str) -> None:
    assert name_key(option, stage) == key


def test_a_stage_is_its_rule_file() -> None:
    assert find_stage("/a/workflow/rules/denoise/pool.smk") == "denoise"
    assert find_stage("/a/workflow/rules/reads.smk") == "reads"
    assert find_stage("/rules/workflow/rules/reads.smk") == "reads"
    assert find_stage("/rules/workflow/Snakefile") == ""
