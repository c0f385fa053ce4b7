"""The rules of a study as Snakemake has them once all files of rules are read.

Snakemake changes the process that reads rules (working directory, shell), so this one is a child;
it reads them for several configs, since half of its time is its start.
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

WORKFLOW = Path(__file__).resolve().parents[1] / "workflow"
FOLDER = WORKFLOW / "rules"


@dataclass(frozen=True)
class LoadedRule:
    """What a rule consists of.

    Attributes:
        name: name of the rule.
        file: its file, below ``workflow/rules``.
        inputs, outputs: patterns of files, without constraints; not inputs that a function names.
        unnamed: number of inputs and outputs that have no name.
        log, benchmark: patterns.
        conda: file of the environment.
        threads: cores that it can use.
        laws: steps whose laws its memory and its time follow.
        params: those that are text.
        shell: the command, empty for a rule that only names its inputs.
    """

    name: str
    file: str
    inputs: list[str]
    outputs: list[str]
    unnamed: int
    log: list[str]
    benchmark: str
    conda: str
    threads: int
    laws: list[str]
    params: dict[str, str]
    shell: str


def load_rules(study: Path, *configs: str) -> list[dict[str, LoadedRule]]:
    """Rules of this workflow, by name, for the study in a folder with each of these configs."""
    names = []
    for number, config in enumerate(configs):
        names.append(f"config{number}.yaml")
        (study / names[-1]).write_text(config, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, __file__, *names], cwd=study, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = [[LoadedRule(**facts) for facts in rules] for rules in json.loads(done.stdout)]
    return [{rule.name: rule for rule in rules} for rules in loaded]


def simplify(pattern: str) -> str:
    """A pattern without the constraints of its wildcards."""
    return re.sub(r"{(\w+),[^}]*}", r"{\1}", pattern)


def describe(rule: Any) -> LoadedRule:
    """One rule of Snakemake's."""
    stated = rule.ruleinfo.resources[1]
    names = [name for files in (rule.input, rule.output) for name, _ in files._allitems()]
    return LoadedRule(
        name=rule.name,
        file=str(Path(rule.snakefile).relative_to(FOLDER)),
        inputs=[str(path) for path in rule.input if isinstance(path, str)],
        outputs=[simplify(path) for path in rule.output],
        unnamed=names.count(None),
        log=[simplify(path) for path in rule.log],
        benchmark=simplify(rule.benchmark),
        conda=str(rule.conda_env),
        threads=rule.resources["_cores"].raw,
        laws=[
            inspect.getclosurevars(stated[name]).nonlocals["law"].step
            for name in ("mem_mb", "runtime")
        ],
        params={name: value for name, value in rule.params.items() if isinstance(value, str)},
        shell=rule.shellcmd or "",
    )


def read_rules(config: Path) -> list[LoadedRule]:
    """The rules of the study in the working directory with one config."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.types import (
        ConfigSettings,
        OutputSettings,
        ResourceSettings,
        StorageSettings,
    )

    with SnakemakeApi(OutputSettings()) as api:
        loaded = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(configfiles=[config]),
            storage_settings=StorageSettings(),
            snakefile=WORKFLOW / "Snakefile",
        )
        return [describe(rule) for rule in loaded._workflow.rules if not rule.norun]


if __name__ == "__main__":
    everything = [[asdict(rule) for rule in read_rules(Path(name))] for name in sys.argv[1:]]
    print(json.dumps(everything))
