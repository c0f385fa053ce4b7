"""True and false variants of the dada engine at several levels of evidence (omega_A).

Sets are named ``gut_READS_VARIANTS`` or ``mock_READS`` (see ``dada_sets.py``), with any of:
``_pcrRxM``: 25 cycles of PCR with 1e-R errors a base and copy and M reads a starting molecule;
``_chimC``: C % chimeras (else 1 %); ``_binned7``: Revio's seven qualities. Truth is what was drawn:
a variant, a mutant of the PCR, a chimera; anything else is an error of sequencing or of the ends of
reads. A level is learned from and denoised with, as a run does it; ``dada2`` and ``high`` are the
values of ``denoise.sensitivity``. Chimeras are removed as in a study of this one sample.

``--stool FOLDER`` takes real reads (one file a sample) instead: variants, and of those that only
a lower level calls, the share that occurs as an exact read in another sample.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent / "scripts"
sys.path[:0] = [str(SCRIPTS), str(HERE)]

from _measured import run_measured  # noqa: E402
from dada_sets import BINNED, filter_reads, make_gut, make_mock  # noqa: E402

LEVELS = ("dada2", "1e-30", "1e-20", "1e-15", "1e-10", "1e-7", "1e-5")
SETS = (
    "gut_1000_200_pcr6x1", "gut_4000_300_pcr5x5", "gut_16000_460_pcr6x1",
    "gut_16000_460_pcr5x5_chim5", "gut_16000_460_pcr6x1_binned7", "gut_70000_160_pcr5x5",
    "gut_70000_800_pcr6x1_chim10", "gut_200000_600_pcr5x1", "mock_20000_pcr6x5",
)  # fmt: skip
DEPTHS = ((2, 2), (3, 4), (5, 9), (10, 19), (20, None))


def make_design(name: str):
    """The design of a set, and whether its qualities are binned."""
    from vagus.demo.pcr import PcrModel

    plain, *marks = re.split(r"_(?=pcr|chim|binned)", name)
    kind, *numbers = plain.split("_")
    design = make_gut(*map(int, numbers))[0] if kind == "gut" else make_mock(int(numbers[0]))
    for mark in marks:
        if mark.startswith("pcr"):
            rate, molecules = mark.removeprefix("pcr").split("x")
            model = PcrModel(error_rate=10.0 ** -int(rate), reads_per_molecule=float(molecules))
            design = replace(design, pcr=model)
        elif mark.startswith("chim"):
            design = replace(design, chimera_rate=int(mark.removeprefix("chim")) / 100)
    return replace(design, name=name), BINNED in name


def simulate(name: str, folder: Path):
    """Reads of a set after the reads stage, and the truth."""
    from vagus.demo.platforms import PLATFORMS
    from vagus.demo.sample import simulate_sample

    design, is_binned = make_design(name)
    raw, target = folder / f"{name}.raw.fastq.gz", folder / f"{name}.fastq.gz"
    truth = simulate_sample(design, PLATFORMS["revio-binned" if is_binned else "hifi"], 1, raw)
    filter_reads(raw, target)
    return target, truth


def denoise(samples: Sequence[Path], folder: Path, level: str) -> tuple[list[Path], float]:
    """Variant tables of samples of one run at a level, and CPU seconds."""
    key = "--sensitivity" if level in ("dada2", "high") else "--omega-a"
    evidence = [key, level, *([] if key == "--sensitivity" else ["--sensitivity", "high"])]
    model, about, kept = folder / "model.tsv", folder / "model.json", folder / "kept.npz"
    uniques = [f"{sample}.npz" for sample in samples]
    python = sys.executable
    cpu = run_measured([
        python, SCRIPTS / "learn_errors.py", "--engine", "dada", "--model", model,
        "--description", about, "--partitions", kept, *evidence, *uniques,
    ]).cpu_s  # fmt: skip
    tables = []
    for number, path in enumerate(uniques):
        tables.append(folder / f"{number}.tsv")
        cpu += run_measured([
            python, SCRIPTS / "denoise_sample.py", "--engine", "dada", "--uniques", path,
            "--model", f"dada={model}", "--partitions", f"dada={kept}", *evidence,
            "--variants", tables[-1], "--losses", folder / f"{number}.json",
        ]).cpu_s  # fmt: skip
    return tables, cpu


def remove_chimeras(tables: Sequence[Path]) -> dict[str, dict[str, int]]:
    """Sequences that are left in each sample, with their reads."""
    from vagus.chimeras.settings import ChimeraSettings
    from vagus.denoise.study_table import load_study

    study = load_study((path, path.with_suffix(".json")) for path in tables)
    study.judge(ChimeraSettings())
    return {
        sample: {study.sequences[i]: n for i, n in counts.items() if not study.is_removed[i]}
        for sample, counts in zip(study.samples, study.counts, strict=True)
    }


def describe_other(text: str, true: Sequence[str], reads: int) -> str:
    """A false variant that is neither mutant nor chimera, beside its nearest true one."""
    import edlib

    best, nearest = min(
        (edlib.align(text, other, mode="NW", task="distance")["editDistance"], other)
        for other in true
    )
    paths = edlib.align(text, nearest, mode="NW", task="path")["cigar"]
    return f"{reads} reads, {best} edits, {paths}"


def score(name: str, level: str, found: dict[str, int], truth, cpu: float) -> dict[str, object]:
    """Recall by depth, and what the false ones are."""
    drawn = dict(zip(truth.sequences, truth.counts.tolist(), strict=True))
    variants = {text: drawn[text] for text in truth.sequences[: truth.n_variants]}
    chimeras = {chimera.sequence for chimera in truth.chimeras}
    false = [text for text in found if text not in variants]
    other = [text for text in false if text not in truth.mutants and text not in chimeras]
    for text in other:
        print(name, level, describe_other(text, list(variants), found[text]), file=sys.stderr)
    recall = {}
    for low, high in DEPTHS:
        own = [text for text, n in variants.items() if n >= low and (high is None or n <= high)]
        label = f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"
        recall[label] = f"{sum(text in found for text in own)}/{len(own)}"
    return {
        "set": name, "level": level, "called": len(found),
        "true": len(found) - len(false), "chimeras": sum(text in chimeras for text in false),
        "mutants": sum(text in truth.mutants for text in false), "other": len(other),
        **recall,
        "mutants of 2+ reads": sum(n > 1 for n in truth.mutants.values()),
        "cpu_s": round(cpu, 1),
    }  # fmt: skip


def measure_simulated(name: str, levels: Sequence[str]) -> list[dict[str, object]]:
    """One set at all levels."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        reads, truth = simulate(name, folder)
        rows = []
        for level in levels:
            tables, cpu = denoise([reads], folder, level)
            (found,) = remove_chimeras(tables).values()
            rows.append(score(name, level, found, truth, cpu))
        return rows


