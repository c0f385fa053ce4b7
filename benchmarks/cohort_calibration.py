"""Do the cohort tests hold their level, and what do they find? Simulated cohorts, 500 draws each.

Communities are Dirichlet-multinomial, with the mean shares and the overdispersion of a real or a
given ASV table (``--table``; moments). Subjects differ by that overdispersion, samples of a
subject by a tenth of it. Without an effect, the share of p-values at or below 0.05 should be
0.05; with 500 draws it lies between 0.035 and 0.065 nineteen times in twenty, and more. Rows are
kept in ``--folder``, draw by draw, so that a run that was stopped goes on; ``--report`` writes
the tables of what is there.

Programs of the product are called as the workflow calls them, on tables rarefied to the lowest
depth, as the diversity stage does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

NASAL = HERE.parents[1] / "shared/data/nasal_table/FL16S.counts.tsv"
CHUNK = 20
WITHIN = 10.0
N_EFFECT_TAXA = 10


@dataclass(frozen=True)
class Scenario:
    """One kind of cohort.

    ``subjects`` of each group; ``samples`` of each subject, in turn; ``within``: the group
    changes within subjects; ``depth_ratio``: depth of the second group over the first;
    ``age_effect``: groups differ in age, and age shifts the community; ``effect``: log fold
    change of some taxa in the second group.
    """

    subjects: tuple[int, ...]
    samples: tuple[int, ...] = (1,)
    within: bool = False
    depth_ratio: float = 1.0
    age_effect: float = 0.0
    effect: float = 0.0
    depth: int = 3000


NULLS = {
    "8 + 8 samples": Scenario((8, 8)),
    "15 + 15 samples, depth 1:4": Scenario((15, 15), depth_ratio=4.0),
    "6 + 6 + 6 samples": Scenario((6, 6, 6)),
    "6 + 6 subjects, 2 samples each": Scenario((6, 6), (2,)),
    "8 + 8 subjects, 1-3 samples, depth 1:4": Scenario((8, 8), (1, 3, 2), depth_ratio=4.0),
    "12 subjects, 2 conditions": Scenario((12,), (2,), within=True),
    "10 subjects, 3 conditions, depth 1:4": Scenario((10,), (3,), within=True, depth_ratio=4.0),
    "15 + 15 samples, age differs and acts": Scenario((15, 15), age_effect=1.0),
    "8 + 8 subjects, 3 times": Scenario((8, 8), (3,)),
}
POWERS = {
    f"{n} + {n} samples, {fold:g}-fold": Scenario((n, n), effect=float(np.log(fold)))
    for n in (10, 20, 40)
    for fold in (2, 4, 8)
}


@dataclass(frozen=True)
class Base:
    """Mean shares of taxa and the concentration of subjects around them."""

    shares: np.ndarray
    concentration: float


def fit_base(path: Path, names: Sequence[str] | None = None) -> Base:
    """Shares and moment estimate of the concentration from a table with a column a sample."""
    table = pd.read_csv(path, sep="\t", index_col=0)
    counts = table[list(names)] if names else table
    matrix = counts.to_numpy(dtype=float).T
    matrix = matrix[matrix.sum(axis=1) > 500]
    matrix = matrix[:, (matrix > 0).sum(axis=0) >= 2]
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    mean = shares.mean(axis=0)
    spread = shares.var(axis=0, ddof=1).sum() / (mean * (1 - mean)).sum()
    return Base(mean, 1 / spread - 1)


def choose_swabs(path: Path) -> list[str]:
    """Nasal swabs of the shared table: no controls, no mocks."""
    meta = pd.read_csv(path.parent / "FL16S_meta.tsv", sep="\t", skiprows=[1], dtype=str)
    return meta.loc[meta["Type"].str.contains("Swab"), "sample-id"].tolist()


@dataclass(frozen=True)
class Cohort:
    """Counts (n, n_taxa) and what is known of the samples; ``changed`` taxa truly differ."""

    counts: np.ndarray
    meta: pd.DataFrame
    changed: np.ndarray


def draw_cohort(base: Base, scenario: Scenario, rng: np.random.Generator) -> Cohort:
    """One simulated cohort."""
    rows, meta = [], []
    changed = rng.choice(np.argsort(-base.shares)[:60], N_EFFECT_TAXA, replace=False)
    signs = np.where(np.arange(N_EFFECT_TAXA) % 2 == 0, 1.0, -1.0)
    person = 0
    for group, n_subjects in enumerate(scenario.subjects):
        for _ in range(n_subjects):
            age = rng.normal(40 + 8 * group * (scenario.age_effect > 0), 8)
            shift = np.zeros(base.shares.size)
            shift[changed] = signs * scenario.age_effect * (age - 40) / 8
            n_samples = scenario.samples[person % len(scenario.samples)]
            own = draw_shares(rng, base.shares * np.exp(shift), base.concentration)
            for time in range(n_samples):
                level = time if scenario.within else group
                mine = own.copy()
                mine[changed] *= np.exp(signs * scenario.effect * (level == 1))
                if len(scenario.samples) > 1 or n_samples > 1:
                    mine = draw_shares(rng, mine, WITHIN * (base.concentration + 1))
                ratio = scenario.depth_ratio if level == 1 else 1.0
                depth = int(scenario.depth * ratio * rng.lognormal(0, 0.3))
                rows.append(rng.multinomial(depth, mine / mine.sum()))
                meta.append((f"P{person:02d}", f"t{time}", f"g{level}", f"{age:.1f}"))
            person += 1
    frame = pd.DataFrame(meta, columns=["subject", "time", "group", "age"])
    frame.insert(0, "sample", [f"S{index:03d}" for index in range(len(rows))])
    return Cohort(np.array(rows), frame, changed)


def draw_shares(rng: np.random.Generator, mean: np.ndarray, concentration: float) -> np.ndarray:
    """Dirichlet shares around ``mean``; taxa that vanish get next to nothing."""
    weights = rng.standard_gamma(concentration * mean / mean.sum() + 1e-12)
    total = weights.sum()
    return weights / total if total > 0 else mean / mean.sum()


def rarefy(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Every sample at the lowest depth."""
    depth = int(counts.sum(axis=1).min())
    return np.array([rng.multivariate_hypergeometric(row, depth) for row in counts])


