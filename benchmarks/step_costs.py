"""Fit what each step costs to the benchmark files of finished studies.

    python benchmarks/step_costs.py STUDY ...           # print the fit, and how far off it is
    python benchmarks/step_costs.py --write STUDY ...   # write it to resources/step_costs.tsv

A study is a folder in which ``vagus run`` has finished; studies of different sizes show what
depends on size. Run them with ``--notemp``, so that the inputs of pooled steps are still there.
Amounts are measured as the workflow measures them, from the input files that Snakemake noted of
each job. CPU time is fitted by least squares of relative deviations with coefficients of at least
0, and the slope is raised where a large job took more than twice as long. Memory is fitted by
deviations in MB, with slopes that its data structures can explain (small studies say little of
slopes), and then raised until no measurement is above it: its fixed part by small inputs, its
slope by large ones, where there are both. Columns that say which amount a step
depends on are not fitted; nor is memory that another source gives.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from vagus.cli.usage import read_benchmark
from vagus.costs.amounts import Scope, measure_amount
from vagus.costs.laws import TABLE, StepLaw, read_laws
from vagus.engines import ENGINES
from vagus.reference.catalogue import find_reference
from vagus.study.study import Study, load_study

LEAST_S = 0.2
# a job of more than this share of the largest amount took at most so many times what the law says
LARGE, MOST_OFF = 0.1, 2.0

# steps that have nothing to do in runs of the other engine
LEARNS = {facts.name_rule("learn", "errors"): name for name, facts in ENGINES.items()}

# MB a unit that some 30 copies of a table of 8-byte numbers would take (kcells, kpairs), 3 to 4
# of sequences with their qualities (kreads, kuniques), of aligned ASVs; of text, 20 times its
# size. A slope is between an eighth of this and this.
MOST_MB = {
    "kcells": 0.25, "kpairs": 0.25, "samples": 1.0, "mb": 20.0, "kasvs": 200.0, "kreads": 25.0,
    "kuniques": 40.0, "largest": 40.0, "learned": 40.0, "shard": 40.0,
}  # fmt: skip


@dataclass(frozen=True)
class Measurement:
    """One job: amounts of its input, CPU seconds, peak memory in MB."""

    step: str
    cpu_amount: float
    memory_amount: float
    cpu_s: float
    peak_mb: float


def list_jobs(study: Path) -> Iterator[tuple[str, list[str]]]:
    """Log and inputs of the jobs of a study, by Snakemake's record of their outputs."""
    seen = set()
    for folder, _, names in os.walk(study / ".snakemake" / "metadata"):
        for name in sorted(names):
            record = json.loads(Path(folder, name).read_text(encoding="utf-8"))
            for log in record["log"] or ():
                if log not in seen:
                    seen.add(log)
                    yield log, record["input"]


def measure_study(folder: Path, laws: dict[str, StepLaw]) -> Iterator[Measurement]:
    """What the jobs of a finished study took; those whose input is gone are left out."""
    os.chdir(folder)
    study = load_study(Path("config.yaml"))
    denoise = study.config["denoise"]
    scope = Scope(len(study.samples), denoise["learn_bases"], denoise["pool_shard_uniques"])
    for log, paths in list_jobs(Path()):
        step = Path(log).name.split(".")[0]
        benchmark = Path(log.replace("/logs/", "/benchmarks/", 1)).with_suffix(".tsv")
        if step not in laws or not benchmark.is_file():
            continue
        law = laws[step]
        if step in LEARNS and not has_engine(study, Path(log).name.split(".")[1], LEARNS[step]):
            continue
        if law.cpu_amount == "reference_mb" and not paths:
            paths = list_references(study, step)
        try:
            amounts = [measure_amount(name, paths, scope) for name in
                       (law.cpu_amount, law.memory_amount)]  # fmt: skip
        except FileNotFoundError:
            continue
        row = read_benchmark(benchmark)
        cpu_s = max(row.full_cpu_s, LEAST_S)
        yield Measurement(step, amounts[0], amounts[1], cpu_s, row.peak_mb)


def has_engine(study: Study, run: str, engine: str) -> bool:
    """Whether a sample of the run is denoised by this engine."""
    path = Path(study.config["results"], "denoise", "runs", run, "engines.tsv")
    return path.is_file() and engine in path.read_text(encoding="utf-8").split()


