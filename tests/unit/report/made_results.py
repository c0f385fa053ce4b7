"""Tables of the diversity and cohort stages of a made study, and of its truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from unit.report.made_taxonomy import RANKS
from vagus.report.inputs import find_table
from vagus.tables import write_table
from vagus.tables.stages.cohort import BETA_TESTS
from vagus.tables.stages.diversity import EXCLUDED, EXPLAINED, RAREFACTION

if TYPE_CHECKING:
    from unit.report.made_study import MadeStudy

METRICS = ("braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac", "aitchison")


def write_diversity(study: MadeStudy) -> None:
    totals = study.counts.sum()
    kept = [n for n in study.names if totals[n] >= 500]
    depth = int(min((totals[n] for n in kept), default=0))
    study.alpha = _make_alpha(study, kept, depth)
    everyone = pd.DataFrame({"sample": study.names, "reads": [int(totals[n]) for n in study.names]})
    values = study.alpha.drop(columns=["reads", "depth"])
    everyone = everyone.assign(depth=depth).merge(values, how="left", on="sample")
    study.write("diversity/alpha", everyone)
    observed = study.alpha["observed"]
    curve = [(n, d, "observed", o * (1 - np.exp(-d / 300)), 0.5)
             for n, o in zip(kept, observed, strict=True)
             for d in np.linspace(1, totals[n], 12).astype(int)]  # fmt: skip
    curve += [(n, d, "shannon", v / 20, 0.1) for n, d, _, v, _ in curve]
    study.write("diversity/rarefaction", pd.DataFrame(
        curve, columns=RAREFACTION.names))  # fmt: skip
    gone = [(n, f"{totals[n]} reads are fewer than {depth}") for n in study.names if n not in kept]
    study.write("diversity/excluded", pd.DataFrame(gone, columns=EXCLUDED.names))
    _write_ordinations(study, kept)


def _make_alpha(study: MadeStudy, kept: list[str], depth: int) -> pd.DataFrame:
    """Values of the samples that are deep enough."""
    totals = study.counts.sum()
    share = study.counts[kept] / totals[kept]
    alpha = pd.DataFrame({"sample": kept, "reads": [int(totals[n]) for n in kept], "depth": depth})
    entropy = np.array([-sum(p * np.log(p) for p in share[n] if p > 0) for n in kept])
    observed = np.array([(study.counts[n] > 0).sum() for n in kept], dtype=float)
    alpha["observed"], alpha["chao1"], alpha["shannon"] = observed, observed + 2, entropy
    alpha["simpson"] = [1 - float((share[n] ** 2).sum()) for n in kept]
    alpha["hill_1"], alpha["hill_2"] = np.exp(entropy), 1 / (1 - alpha["simpson"])
    alpha["pielou"] = entropy / np.log(observed.clip(2))
    alpha["faith_pd"] = observed * 0.11
    return alpha


def _write_ordinations(study: MadeStudy, kept: list[str]) -> None:
    """Random axes of every metric; all samples equally far from each other."""
    axes = min(5, max(0, len(kept) - 1))
    explained = []
    for metric in METRICS:
        points = study.random.normal(size=(len(kept), axes))
        table = pd.DataFrame(points, columns=[f"PC{i + 1}" for i in range(axes)])
        table.insert(0, "sample", kept)
        study.write(f"diversity/ordination_{metric}", table)
        beta = pd.DataFrame(0.5 * (1 - np.eye(len(kept))), columns=kept)
        beta.insert(0, "sample", kept, allow_duplicates=True)
        study.write(f"diversity/beta_{metric}", beta)
        explained += [(metric, f"PC{i + 1}", 0.31 / (i + 1), 1.0, 0.02) for i in range(axes)]
    table = pd.DataFrame(explained, columns=EXPLAINED.names)
    study.write("diversity/ordination_explained", table)


def write_cohort(study: MadeStudy) -> None:
    """Alpha tests of which one metric differs; beta tests of which centres differ."""
    alpha = [
        ("group", metric, "Mann-Whitney U", "case;control", "case:6;control:6", 7.0, p,
         min(1, 2 * p), 0.41, "rank-biserial correlation", "exact p-value")
        for metric, p in (("observed", 0.004), ("shannon", 0.31), ("faith_pd", 0.77))
    ]  # fmt: skip
    columns = ["variable", "metric", "test", "groups", "n", "statistic", "p_value", "q_value",
               "effect", "effect_name", "note"]  # fmt: skip
    study.write("cohort/alpha_tests", pd.DataFrame(alpha, columns=columns))
    beta = [
        ("group", metric, test, "case:12;control:12", "case;control", 1.7, p, min(1, p * 1.5), 999,
         effect, "R2" if effect else "", "permuted between subjects")
        for metric in METRICS
        for test, p, effect in (("PERMANOVA", 0.001, 0.083), ("PERMDISP", 0.44, None))
    ]  # fmt: skip
    study.write("cohort/beta_tests", pd.DataFrame(beta, columns=BETA_TESTS.names))


DEPTH_CLASSES = (
    ("1", 10, 0), ("2-4", 10, 6), ("5-9", 8, 8), ("10-19", 6, 6), ("20-49", 4, 4), ("50+", 8, 7),
)  # fmt: skip
"""Reads of a variant in its sample, true variants, and those of them that were found."""


def write_truth(study: MadeStudy) -> Path:
    """Tables of a comparison with the truth: 30 of 40 variants recovered, 2 ASVs false."""
    folder = study.results / "demo"
    scopes = ("(pooled)", *study.names[:2])
    depth = [(s, d, n, k, k / n) for s in scopes for d, n, k in DEPTH_CLASSES]
    samples = [(s, 2000, 1800, 46, 33, 31, 2, 17, 0, 0.998, 0.04) for s in scopes]
    false = [("f" * 32, 12, 1, 1450, "a" * 32, "s__Blautia a", 1, "few errors"),
             ("e" * 32, 5, 1, 1450, "b" * 32, "Blautia <b>", 9, "bimera")]  # fmt: skip
    names = [(r, 31, 30 - i, 29 - i, 1800, 1700, 1600, 1700 / 1800, 1600 / 1800, 1600 / 1700)
             for i, r in enumerate(RANKS)]  # fmt: skip
    for name, rows in (
        ("by_depth", depth), ("by_sample", samples), ("false", false), ("taxonomy", names),
    ):  # fmt: skip
        table = find_table(f"demo/truth_{name}.tsv")
        write_table(pd.DataFrame(rows, columns=table.names), folder / f"truth_{name}.tsv", table)
    return folder
