"""What the phase engine makes of chimeras, of errors bound to one strand, and of poor reads.

Three tables on simulated ONT reads of the gut community, one row a sample and treatment:

- ``strands``: a share of all 11-mers errs at the given rates when read on one strand; with the
  learned contexts and the strand test, with either, with neither (measure: contexts learned);
- ``chimeras``: share of chimeric reads; false and lost variants when nothing is removed, when
  distant bimeras are (what one sample allows), and when close ones are as well (measure:
  simulated chimeras left);
- ``accuracy``: quality of the reads by their mean error; whether they are refused, recovered and
  false variants where they are not (measure: errors per base of the assigned reads).

*Lost* are true variants of 5 and more reads that are not found, *false* those found that are
neither true nor simulated chimeras.

    python benchmarks/phase_robustness.py --tables strands --depth 10000 --seeds 1 2
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _phase_sets import HEAD, MadeSet, Truth, judge, show

if TYPE_CHECKING:
    from vagus.phase.error_model import PhaseErrorModel
    from vagus.reads.uniques import Uniques

HOT = ((0.0008, (0.05, 0.19)), (0.004, (0.05, 0.19)), (0.004, (0.1, 0.3)))
"""Shares of 11-mers that err on one strand, and their rates: as in real reads, and far worse."""
CHIMERA_RATES = (0.0, 0.01, 0.03, 0.1)
QUALITY_FLOORS = (6, 8, 10, 11, 12, 13, 15, 18)
NO_STRAND_TEST = 1e100
BIMERAS = {"nothing": (), "distant": ("bimera",), "distant and close": ("bimera", "close_bimera")}


def simulate(made: MadeSet, folder: Path) -> tuple[Uniques, Truth]:
    """One sample in memory."""
    from vagus.reads.uniques import Uniques

    [path] = made.make(folder)
    return Uniques.load(path), Truth.read(folder)


def show_strands(depth: int, seed: int) -> None:
    """Errors bound to one strand."""
    from vagus.phase.denoising import denoise
    from vagus.phase.learning import learn_phase_errors
    from vagus.phase.settings import PhaseSettings

    for share, rates in HOT:
        made = MadeSet(depth=depth, seed=seed, changes={"hot_share": share, "hot_rate": rates})
        with tempfile.TemporaryDirectory() as temporary:
            uniques, truth = simulate(made, Path(temporary) / "set")
        settings = PhaseSettings()
        model = learn_phase_errors([uniques], settings)
        lenient = replace(settings, max_strand_odds=NO_STRAND_TEST)
        blind = replace(model, contexts=())
        for name, used, chosen in (
            ("contexts and strands", model, settings), ("strands", blind, settings),
            ("contexts", model, lenient), ("neither", blind, lenient),
        ):  # fmt: skip
            verdict = judge(denoise(uniques, used, chosen).variants, truth)
            show("strands", depth, seed, f"{share:g} of 11-mers, {rates[0]:g}-{rates[1]:g}", name,
                 len(used.contexts), verdict.n_false, verdict.n_lost, *verdict.cells())  # fmt: skip


def show_chimeras(depth: int, seed: int) -> None:
    """Chimeric reads."""
    from vagus.phase.denoising import denoise
    from vagus.phase.settings import PhaseSettings

    for rate in CHIMERA_RATES:
        made = MadeSet(depth=depth, seed=seed, chimera_rate=rate)
        with tempfile.TemporaryDirectory() as temporary:
            uniques, truth = simulate(made, Path(temporary) / "set")
        variants = denoise(uniques, None, PhaseSettings()).variants
        for name, without in BIMERAS.items():
            verdict = judge(variants, truth, without)
            show("chimeras", depth, seed, f"{100 * rate:g} % of reads", name, verdict.chimeras,
                 verdict.n_false, verdict.n_lost, *verdict.cells())  # fmt: skip


def show_accuracy(depth: int, seed: int) -> None:
    """Reads of low quality."""
    from vagus.phase.denoising import denoise
    from vagus.phase.read_set import ReadSet
    from vagus.phase.settings import PhaseSettings

    for floor in QUALITY_FLOORS:
        made = MadeSet(depth=depth, seed=seed, changes=make_poor(floor))
        with tempfile.TemporaryDirectory() as temporary:
            uniques, truth = simulate(made, Path(temporary) / "set")
        promised = float(np.median(ReadSet.from_uniques(uniques).error_rates))
        sample = denoise(uniques, model_of(uniques), PhaseSettings())
        verdict = judge(sample.variants, truth)
        plain = judge(sample.variants, truth, ("bimera", "ambiguous"))
        what = f"Q{-10 * np.log10(promised):.1f}, {100 * promised:.1f} % errors promised"
        told = sample.losses["measured_error_rate"]
        measure = "" if told is None else f"{100 * told:.2f} %"
        reason = "refused: " + sample.losses["reason"].split(",")[0]
        show("accuracy", depth, seed, what, reason if told is None else "denoised", measure,
             f"{verdict.n_false} ({plain.n_false} not flagged)", verdict.n_lost,
             *verdict.cells())  # fmt: skip


def make_poor(floor: int) -> dict[str, object]:
    """Changes of the ONT model: besides the usual spots, every base has Q floor to floor + 12."""
    qualities = np.arange(floor, floor + 13)
    return {
        "background": (floor, floor + 12),
        "top_quality": floor + 12,
        "top_share": 0.01,
        "median_errors": 6.0 + 1450 * float(np.mean(10.0 ** (-qualities / 10))),
    }


def model_of(uniques: Uniques) -> PhaseErrorModel:
    """Error model of one sample."""
    from vagus.phase.learning import learn_phase_errors
    from vagus.phase.settings import PhaseSettings

    return learn_phase_errors([uniques], PhaseSettings())


TABLES = {"strands": show_strands, "chimeras": show_chimeras, "accuracy": show_accuracy}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", nargs="+", default=list(TABLES), choices=list(TABLES))
    parser.add_argument("--depth", type=int, default=5000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    arguments = parser.parse_args()
    show("table", "depth", "seed", "what", "treatment", "measure", "false", "lost", *HEAD)
    for table in arguments.tables:
        for seed in arguments.seeds:
            TABLES[table](arguments.depth, seed)


if __name__ == "__main__":
    main()