def measure_real(source: Path, levels: Sequence[str]) -> list[dict[str, object]]:
    """Real samples of one run: what a lower level adds, and where else it is seen."""
    from vagus.reads.uniques import Uniques

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        samples = []
        for number, path in enumerate(sorted(source.glob("*.fastq.gz"))):
            samples.append(folder / f"s{number}.fastq.gz")
            filter_reads(path, samples[-1])
        exact = {}
        for sample in samples:
            uniques = Uniques.load(f"{sample}.npz")
            exact[uniques.sample] = {uniques.sequence(i) for i in range(uniques.n_uniques)}
        rows, before = [], None
        for level in levels:
            tables, cpu = denoise(samples, folder, level)
            found = remove_chimeras(tables)
            pairs = {(sample, text) for sample, own in found.items() for text in own}
            new = pairs - (before if before is not None else pairs)
            before = pairs if before is None else before
            seen = sum(any(t in exact[s] for s in exact if s != own) for own, t in new)
            rows.append({
                "set": source.name, "level": level, "called": len(pairs),
                "more than the first level": len(new),
                "of these exact in another sample": seen if len(samples) > 1 else "",
                "lost": len((before or set()) - pairs), "cpu_s": round(cpu, 1),
            })  # fmt: skip
        return rows


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--real", type=Path, nargs="*", default=[], help="folders of real reads")
    parser.add_argument("--levels", nargs="+", default=list(LEVELS))
    parser.add_argument("--output", type=Path, default=Path("bench"), help="folder to write")
    arguments = parser.parse_args(argv)
    import pandas as pd

    arguments.output.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    for name in arguments.sets:
        rows += measure_simulated(name, arguments.levels)
        print(json.dumps(rows[-len(arguments.levels) :]), file=sys.stderr, flush=True)
    for kind, own in (("simulated", rows), ("real", [])):
        if kind == "real":
            own = [
                row for folder in arguments.real for row in measure_real(folder, arguments.levels)
            ]
        if own:
            table = pd.DataFrame(own)
            print(table.to_string(index=False))
            table.to_csv(arguments.output / f"dada_sensitivity_{kind}.tsv", sep="\t", index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
