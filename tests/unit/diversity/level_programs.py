"""The diversity programs that work on several levels, called with files in the usual places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import estimate_hill
import measure_alpha
import measure_beta
import ordinate_samples


def name_levels(option: str, out: str, levels: Sequence[str], name: str) -> list[str]:
    """The option for a file of this name of the ASVs, in ``out``, and of each level, below it."""
    words = [f"{option}=asv={out}/{name}"]
    return words + [f"{option}={level}={out}/{level}/{name}" for level in levels]


def name_metrics(stem: str, out: str, levels: Sequence[str], metrics: Sequence[str]) -> list[str]:
    """The option for the file of each distance of each level; taxa have no UniFrac."""
    words = [f"--{stem}=asv/{metric}={out}/{stem}_{metric}.tsv" for metric in metrics]
    for level in levels:
        own = [metric for metric in metrics if "unifrac" not in metric]
        words += [f"--{stem}={level}/{m}={out}/{level}/{stem}_{m}.tsv" for m in own]
    return words


def run_levels(
    table: str, out: str, levels: Sequence[str], shared: Sequence[str], metrics: Sequence[str],
    controls: Sequence[str] = (),
) -> None:  # fmt: skip
    """Hill numbers, alpha and beta diversity, ordination; ``shared`` has the tree and the plan."""
    taxa = {level: f"{Path(out).parent}/selection/composition_{level}.tsv" for level in levels}
    tables = [f"--table={level}={path}" for level, path in {"asv": table, **taxa}.items()]
    hill = name_levels("--hill", out, levels, "hill.tsv")
    curves = name_levels("--curves", out, levels, "hill_curves.tsv")
    assert estimate_hill.main([*tables, *hill, *curves, *controls]) == 0
    given = [f"--asv-table={table}", *shared]
    given += [f"--level-table={level}={path}" for level, path in taxa.items()]
    alpha = name_levels("--alpha", out, levels, "alpha.tsv")
    alpha += name_levels("--unrarefied", out, levels, "alpha_unrarefied.tsv")
    assert measure_alpha.main([*given, *alpha]) == 0
    beta = name_metrics("beta", out, levels, metrics)
    assert measure_beta.main([*given, *beta]) == 0
    made = name_metrics("ordination", out, levels, metrics)
    made += name_metrics("biplot", out, levels, metrics)
    made += name_metrics("nmds", out, levels, metrics)
    made += name_levels("--explained", out, levels, "ordination_explained.tsv")
    made += name_levels("--stress", out, levels, "nmds_stress.tsv")
    plan = [word for word in shared if not word.startswith("--tree")]
    assert ordinate_samples.main([*tables, *plan, *beta, *made]) == 0
