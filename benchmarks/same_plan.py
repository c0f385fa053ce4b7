"""Whether two checkouts plan the same jobs: commands, files, logs, benchmarks, resources.

    python benchmarks/same_plan.py BEFORE AFTER STUDY [STUDY ...] [-- SNAKEMAKE_OPTIONS]

For a change of the rules that must change no result. Each checkout prints its plan of each study
(``snakemake --dry-run --printshellcmds``; with nothing after ``--``, all jobs up to the first
checkpoint). Two jobs are the same when rule, wildcards, inputs and outputs (as sets), log,
benchmark, threads, resources and shell command are. Lists every job that differs; exit 1 if any.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

_JOB = re.compile(r"^(?:local)?(?:rule|checkpoint) \w+:$", re.MULTILINE)
_FACT = re.compile(r"^    (\w+): (.*)$", re.MULTILINE)
_SHELL = "\nShell command: "
_SETS = ("input", "output")
_LEFT_OUT = ("jobid", "reason")


def plan(checkout: Path, study: Path, options: Sequence[str]) -> Counter[str]:
    """The jobs that a checkout plans for a study, each as one text."""
    command = [
        sys.executable, "-m", "snakemake", "--snakefile", str(checkout / "workflow" / "Snakefile"),
        "--configfile", "config.yaml", "--cores", "8", "--dry-run", "--printshellcmds", "--nolock",
        *(options or ["--forceall"]),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=study, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: {checkout} does not plan {study}\n{done.stdout[-2000:]}{done.stderr}")
    return Counter(read_jobs(done.stdout))


def read_jobs(text: str) -> Iterator[str]:
    """The jobs of a printed plan."""
    starts = list(_JOB.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=False):
        facts, _, shell = text[start.start() : end].partition(_SHELL)
        lines = [start[0]]
        for name, value in _FACT.findall(facts):
            if name not in _LEFT_OUT:
                parts = sorted(set(value.split(", "))) if name in _SETS else [value]
                lines.append(f"    {name}: {', '.join(parts)}")
        yield "\n".join([*lines, "    " + " ".join(shell.partition("\n\n")[0].split())])


def main(argv: Sequence[str]) -> int:
    """Compare and print."""
    named, _, options = " ".join(argv).partition(" -- ")
    before, after, *studies = (Path(word).resolve() for word in named.split())
    n_different = 0
    for study in studies:
        old, new = (plan(checkout, study, options.split()) for checkout in (before, after))
        rules = {job.partition("\n")[0] for job in old}
        print(f"{study.name}: {old.total()} jobs of {len(rules)} rules, {(old & new).total()} same")
        for title, jobs in (("only before", old - new), ("only after", new - old)):
            n_different += jobs.total()
            for job in sorted(jobs):
                print(f"-- {title}\n{job}")
    return 1 if n_different else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
