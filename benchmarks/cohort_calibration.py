"""Do the cohort tests keep their level, and what do they find? Simulated cohorts, 500 draws each.

Communities are Dirichlet-multinomial, with the mean shares and the overdispersion of a real or a
given ASV table (``--table``; moments). Subjects differ by that overdispersion, samples of a
subject by a tenth of it. Without an effect, the share of p-values at or below 0.05 should be
0.05; with 500 draws it is between 0.035 and 0.065 nineteen times in twenty, and more. Rows are
kept in ``--folder``, draw by draw, so that a run that was stopped goes on; ``--report`` writes
the tables of what is there.

Programs of the product are called as the workflow calls them, on tables rarefied to the lowest
depth, as the diversity stage does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from _calibration_cohorts import (  # noqa: E402
    NULLS,
    POWERS,
    Base,
    Cohort,
    Scenario,
    choose_swabs,
    draw_cohort,
    fit_base,
    rarefy,
)

NASAL = HERE.parents[1] / "shared/data/nasal_table/FL16S.counts.tsv"
CHUNK = 20


def make_samples(meta: pd.DataFrame) -> list:
    """Rows of a sample sheet."""
    from vagus.study.samples import Sample

    return [
        Sample(row["sample"], row["sample"], (), metadata={
            key: row[key] for key in ("subject", "time", "group", "age")
        })
        for row in meta.to_dict("records")
    ]  # fmt: skip


def make_design(scenario: Scenario, draw: int, permutations: int):  # type: ignore[no-untyped-def]
    """The design as a user would give it."""
    from vagus.study.design import StudyDesign

    repeated = scenario.samples != (1,)
    ages = ("age",) if scenario.age_effect else ()
    return StudyDesign(("group",), "subject" if repeated else None, None, ages, permutations, draw)


def test_diversity(
    cohort: Cohort, scenario: Scenario, draw: int, permutations: int
) -> Iterator[tuple[str, str, float]]:
    """Rows (test, outcome, p) of the alpha and beta tests and models."""
    from vagus.cohort.alpha_models import model_alpha
    from vagus.cohort.beta_models import model_beta
    from vagus.cohort.group_tests import compare_alpha, compare_beta

    counts, distances = measure_distances(cohort, draw)
    alpha = measure_alpha(cohort, counts)
    samples, design = make_samples(cohort.meta), make_design(scenario, draw, permutations)
    tables = [
        (compare_alpha(samples, alpha, design), "test"),
        (model_alpha(samples, alpha, design), "model"),
        (compare_beta(samples, distances, design), "test"),
    ]
    for table, name in tables:
        for row in table.to_dict("records"):
            yield str(row[name]), str(row["metric"]), float(row["p_value"])
    for row in model_beta(samples, distances, design).to_dict("records"):
        if row["term"] == row["variable"]:
            yield "PERMANOVA, terms", str(row["metric"]), float(row["p_value"])


def measure_alpha(cohort: Cohort, counts: np.ndarray) -> pd.DataFrame:
    """Alpha diversity of samples (n, n_taxa) at one depth."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(np.where(shares > 0, shares * np.log(shares), 0.0), axis=1)
    return pd.DataFrame(
        {
            "sample": cohort.meta["sample"],
            "observed": (counts > 0).sum(axis=1),
            "shannon": entropy,
            "hill_1": np.exp(entropy),
            "hill_2": 1 / (shares**2).sum(axis=1),
        }
    )


def measure_distances(cohort: Cohort, draw: int):  # type: ignore[no-untyped-def]
    """Counts at the lowest depth, and their distances by two metrics."""
    from scipy.spatial.distance import pdist, squareform

    from vagus.diversity.distances import Distances

    counts = rarefy(cohort.counts, np.random.default_rng([draw, 7]))
    shares = counts / counts.sum(axis=1, keepdims=True)
    logs = np.log(counts + 1)
    logs -= logs.mean(axis=1, keepdims=True)
    names = tuple(cohort.meta["sample"])
    return counts, {
        "braycurtis": Distances(names, squareform(pdist(shares, "braycurtis"))),
        "aitchison": Distances(names, squareform(pdist(logs))),
    }


