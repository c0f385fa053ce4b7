"""Independent, pseudo and pooled denoising as the number of samples grows.

Samples of one simulated gut-like study share variants: relatives of the starter reference's
sequences, each subject with its own half of them at log-normal abundances, read with HiFi-like
qualities (``dada_scaling.read_once``; about 80 % of the reads free of errors). The first n
samples are the study of n samples. The error model is learned once, from the first samples.
Every mode runs the programs of the workflow, one after the other; CPU seconds include the
start of Python, memory is the largest peak of any program. Variants are compared with the
truth of each sample by depth; samples are made on the fly and deleted at the end.

What is finished is kept in the output folder, and a run that was stopped goes on there. From
the growth with the reads of the pool the cost of 192 samples with 16.7 million reads is
projected. For the workflow of PacBio, HiFi-16S-workflow, its README gives 13 h on 32 CPUs and
87 GB for a gut study of that size (17,293 ASVs), with taxonomy and all else.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent / "scripts"
sys.path[:0] = [str(SCRIPTS), str(HERE)]

MODES = ("independent", "pseudo", "pooled")
DEPTHS = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 10**9))
PROJECTED_READS = 16_700_000
LEARN_SAMPLES = 5


@dataclass
class Cost:
    """What the programs of one mode took."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mb: float = 0.0
    by_program: dict[str, list[float]] = field(default_factory=dict)

    def run(self, program: str, *words: object) -> None:
        """Run a step program and add what it took."""
        from compare_with_dada2 import run_measured

        start = time.monotonic()
        cpu, peak = run_measured([sys.executable, str(SCRIPTS / f"{program}.py"), *map(str, words)])
        self.add(program, cpu, time.monotonic() - start, peak)

    def add(self, program: str, cpu: float, wall: float, peak: float) -> None:
        """Add one run of a program."""
        self.cpu_s += cpu
        self.wall_s += wall
        self.peak_mb = max(self.peak_mb, peak)
        own = self.by_program.setdefault(program, [0.0, 0.0])
        own[0] += cpu
        own[1] = max(own[1], peak)


@dataclass(frozen=True)
class Bench:
    """Where things are, and the size of a sample and of the community."""

    folder: Path
    n_reads: int
    n_variants: int

    def uniques(self, number: int) -> Path:
        """Unique sequences of a sample."""
        return self.folder / "samples" / f"s{number:03}.npz"

    def truth(self, number: int) -> Path:
        """True reads of each variant of a sample."""
        return self.folder / "truth" / f"s{number:03}.json"

    def model(self) -> Path:
        """The error model."""
        return self.folder / "model.tsv"


