"""Priors against R dada2's argument ``priors``, variant by variant, under equal error rates.

Simulated gut-like samples with known truth. The rates are learned by us and given to both; the
priors are every other true variant, so that some are found without them, some only with them,
and some have no read at all. Needs Rscript with the package dada2, otherwise it reports that and
skips.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SETS = ("gut_1500_100", "gut_2000_200", "gut_3000_150")


def compare(name: str, folder: Path) -> dict[str, object]:
    """Denoise one set with and without priors in both programs."""
    from dada_sets import make_set
    from vagus.dada.comparisons import Comparisons
    from vagus.dada.learning import learn_rates
    from vagus.dada.settings import DadaSettings, LearningSettings
    from vagus.dada.variants import denoise_sample
    from vagus.reads.uniques import Uniques

    read_set = make_set(name, folder)
    uniques = Uniques.load(f"{read_set.fastq}.npz")
    settings = DadaSettings()
    plan = LearningSettings(learn_from="all")
    model = learn_rates([Comparisons(uniques, settings)], "full", settings, learning=plan).model
    assert read_set.truth is not None
    priors = sorted(text for text, (_, is_variant) in read_set.truth.items() if is_variant)[::2]
    theirs = run_dada2(read_set.fastq, model.rates, priors, folder)
    alone = denoise_sample(uniques, model, settings).variants
    ours = denoise_sample(uniques, model, settings, priors).variants.set_index("sequence")
    common = ours.index.intersection(theirs.index)
    return {
        "set": name,
        "priors": len(priors),
        "without_priors": len(alone),
        "vagus": len(ours),
        "dada2": len(theirs),
        "in_common": len(common),
        "equal_counts": int((ours.loc[common, "reads"] == theirs.loc[common, "denoised"]).sum()),
        "true": len(set(ours.index) & set(read_set.truth)),
    }


def run_dada2(fastq: Path, rates: np.ndarray, priors: list[str], folder: Path) -> pd.DataFrame:
    """Variants that R finds with these rates and priors, by sequence."""
    import pandas as pd

    from _measured import run_measured
    from compare_with_dada2 import R_PROGRAM

    (folder / "priors.txt").write_text("".join(f"{text}\n" for text in priors))
    pd.DataFrame(rates).to_csv(folder / "rates.tsv", sep="\t", index=False)
    command = ["Rscript", str(R_PROGRAM), str(fastq), str(folder), "pacbio"]
    run_measured([*command, str(folder / "rates.tsv"), str(folder / "priors.txt")])
    return pd.read_csv(folder / "variants.tsv", sep="\t").set_index("sequence")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=SETS, help="see dada_sets.py")
    arguments = parser.parse_args(argv)
    import pandas as pd

    from compare_with_dada2 import find_dada2

    if find_dada2() is None:
        print("skipped: Rscript with the package dada2 is not on the path")
        return 0
    rows = []
    for name in arguments.sets:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(compare(name, Path(folder)))
    print(pd.DataFrame(rows).to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
