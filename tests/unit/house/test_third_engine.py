"""A further engine is one package and its name in one line: a small one denoises a study."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.studies import pick_genes, write_fastq, write_study

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = {
    "__init__.py": '"""Variants are sequences that are read often enough."""\n',
    "settings.py": """
from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class ToySettings:
    min_reads: int = key(2, "Equal reads of a variant.", minimum=1)
""",
    "facts.py": """
from vagus.chimeras.settings import ABUNDANCE
from vagus.engine_facts import EngineFacts

FACTS = EngineFacts(
    name="toy", summary="counts equal reads", chimera_rule=ABUNDANCE, needs_duplicates=True,
    prefix="toy_", settings={"toy": "vagus.toy.settings:ToySettings"}, learning=("toy",),
    denoising=("toy",),
)
""",
    "engine.py": """
from dataclasses import dataclass, field

import pandas as pd

from vagus.denoise.denoised import DenoisedSample, write_unneeded
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv
from vagus.tables.columns import share
from vagus.tables.stages.denoise import VARIANTS
from vagus.tables.table import Table
from vagus.toy.settings import ToySettings

ERROR_MODEL = Table("error model of toy", "a rate", (), (share("rate", "the rate"),))


@dataclass(frozen=True)
class Engine:
    settings: ToySettings = field(default_factory=ToySettings)

    def learn(self, samples, files):
        write_unneeded(ERROR_MODEL, files)

    def load(self, path):
        return Uniques.load(path)

    def denoise(self, uniques, run, priors=(), omega_rescue=1.0):
        rows = []
        for i, n in enumerate(uniques.counts.tolist()):
            if n >= self.settings.min_reads:
                text = uniques.sequence(i)
                rows.append((identify_asv(text), text, n, 1, "toy", "initial", 0.0, 1.0, "", 0,
                             n, ""))
        variants = pd.DataFrame(rows, columns=VARIANTS.names).sort_values(
            ["reads", "asv"], ascending=[False, True])
        assigned = int(variants["reads"].sum())
        losses = {"sample": uniques.sample, "reads_in": uniques.n_reads, "assigned": assigned,
                  "engine": "toy", "reason": "", "lost_few_reads": uniques.n_reads - assigned}
        return DenoisedSample(variants, losses)
""",
}
SHEET = "sample\treads\na\ta.fastq\n"
CONFIG = "denoise: {engine: toy, toy_min_reads: 4, remove_chimeras: false}\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout with a third engine."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("scripts", "workflow", "resources", "envs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    names = folder / "scripts" / "vagus" / "engines.py"
    text = names.read_text(encoding="utf-8")
    assert text.count('NAMES = ("dada", "phase")') == 1
    names.write_text(text.replace('"phase")', '"phase", "toy")'), encoding="utf-8")
    package = folder / "scripts" / "vagus" / "toy"
    package.mkdir()
    for file, code in PACKAGE.items():
        (package / file).write_text(code, encoding="utf-8")
    return folder


@pytest.mark.long
def test_a_third_engine_denoises_a_study(checkout: Path, tmp_path: Path) -> None:
    genes = pick_genes(2)
    study = write_study(tmp_path / "study", SHEET)
    often = write_fastq(study / "often.fastq", genes[:1], 6).read_text(encoding="utf-8")
    seldom = write_fastq(study / "seldom.fastq", genes[1:], 3).read_text(encoding="utf-8")
    (study / "a.fastq").write_text(often + seldom.replace("@r", "@s"), encoding="utf-8")
    (study / "config.yaml").write_text(CONFIG, encoding="utf-8")
    environment = dict(os.environ, PYTHONPATH=str(checkout / "scripts"), PYTHONSAFEPATH="1")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--snakefile", str(checkout / "workflow/Snakefile"),
         "--configfile", "config.yaml", "--cores", "1", "--until", "merge_variants"],
        cwd=study, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    folder = study / "results" / "denoise"
    (run,) = (folder / "runs").iterdir()
    about = json.loads((run / "toy_error_model.json").read_text(encoding="utf-8"))
    assert about == {"source": "not needed", "samples": []}
    with open(folder / "ledger.tsv", encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream, delimiter="\t")
    # four equal reads make a variant: six do, three do not
    assert (row["engine"], row["asv_reads"], row["lost_few_reads"]) == ("toy", "6", "3")
    assert len((folder / "asvs.tsv").read_text(encoding="utf-8").splitlines()) == 1 + 1


def test_its_keys_are_those_of_the_config(checkout: Path) -> None:
    code = (
        "import sys; from vagus.study.sections import build_schema\n"
        "keys = build_schema()['properties']['denoise']['properties']\n"
        "print(keys['engine']['enum'], keys['toy_min_reads']['default'])\n"
    )
    environment = dict(os.environ, PYTHONPATH=str(checkout / "scripts"), PYTHONSAFEPATH="1")
    done = subprocess.run([sys.executable, "-c", code], env=environment,
        capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.strip() == "['auto', 'dada', 'phase', 'toy'] 2", done.stderr