def list_references(study: Study, step: str) -> list[str]:
    """The reference that is no input because it is installed."""
    taxonomy = study.config["taxonomy"]
    names = [taxonomy["reference"]] if step == "index_reference" else taxonomy["more_references"]
    return [str(find_reference(name)) for name in names[:1]]


def fit_line(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, float]:
    """Intercept and slope, both at least 0, with the least sum of squared weighted deviations."""
    if np.ptp(x) == 0:
        return float(np.mean(y)), 0.0
    design = np.column_stack([np.ones_like(x), x]) * weights[:, None]
    (intercept, slope), _ = nnls(design, y * weights)
    return float(intercept), float(slope)


def fit_law(law: StepLaw, found: Sequence[Measurement]) -> StepLaw:
    """The law of a step with numbers from its measurements; as it was without any."""
    if not found:
        return law
    amounts = np.array([m.cpu_amount for m in found])
    times = np.array([m.cpu_s for m in found])
    scaled = amounts**law.exponent
    fixed_s, per_unit = fit_line(scaled, times, 1 / times)
    large = (scaled > LARGE * scaled.max()) & (scaled > 0)
    if large.any():
        per_unit = max(per_unit, float(np.max((times / MOST_OFF - fixed_s)[large] / scaled[large])))
    fitted = replace(
        law, fixed_s=round_up(fixed_s), s_per_unit=round_up(per_unit), n_measured=len(found),
        largest=round_up(float(amounts.max())),
    )  # fmt: skip
    seen = [m for m in found if m.peak_mb > 0]
    if law.memory_from != "benchmarks" or not seen:
        return fitted
    size, peak = np.array([m.memory_amount for m in seen]), np.array([m.peak_mb for m in seen])
    _, slope = fit_line(size, peak, np.ones_like(peak))
    most = MOST_MB.get(law.memory_amount)
    if most is not None:
        slope = min(max(slope, most / 8), most)
    is_small = size <= LARGE * size.max()
    chosen = is_small if is_small.any() and not is_small.all() else np.ones_like(is_small)
    fixed_mb = max(0.0, float(np.max((peak - slope * size)[chosen])))
    if not chosen.all():  # what large inputs need beyond it is due to their size
        slope = max(slope, float(np.max((peak - fixed_mb)[~chosen] / size[~chosen])))
    return replace(fitted, fixed_mb=round_up(fixed_mb), mb_per_unit=round_up(slope))


def round_up(value: float) -> float:
    """Three digits, never below the value."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** (np.floor(np.log10(value)) - 2)
    return float(f"{np.ceil(value / unit - 1e-9) * unit:.3g}")


def write_laws(laws: dict[str, StepLaw]) -> None:
    """Write the table, keeping the comments above it."""
    text = TABLE.read_text(encoding="utf-8").splitlines()
    lines = [line for line in text if line.startswith("#")]
    names = [field.name for field in fields(StepLaw)]
    lines.append("\t".join(names))
    for law in laws.values():
        values = [getattr(law, name) for name in names]
        lines.append("\t".join(f"{v:g}" if isinstance(v, float) else str(v) for v in values))
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def print_fit(law: StepLaw, found: Sequence[Measurement]) -> None:
    """One line: the law, and the spread of what was measured around it."""
    ratios = [m.cpu_s / max(law.estimate_s(m.cpu_amount), 1e-9) for m in found] or [float("nan")]
    print(
        f"{law.step}\t{len(found)}\t{law.fixed_s:g} + {law.s_per_unit:g} x {law.cpu_amount}"
        f"\t{min(ratios):.2f}-{max(ratios):.2f}"
        f"\t{law.fixed_mb:g} + {law.mb_per_unit:g} x {law.memory_amount}\t{law.largest:g}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Fit, print and, when asked, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("studies", type=Path, nargs="*", help="folders of finished studies")
    parser.add_argument("--write", action="store_true", help="write the table")
    arguments = parser.parse_args(argv)
    if not arguments.studies:
        print("no study is given: nothing is fitted")
        return 0
    laws = read_laws()
    studies = [folder.resolve() for folder in arguments.studies]
    found = [one for folder in studies for one in measure_study(folder, laws)]
    print("step\tjobs\tCPU s\tmeasured / law\tMB\tlargest amount")
    fitted = {}
    for step, law in laws.items():
        of_step = [one for one in found if one.step == step]
        fitted[step] = fit_law(law, of_step)
        print_fit(fitted[step], of_step)
    if arguments.write:
        write_laws(fitted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