def test_distances(
    cohort: Cohort, scenario: Scenario, draw: int, permutations: int
) -> Iterator[tuple[str, str, float]]:
    """Rows of PERMANOVA and PERMDISP alone: quick, for many draws."""
    from vagus.cohort.group_tests import compare_beta

    samples, design = make_samples(cohort.meta), make_design(scenario, draw, permutations)
    _, distances = measure_distances(cohort, draw)
    for row in compare_beta(samples, distances, design).to_dict("records"):
        yield str(row["test"]), str(row["metric"]), float(row["p_value"])


def test_taxa(
    cohort: Cohort, scenario: Scenario, draw: int, permutations: int
) -> Iterator[tuple[str, str, float]]:
    """For each method the share of taxa with p <= 0.05, and of found taxa that do not differ.

    ``false``: the share of true differences among what is found (q < 0.05) is 1 - false.
    """
    from vagus.cohort.differential_abundance import compare_taxa
    from vagus.tables.counts import CountTable

    names = [f"t{index:04d}" for index in range(cohort.counts.shape[1])]
    table = CountTable.from_counts(cohort.meta["sample"].tolist(), names, cohort.counts)
    design = make_design(scenario, draw, permutations)
    found = compare_taxa(make_samples(cohort.meta), table, design, "asv", 0.1)
    changed = {names[index] for index in cohort.changed} if scenario.effect else set()
    found["true"] = found["taxon"].isin(changed)
    for method, rows in found.groupby("method", sort=False):
        yield from _score(str(method), rows, rows["q_value"] < 0.05)
    primary = found[found["role"] == "primary"]
    hits = primary["result"].isin(["higher", "lower"])
    yield from _score("primary test, result", primary, hits)


def _score(name: str, rows: pd.DataFrame, hits: pd.Series) -> Iterator[tuple[str, str, float]]:
    null = rows[~rows["true"]]
    if not name.endswith("result"):
        yield name, "rate of p <= 0.05 among unchanged", float((null["p_value"] <= 0.05).mean())
    n_hits, n_false = int(hits.sum()), int((hits & ~rows["true"]).sum())
    yield name, "false share of found", n_false / n_hits if n_hits else 0.0
    if rows["true"].any():
        yield name, "changed taxa that are found", float(hits[rows["true"]].mean())


def test_trajectories(
    cohort: Cohort, scenario: Scenario, draw: int, permutations: int
) -> Iterator[tuple[str, str, float]]:
    """Rows of the tests over time; needs subjects with several samples that keep their group."""
    from scipy.spatial.distance import pdist, squareform

    from vagus.cohort.longitudinal import compare_trajectories
    from vagus.diversity.distances import Distances
    from vagus.study.design import StudyDesign
    from vagus.study.trajectories import make_trajectory

    counts = rarefy(cohort.counts, np.random.default_rng([draw, 7]))
    shares = counts / counts.sum(axis=1, keepdims=True)
    names = tuple(cohort.meta["sample"])
    alpha = pd.DataFrame({"sample": list(names), "observed": (counts > 0).sum(axis=1)})
    samples = make_samples(cohort.meta)
    design = StudyDesign(("group",), "subject", "time", (), permutations, draw)
    trajectory = make_trajectory(samples, design)
    if scenario.within or trajectory is None:
        return
    distances = {"braycurtis": Distances(names, squareform(pdist(shares, "braycurtis")))}
    tests = compare_trajectories(samples, trajectory, alpha, distances, design)
    for row in tests.to_dict("records"):
        if isinstance(row["test"], str):
            yield f"{row['question']}: {row['test']}", str(row["metric"]), float(row["p_value"])


Study = Callable[[Cohort, Scenario, int, int], Iterator[tuple[str, str, float]]]
STUDIES: dict[str, Study] = {
    "diversity": test_diversity,
    "distances": test_distances,
    "taxa": test_taxa,
    "trajectories": test_trajectories,
}