def make_samples(meta: pd.DataFrame) -> list:
    """Rows of a sample sheet."""
    from vagus.config.samples import Sample

    return [
        Sample(row["sample"], row["sample"], (), metadata={
            key: row[key] for key in ("subject", "time", "group", "age")
        })
        for row in meta.to_dict("records")
    ]  # fmt: skip


def make_design(scenario: Scenario, draw: int, permutations: int):  # type: ignore[no-untyped-def]
    """The design as a user would give it."""
    from vagus.cohort.study_design import StudyDesign

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
    shares = counts / counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(np.where(shares > 0, shares * np.log(shares), 0.0), axis=1)
    alpha = pd.DataFrame(
        {
            "sample": cohort.meta["sample"],
            "observed": (counts > 0).sum(axis=1),
            "shannon": entropy,
            "hill_1": np.exp(entropy),
            "hill_2": 1 / (shares**2).sum(axis=1),
        }
    )
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
    from vagus.diversity.count_table import CountTable

    names = [f"t{index:04d}" for index in range(cohort.counts.shape[1])]
    table = CountTable.from_counts(cohort.meta["sample"].tolist(), names, cohort.counts)
    design = make_design(scenario, draw, permutations)
    found = compare_taxa(make_samples(cohort.meta), table, design, "asv", 0.1)
    changed = {names[index] for index in cohort.changed} if scenario.effect else set()
    found["true"] = found["taxon"].isin(changed)
    for method, rows in found.groupby("method", sort=False):
        yield from _score(str(method), rows, rows["q_value"] < 0.05)
    whole = found[found["method"].str.startswith("CLR")]
    yield from _score("all methods", whole, whole["consensus"].str.startswith("all"))
    two = (whole["found_by"] >= 2) & (whole["consensus"] != "contradictory")
    yield from _score("two or more methods", whole, two)


def _score(name: str, rows: pd.DataFrame, hits: pd.Series) -> Iterator[tuple[str, str, float]]:
    null = rows[~rows["true"]]
    if not name.endswith("methods"):
        yield name, "rate of p <= 0.05 among unchanged", float((null["p_value"] <= 0.05).mean())
    n_hits, n_false = int(hits.sum()), int((hits & ~rows["true"]).sum())
    yield name, "false share of found", n_false / n_hits if n_hits else 0.0
    if rows["true"].any():
        yield name, "changed taxa that are found", float(hits[rows["true"]].mean())


def test_courses(
    cohort: Cohort, scenario: Scenario, draw: int, permutations: int
) -> Iterator[tuple[str, str, float]]:
    """Rows of the tests over time; needs subjects with several samples that keep their group."""
    from scipy.spatial.distance import pdist, squareform

    from vagus.cohort.courses import make_course
    from vagus.cohort.longitudinal import compare_courses
    from vagus.cohort.study_design import StudyDesign
    from vagus.diversity.distances import Distances

    counts = rarefy(cohort.counts, np.random.default_rng([draw, 7]))
    shares = counts / counts.sum(axis=1, keepdims=True)
    names = tuple(cohort.meta["sample"])
    alpha = pd.DataFrame({"sample": list(names), "observed": (counts > 0).sum(axis=1)})
    samples = make_samples(cohort.meta)
    course = make_course(samples, "subject", "time")
    if scenario.within or course is None:
        return
    distances = {"braycurtis": Distances(names, squareform(pdist(shares, "braycurtis")))}
    design = StudyDesign(("group",), "subject", "time", (), permutations, draw)
    tests = compare_courses(samples, course, alpha, distances, design)
    for row in tests.to_dict("records"):
        if isinstance(row["test"], str):
            yield f"{row['question']}: {row['test']}", str(row["metric"]), float(row["p_value"])


Study = Callable[[Cohort, Scenario, int, int], Iterator[tuple[str, str, float]]]
STUDIES: dict[str, Study] = {
    "diversity": test_diversity,
    "distances": test_distances,
    "taxa": test_taxa,
    "courses": test_courses,
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
