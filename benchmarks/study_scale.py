"""What a whole study costs: time, memory, disk, jobs, and what ten more samples cost.

    python benchmarks/study_scale.py --samples 1000 --reads 2000 --more 10
    python benchmarks/study_scale.py --samples 48 --reads 100000

Simulates a study of people at two times in four sequencing runs (two of HiFi, one of HiFi with
binned qualities, one of Nanopore), runs it with ``vagus run`` and its default config, then adds
samples and runs again. Each line of the table is one command: wall and CPU seconds of it with
all its jobs, the largest memory of any one process, the steps made, and the size of the results.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

RUNS = ("hifi", "hifi", "revio-binned", "ont")
SHEET = "sample\treads\tplatform\trun\tsubject\ttime\tgroup\tage\n"
CONFIG = """\
seed: 1
cohort: {group: group, subject: subject, time: time, covariates: [age]}
"""
SEED = 1


def simulate_people(job: tuple[Path, int, int, int]) -> list[str]:
    """Write the samples of the people with numbers ``first`` to ``last``; rows of the sheet."""
    from vagus.demo import cohort
    from vagus.demo.platforms import PLATFORMS
    from vagus.demo.sample import simulate_sample
    from vagus.reference.starter import read_starter

    folder, n_reads, first, last = job
    plan = cohort.DemoPlan(seed=SEED, depth=n_reads, people_per_group=(last + 1) // 2)
    library = cohort.StrainLibrary(read_starter(), SEED)
    rows = cohort.read_plan(cohort.RESOURCES / "demo_community.tsv")
    strains = [library.make(row.taxon, row.n_copies) for row in rows]
    people = cohort.draw_people(rows, plan)[first:last]
    sheet = []
    for entry in cohort.list_people_samples(strains, people, plan):
        subject, when, group, age = entry.metadata
        run = int(subject[1:]) // 2 % len(RUNS)
        path = f"reads/{entry.design.name}.fastq.gz"
        simulate_sample(entry.design, PLATFORMS[RUNS[run]], SEED, folder / path)
        platform = "ont" if RUNS[run] == "ont" else "hifi"
        words = (entry.design.name, path, platform, f"run{run + 1}", subject, when, group, age)
        sheet.append("\t".join(words) + "\n")
    return sheet


def simulate_study(folder: Path, n_samples: int, n_reads: int) -> list[str]:
    """Write reads and config of a study; rows of its sheet."""
    (folder / "reads").mkdir(parents=True)
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    n_people = n_samples // 2
    step = max(1, min(25, n_people // 2))
    jobs = [
        (folder, n_reads, first, min(first + step, n_people))
        for first in range(0, n_people, step)
    ]  # fmt: skip
    with ProcessPoolExecutor(2) as pool:
        return [row for rows in pool.map(simulate_people, jobs) for row in rows]


def run_timed(folder: Path, *words: str) -> tuple[float, float, str]:
    """Run ``vagus``; wall seconds, CPU seconds with all jobs, and what it said."""
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    command = [sys.executable, "-m", "vagus.cli.main", *words]
    with open(folder / "said.txt", "w+", encoding="utf-8") as said:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        said.seek(0)
        text = said.read()
    if status:
        raise SystemExit(f"{' '.join(words)} failed:\n{text[-4000:]}")
    return wall, usage.ru_utime + usage.ru_stime, text


def read_costs(results: Path) -> Iterator[tuple[str, float, float]]:
    """Rule, CPU seconds and MB of each step, from Snakemake's benchmark files."""
    for path in sorted((results / "benchmarks").rglob("*.tsv")):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        row = dict(zip(header.split("\t"), lines[-1].split("\t"), strict=True))
        numbers = [0.0 if row[name] in ("NA", "-") else float(row[name]) for name in
                   ("cpu_time", "max_rss")]  # fmt: skip
        yield path.name.split(".")[0], numbers[0], numbers[1]


def count_steps(text: str) -> int:
    """Steps that a run has finished."""
    return sum(line.startswith("[") for line in text.splitlines())


def measure_disk(folder: Path) -> float:
    """Size of a folder in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def print_rules(results: Path) -> None:
    """CPU and memory by rule, and of all together: what a run took beyond that is Snakemake's."""
    rules: dict[str, list[tuple[float, float]]] = {}
    for rule, seconds, megabytes in read_costs(results):
        rules.setdefault(rule, []).append((seconds, megabytes))
    rules["all"] = [cost for costs in rules.values() for cost in costs]
    print("\nrule\tjobs\tcpu_s\tlargest_job_cpu_s\tlargest_job_mb")
    for rule, costs in sorted(rules.items(), key=lambda item: -sum(c for c, _ in item[1])):
        cpu = [seconds for seconds, _ in costs]
        print(rule, len(costs), f"{sum(cpu):.1f}", f"{max(cpu):.1f}",
              f"{max(mb for _, mb in costs):.0f}", sep="\t")  # fmt: skip


def print_run(what: str, folder: Path, cores: int) -> None:
    """Run the study and print a line of the table."""
    plan_wall, _, _ = run_timed(folder, "run", "-n", "--cores", str(cores))
    wall, cpu, text = run_timed(folder, "run", "--cores", str(cores))
    memory = max(megabytes for _, _, megabytes in read_costs(folder / "results"))
    disk = measure_disk(folder / "results")
    numbers = [f"{plan_wall:.1f}", *(f"{x:.0f}" for x in (wall, cpu, memory))]
    print(what, *numbers, count_steps(text), f"{disk:.0f}", sep="\t", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate, run, add samples, run again."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=100, help="samples, two of each person")
    parser.add_argument("--reads", type=int, default=2000, help="reads of a sample")
    parser.add_argument("--more", type=int, default=0, help="samples to add afterwards")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder to make and keep")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary) / "study"
        rows = simulate_study(folder, arguments.samples + arguments.more, arguments.reads)
        sheet = folder / "samples.tsv"
        n_first = len(rows) - arguments.more
        print("run\tplan_s\twall_s\tcpu_s\tlargest_process_mb\tsteps\tresults_mb", flush=True)
        sheet.write_text(SHEET + "".join(rows[:n_first]), encoding="utf-8")
        print_run(f"{n_first} samples", folder, arguments.cores)
        if arguments.more:
            sheet.write_text(SHEET + "".join(rows), encoding="utf-8")
            print_run(f"{arguments.more} more", folder, arguments.cores)
        print_run("nothing new", folder, arguments.cores)
        print_rules(folder / "results")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