def run_chunk(
    base: Base, study: Study, scenario: Scenario, draws: range, permutations: int
) -> pd.DataFrame:
    """Rows of some draws."""
    rows = []
    for draw in draws:
        cohort = draw_cohort(base, scenario, np.random.default_rng([draw, 11]))
        for test, outcome, p in study(cohort, scenario, draw, permutations):
            rows.append((draw, test, outcome, p))
    return pd.DataFrame(rows, columns=["draw", "test", "outcome", "p_value"])


def run(options: argparse.Namespace, base: Base) -> None:
    """Make the chunks that are not there yet, a chunk of each scenario in turn."""
    scenarios = POWERS if options.power else NULLS
    options.folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, options.draws, CHUNK):
        for number, (title, scenario) in enumerate(scenarios.items()):
            if options.cohort not in title:
                continue
            kind = "power" if options.power else "null"
            name = f"{options.study}.{kind}.{number}.{start:04d}.tsv"
            if (options.folder / name).exists():
                continue
            draws = range(start, min(start + CHUNK, options.draws))
            rows = run_chunk(base, STUDIES[options.study], scenario, draws, options.permutations)
            rows.to_csv(options.folder / f"{name}.part", sep="\t", index=False)
            (options.folder / f"{name}.part").rename(options.folder / name)


KINDS = {
    "Mann-Whitney U": "rank test",
    "Kruskal-Wallis": "rank test",
    "Wilcoxon signed-rank": "rank test",
    "Friedman": "rank test",
    "linear model": "model",
    "mixed model": "model",
}


def read_rows(options: argparse.Namespace, kind: str) -> pd.DataFrame:
    """All rows of a study: scenario, draw, test, outcome, p_value, hit."""
    scenarios = POWERS if kind == "power" else NULLS
    parts = [
        pd.read_csv(path, sep="\t").assign(scenario=scenario)
        for number, scenario in enumerate(scenarios)
        for path in sorted(options.folder.glob(f"{options.study}.{kind}.{number}.*.tsv"))
    ]
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts)
    is_share = options.study == "taxa"
    hits = rows["p_value"] if is_share else (rows["p_value"] <= 0.05).astype(float)
    rows["hit"] = hits.where(rows["p_value"].notna())
    rows["kind"] = [KINDS.get(test, test) for test in rows["test"]]
    return rows


def report(options: argparse.Namespace) -> None:
    """Print a table for each kind, in Markdown: a row a scenario, a column a test and outcome."""
    for kind in ("null", "power"):
        rows = read_rows(options, kind)
        if not len(rows):
            continue
        print(f"\n### {options.study}, {kind}\n")
        titles = list(dict.fromkeys(zip(rows["kind"], rows["outcome"], strict=True)))
        print("| cohort | draws | " + " | ".join(f"{a}, {b}" for a, b in titles) + " |")
        print("|---" * (2 + len(titles)) + "|")
        for scenario, part in rows.groupby("scenario", sort=False):
            means = part.groupby(["kind", "outcome"])["hit"].mean()
            cells = [f"{means[key]:.3f}" if key in means else "" for key in titles]
            print(f"| {scenario} | {part['draw'].nunique()} | " + " | ".join(cells) + " |")


def main(argv: Sequence[str] | None = None) -> int:
    """Run or report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("calibration"), help="rows are here")
    parser.add_argument("--table", type=Path, help="ASV table that communities are like")
    parser.add_argument("--study", choices=list(STUDIES), default="diversity")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--cohort", default="", help="only cohorts with these words in the name")
    parser.add_argument("--permutations", type=int, default=199)
    parser.add_argument("--power", action="store_true", help="cohorts with an effect")
    parser.add_argument("--report", action="store_true", help="only print what is there")
    options = parser.parse_args(argv)
    if not options.report:
        if options.table is None and not NASAL.exists():
            print("no table of real samples here: name one with --table")
            return 0
        path = options.table or NASAL
        run(options, fit_base(path, None if options.table else choose_swabs(path)))
    report(options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
