"""Swaps found and false alarms of the identity check in simulated cohorts, and its cost.

    python benchmarks/identity.py --cohorts 200 --seed 1000
    python benchmarks/identity.py --cost

A cohort has 20 people with 3 visits, and is checked as it is and with two samples of different
people exchanged. People choose a strain of each species that they have, some of
them ASVs of their own; each stays from visit to visit with the probability of the scenario, others
come by chance. Counts are Dirichlet-multinomial, of 500 to 20,000 reads, log-uniform; an ASV needs
two reads. A false alarm is any finding besides the swap and its two samples.
Limits of the check were set on seeds below 1000.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts")]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from vagus.identity.check import check_identity  # noqa: E402
from vagus.identity.settings import IdentitySettings  # noqa: E402
from vagus.study.samples import Sample  # noqa: E402
from vagus.tables.counts import CountTable  # noqa: E402

N_SPECIES, N_STRAINS = 400, 60
PERSISTENCE = (0.6, 0.75, 0.9)


@dataclass(frozen=True)
class Scenario:
    """People, visits, the persistence of strains, and how common a strain is among people."""

    people: int = 20
    visits: int = 3
    persistence: float = 0.75
    sharing: float = 1.0
    depth: tuple[int, int] = (500, 20_000)


def draw_cohort(rng: np.random.Generator, scenario: Scenario) -> np.ndarray:
    """Reads, shape (people x visits, species x strains): samples of a person are neighbours."""
    prevalence = rng.beta(0.5, 1.2, N_SPECIES)
    strains = rng.dirichlet(np.full(N_STRAINS, scenario.sharing / 10), N_SPECIES)
    level = rng.normal(0, 1.5, N_SPECIES)
    rows = []
    for _ in range(scenario.people):
        own = draw_strains(rng, prevalence, strains)
        own_level = level + rng.normal(0, 1, N_SPECIES)
        for _ in range(scenario.visits):
            rows.append(draw_visit(rng, scenario, own, own_level, prevalence, strains))
    return np.array(rows)


def draw_strains(
    rng: np.random.Generator, prevalence: np.ndarray, strains: np.ndarray
) -> np.ndarray:
    """A strain of each species, -1 for species that are not there."""
    chosen = (rng.random(N_SPECIES)[:, None] > strains.cumsum(axis=1)).sum(axis=1)
    present = rng.random(N_SPECIES) < prevalence
    return np.where(present, np.minimum(chosen, N_STRAINS - 1), -1)


def draw_visit(
    rng: np.random.Generator, scenario: Scenario, own: np.ndarray, level: np.ndarray,
    prevalence: np.ndarray, strains: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Reads of a visit: strains that stayed, and others instead of those that did not."""
    other = draw_strains(rng, prevalence, strains)
    stays = rng.random(N_SPECIES) < scenario.persistence
    here = np.where(stays, own, other)
    shares = np.where(here >= 0, np.exp(level), 0)
    shares = rng.gamma(np.maximum(50 * shares / shares.sum(), 1e-9))
    low, high = np.log(scenario.depth)
    depth = int(np.exp(rng.uniform(low, high)))
    reads = rng.multinomial(depth, shares / shares.sum())
    counts = np.zeros((N_SPECIES, N_STRAINS), np.int64)
    at = np.flatnonzero(here >= 0)
    counts[at, here[at]] = reads[at]
    counts[counts < 2] = 0
    return counts.ravel()


def check_counts(counts: np.ndarray, visits: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of a cohort."""
    names = [f"s{i:04d}" for i in range(len(counts))]
    counts = counts[:, counts.any(axis=0)]
    asvs = [f"a{i:06d}" for i in range(counts.shape[1])]
    sheet = [Sample(n, n, (), metadata={"who": f"p{i // visits:04d}"}) for i, n in enumerate(names)]
    table = CountTable.from_counts(names, asvs, counts)
    return check_identity(table, sheet, "who", IdentitySettings())


def run_scenario(scenario: Scenario, n_cohorts: int, seed: int) -> dict[str, float]:
    """Figures of cohorts with one swap, and of the same without."""
    found, alarms, clean_alarms, n_alarms, unclear, within, between = 0, 0, 0, 0, 0, [], []
    for number in range(n_cohorts):
        rng = np.random.default_rng([seed, number])
        counts = draw_cohort(rng, scenario)
        first, second = 0, 0
        while first // scenario.visits == second // scenario.visits:
            first, second = sorted(rng.choice(len(counts), 2, replace=False).tolist())
        has = counts > 0
        within.append((has[0] & has[1]).sum() / (has[0] | has[1]).sum())
        between.append((has[0] & has[-1]).sum() / (has[0] | has[-1]).sum())
        clean_alarms += len(check_counts(counts, scenario.visits)[1]) > 0
        counts[[first, second]] = counts[[second, first]]
        rows, findings = check_counts(counts, scenario.visits)
        names = [f"s{first:04d}", f"s{second:04d}"]
        is_swap = findings["finding"].eq("swap") & findings["sample"].eq(names[0])
        is_swap &= findings["other_sample"].eq(names[1])
        is_part = findings["finding"].eq("other subject") & findings["sample"].isin(names)
        found += bool(is_swap.any())
        n_alarms += int((~is_swap & ~is_part).sum())
        alarms += bool((~is_swap & ~is_part).any())
        unclear += int(rows["status"].isin(["cannot tell", "fits no subject"]).sum())
    return {
        "cohorts": n_cohorts, "swaps found": found, "with a false alarm": alarms,
        "false alarms": n_alarms, "no swap: with an alarm": clean_alarms,
        "samples cannot tell": unclear / n_cohorts / scenario.people / scenario.visits,
        "Jaccard within": float(np.mean(within)), "between": float(np.mean(between)),
    }  # fmt: skip


def measure_cost() -> None:
    """CPU seconds of 1,000 samples, 250 people with 4 visits."""
    scenario = Scenario(people=250, visits=4)
    counts = draw_cohort(np.random.default_rng(1), scenario)
    start = time.process_time()
    check_counts(counts, scenario.visits)
    n_asvs = int(counts.any(axis=0).sum())
    print(f"{len(counts)} samples, {n_asvs} ASVs: {time.process_time() - start:.1f} CPU s")


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table of scenarios, or the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--persistence", type=float, nargs="+", default=PERSISTENCE)
    parser.add_argument("--cost", action="store_true")
    arguments = parser.parse_args(argv)
    if arguments.cost:
        measure_cost()
        return 0
    for persistence in arguments.persistence:
        found = run_scenario(Scenario(persistence=persistence), arguments.cohorts, arguments.seed)
        words = ", ".join(f"{name} {value:.4g}" for name, value in found.items())
        print(f"persistence {persistence}: {words}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
