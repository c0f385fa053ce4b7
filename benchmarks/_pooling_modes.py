"""Independent, pseudo and pooled denoising by the programs of the workflow, and what they cost."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from _measured import run_measured
from _pooling_study import Bench

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def measure_program(program: str, words: Iterable[object]) -> tuple[float, float]:
    """CPU seconds and peak MB of a step program."""
    usage = run_measured([sys.executable, SCRIPTS / f"{program}.py", *words])
    return usage.cpu_s, usage.peak_mb


@dataclass
class Cost:
    """What the programs of one mode took; up to ``n_jobs`` of a kind run side by side."""

    n_jobs: int = 1
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mb: float = 0.0
    by_program: dict[str, list[float]] = field(default_factory=dict)

    def run(self, program: str, *words: object) -> None:
        """Run a step program and add what it took."""
        self.run_each(program, [words])

    def run_each(self, program: str, calls: Iterable[Iterable[object]]) -> None:
        """Run a step program with each of some options and add what that took."""
        start = time.monotonic()
        with ThreadPoolExecutor(self.n_jobs) as jobs:
            for cpu, peak in jobs.map(lambda words: measure_program(program, words), calls):
                self.add(program, cpu, peak)
        self.wall_s += time.monotonic() - start

    def add(self, program: str, cpu: float, peak: float) -> None:
        """Add one run of a program."""
        self.cpu_s += cpu
        self.peak_mb = max(self.peak_mb, peak)
        own = self.by_program.setdefault(program, [0.0, 0.0])
        own[0] += cpu
        own[1] = max(own[1], peak)


def name_files(bench: Bench, number: int, out: Path) -> list[object]:
    """Options of ``denoise_sample.py``."""
    out.mkdir(parents=True, exist_ok=True)
    return [
        "--uniques", bench.uniques(number), "--model", f"dada={bench.model()}",
        "--variants", out / "variants.tsv", "--losses", out / "losses.json",
    ]  # fmt: skip


def denoise_alone(bench: Bench, number: int) -> tuple[float, float]:
    """Denoise one sample by itself; CPU seconds and peak MB are kept beside its variants."""
    out = bench.folder / "independent" / f"s{number:03}"
    kept = out / "cost.json"
    if not kept.is_file():
        cpu, peak = measure_program("denoise_sample", name_files(bench, number, out))
        kept.write_text(json.dumps({"cpu_s": cpu, "peak_mb": peak}), encoding="utf-8")
    cost = json.loads(kept.read_text(encoding="utf-8"))
    return cost["cpu_s"], cost["peak_mb"]


def run_independent(bench: Bench, n: int, _: Path) -> Cost:
    """Each sample by itself."""
    total = Cost(bench.n_jobs)
    start = time.monotonic()
    with ThreadPoolExecutor(bench.n_jobs) as jobs:
        for cost in jobs.map(lambda number: denoise_alone(bench, number), range(n)):
            total.add("denoise_sample", *cost)
    total.wall_s = time.monotonic() - start
    return total


def run_pseudo(bench: Bench, n: int, out: Path) -> Cost:
    """Two passes, with the priors between them."""
    total = run_independent(bench, n, out)
    first = [bench.folder / "independent" / f"s{i:03}" / "variants.tsv" for i in range(n)]
    priors = out / "priors.fasta"
    total.run("choose_priors", "--priors", priors, "--", *first)
    files = (name_files(bench, number, out / f"s{number:03}") for number in range(n))
    total.run_each("denoise_sample", ([*own, "--priors", priors] for own in files))
    return total


def name_pool(out: Path) -> list[object]:
    """Options for a sample that is taken from a pool."""
    return [f"--pool=dada={out / name}" for name in ("plan.json", "births.tsv", "shares.npz")]


def run_pooled(bench: Bench, n: int, out: Path) -> Cost:
    """The programs of the pool's rules, then each sample's share."""
    total = Cost(bench.n_jobs)
    run_pool(bench, n, out, total)
    files = (name_files(bench, number, out / f"s{number:03}") for number in range(n))
    total.run_each("denoise_sample", ([*own, *name_pool(out)] for own in files))
    return total


def run_pool(bench: Bench, n: int, out: Path, total: Cost) -> None:
    """The pool by itself: plan, shards, founders, pairs, replay."""
    from vagus.pool.plan import PoolPlan

    samples = [bench.uniques(i) for i in range(n)]
    plan, groups = ["--plan", out / "plan.json"], ["--places", out / "groups.npz"]
    engine = ["--engine", "dada"]
    total.run("plan_pool", *engine, *plan, *groups, "--", *samples)
    loaded = PoolPlan.load(out / "plan.json")
    shards = [out / f"{i}.npz" for i in range(len(loaded.shards))]
    origins = [path.with_suffix(".origins.npz") for path in shards]
    pairs = [path.with_suffix(".pairs.npz") for path in shards]
    founders = [out / f"founders_{i}.tsv" for i in range(loaded.n_bundles)]
    model = ["--error-model", bench.model()]
    files = [
        ["--uniques", path, "--origins", own] for path, own in zip(shards, origins, strict=True)
    ]
    pieces = ["--pieces", out / "pieces"]
    total.run("split_pool", *engine, *plan, *groups, *pieces, "--", *samples)
    calls = ([*pieces, "--shard", i, *own] for i, own in enumerate(files))
    total.run_each("gather_shard", calls)
    bundles = [[shards[s] for s in loaded.shards_of(i)] for i in range(loaded.n_bundles)]
    calls = (
        [*plan, *model, "--bundle", i, "--founders", founders[i], "--", *own]
        for i, own in enumerate(bundles)
    )
    total.run_each("find_founders", calls)
    files = [["--uniques", path, "--pairs", own] for path, own in zip(shards, pairs, strict=True)]
    total.run_each("compare_shard", ([*plan, *model, *own, "--", *founders] for own in files))
    total.run(
        "replay_pool", *plan, *model, "--uniques", *shards, "--founders", *founders,
        "--origins", *origins, "--pairs", *pairs,
        "--births", out / "births.tsv", "--shares", out / "shares.npz",
    )  # fmt: skip


RUNS = {"independent": run_independent, "pseudo": run_pseudo, "pooled": run_pooled}
