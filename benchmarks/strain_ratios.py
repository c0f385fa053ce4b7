"""Error rates of the rule that distinguishes copies of one genome from strains.

Simulates pairs of ASVs over samples: reads of both vary log-normally (sd 1 around the median
given), the share of one varies on the log scale by the sd given. Copies have an sd of at most
0.15, strains one of ln 2 or more. Counts under 20 are set to 0, as a denoiser does beside a near
variant that is more abundant. Prints how many in a hundred are judged constant and varying.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import numpy as np

from vagus.taxonomy.ratios import CONSTANT, VARYING, compare_ratios

DETECTED = 20
SDS = (0.0, 0.1, 0.15, float(np.log(2)), 1.0, 2.0)


def judge(
    generator: np.random.Generator, n_samples: int, reads: int, share: float, sd: float
) -> str:
    """Verdict on one simulated pair."""
    total = generator.poisson(reads * np.exp(generator.normal(0, 1, n_samples)))
    logit = np.log(share / (1 - share)) + generator.normal(0, sd, n_samples)
    one = generator.binomial(total, 1 / (1 + np.exp(-logit)))
    two = total - one
    one[one < DETECTED], two[two < DETECTED] = 0, 0
    return compare_ratios(one, two, 4).verdict


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000, help="pairs of each kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of the simulation")
    arguments = parser.parse_args(argv)
    generator = np.random.default_rng(arguments.seed)
    titles = [f"sd {sd:.2f} {verdict} %" for sd in SDS for verdict in (CONSTANT, VARYING)]
    print("\t".join(["samples", "median_reads", "share", *titles]))
    for n_samples, reads, share in product((4, 8, 12, 24), (100, 300, 1000), (1 / 2, 1 / 7)):
        cells = []
        for sd in SDS:
            counts = Counter(
                judge(generator, n_samples, reads, share, sd) for _ in range(arguments.pairs)
            )
            cells += [f"{100 * counts[v] / arguments.pairs:.1f}" for v in (CONSTANT, VARYING)]
        print("\t".join([str(n_samples), str(reads), f"{share:.2f}", *cells]), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
