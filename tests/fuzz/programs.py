"""Sheet and config as ``vagus check`` takes them: the whole program, in this process."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from fuzz.target import Target, check
from vagus.cli.main import main
from vagus.errors import VagusError
from workflow.studies import pick_genes, write_fastq

_CONFIG = """\
samples: {sheet}
results: {folder}/results
seed: 7
reads: &r {{min_length_bp: 1000, max_expected_errors: 2.5}}
cohort: {{group: [], permutations: 99, covariates: []}}
denoise:
  omega_c: 1.0e-40
  engine: auto
controls: {{batch: [], concentration: ""}}
"""


def check_study(config: Path) -> None:
    """Exit code 0, or 2 and a line for each mistake that begins with 'error: '."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["check", "--cores", "1", "--configfile", str(config)])
    text = err.getvalue()
    errors = [line for line in text.splitlines() if not line.startswith("warning: ")]
    check(code in (0, 2), f"exit code {code}")
    check("Traceback" not in text, "a traceback")
    check(bool(errors) == bool(code), f"{len(errors)} lines: {text[:300]}")
    for line in errors:
        check(line.startswith("error: "), line[:100])
    if errors:
        raise VagusError(errors[0].removeprefix("error: "), fix="as it says")


def make_program_targets(folder: Path) -> list[Target]:
    """The program with a damaged sheet, and with a damaged config."""
    reads = write_fastq(folder / "r.fastq", pick_genes(1), 3)
    sheet, config = folder / "good.tsv", folder / "sheet.yaml"
    rows = f"sample\treads\trun\tcontrol\tage é\nA\t{reads}\tr1\t\t40\n"
    sheet.write_text(rows, encoding="utf-8")
    text = _CONFIG.format(sheet=sheet, folder=folder)

    def check_sheet(path: Path) -> None:
        config.write_text(f"samples: {path}\nresults: {folder}/results\n", encoding="utf-8")
        check_study(config)

    return [
        Target("sample sheet (vagus check)", ".tsv", (rows.encode(),), check_sheet),
        Target("config (vagus check)", ".yaml", (text.encode(),), check_study),
    ]