def make_variants(bench: Bench):
    """Sequences of the community, as letters."""
    import numpy as np

    from dada_chimeras import make_relatives
    from vagus.reference.starter import STARTER_FASTA, read_starter

    rng = np.random.default_rng([7, bench.n_variants])
    known = [record.sequence for record in read_starter(STARTER_FASTA)]
    known = [text for text in known if len(text) > 1200 and not set(text) - set("ACGT")]
    chosen = rng.choice(len(known), min(len(known), bench.n_variants // 2), replace=False)
    return make_relatives(rng, [known[i] for i in chosen], bench.n_variants)


def simulate_sample(bench: Bench, number: int, variants: list[str]) -> None:
    """Write a sample and its truth, unless they are there."""
    import numpy as np

    from dada_scaling import read_once
    from vagus.reads.uniques import Uniques, encode_bases

    if bench.uniques(number).is_file() and bench.truth(number).is_file():
        return
    rng = np.random.default_rng([11, number, bench.n_reads, bench.n_variants])
    common = np.random.default_rng([13, bench.n_variants]).normal(0, 1.5, len(variants))
    shares = np.exp(common + rng.normal(0, 1.2, len(variants)))
    shares *= rng.random(len(variants)) < 0.5
    drawn = np.sort(rng.choice(len(variants), bench.n_reads, p=shares / shares.sum()))
    codes = [encode_bases(text) for text in variants]
    letters = np.frombuffer(b"ACGT", np.uint8)
    reads = (read_once(rng, codes[i]) for i in drawn)
    pairs = ((letters[read].tobytes().decode(), quality) for read, quality in reads)
    sequences, qualities = zip(*pairs, strict=True)
    name = bench.uniques(number).stem
    counts = np.bincount(drawn, minlength=len(variants))
    truth = {variants[i]: int(n) for i, n in enumerate(counts) if n}
    bench.truth(number).write_text(json.dumps(truth), encoding="utf-8")
    Uniques.from_reads(sequences, qualities, sample=name).save(bench.uniques(number))


def denoise_alone(bench: Bench, number: int) -> Cost:
    """Denoise one sample by itself; what it took is kept beside its variants."""
    out = bench.folder / "independent" / f"s{number:03}"
    kept = out / "cost.json"
    if kept.is_file():
        return Cost(**json.loads(kept.read_text(encoding="utf-8")))
    out.mkdir(parents=True, exist_ok=True)
    cost = Cost()
    cost.run("denoise_sample", *name_files(bench, number, out))
    kept.write_text(json.dumps(vars(cost)), encoding="utf-8")
    return cost


def name_files(bench: Bench, number: int, out: Path) -> list[object]:
    """Options of ``denoise_sample.py``."""
    out.mkdir(parents=True, exist_ok=True)
    return [
        "--uniques", bench.uniques(number), "--error-model", bench.model(),
        "--variants", out / "variants.tsv", "--losses", out / "losses.json",
    ]  # fmt: skip


def run_independent(bench: Bench, n: int, _: Path) -> Cost:
    """Each sample by itself."""
    total = Cost()
    for number in range(n):
        cost = denoise_alone(bench, number)
        total.add("denoise_sample", cost.cpu_s, cost.wall_s, cost.peak_mb)
    return total


def run_pseudo(bench: Bench, n: int, out: Path) -> Cost:
    """Two passes, with the priors between them."""
    total = run_independent(bench, n, out)
    first = [bench.folder / "independent" / f"s{i:03}" / "variants.tsv" for i in range(n)]
    priors = out / "priors.fasta"
    total.run("choose_priors", "--priors", priors, "--", *first)
    for number in range(n):
        files = name_files(bench, number, out / f"s{number:03}")
        total.run("denoise_sample", *files, "--priors", priors)
    return total


def run_pooled(bench: Bench, n: int, out: Path) -> Cost:
    """The programs of the pool's rules, then each sample's share."""
    from vagus.denoise.pool_plan import PoolPlan

    total = Cost()
    samples = [bench.uniques(i) for i in range(n)]
    plan = ["--plan", out / "plan.json"]
    groups = ["--groups", out / "groups.npz"]
    total.run("plan_pool", *plan, *groups, "--", *samples)
    loaded = PoolPlan.load(out / "plan.json")
    shards = [out / f"{i}.npz" for i in range(len(loaded.shards))]
    model = ["--error-model", bench.model()]
    for i, path in enumerate(shards):
        files = ["--uniques", path, "--origins", path.with_suffix(".origins.npz")]
        total.run("gather_shard", "--shard", i, *plan, *groups, *files, "--", *samples)
    founders = [out / f"founders_{i}.tsv" for i in range(loaded.n_bundles)]
    for i, path in enumerate(founders):
        own = [shards[s] for s in loaded.shards_of(i)]
        total.run("find_founders", "--bundle", i, *plan, *model, "--founders", path, "--", *own)
    for path in shards:
        files = ["--uniques", path, "--pairs", path.with_suffix(".pairs.npz")]
        total.run("compare_shard", *files, *plan, *model, "--", *founders)
    total.run(
        "replay_pool", *plan, *model, "--uniques", *shards, "--founders", *founders,
        "--origins", *(path.with_suffix(".origins.npz") for path in shards),
        "--pairs", *(path.with_suffix(".pairs.npz") for path in shards),
        "--births", out / "births.tsv", "--shares", out / "shares.npz",
    )  # fmt: skip
    for number in range(n):
        total.run(
            "denoise_sample", *name_files(bench, number, out / f"s{number:03}"), "--pool", out
        )
    return total


def compare(bench: Bench, n: int, out: Path) -> dict[str, object]:
    """Variants of all samples against the truth of each, by depth."""
    from vagus.tables import read_table

    found_at, true_at = [0] * len(DEPTHS), [0] * len(DEPTHS)
    known: set[str] = set()
    found: dict[str, set[int]] = {}
    n_found = n_present = lost = 0
    for number in range(n):
        truth = json.loads(bench.truth(number).read_text(encoding="utf-8"))
        known |= set(truth)
        folder = out / f"s{number:03}"
        own = set(read_table(folder / "variants.tsv", usecols=["sequence"])["sequence"])
        losses = json.loads((folder / "losses.json").read_text(encoding="utf-8"))
        lost += losses["lost_singleton"] + losses["lost_omega_c"]
        n_found += len(own)
        n_present += len(own & set(truth))
        for sequence in own:
            found.setdefault(sequence, set()).add(number)
        for sequence, reads in truth.items():
            at = next(i for i, (low, high) in enumerate(DEPTHS) if low <= reads <= high)
            true_at[at] += 1
            found_at[at] += sequence in own
    recall = {
        f"recall_{low}" if low == high else f"recall_{low}+": round(f / t, 4) if t else None
        for (low, high), f, t in zip(DEPTHS, found_at, true_at, strict=True)
    }
    return {
        "variants": len(found),
        "true_variants": len(known),
        "false_variants": len(set(found) - known),
        "precision": round(n_present / max(1, n_found), 4),
        "lost_reads": lost,
        **recall,
    }


RUNS = {"independent": run_independent, "pseudo": run_pseudo, "pooled": run_pooled}


def measure(bench: Bench, n: int, mode: str) -> dict[str, object]:
    """One mode at one number of samples, or what is kept of it."""
    kept = bench.folder / f"{mode}_{n}.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    out = bench.folder / (mode if mode == "independent" else f"{mode}_{n}")
    out.mkdir(parents=True, exist_ok=True)
    cost = RUNS[mode](bench, n, out)
    row = {
        "mode": mode,
        "samples": n,
        "reads": n * bench.n_reads,
        "cpu_s": round(cost.cpu_s, 1),
        "wall_s": round(cost.wall_s, 1),
        "peak_mb": round(cost.peak_mb),
        **compare(bench, n, out),
        "programs": {
            name: f"{cpu:.1f} s, {mb:.0f} MB" for name, (cpu, mb) in cost.by_program.items()
        },
    }
    kept.write_text(json.dumps(row), encoding="utf-8")
    if mode != "independent":
        remove_folder(out)
    return row


def remove_folder(folder: Path) -> None:
    """Delete a folder of this benchmark."""
    import shutil

    shutil.rmtree(folder)


def check_one_pool(bench: Bench, n: int, mode: str) -> str:
    """One pool partitioned in one piece, as a sample is, against the same in shards."""
    import numpy as np

    from vagus.denoise.comparisons import Comparisons
    from vagus.denoise.error_model import ErrorModel
    from vagus.denoise.partition import partition_sample
    from vagus.denoise.pool_founders import find_founders
    from vagus.denoise.pool_pairs import find_pairs
    from vagus.denoise.pool_partition import PoolMender
    from vagus.denoise.pool_plan import plan_pool, sort_samples
    from vagus.denoise.pool_shard import gather_shard, name_groups, save_arrays
    from vagus.denoise.settings import DadaSettings

    paths = [bench.uniques(i) for i in range(n)]
    model, settings = ErrorModel.load(bench.model()), DadaSettings(mode=mode)
    pools = []
    for size in (10**9, 5_000):
        plan, groups = plan_pool(paths, size)
        archive = bench.folder / "check.npz"
        save_arrays(archive, {name_groups(i): own for i, own in enumerate(groups)})
        ordered = sort_samples(paths)
        pools.append([gather_shard(ordered, archive, shard, "pool")[0] for shard in plan.shards])
    whole, shards = pools[0][0], pools[1]
    result = partition_sample(Comparisons(whole, settings), model, settings)
    founders = [find_founders([(i, shard)], model, settings) for i, shard in enumerate(shards)]
    listed = sorted((f for own in founders for f in own), key=lambda founder: founder.rank)
    pairs = [find_pairs(shard, listed, model, settings, whole.n_reads) for shard in shards]
    mender = PoolMender(shards.__getitem__, listed, pairs, lambda: model, settings)
    births, listed, parted = mender.run()
    names = [whole.sequence(birth.centre) for birth in result.births]
    own = [listed[birth.centre].sequence for birth in births]
    fate = {
        whole.sequence(i): names[result.cluster[i]] if result.assigned[i] else ""
        for i in range(whole.n_uniques)
    }
    sequences = [shard.sequence(i) for shard in shards for i in range(shard.n_uniques)]
    same = [
        fate[text] == (own[parted.cluster[i]] if parted.assigned[i] else "")
        for i, text in enumerate(sequences)
    ]
    reads = int(parted.counts[~np.array(same)].sum())
    return (
        f"one pool of {whole.n_reads} reads, {whole.n_uniques} unique, mode {mode}, in one piece "
        f"and in {len(shards)} shards: {len(names)} and {len(own)} variants, "
        f"{len(set(names) & set(own))} the same, births in the same order: {names == own}; "
        f"{len(same) - sum(same)} sequences ({reads} reads) have another fate"
    )


def project(table) -> str:
    """Cost of the published study by the growth with the reads, for each mode."""
    import numpy as np

    lines = []
    for mode, own in table.groupby("mode", sort=False):
        if len(own) < 2:
            continue
        reads, cpu = np.log(own["reads"]), np.log(own["cpu_s"])
        slope, start = np.polyfit(reads, cpu, 1)
        hours = float(np.exp(start + slope * np.log(PROJECTED_READS))) / 3600
        lines.append(
            f"{mode}: CPU grows with reads^{slope:.2f}; {PROJECTED_READS:,} reads: "
            f"{hours:.1f} CPU h ({PROJECTED_READS / own['reads'].max():.0f} x the largest point)"
        )
    return "\n".join(lines)


def plot(table, path: Path) -> None:
    """CPU, peak memory and rare variants found, against the number of samples."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    columns = {
        "cpu_s": "CPU seconds",
        "peak_mb": "peak MB of any job",
        "recall_2+": "recall, 2-4 reads",
    }
    for axis, (column, label) in zip(axes, columns.items(), strict=True):
        for mode, own in table.groupby("mode", sort=False):
            axis.plot(own["samples"], own[column], "o-", label=mode)
        axis.set(xlabel="samples", ylabel=label, xscale="log")
        axis.set_ylim(bottom=0)
    axes[0].set_yscale("log")
    axes[0].legend(frameon=False)
    figure.savefig(path)
    plt.close(figure)


def report(rows: list[dict], output: Path) -> None:
    """Print and save the table, the projection and the plot."""
    import pandas as pd

    table = pd.DataFrame(rows)
    shown = table.drop(columns="programs")
    print(shown.T.to_string(header=False), "\n", flush=True)
    for row in rows:
        print(row["mode"], row["samples"], row["programs"])
    print(project(table), flush=True)
    shown.to_csv(output / "dada_pooling.tsv", sep="\t", index=False)
    plot(table, output / "dada_pooling.png")


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--samples", type=int, nargs="+", default=[5, 10, 20], help="numbers of samples")
    add("--reads", type=int, default=5_000, help="reads of each")
    add("--variants", type=int, default=400, help="variants of the community")
    add("--modes", nargs="+", choices=MODES, default=MODES)
    about = "modes in which one pool of the fewest samples is also partitioned in one piece"
    add("--check", nargs="*", choices=("pruned", "exact"), default=["pruned"], help=about)
    add("--keep", action="store_true", help="keep samples and variants, to add points later")
    add("--output", type=Path, default=Path("bench"), help="folder to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse(argv)
    name = f"pooling_{arguments.reads}_{arguments.variants}"
    bench = Bench(arguments.output / name, arguments.reads, arguments.variants)
    for part in ("samples", "truth"):
        (bench.folder / part).mkdir(parents=True, exist_ok=True)
    variants = make_variants(bench)
    Cost().run("warm_kernels", "denoise")
    rows = []
    for n in sorted(arguments.samples):
        for number in range(max(n, LEARN_SAMPLES)):
            simulate_sample(bench, number, variants)
        if not bench.model().is_file():
            learners = [bench.uniques(i) for i in range(LEARN_SAMPLES)]
            about = ["--description", bench.folder / "model.json"]
            Cost().run("learn_errors", "--error-model", bench.model(), *about, "--", *learners)
        for mode in arguments.modes:
            rows.append(measure(bench, n, mode))
            report(rows, arguments.output)
    for mode in arguments.check:
        print(check_one_pool(bench, min(arguments.samples), mode), flush=True)
    if not arguments.keep:
        remove_folder(bench.folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
