"""Level and false share of the tests of people over time and of taxa, in simulated studies.

    python benchmarks/within_people.py --study slopes --draws 500
    python benchmarks/within_people.py --study distances --draws 400
    python benchmarks/within_people.py --study taxa --draws 60 --table genera.counts.tsv.gz

``slopes``: share of p-values at or below 0.05 of a number that varies within people and does
nothing on average: the mixed model with random intercepts, the t-test of each person's own slope,
and the within-subject model (CR2). ``distances``: the same for PERMANOVA, samples permuted within
people against signs of whole series flipped. ``taxa``: at q < 0.05, the mean share of false ones
among the taxa found, the share of the changed taxa found, studies with any false finding, and the
share of unchanged taxa whose 95 % interval of the fold contains 0, of changed ones that contain the
truth. Communities are like those of ``--table``. The last column is half the width of the 95 %
Monte-Carlo interval at 0.05 (taxa: of the false share).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

import numpy as np  # noqa: E402

from _people_over_time import (  # noqa: E402
    ERRORS,
    VISITS,
    Community,
    TaxaDraw,
    TaxaScenario,
    draw_outcomes,
    draw_series,
    draw_taxa,
    fit_community,
)

GENERA = HERE.parents[1] / "shared/data/kang_autism/genera.counts.tsv.gz"
ALONE = {n: (1,) * n for n in (40, 60, 100, 170)}
TAXA = {
    "170 people, none": TaxaScenario(ALONE[170]),
    "170 people, none, depth 1:4": TaxaScenario(ALONE[170], depth_ratio=0.25),
    "170 people, 10 % up": TaxaScenario(ALONE[170], 0.1),
    "170 people, 30 % up": TaxaScenario(ALONE[170], 0.3),
    "170 people, 30 % up, depth 1:4": TaxaScenario(ALONE[170], 0.3, depth_ratio=0.25),
    "80 + 20 people, 10 % up": TaxaScenario(ALONE[100], 0.1, second=0.2),
    "60 people, 10 % up": TaxaScenario(ALONE[60], 0.1),
    "20 + 20 people, none": TaxaScenario(ALONE[40]),
    "20 + 20 people, 30 % up": TaxaScenario(ALONE[40], 0.3),
    "60 people x 1-5 visits, 10 % up": TaxaScenario((1, 2, 3, 5) * 15, 0.1),
    "within 20 x 4, none": TaxaScenario((4,) * 20, second=None),
    "within 20 x 4, none, AR(1) 0.6, slopes 0.5": TaxaScenario((4,) * 20, second=None,
                                                               errors=(0.6, 0.5)),
    "within 20 x 4, none, slopes 1": TaxaScenario((4,) * 20, second=None, errors=(0.0, 1.0)),
    "within 2 to 9, none, AR(1) 0.6, slopes 0.5, depth 1:4": TaxaScenario(
        (2, 3, 5, 9) * 5, second=None, errors=(0.6, 0.5), depth_ratio=0.5),
    "within 20 x 4, 10 % up 2-fold a unit": TaxaScenario((4,) * 20, 0.1, 2.0, None),
    "within 20 x 4, 30 % up, AR(1) 0.6, slopes 0.5": TaxaScenario((4,) * 20, 0.3, 2.0, None,
                                                                  errors=(0.6, 0.5)),
    "within 9 x 12, 10 % up, AR(1) 0.6": TaxaScenario((12,) * 9, 0.1, 2.0, None,
                                                      errors=(0.6, 0.0)),
}  # fmt: skip


def measure_slopes(draws: int) -> None:
    """Outcomes of one x are drawn by ten; each counts."""
    from scipy.stats import ttest_1samp

    from vagus.cohort.clustered_models import fit_clustered
    from vagus.cohort.mixed_models import fit_mixed
    from vagus.statistics.count_scores import drop_means, sum_people

    print("| people | errors | tests | mixed model | own slopes, t | within-subject model | +- |")
    print("|---" * 7 + "|")
    for title, visits in VISITS.items():
        people = np.repeat(np.arange(len(visits)), visits)
        for name, kind in ERRORS.items():
            p: list[list[float]] = [[], [], []]
            for draw in range(-(-draws // 10)):
                rng = np.random.default_rng([draw, 31])
                x = draw_series(rng, visits, 1, kind[0])
                y = draw_outcomes(rng, visits, x, 10, kind)
                own_x, own_y = drop_means(x, people), drop_means(y, people)
                design = np.column_stack([np.ones(len(x)), x])
                p[0] += list(fit_mixed(design, y, people, np.eye(2)[1:]).p_values[0])
                slopes = sum_people(own_x * own_y, people) / sum_people(own_x**2, people)
                p[1] += list(ttest_1samp(slopes, 0).pvalue)
                p[2] += list(fit_clustered(own_x, own_y, people, np.eye(1)).p_values[0])
            _print_row([title, name, str(len(p[0]))], p)


def _print_row(words: list[str], p_values: list[list[float]]) -> None:
    rates = [f"{np.mean(np.array(p) <= 0.05):.3f}" for p in p_values]
    reach = 1.96 * (0.05 * 0.95 / len(p_values[-1])) ** 0.5
    print("| " + " | ".join([*words, *rates, f"{reach:.3f}"]) + " |", flush=True)


def measure_distances(draws: int) -> None:
    """Five principal coordinates of equal weight."""
    from vagus.cohort.partial_permanova import TermColumns, measure_term
    from vagus.cohort.series_flips import flip_series
    from vagus.statistics.rank_tests import PermutationPlan

    print("| people | errors | tests | permuted within people | series flipped | +- |")
    print("|---" * 6 + "|")
    for title, visits in VISITS.items():
        people = np.repeat(np.arange(len(visits)), visits)
        dummies = np.eye(len(visits))[people]
        for name, kind in ERRORS.items():
            p: list[list[float]] = [[], []]
            for draw in range(draws):
                rng = np.random.default_rng([draw, 32])
                x = draw_series(rng, visits, 1, kind[0])
                y = draw_outcomes(rng, visits, x, 5, kind)
                y -= y.mean(axis=0)
                gower, plan = y @ y.T, PermutationPlan(199, (draw, 1))
                if draw < draws // 4:  # slow, and known to fail
                    columns = TermColumns(x, dummies, np.zeros((len(x), 0)), people)
                    found = measure_term(gower, columns, plan)
                    p[0].append(found.p_value if found else 1.0)
                p[1].append(flip_series(gower, x, dummies, people, plan).p_value)
            _print_row([title, name, f"{len(p[0])}, {len(p[1])}"], p)


def list_p_values(drawn: TaxaDraw, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """P-values of each method for the taxa of a tenth of the samples, and which taxa they are."""
    from vagus.cohort.abundance_methods import fit_clr, run_ancombc
    from vagus.statistics.count_tests import CountDesign, compare_counts
    from vagus.study.model_frame import ModelFrame, Term

    kept = (drawn.counts > 0).mean(axis=0) >= 0.1
    counts = np.column_stack([drawn.counts[:, kept], drawn.counts[:, ~kept].sum(axis=1)])
    n, x = len(drawn.x), drawn.x[:, None]
    is_number = len(np.unique(x)) > 2
    within = is_number
    design = "within" if within else "independent" if n == drawn.people.max() + 1 else "between"
    frame = ModelFrame(Term("x", x, () if is_number else ("a", "b")), (), design,
                       tuple(map(str, range(n))), drawn.people)  # fmt: skip
    nuisance = np.zeros((n, 0)) if within else np.ones((n, 1))
    test = compare_counts(
        counts[:, :-1], counts.sum(axis=1), CountDesign(nuisance, x, drawn.people, within), (seed,)
    )
    folds = drawn.folds[kept]
    covered = (test.low[0] <= folds) & (folds <= test.high[0])
    methods = {
        "count test": test.p_values[0],
        "reference off by 0.25": test.shifted[0.25][0],
        "reference off by 0.5": test.shifted[0.5][0],
        "CLR": fit_clr(counts, frame)[0].p_values,
    }
    if not within:
        methods["ANCOM-BC"] = run_ancombc(counts, frame)[0].p_values
    methods["covered"] = covered.astype(float)
    return methods, kept


def measure_taxa(draws: int, base: Community, words: str) -> None:
    """A row a scenario and method."""
    from vagus.cohort.multiple_testing import adjust_p_values

    print("| study | draws | method | false share | found | any false | null p <= 0.05 | "
          "covered: unchanged, changed | +- |")  # fmt: skip
    print("|---" * 9 + "|")
    for number, (title, scenario) in enumerate(TAXA.items()):
        if words not in title:
            continue
        rows: dict[str, list[tuple[float, ...]]] = {}
        for draw in range(draws):
            drawn = draw_taxa(np.random.default_rng([draw, 33, number]), base, scenario)
            methods, kept = list_p_values(drawn, draw)
            changed = drawn.folds[kept] > 0
            covered = methods.pop("covered")
            for name, p in methods.items():
                hits = adjust_p_values(p) < 0.05
                n_false = int((hits & ~changed).sum())
                rows.setdefault(name, []).append((
                    n_false / max(int(hits.sum()), 1),
                    float(hits[changed].mean()) if changed.any() else np.nan,
                    float(n_false > 0), float((p[~changed] <= 0.05).mean()),
                    float(covered[~changed].mean()),
                    float(covered[changed].mean()) if changed.any() else np.nan,
                ))  # fmt: skip
        for name, of_method in rows.items():
            table = np.array(of_method)
            means, reach = table.mean(axis=0), 1.96 * table[:, 0].std() / draws**0.5
            cover = f"{means[4]:.2f}, {means[5]:.2f}" if name == "count test" else ""
            cells = [f"{value:.3f}" for value in means[:4]]
            print(f"| {title} | {draws} | {name} | " + " | ".join(cells)
                  + f" | {cover} | {reach:.3f} |", flush=True)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Print one study as a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", choices=["slopes", "distances", "taxa"], default="slopes")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--table", type=Path, default=GENERA, help="counts, a row a sample")
    parser.add_argument("--only", default="", help="only studies of taxa with these words")
    options = parser.parse_args(argv)
    if options.study == "slopes":
        measure_slopes(options.draws)
    elif options.study == "distances":
        measure_distances(options.draws)
    elif options.table.exists():
        measure_taxa(options.draws, fit_community(options.table), options.only)
    else:
        print("no table of real samples here: name one with --table")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
