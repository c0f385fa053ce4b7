"""Accuracy and cost of the phase engine, beside dada, on simulated samples with known truth.

For each platform, depth and (HiFi) share of error-free reads: simulate the demo community,
prepare the reads, learn errors and denoise with both engines. Prints one TSV row an engine:
reads in and assigned, true variants recovered by their reads before the filters, variants that
are neither true nor simulated chimeras, chimeras left without the flag ``bimera``, CPU seconds
and peak memory of denoising.

    python benchmarks/phase_accuracy.py --platform ont --depths 5000 20000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
DEPTHS = (2, 5, 10, 20, 50)


def call(program: str, *arguments: object) -> tuple[float, float]:
    """Run a step program; CPU seconds and peak memory in MB."""
    command = [sys.executable, str(ROOT / "scripts" / program), *map(str, arguments)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{program} failed: {command}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def prepare(folder: Path, platform: str, depth: int, share: float | None, seed: int) -> None:
    """Simulate one sample and make its unique sequences."""
    community = ROOT / "resources" / "demo_community.tsv"
    options: list[object] = ["--community", community, "--output", folder, "--platform", platform]
    options += ["--depth", depth, "--seed", seed]
    if share is not None:
        options += ["--error-free-share", share]
    call("simulate_reads.py", *options)
    reads = next((folder / "reads").iterdir())
    uniques = folder / "uniques.npz"
    call(
        "prepare_reads.py", "--sample", "s", "--uniques", uniques, "--qc", folder / "qc.json", reads
    )


def run_engine(folder: Path, engine: str) -> tuple[float, float]:
    """Learn errors and denoise; cost of the latter."""
    uniques, model = folder / "uniques.npz", folder / f"{engine}.tsv"
    results = ["--variants", folder / f"{engine}.variants.tsv"]
    results += ["--losses", folder / f"{engine}.json"]
    if engine == "phase":
        description = folder / "phase.model.json"
        call("learn_phase_errors.py", uniques, "--model", model, "--description", description)
        models = ["--phase-model", model, "--error-model", model]
        return call(
            "denoise_sample.py", "--engine", "phase", "--uniques", uniques, *models, *results
        )
    description = folder / "dada.model.json"
    call("learn_errors.py", uniques, "--error-model", model, "--description", description)
    return call("denoise_sample.py", "--uniques", uniques, "--error-model", model, *results)


def read_truth(folder: Path) -> tuple[dict[str, int], set[str]]:
    """Reads of each true variant, and the simulated chimeras, by name."""
    from vagus.tables import read_table

    table = read_table(folder / "truth" / "asv_table.tsv")
    true = {asv: int(n) for asv, n in zip(table["asv"], table.iloc[:, 1], strict=True) if n > 0}
    return true, set(read_table(folder / "truth" / "chimeras.tsv")["asv"])


def judge(folder: Path, engine: str) -> list[object]:
    """The figures of one engine."""
    from vagus.tables import read_table

    true, chimeras = read_truth(folder)
    losses = json.loads((folder / f"{engine}.json").read_text())
    table = read_table(folder / f"{engine}.variants.tsv")
    flags = table["flags"].astype(object).fillna("").tolist()
    found = {a for a, f in zip(table["asv"], flags, strict=True) if "bimera" not in f.split(";")}
    recovered = []
    for depth in DEPTHS:
        wanted = {asv for asv, n in true.items() if n >= depth}
        recovered.append(f"{len(wanted & found)}/{len(wanted)}")
    false = len(found - set(true) - chimeras)
    return [losses["reads_in"], losses["assigned"], *recovered, false, len(found & chimeras)]


HEAD = ("platform", "depth", "error_free_share", "unique_share", "engine", "reads_in", "assigned")


def main() -> None:
    """Run all combinations and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, help="folder for simulated files (a temporary one)")
    parser.add_argument("--platform", default="ont", choices=("ont", "hifi", "revio-binned"))
    parser.add_argument("--depths", type=int, nargs="+", default=[5000])
    parser.add_argument("--error-free-shares", type=float, nargs="*", default=[])
    parser.add_argument("--engines", nargs="+", default=["phase", "dada"])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    recovered = [f"recovered_{depth}" for depth in DEPTHS]
    print(*HEAD, *recovered, "false", "chimeras", "cpu_s", "mb", sep="\t")
    with tempfile.TemporaryDirectory() as temporary:
        for depth in arguments.depths:
            for share in arguments.error_free_shares or [None]:
                run_set(arguments, arguments.work or Path(temporary), depth, share)


def run_set(arguments: argparse.Namespace, work: Path, depth: int, share: float | None) -> None:
    """Simulate one sample and print one row an engine."""
    folder = work / f"{arguments.platform}_{depth}_{share}_{arguments.seed}"
    prepare(folder, arguments.platform, depth, share, arguments.seed)
    qc = json.loads((folder / "qc.json").read_text())
    unique_share = qc["n_uniques"] / max(1, qc["steps"]["kept"])
    for engine in arguments.engines:
        cpu, memory = run_engine(folder, engine)
        row = [arguments.platform, depth, share, f"{unique_share:.2f}", engine]
        print(*row, *judge(folder, engine), f"{cpu:.1f}", f"{memory:.0f}", sep="\t", flush=True)


if __name__ == "__main__":
    main()
